/** Values out of a history's payloads, through the data converter of the client that reads them. */
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { TasksError } from '../model/problem.ts';

/**
 * The first value; undefined when there is none.
 * @throws TasksError TASKS4006 when it cannot be decoded.
 */
export const firstValue = async (
  client: Client,
  payloads: temporal.api.common.v1.IPayloads | null | undefined,
): Promise<unknown> => {
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  try {
    let decoded = payloads?.payloads?.slice(0, 1) ?? [];
    for (const codec of payloadCodecs.toReversed()) decoded = await codec.decode(decoded);
    return decoded[0] && payloadConverter.fromPayload<unknown>(decoded[0]);
  } catch (cause) {
    if (cause instanceof TasksError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = 'Read it with the data converter (codec, encryption) that wrote it.';
    const message = `A payload in Temporal's history cannot be decoded: ${why}.`;
    throw new TasksError({ code: 'TASKS4006', message, hint }, { cause });
  }
};
