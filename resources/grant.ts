/** A grant and its fencing numbers, `<epoch>-<counter>`: greater in both parts, read from the left, is later. */
import type { Ask } from '../model/graph.ts';
import type { GrantRequest } from '../model/mutex.ts';
import type { Fences } from '../model/resource.ts';

/** Plain data. */
export interface Grant {
  readonly request: GrantRequest;
  readonly fences: Fences;
  /** Milliseconds since the epoch. */
  readonly grantedAt: number;
}

/** Where the numbers stand; plain data. */
export interface FenceCounter {
  epoch: number;
  counter: number;
}

/** One number serves all resources of a grant. */
export const nextFences = (last: FenceCounter, asks: readonly Ask[]): Fences => {
  last.counter += 1;
  const fence = `${String(last.epoch)}-${String(last.counter)}`;
  return Object.fromEntries(asks.map(({ resource }) => [resource, fence]));
};

/** Fifteen digits at most: a number that somebody invents must not leave the counter where it cannot grow. */
const FENCE = /^(\d{1,15})-(\d{1,15})$/;

/** Every number given from now on is greater than these. What is no fencing number is passed over. */
export const raiseBeyond = (last: FenceCounter, fences: Fences): void => {
  for (const fence of Object.values(fences)) {
    const [, epoch = Number.NaN, counter = Number.NaN] = (FENCE.exec(fence) ?? []).map(Number);
    if (epoch > last.epoch) Object.assign(last, { epoch, counter });
    else if (epoch === last.epoch) last.counter = Math.max(last.counter, counter);
  }
};
