/**
 * Cuts a plan's canonical JSON into what fits a payload, and reads it back from histories.
 *
 * The cuts are made in the text before compression: the chunks of one plan are then the same whatever zlib
 * wrote them, so chunks of two writers, or of one that crashed and one that took over, fit together.
 */
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { STORED_FORMATS } from '../model/graph.ts';
import type { StoredFormat } from '../model/graph.ts';
import { isContentHash } from '../model/ids.ts';
import type { ContentHash } from '../model/ids.ts';
import { compress, decompress, MAX_PLAN_BYTES } from './packed-plan.ts';

/** Of text; compressed it is smaller, and never near the 2 MB of a payload. */
const CHUNK_BYTES = 1_000_000;

export interface PlanManifest {
  readonly name: string;
  /** Manifests of earlier versions lack it. */
  readonly format?: StoredFormat;
  readonly tasks: number;
  /** Chunks in all; the manifest belongs to chunk 0. */
  readonly chunks: number;
  /** Compressed bytes of all chunks. */
  readonly bytes: number;
}

export const PLAN_ID_PREFIX = 'plan/';

export const chunkWorkflowId = (hash: ContentHash, index: number): string => `${PLAN_ID_PREFIX}${hash}/${index}`;

/** The inverse of {@link chunkWorkflowId}; undefined for any other workflow id. */
export const parseChunkWorkflowId = (
  workflowId: string,
): { readonly hash: ContentHash; readonly index: number } | undefined => {
  const [root, hash, index, ...rest] = workflowId.split('/');
  if (root !== 'plan' || rest.length > 0 || !hash || !index) return undefined;
  return isContentHash(hash) && /^(0|[1-9][0-9]{0,5})$/.test(index) ? { hash, index: Number(index) } : undefined;
};

/** Payloads of the chunks, in order: binary, so that no codec touches them. */
export const chunkPayloads = async (json: Buffer): Promise<readonly Payload[]> => {
  const count = Math.max(1, Math.ceil(json.length / CHUNK_BYTES));
  return Promise.all(
    Array.from({ length: count }, async (_, index) =>
      defaultPayloadConverter.toPayload(await compress(json.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES))),
    ),
  );
};

/** Rejects when the payload is no chunk. */
export const textOfChunk = (payload: Payload): Promise<Buffer> =>
  decompress(defaultPayloadConverter.fromPayload<Uint8Array>(payload), CHUNK_BYTES);

export const manifestPayload = (manifest: PlanManifest): Payload => defaultPayloadConverter.toPayload(manifest);

/** Undefined when it is none: a workflow of that id can be started by anybody. */
export const readManifest = (payload: Payload | undefined): PlanManifest | undefined => {
  if (!payload) return undefined;
  try {
    return checkedManifest(defaultPayloadConverter.fromPayload<Partial<PlanManifest> | null>(payload));
  } catch {
    return undefined;
  }
};

const checkedManifest = (value: Partial<PlanManifest> | null): PlanManifest | undefined => {
  const { name, tasks, chunks, bytes } = value ?? {};
  const format = STORED_FORMATS.find((known) => known === value?.format);
  if (typeof name !== 'string' || !isCount(tasks) || !isCount(chunks) || !isCount(bytes)) return undefined;
  return chunks >= 1 && chunks * CHUNK_BYTES <= MAX_PLAN_BYTES ? { name, tasks, chunks, bytes, ...(format && { format }) } : undefined;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
