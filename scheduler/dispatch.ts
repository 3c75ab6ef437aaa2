/** How an attempt is dispatched, and how long it may run. */
import { isBuiltInExecutor } from '../model/executor.ts';
import { DEFAULT_ESTIMATE_MS } from '../model/graph.ts';
import type { Dispatch, GraphTask, Policies } from '../model/graph.ts';

/** A light task may run this long unless it states a timeout; one estimated longer is not light. */
export const LIGHT_LIMIT_MS = 10_000;
const MIN_TIMEOUT_MS = 10 * 60_000;
const TIMEOUT_PER_ESTIMATE = 4;

/** Who does not work at a command's pace: people, and programs that the plan brings. */
const isLong = (executor: string): boolean => executor === 'human' || !isBuiltInExecutor(executor);

export const executorOf = (task: GraphTask): string => task.executor ?? 'command';

/**
 * A child for whatever needs something of a child's own, and for a task that has a reason to be one now
 * (`asChild`): it ran into the light limit before, or mutexes grant what it needs; otherwise what the task says, and under `auto` an activity for every short one.
 */
export const chooseDispatch = (task: GraphTask, asChild: boolean, policies: Policies): Dispatch => {
  // A light one that is suspended would hold up the end of a run.
  if (task.needsChild || task.pausable || isLong(executorOf(task)) || asChild) return 'child';
  if (task.dispatch) return task.dispatch;
  // What must not happen twice is not cut short by a limit that nobody set.
  if (policies.dispatch !== 'auto' || task.idempotent === false) return 'child';
  return (task.timeoutMs ?? task.estimateMs ?? DEFAULT_ESTIMATE_MS) <= LIGHT_LIMIT_MS ? 'activity' : 'child';
};

/** Limit of one attempt in milliseconds: the plan's, else 4 × the estimate and at least 10 minutes, or 10 s for a light one. */
export const timeoutOf = (task: GraphTask, dispatch: Dispatch): number => {
  if (task.timeoutMs !== undefined) return task.timeoutMs;
  if (dispatch === 'activity') return LIGHT_LIMIT_MS;
  return Math.max(MIN_TIMEOUT_MS, TIMEOUT_PER_ESTIMATE * (task.estimateMs ?? DEFAULT_ESTIMATE_MS));
};
