/**
 * CPU, memory and disk: a task asks for what it is estimated to use, where the plan says how much there is.
 * Headroom: of each quota the largest excess of a peak over its estimate is kept free, so that any one task may peak
 * at any time, or the percentage that the plan states, whichever is more: both are room for the same. A task that
 * fits alone is never shut out by it. Where oversubscription is allowed, quotas are asked for by those tasks only that
 * name them as resources.
 */
import type { Resource } from '../../model/resource.ts';
import type { DraftTask, QuotaUse } from '../read/draft.ts';
import type { Implicit } from './implicit.ts';
import { writes } from './implicit.ts';
import { QUANTITIES, unitsNeeded } from './quantities.ts';

/** What keeps floating point from taking one unit more. */
const NOISE = 1e-6;

export const quotaAsks = (tasks: readonly DraftTask[], resources: ReadonlyMap<string, Resource>, use: QuotaUse = {}): Implicit['asks'] =>
  (use.oversubscribed ? [] : tasks).flatMap(({ exclusions: { estimated } }, task) =>
    QUANTITIES.flatMap(({ field, resource, scale }) => {
      const units = unitsNeeded(estimated?.[field] ?? 0, scale);
      return units > 0 && resources.get(resource)?.mode === 'semaphore' ? [{ task, ask: { ...writes(resource), units } }] : [];
    }),
  );

export const withHeadroom = (resources: readonly Resource[], tasks: readonly Pick<DraftTask, 'asks' | 'exclusions'>[], use: QuotaUse = {}): readonly Resource[] =>
  resources.map((resource) => {
    const quantity = QUANTITIES.find((each) => each.resource === resource.name);
    if (!quantity || resource.mode !== 'semaphore' || use.oversubscribed) return resource;
    const { field, scale } = quantity;
    let free = Math.ceil((resource.capacity * (use.headroom ?? 0)) / 100 - NOISE);
    let largest = 0;
    for (const { asks, exclusions } of tasks) {
      const estimated = unitsNeeded(exclusions.estimated?.[field] ?? 0, scale);
      free = Math.max(free, unitsNeeded(exclusions.peak?.[field] ?? 0, scale) - estimated);
      largest = Math.max(largest, estimated, ...asks.map((ask) => (ask.resource === resource.name ? (ask.units ?? 1) : 0)));
    }
    return { ...resource, capacity: Math.min(resource.capacity, Math.max(resource.capacity - free, largest)) };
  });
