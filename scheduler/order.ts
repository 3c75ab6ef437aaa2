/**
 * The order among ready tasks: one total, deterministic comparison.
 *
 * 1. Priority class, lower first; {@link ageClass} lifts it one class for every `ageingMs` of READY, without
 *    a bound, so nothing waits for ever while others overtake it.
 * 2. Remaining critical path after the task, longer first, in buckets of 5 % of the graph's critical path.
 * 3. Parallel opportunity ÷ estimate, larger first: cheap tasks that unblock many.
 * 4. Shallower depth. 5. Higher confidence. 6. Lower rollback cost. 7. Id, by UTF-16 units.
 */
import { DEFAULT_CONFIDENCE, DEFAULT_PRIORITY, DEFAULT_ROLLBACK_COST } from '../model/graph.ts';
import type { GraphTask } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import type { GraphIndex } from './graph-index.ts';

const BUCKETS = 20;

/** Whether tasks age at all: not with a policy of 0. */
export const ages = (ageingMs: number): boolean => ageingMs > 0 && Number.isFinite(ageingMs);

/** Priority class of a task that became ready at `readyAt`, at the time `now`. */
export const ageClass = (task: GraphTask, readyAt: number, now: number, ageingMs: number): number =>
  (task.priority ?? DEFAULT_PRIORITY) - (ages(ageingMs) ? Math.floor(Math.max(0, now - readyAt) / ageingMs) : 0);

/** What places a task inside its class, taken once so that a heap of thousands is quick to put in order. */
export interface OrderKey {
  readonly bucket: number;
  readonly yield: number;
  readonly depth: number;
  readonly confidence: number;
  readonly rollbackCost: number;
  readonly id: TaskId;
}

export const orderKey = (index: GraphIndex, at: number): OrderKey => {
  const task = index.tasks[at] as GraphTask;
  return {
    bucket: index.criticalPathMs === 0 ? 0 : Math.floor((BUCKETS * (index.after[at] as number)) / index.criticalPathMs),
    yield: index.opportunity(at) / Math.max(1, index.estimate(at)),
    depth: index.depth[at] as number,
    confidence: task.confidence ?? DEFAULT_CONFIDENCE,
    rollbackCost: task.rollbackCost ?? DEFAULT_ROLLBACK_COST,
    id: task.id,
  };
};

/** Below 0 when `a` comes first; 0 only for a task and itself. */
export const compareKeys = (a: OrderKey, b: OrderKey): number =>
  b.bucket - a.bucket ||
  b.yield - a.yield ||
  a.depth - b.depth ||
  b.confidence - a.confidence ||
  a.rollbackCost - b.rollbackCost ||
  (a.id < b.id ? -1 : Number(a.id > b.id));

/** Compares two tasks of the same class: below 0 when `a` comes first, never 0 for two tasks. */
export const compareInClass = (index: GraphIndex, a: number, b: number): number => compareKeys(orderKey(index, a), orderKey(index, b));
