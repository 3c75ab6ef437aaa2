/**
 * What waiting tasks keep for themselves of the execution's own resources, and whether an ask can be granted
 * beside that and beside what is held.
 *
 * - A task that reserves ({@link reserves}) leaves those behind it what is over after it was given all it asks
 *   for; asks that do not exclude each other (two readers) leave each other room.
 * - A task that waits to write an exclusive resource stops those behind it from reading it, while it lacks it
 *   itself: that is, while others read.
 * - A background task takes nothing of what others wait for.
 *
 * A task that could not be granted what it asks for if nobody held anything stops nobody.
 */
import type { Allocator, LocalAsk } from '../resources/allocator.ts';
import { excludes, fits } from '../resources/occupancy.ts';
import type { Need } from './needs.ts';
import { isBefore, isBehindAll, reserves } from './place.ts';
import type { Place } from './place.ts';
import { Ranks } from './ranks.ts';

/** The first ask that cannot be granted; `by` is the task that it is kept for, if it is there. */
export interface Hindrance {
  readonly ask: LocalAsk;
  readonly by?: number;
}

/** Those who claim one resource. */
interface Claimants {
  /** Reserve units: at a semaphore everybody, else writers. */
  readonly takers: Ranks;
  /** Reserve to read an exclusive resource. */
  readonly readers: Ranks;
  /** Wait to write an exclusive resource. */
  readonly writers: Ranks;
  /** Wait for any of it, and are no background tasks. */
  readonly urgent: Ranks;
}

interface Claim {
  readonly place: Place;
  readonly need: Need;
}

export class Claims {
  readonly #allocator: Allocator;
  readonly #claimants: readonly Claimants[];
  readonly #claims = new Map<number, Claim>();

  constructor(allocator: Allocator) {
    this.#allocator = allocator;
    this.#claimants = Array.from({ length: allocator.size }, () => ({ takers: new Ranks(), readers: new Ranks(), writers: new Ranks(), urgent: new Ranks() }));
  }

  /** A task waits, at this place. */
  add(place: Place, need: Need): void {
    if (!need.canEverFit || this.#claims.has(place.index)) return;
    this.#claims.set(place.index, { place, need });
    for (const ask of need.local) for (const ranks of this.#ranksFor(place, ask)) ranks.add(place, ask.units);
  }

  /** A task does not wait at its place any more. Answers what it may have kept from others. */
  delete(index: number): readonly LocalAsk[] {
    const claim = this.#claims.get(index);
    if (!claim) return [];
    this.#claims.delete(index);
    const { place, need } = claim;
    for (const ask of need.local) for (const ranks of this.#ranksFor(place, ask)) ranks.delete(place);
    return need.local;
  }

  clear(): void {
    this.#claims.clear();
    for (const claimants of this.#claimants) for (const ranks of Object.values(claimants)) ranks.clear();
  }

  /** Why the asks of a task at this place cannot all be granted now. */
  hindrance(place: Place, asks: readonly LocalAsk[]): Hindrance | undefined {
    for (const ask of asks) {
      const hindrance = this.hindranceOf(place, ask);
      if (hindrance) return hindrance;
    }
    return undefined;
  }

  /** The same for one ask. What stops a task stops all that ask the same behind it. */
  hindranceOf(place: Place, ask: LocalAsk): Hindrance | undefined {
    const occupancy = this.#allocator.occupancy(ask.resource);
    if (!fits(occupancy, ask)) return { ask };
    const { takers, readers, writers, urgent } = this.#at(ask);
    if (isBehindAll(place) && urgent.first) return { ask, by: urgent.first.index };
    const keeper = this.#isShared(ask)
      ? (firstBefore(place, takers) ?? (occupancy.readers > 0 ? firstBefore(place, writers) : undefined))
      : (firstBefore(place, readers) ?? (this.#isLeft(place, ask) ? undefined : firstBefore(place, takers)));
    return keeper && { ask, by: keeper.index };
  }

  /** Whether there is enough beside what those before have reserved. It fits beside what is held. */
  #isLeft(place: Place, ask: LocalAsk): boolean {
    const { capacity, units } = this.#allocator.occupancy(ask.resource);
    return !this.#at(ask).takers.isMoreBefore(place, capacity - units - ask.units);
  }

  #ranksFor(place: Place, ask: LocalAsk): readonly Ranks[] {
    const { takers, readers, writers, urgent } = this.#at(ask);
    const shared = this.#isShared(ask);
    const isExclusive = this.#allocator.occupancy(ask.resource).mode === 'exclusive';
    return [...(reserves(place) ? [shared ? readers : takers] : []), ...(isExclusive && !shared ? [writers] : []), ...(isBehindAll(place) ? [] : [urgent])];
  }

  /** Whether the ask goes together with another of its kind. */
  #isShared(ask: LocalAsk): boolean {
    return !excludes(this.#allocator.occupancy(ask.resource).mode, ask, ask);
  }

  #at({ resource }: LocalAsk): Claimants {
    return this.#claimants[resource] as Claimants;
  }
}

const firstBefore = (place: Place, ranks: Ranks): Place | undefined => {
  const first = ranks.first;
  return first && isBefore(first, place) ? first : undefined;
};
