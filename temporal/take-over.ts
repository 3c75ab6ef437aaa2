/** What an execution takes over from an earlier one of its plan, and which of it has to be done again. */
import type { CarriedTask, TaskProgress } from '../model/activity.ts';
import type { GraphTask } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import { pointOfNoReturn } from '../model/passed-points.ts';
import type { PassedPoint } from '../model/passed-points.ts';
import type { TaskState } from '../model/state.ts';

/** A task as the earlier execution left it. */
export interface LeftTask {
  readonly task: TaskId;
  readonly state: TaskState;
  readonly attempt: number;
}

export interface TakeOverOptions {
  readonly tasks: readonly Pick<GraphTask, 'id' | 'deps'>[];
  readonly left: readonly LeftTask[];
  /** Tasks that must be done again although they had succeeded, and why. */
  readonly again: ReadonlyMap<TaskId, string>;
  /** In the order in which each task has passed them. */
  readonly points: readonly PassedPoint[];
}

/** `points` are its own. */
const progressOf = ({ task, state, attempt }: LeftTask, points: readonly PassedPoint[]): TaskProgress | undefined => {
  // What was undone is not gone on from.
  if (state === 'ROLLED_BACK') return { count: 0, since: attempt };
  const last = points.at(-1);
  if (!last) return undefined;
  const { task: _task, ...point } = last;
  const noReturn = pointOfNoReturn(points, task);
  return { last: point, count: points.length, ...(noReturn && { noReturn: { attempt: noReturn.attempt, n: noReturn.n, name: noReturn.name } }) };
};

/** With every task that had succeeded and depends, by hard edges, on one that is done again. */
const withDependents = ({ tasks, left, again }: TakeOverOptions): ReadonlyMap<TaskId, string> => {
  const succeeded = new Set(left.flatMap(({ task, state }) => (state === 'SUCCEEDED' ? [task] : [])));
  const dependents = new Map<TaskId, TaskId[]>();
  for (const { id, deps = [] } of tasks) {
    for (const dep of deps) {
      const on = tasks[dep]?.id;
      if (on !== undefined) dependents.set(on, [...(dependents.get(on) ?? []), id]);
    }
  }
  const all = new Map([...again].filter(([task]) => succeeded.has(task)));
  const queue = [...all.keys()];
  for (let at = 0; at < queue.length; at += 1) {
    const task = queue[at] as TaskId;
    for (const dependent of dependents.get(task) ?? []) {
      if (!succeeded.has(dependent) || all.has(dependent)) continue;
      all.set(dependent, `it depends on ${task}, which is run again`);
      queue.push(dependent);
    }
  }
  return all;
};

/** Tasks that no attempt was made of are left out. */
export const takeOver = (options: TakeOverOptions): readonly CarriedTask[] => {
  const again = withDependents(options);
  const byTask = new Map<TaskId, PassedPoint[]>();
  for (const point of options.points) byTask.set(point.task, [...(byTask.get(point.task) ?? []), point]);
  return options.left.flatMap((task): CarriedTask[] => {
    if (task.attempt === 0) return [];
    const why = again.get(task.task);
    const progress = progressOf(task, byTask.get(task.task) ?? []);
    return [{ task: task.task, attempts: task.attempt, succeeded: task.state === 'SUCCEEDED' && why === undefined, ...(why !== undefined && { again: why }), ...(progress && { progress }) }];
  });
};
