/** What is taken of one resource, and whether an ask still fits: the one place that knows what the modes mean. */
import type { Ask } from '../model/graph.ts';
import type { ResourceMode } from '../model/resource.ts';

type Taking = Pick<Ask, 'units' | 'access'>;

/** Plain data. */
export interface Occupancy {
  readonly mode: ResourceMode;
  capacity: number;
  /** Units of writers, or of anybody at a semaphore. */
  units: number;
  /** Readers of an exclusive resource. */
  readers: number;
}

export const emptyOccupancy = (resource: { readonly mode: ResourceMode; readonly capacity: number }): Occupancy => ({
  mode: resource.mode,
  capacity: resource.capacity,
  units: 0,
  readers: 0,
});

/** Whether any number of such asks may be held beside each other: readers of an exclusive resource. */
export const isShared = (occupancy: Pick<Occupancy, 'mode'>, ask: Taking): boolean => occupancy.mode === 'exclusive' && ask.access === 'read';

/** Whether it could be granted if nobody held anything. */
export const canEverFit = (occupancy: Occupancy, ask: Taking): boolean =>
  isShared(occupancy, ask) ? occupancy.capacity > 0 : ask.units <= occupancy.capacity;

/** Whether it can be granted beside what is held now. */
export const fits = (occupancy: Occupancy, ask: Taking): boolean => {
  if (isShared(occupancy, ask)) return occupancy.capacity > 0 && occupancy.units === 0;
  return occupancy.readers === 0 && occupancy.units + ask.units <= occupancy.capacity;
};

/** Whether the two may be held at once, as far as their kind goes. */
export const excludes = (mode: ResourceMode, one: Taking, other: Taking): boolean =>
  mode === 'semaphore' || one.access === 'write' || other.access === 'write';

export const take = (occupancy: Occupancy, ask: Taking): void => {
  if (isShared(occupancy, ask)) occupancy.readers += 1;
  else occupancy.units += ask.units;
};

export const give = (occupancy: Occupancy, ask: Taking): void => {
  if (isShared(occupancy, ask)) occupancy.readers -= 1;
  else occupancy.units -= ask.units;
};

export const isFree = ({ units, readers }: Occupancy): boolean => units === 0 && readers === 0;
