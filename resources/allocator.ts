/**
 * The resources that one execution has for itself: what is taken of each, and by whom. They are granted inside
 * the execution, without a message. Whose turn it is, is not decided here.
 */
import type { Ask } from '../model/graph.ts';
import type { Resource } from '../model/resource.ts';
import { canEverFit, emptyOccupancy, give, take } from './occupancy.ts';
import type { Occupancy } from './occupancy.ts';

/** An {@link Ask} for a resource of the allocator, by its number there. */
export interface LocalAsk extends Pick<Ask, 'units' | 'access'> {
  readonly resource: number;
}

/** A resource, and the tasks that hold some of it. */
interface Holding {
  readonly name: string;
  readonly occupancy: Occupancy;
  readonly holders: Set<number>;
}

export class Allocator {
  readonly #numbers = new Map<string, number>();
  readonly #holdings: Holding[] = [];

  /** Takes up those of the resources that are of scope `execution`. */
  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      if (resource.scope !== 'execution') continue;
      this.#numbers.set(resource.name, this.#holdings.length);
      this.#holdings.push({ name: resource.name, occupancy: emptyOccupancy(resource), holders: new Set() });
    }
  }

  get size(): number {
    return this.#holdings.length;
  }

  /** Undefined for a resource that is not granted here. */
  numberOf(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  nameOf(resource: number): string {
    return this.#at(resource).name;
  }

  occupancy(resource: number): Readonly<Occupancy> {
    return this.#at(resource).occupancy;
  }

  /** Tasks that hold some of it, in the order in which they took it. */
  holders(resource: number): readonly number[] {
    return [...this.#at(resource).holders];
  }

  /** Whether they could be granted if nobody held anything. */
  canEverFit(asks: readonly LocalAsk[]): boolean {
    return asks.every((ask) => canEverFit(this.#at(ask.resource).occupancy, ask));
  }

  /** All of them at once, whether they fit or not: what a carried state says is held, is held. */
  take(task: number, asks: readonly LocalAsk[]): void {
    for (const ask of asks) {
      const { occupancy, holders } = this.#at(ask.resource);
      take(occupancy, ask);
      holders.add(task);
    }
  }

  /** What the task took before. */
  give(task: number, asks: readonly LocalAsk[]): void {
    for (const ask of asks) {
      const { occupancy, holders } = this.#at(ask.resource);
      give(occupancy, ask);
      holders.delete(task);
    }
  }

  #at(resource: number): Holding {
    const holding = this.#holdings[resource];
    if (!holding) throw new RangeError(`no resource ${resource}`);
    return holding;
  }
}
