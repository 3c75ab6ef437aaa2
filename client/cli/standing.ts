/**
 * How open executions stand, for a list. Temporal's visibility tells no pause, and a message to it for every pause
 * would cost each execution for the few that are listed: so those that are listed are asked.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionId } from '../../model/ids.ts';
import type { ExecutionState } from '../../model/message.ts';
import { TasksError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import type { TasksClient } from '../api.ts';

/** Without any answer: a list must not wait for workers that are gone, */
const SILENCE_MS = 1_000;
/** and not for long where some answer and others do not. */
const DEADLINE_MS = 5_000;
/** An execution that no worker has in memory is replayed for its answer: more of them are not asked. */
const ASKED_AT_MOST = 200;
const AT_ONCE = 20;

export type Standing = { readonly status: ExecutionState['status'] } | { readonly problem: Problem };

export interface StandingRequest {
  readonly client: TasksClient;
  /** Open ones; the first 200 are asked. */
  readonly executions: readonly ExecutionId[];
  /** Longest time without any answer; one second unless stated. */
  readonly silenceMs?: number;
}

/** Never rejects; whoever has not answered when there was silence for a while, or after 5 s, is left out. */
export const standings = async ({ client, executions, silenceMs = SILENCE_MS }: StandingRequest): Promise<ReadonlyMap<ExecutionId, Standing>> => {
  const known = new Map<ExecutionId, Standing>();
  const over = new AbortController();
  const queue = executions.slice(0, ASKED_AT_MOST).values();
  const ask = async (): Promise<void> => {
    for (const execution of queue) {
      if (over.signal.aborted) return;
      const standing = await client.state(execution).then(({ status }) => ({ status }), problemOf);
      if (standing) known.set(execution, standing);
      silence.refresh();
    }
  };
  const silence = setTimeout(() => over.abort(), silenceMs);
  const deadline = delay(DEADLINE_MS, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([Promise.all(Array.from({ length: AT_ONCE }, ask)), deadline]);
  clearTimeout(silence);
  over.abort();
  return new Map(known);
};

const problemOf = (error: unknown): Standing | undefined => {
  const [problem] = error instanceof TasksError ? error.problems : [];
  return problem && { problem };
};
