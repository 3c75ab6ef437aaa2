/**
 * Pre-emption: which running tasks are stopped, so that a more urgent one that lacks only room can start. Those that
 * are least urgent go first, then those that began last; and no more than are needed. A task of which nothing could
 * make it start stops nobody, and nobody is stopped for what would be kept for it.
 */
import type { LocalAsk } from '../resources/allocator.ts';
import { fits, give, take } from '../resources/occupancy.ts';
import type { Occupancy } from '../resources/occupancy.ts';

export interface Candidate {
  readonly index: number;
  /** Of itself, whatever its age: lower is more urgent. */
  readonly priority: number;
  readonly asks: readonly LocalAsk[];
  /** Workers of which one must have a slot again; undefined when there is a place for it. */
  readonly workers?: readonly string[];
}

/** A task at work that may be stopped, or is being stopped. */
export interface Running {
  readonly index: number;
  readonly priority: number;
  readonly asks: readonly LocalAsk[];
  readonly placedOn?: string;
}

/** What there will be once those that are being stopped have ended. */
class Outlook {
  readonly #occupancyOf: (resource: number) => Readonly<Occupancy>;
  readonly #occupancies = new Map<number, Occupancy>();
  readonly #seats = new Map<string, number>();
  #slots: number;

  constructor(slots: number, occupancyOf: (resource: number) => Readonly<Occupancy>) {
    this.#slots = slots;
    this.#occupancyOf = occupancyOf;
  }

  hasRoomFor({ asks, workers }: Candidate): boolean {
    return this.#slots > 0 && asks.every((ask) => fits(this.#at(ask.resource), ask)) && (!workers || this.#freeOf(workers) !== undefined);
  }

  /** Whether one task less would be of any use to it. */
  helps({ asks, placedOn }: Running, wanted: Candidate): boolean {
    if (this.#slots <= 0) return true;
    if (wanted.workers && this.#freeOf(wanted.workers) === undefined && placedOn !== undefined && wanted.workers.includes(placedOn)) return true;
    return wanted.asks.some((ask) => !fits(this.#at(ask.resource), ask) && asks.some(({ resource }) => resource === ask.resource));
  }

  leave({ asks, placedOn }: Running): void {
    this.#slots += 1;
    for (const ask of asks) give(this.#at(ask.resource), ask);
    if (placedOn !== undefined) this.#seats.set(placedOn, (this.#seats.get(placedOn) ?? 0) + 1);
  }

  stay({ asks, placedOn }: Running): void {
    this.#slots -= 1;
    for (const ask of asks) take(this.#at(ask.resource), ask);
    if (placedOn !== undefined) this.#seats.set(placedOn, (this.#seats.get(placedOn) ?? 0) - 1);
  }

  start({ asks, workers }: Candidate): void {
    this.#slots -= 1;
    for (const ask of asks) take(this.#at(ask.resource), ask);
    const seat = workers && this.#freeOf(workers);
    if (seat !== undefined) this.#seats.set(seat, (this.#seats.get(seat) ?? 0) - 1);
  }

  #freeOf(workers: readonly string[]): string | undefined {
    return workers.find((worker) => (this.#seats.get(worker) ?? 0) > 0);
  }

  #at(resource: number): Occupancy {
    let occupancy = this.#occupancies.get(resource);
    if (!occupancy) this.#occupancies.set(resource, (occupancy = { ...this.#occupancyOf(resource) }));
    return occupancy;
  }
}

export const chooseVictims = (options: {
  /** Ready tasks that cannot start now, in starting order. */
  readonly candidates: readonly Candidate[];
  /** Those that may be stopped, in the order in which they are. */
  readonly victims: readonly Running[];
  /** Those that are being stopped already. */
  readonly leaving: readonly Running[];
  readonly slots: number;
  readonly occupancyOf: (resource: number) => Readonly<Occupancy>;
}): readonly { readonly index: number; readonly by: number }[] => {
  const outlook = new Outlook(options.slots, options.occupancyOf);
  for (const running of options.leaving) outlook.leave(running);
  const victims = [...options.victims];
  const kept = new Set<number>();
  const chosen: { readonly index: number; readonly by: number }[] = [];
  for (const candidate of options.candidates) {
    const stopped = candidate.asks.some(({ resource }) => kept.has(resource)) ? undefined : stopFor(candidate, victims, outlook);
    if (!stopped) for (const { resource } of candidate.asks) kept.add(resource);
    else {
      outlook.start(candidate);
      for (const victim of stopped) victims.splice(victims.indexOf(victim), 1);
      chosen.push(...stopped.map(({ index }) => ({ index, by: candidate.index })));
    }
  }
  return chosen;
};

/** Undefined when nothing would let it start; the outlook is then as before. */
const stopFor = (candidate: Candidate, victims: readonly Running[], outlook: Outlook): readonly Running[] | undefined => {
  const stopped: Running[] = [];
  for (const victim of victims) {
    if (outlook.hasRoomFor(candidate)) break;
    if (victim.priority <= candidate.priority || !outlook.helps(victim, candidate)) continue;
    outlook.leave(victim);
    stopped.push(victim);
  }
  if (!outlook.hasRoomFor(candidate)) {
    for (const victim of stopped) outlook.stay(victim);
    return undefined;
  }
  // The first that was thought of may not be needed beside those that came after it.
  return stopped.filter((victim) => {
    outlook.stay(victim);
    if (outlook.hasRoomFor(candidate)) return false;
    outlook.leave(victim);
    return true;
  });
};
