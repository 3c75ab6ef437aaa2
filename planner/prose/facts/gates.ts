/** Which dependencies gate at which threshold of confidence. */
import type { Dependency, Tasks } from '../../artifacts/tasks.schema.ts';
import { criticalHours } from './critical-path.ts';
import { isExclusion } from './shared.ts';
import { taskHours } from './task-hours.ts';

/** Hard, and certain enough. */
export const gatesAt = (dependencies: readonly Dependency[], threshold: number): readonly Dependency[] => dependencies.filter((each) => !isExclusion(each) && each.isHard && each.confidence >= threshold);

export const hoursById = ({ tasks }: Pick<Tasks, 'tasks'>): ReadonlyMap<string, number> => new Map(tasks.map((task) => [task.id, taskHours(task)]));

export interface Threshold {
  readonly at: number;
  readonly gates: number;
  /** Hard ones that only order, since they are not certain enough. */
  readonly ordering: number;
  /** Of the longest chain; undefined when the gates would close a cycle. */
  readonly hours?: number | undefined;
}

export const thresholdAt = (tasks: Tasks, at: number): Threshold => {
  const gates = gatesAt(tasks.dependencies, at);
  return { at, gates: gates.length, ordering: gatesAt(tasks.dependencies, 0).length - gates.length, hours: criticalHours(hoursById(tasks), gates) };
};
