/** Hours of tasks, whatever they state them in. */
import type { PlannedTask, ThreePoint } from '../../artifacts/task.schema.ts';

/** A day of work, not of the calendar: spec/001 counts 54 hours as 6.75 days. */
export const HOURS_A_DAY = 8;
const HOURS = { minutes: 1 / 60, hours: 1, days: HOURS_A_DAY } as const;

export const threeHours = ({ duration, durationUnits }: Pick<PlannedTask, 'duration' | 'durationUnits'>): ThreePoint => {
  const unit = HOURS[durationUnits];
  return { optimistic: duration.optimistic * unit, mostLikely: duration.mostLikely * unit, pessimistic: duration.pessimistic * unit };
};

/** The likeliest. */
export const taskHours = (task: Pick<PlannedTask, 'duration' | 'durationUnits'>): number => threeHours(task).mostLikely;

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
export const total = (tasks: readonly PlannedTask[]): number => sum(tasks.map(taskHours));

/** Hours of a task: what it should take, and what it may take at most (spec/001). */
export const TARGET = { least: 2, most: 8 } as const;
export const LIMIT = { least: 0.5, most: 16 } as const;

export const tasksWithin = (tasks: readonly PlannedTask[], { least, most }: { readonly least: number; readonly most: number }): number => tasks.filter((task) => taskHours(task) >= least && taskHours(task) <= most).length;
