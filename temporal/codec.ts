/**
 * Keeps large payloads under Temporal's 2 MB: what is over 64 KB is compressed, everything else stays as it is,
 * readable in the web UI and by any other SDK.
 *
 * zlib at level 1: 6 ms a megabyte (brotli takes 3, and has no checksum, so damage would pass unseen).
 */
import { promisify } from 'node:util';
import { constants, deflate, inflate } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { TasksError } from '../model/problem.ts';

/** Payloads with more data than this, in bytes, are compressed. */
export const COMPRESS_ABOVE = 64 * 1024;
/** Nothing we send comes near; beyond it a payload is refused instead of filling the memory. */
export const MAX_DECOMPRESSED = 256 * 1024 * 1024;
export const COMPRESSED_ENCODING = 'binary/tasks-zlib';
const ORIGINAL = 'tasks-original-encoding';

const deflateAsync = promisify(deflate);
const inflateAsync = promisify(inflate);
const utf8 = new TextDecoder();

export class CompressingCodec implements PayloadCodec {
  readonly #maxDecompressed: number;

  constructor(options: { readonly maxDecompressed?: number } = {}) {
    this.#maxDecompressed = options.maxDecompressed ?? MAX_DECOMPRESSED;
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map(compressed));
  }

  /** @throws TasksError TASKS4006 for damaged data, and for data that inflates beyond the limit. */
  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#decompressed(payload)));
  }

  async #decompressed(payload: Payload): Promise<Payload> {
    const { encoding, [ORIGINAL]: original, ...rest } = payload.metadata ?? {};
    if (!encoding || utf8.decode(encoding) !== COMPRESSED_ENCODING) return payload;
    if (!original) throw undecodable('its original encoding is not stated', undefined);
    try {
      const data = await inflateAsync(payload.data ?? new Uint8Array(), { maxOutputLength: this.#maxDecompressed });
      return { ...payload, metadata: { ...rest, encoding: original }, data };
    } catch (error) {
      const tooLarge = error instanceof RangeError;
      throw undecodable(tooLarge ? `it inflates to more than ${this.#maxDecompressed} bytes` : 'its data is damaged', error);
    }
  }
}

const compressed = async (payload: Payload): Promise<Payload> => {
  const encoding = payload.metadata?.['encoding'];
  if (!payload.data || !encoding || payload.data.length <= COMPRESS_ABOVE) return payload;
  const data = await deflateAsync(payload.data, { level: constants.Z_BEST_SPEED });
  // What does not shrink (an archive, an image) is better left readable.
  if (data.length >= payload.data.length) return payload;
  return {
    ...payload,
    metadata: { ...payload.metadata, encoding: new TextEncoder().encode(COMPRESSED_ENCODING), [ORIGINAL]: encoding },
    data,
  };
};

const undecodable = (why: string, cause: unknown): TasksError =>
  new TasksError(
    {
      code: 'TASKS4006',
      message: `A payload in Temporal's history cannot be decoded: ${why}.`,
      hint: 'Use the version of tasks that wrote it; if that fails too, the history is damaged.',
    },
    { cause },
  );
