/**
 * CPU, memory and disk: a task asks for what it is estimated to use, where the plan says how much there is.
 * Headroom for peaks: of each quota the largest excess of a peak over its estimate is kept free, so that any one
 * task may peak at any time. A task that fits alone is never shut out by it.
 */
import type { Resource } from '../../model/resource.ts';
import type { DraftTask } from '../read/draft.ts';
import type { Implicit } from './implicit.ts';
import { writes } from './implicit.ts';
import { QUANTITIES, unitsNeeded } from './quantities.ts';

export const quotaAsks = (tasks: readonly DraftTask[], resources: ReadonlyMap<string, Resource>): Implicit['asks'] =>
  tasks.flatMap(({ exclusions: { estimated } }, task) =>
    QUANTITIES.flatMap(({ field, resource, scale }) => {
      const units = unitsNeeded(estimated?.[field] ?? 0, scale);
      return units > 0 && resources.get(resource)?.mode === 'semaphore' ? [{ task, ask: { ...writes(resource), units } }] : [];
    }),
  );

export const withHeadroom = (resources: readonly Resource[], tasks: readonly DraftTask[]): readonly Resource[] =>
  resources.map((resource) => {
    const quantity = QUANTITIES.find((each) => each.resource === resource.name);
    if (!quantity || resource.mode !== 'semaphore') return resource;
    const { field, scale } = quantity;
    let excess = 0;
    let largest = 0;
    for (const { exclusions } of tasks) {
      const estimated = unitsNeeded(exclusions.estimated?.[field] ?? 0, scale);
      excess = Math.max(excess, unitsNeeded(exclusions.peak?.[field] ?? 0, scale) - estimated);
      largest = Math.max(largest, estimated);
    }
    return { ...resource, capacity: Math.min(resource.capacity, Math.max(resource.capacity - excess, largest)) };
  });
