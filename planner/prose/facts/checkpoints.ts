/** Hours of work that a failure loses, with and without checkpoints. A failure may come at any moment of a task. */
import type { PlannedTask } from '../../artifacts/task.schema.ts';
import { ratio } from '../numbers.ts';
import { sum, taskHours } from './task-hours.ts';

export interface Loss {
  /** Hours on average; of a failure that hits long tasks oftener than short ones. */
  readonly average: number;
  readonly worst: number;
  readonly checkpoints: number;
}

/** Shares of a task at which it has a checkpoint, in order. */
export const pointsOf = ({ execution_guidance: { monitoring }, scheduling_hints: hints }: PlannedTask): readonly number[] => {
  if (!hints.checkpoint_capable) return [];
  const points = monitoring.checkpoint_events.map(({ at }) => Number(at.slice(0, -1)) / 100).filter((at) => at > 0 && at < 1);
  return [...new Set(points)].sort((a, b) => a - b);
};

/** What lies between two of them. */
const stretches = (points: readonly number[]): readonly number[] => [...points, 1].map((at, index) => at - (points[index - 1] ?? 0));

export const lossWith = (tasks: readonly PlannedTask[], points: (task: PlannedTask) => readonly number[]): Loss => {
  const parts = tasks.map((task) => ({ hours: taskHours(task), of: stretches(points(task)) }));
  const weighted = sum(parts.map(({ hours, of }) => (hours * hours * sum(of.map((each) => each * each))) / 2));
  return {
    average: ratio(weighted, sum(parts.map(({ hours }) => hours))) ?? 0,
    worst: parts.reduce((most, { hours, of }) => Math.max(most, hours * Math.max(...of)), 0),
    checkpoints: sum(parts.map(({ of }) => of.length - 1)),
  };
};
