/** How long tasks take: most likely, and as drawn for one walk. Milliseconds. */
import type { PlannedTask } from '../artifacts/task.schema.ts';
import { UNIT_MS } from '../read/map-task.ts';
import type { Percentiles } from './forecast.ts';
import type { Points } from './random.ts';
import { randomOf, samplePert } from './random.ts';

export type Durations = readonly number[];

const HOUR_MS = 3_600_000;

/** Hundredths. */
export const toHours = (ms: number): number => Math.round((ms / HOUR_MS) * 100) / 100;

const pointsOf = ({ duration: { optimistic, mostLikely, pessimistic }, durationUnits }: PlannedTask): Points => {
  const unit = UNIT_MS[durationUnits];
  return { optimistic: optimistic * unit, mostLikely: mostLikely * unit, pessimistic: pessimistic * unit };
};

export const likeliest = (tasks: readonly PlannedTask[]): Durations => tasks.map((task) => Math.round(pointsOf(task).mostLikely));

/** One set for each walk: both models, and every variant of the plan, walk with the same ones. */
export const drawn = (tasks: readonly PlannedTask[], walks: number, seed: string): readonly Durations[] => {
  const points = tasks.map(pointsOf);
  return Array.from({ length: walks }, (_, walk) => {
    const random = randomOf(`${seed}/${walk}`);
    return points.map((each) => Math.round(samplePert(each, random)));
  });
};

/** The smallest of them that so many do not exceed. */
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

export const median = (times: readonly number[]): number => quantile(times.toSorted((a, b) => a - b), 0.5);

/** Of times in milliseconds, in hours. */
export const percentilesOf = (times: readonly number[]): Percentiles => {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: toHours(quantile(sorted, 0.5)), p80: toHours(quantile(sorted, 0.8)), p95: toHours(quantile(sorted, 0.95)) };
};
