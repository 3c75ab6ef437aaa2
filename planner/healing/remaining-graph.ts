/** What is left of a graph, for whoever is asked for another plan: as data, with the names that plans use. */
import type { GraphTask, TaskSpec } from '../../model/graph.ts';
import { satisfiesHard } from '../../model/state.ts';
import type { TaskState } from '../../model/state.ts';
import { present } from '../read/optional.ts';

export interface RemainingGraph {
  readonly execution: string;
  readonly done: number;
  /** In the order of the plan. */
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
  /** Tasks that are left and not listed: there are too many. */
  readonly omitted: number;
}

/** A program that reads for a model has no use for more. */
const MAX_LISTED = 2_000;

export const remainingGraph = (execution: string, tasks: readonly { readonly task: GraphTask; readonly state: TaskState; readonly attempt: number; readonly why?: string }[], specs: readonly TaskSpec[]): RemainingGraph => {
  const left = [...tasks.keys()].filter((at) => !satisfiesHard(tasks[at]?.state ?? 'PENDING'));
  const ids = (list: readonly number[] | undefined): readonly string[] | undefined => list?.flatMap((at) => tasks[at]?.task.id ?? []);
  return {
    execution,
    done: tasks.length - left.length,
    tasks: left.slice(0, MAX_LISTED).flatMap((at) => {
      const standing = tasks[at];
      if (!standing) return [];
      const { task, state, attempt, why } = standing;
      return [present({ id: task.id, title: task.title, state, attempt: attempt > 0 ? attempt : undefined, failed: why, deps: ids(task.deps), soft_deps: ids(task.soft), executor: task.executor, cmd: specs[at]?.command })];
    }),
    omitted: Math.max(0, left.length - MAX_LISTED),
  };
};
