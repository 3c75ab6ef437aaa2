/**
 * The line of those that wait, walked from its head: what may be granted to whom, and what it wrongs whom before.
 *
 * A request is granted when every one of its asks
 * 1. fits beside what is held (`occupancy.ts`), and
 * 2. is no read of an exclusive resource for which a writer before it in line waits: a writer that could not have
 *    this resource now; one that only waits for another resource stops nobody, and
 * 3. leaves what requests before it have reserved. A request that has waited {@link RESERVE_AFTER_MS} reserves
 *    the units it asks for, of every resource; asks that do not exclude each other (two readers) leave each other
 *    room.
 *
 * Else it waits, and the next in line is looked at. One that could not be granted if nobody held anything
 * (its resource became too small) stops nobody.
 */
import type { Ask } from '../model/graph.ts';
import type { GrantRequest } from '../model/mutex.ts';
import { RESERVE_AFTER_MS } from '../model/resource.ts';
import type { Inventory } from './inventory.ts';
import { canEverFit, fits, isShared, take } from './occupancy.ts';
import type { Occupancy } from './occupancy.ts';
import { hasWaited, older } from './serving-order.ts';

export type Standing =
  | { readonly kind: 'free' }
  /** Asks for more than there is now. */
  | { readonly kind: 'impossible'; readonly asks: readonly Ask[] }
  | {
      readonly kind: 'blocked';
      /** Those of its asks that cannot be granted. */
      readonly asks: readonly Ask[];
      /** The oldest of all that it waits for, also through others that wait. */
      readonly oldest: GrantRequest | undefined;
    };

const FREE: Standing = { kind: 'free' };

/** One resource, as those find it who are behind the ones that were looked at. */
class Gate {
  readonly occupancy: Occupancy;
  #reservedUnits = 0;
  #isReservedToRead = false;
  #isWriterWaiting = false;
  #oldestReader: GrantRequest | undefined;
  /** Of writers, or of anybody at a semaphore. */
  #oldestTaker: GrantRequest | undefined;

  constructor(occupancy: Occupancy) {
    this.occupancy = occupancy;
  }

  admits(ask: Ask): boolean {
    const { occupancy } = this;
    if (isShared(occupancy, ask)) return fits(occupancy, ask) && this.#reservedUnits === 0 && !this.#isWriterKeptOut();
    return !this.#isReservedToRead && fits(occupancy, { access: ask.access, units: ask.units + this.#reservedUnits });
  }

  /** The oldest that holds, or waits for, what excludes the ask. */
  oldestAgainst(ask: Ask): GrantRequest | undefined {
    return isShared(this.occupancy, ask) ? this.#oldestTaker : older(this.#oldestTaker, this.#oldestReader);
  }

  involve(ask: Ask, oldest: GrantRequest | undefined): void {
    if (isShared(this.occupancy, ask)) this.#oldestReader = older(this.#oldestReader, oldest);
    else this.#oldestTaker = older(this.#oldestTaker, oldest);
  }

  await(ask: Ask, isReserved: boolean): void {
    const shared = isShared(this.occupancy, ask);
    if (!shared) this.#isWriterWaiting = true;
    if (!isReserved) return;
    if (shared) this.#isReservedToRead = true;
    else this.#reservedUnits += ask.units;
  }

  /** Where a reader fits, no writer holds: whoever waits to write lacks the resource because of other readers. */
  #isWriterKeptOut(): boolean {
    return this.#isWriterWaiting && this.occupancy.readers > 0;
  }
}

interface Claim {
  readonly ask: Ask;
  readonly gate: Gate;
}

/** One walk: every request in serving order is looked at, and then either granted, or said to stay, or left out. */
export class Line {
  readonly #inventory: Inventory;
  readonly #now: number;
  readonly #gates = new Map<string, Gate>();
  #at: GrantRequest | undefined;
  #claims: readonly Claim[] = [];

  constructor(options: { readonly inventory: Inventory; readonly holders: Iterable<GrantRequest>; readonly now: number }) {
    this.#inventory = options.inventory;
    this.#now = options.now;
    for (const holder of options.holders) this.#involve(holder, holder);
  }

  look(request: GrantRequest): Standing {
    const claims = this.#claimsOf(request);
    const blocked = claims.filter(({ ask, gate }) => !gate.admits(ask));
    if (blocked.length === 0) return FREE;
    const tooLarge = blocked.filter(({ ask, gate }) => !canEverFit(gate.occupancy, ask));
    if (tooLarge.length > 0) return { kind: 'impossible', asks: tooLarge.map(({ ask }) => ask) };
    let oldest: GrantRequest | undefined;
    for (const { ask, gate } of blocked) oldest = older(oldest, gate.oldestAgainst(ask));
    return { kind: 'blocked', asks: blocked.map(({ ask }) => ask), oldest };
  }

  grant(request: GrantRequest): void {
    for (const { ask, gate } of this.#claimsOf(request)) take(gate.occupancy, ask);
    this.#involve(request, request);
  }

  /** It waits on, and those behind it find what it asks for as it leaves it. */
  stay(request: GrantRequest, standing: Standing): void {
    if (standing.kind === 'impossible') return;
    const isReserved = hasWaited(request, this.#now) >= RESERVE_AFTER_MS;
    for (const { ask, gate } of this.#claimsOf(request)) gate.await(ask, isReserved);
    this.#involve(request, standing.kind === 'blocked' ? older(request, standing.oldest) : request);
  }

  #involve(request: GrantRequest, oldest: GrantRequest | undefined): void {
    for (const { ask, gate } of this.#claimsOf(request)) gate.involve(ask, oldest);
  }

  /** Looked up once for all that is done with one request. */
  #claimsOf(request: GrantRequest): readonly Claim[] {
    if (this.#at !== request) {
      this.#at = request;
      this.#claims = request.asks.map((ask) => ({ ask, gate: this.#gate(ask) }));
    }
    return this.#claims;
  }

  #gate({ resource }: Ask): Gate {
    let gate = this.#gates.get(resource);
    if (!gate) this.#gates.set(resource, (gate = new Gate(this.#inventory.occupancy(resource))));
    return gate;
  }
}
