/** How an attempt undoes what it did: as often, and after such pauses, as its task would be tried again. */
import type { AttemptInput } from '../../model/attempt.ts';
import type { GraphTask } from '../../model/graph.ts';
import { timeoutOf } from '../dispatch.ts';
import type { SchedulerState } from '../protocol.ts';
import { retryDelay } from '../retry.ts';

/** The attempt keeps all it holds meanwhile. */
const MAX_TRIES = 10;

export const compensationTerms = (task: GraphTask, of: { readonly attempt: number; readonly state: SchedulerState }): NonNullable<AttemptInput['compensation']> => {
  const retry = { ...of.state.graph.policies.retry, ...task.retry };
  const seed = `${of.state.seed}/${task.id}/${of.attempt}/compensation`;
  const tries = Math.min(retry.maxAttempts, MAX_TRIES);
  return {
    timeoutMs: task.compensation?.timeoutMs ?? timeoutOf(task, 'child'),
    pausesMs: Array.from({ length: tries - 1 }, (_, at) => retryDelay(at + 1, retry, `${seed}/${at + 1}`)),
  };
};
