/**
 * A lock domain: who holds its resources, who waits, and who is next. Pure, and the same for the same messages;
 * the `mutex` workflow drives it.
 *
 * - A request is granted whole or not at all, never over capacity, never a reader beside a writer.
 * - Waiters stand in line by priority class, lifted one class for every `AGEING_MS` waited, then by age. Whoever
 *   can be granted without a wrong to those before it is, at once: what that means is at the head of `line.ts`.
 * - A request that can never be granted is refused `never`: it asks for more than the capacity at the time it
 *   asks, or takes a resource to be what it is not. If the capacity becomes smaller by a word of an operator, so
 *   are those that wait; if by what another execution brings, they wait until that one is gone (`inventory.ts`).
 * - Wait-die: a request for which another domain has granted something already (`holdsMore`) waits only for
 *   younger ones, whether they hold or are before it in line, directly or through others that wait. It is refused
 *   `die` as soon as that is not so. A wait that begins at a holder thus leads to younger ones only, in every
 *   domain, and comes never back to where it began.
 * - Every message may come twice, or late: what was given back stays given back, and is remembered for 10 minutes
 *   after it was last spoken of.
 */
import type { Announcement, GrantRequest, ModifyResourceRequest, Refused, ResourceView, WaitView } from '../model/mutex.ts';
import { findDeadlocks } from './deadlock.ts';
import type { WaitEdge } from './deadlock.ts';
import { viewDomain } from './domain-view.ts';
import { nextFences, raiseBeyond } from './grant.ts';
import type { FenceCounter, Grant } from './grant.ts';
import { Inventory } from './inventory.ts';
import type { ResourceRecord } from './inventory.ts';
import { Line } from './line.ts';
import { canEverFit } from './occupancy.ts';
import { compareAge, inServingOrder } from './serving-order.ts';
import { Tombstones } from './tombstones.ts';
import type { Tombstone } from './tombstones.ts';
import { waitEdges } from './waits.ts';
import type { WaitEdges } from './waits.ts';

export type { Grant } from './grant.ts';

/** Plain data: it survives JSON, and is carried over continue-as-new. */
export interface DomainState extends FenceCounter {
  /** Time of the last message, in milliseconds; it never goes back. */
  now: number;
  /** Nothing is granted before; deleted when it has come. */
  grantsFrom?: number;
  /** When what is out of use was last forgotten. */
  tidiedAt: number;
  /** Oldest first. */
  holders: Grant[];
  /** In serving order as of `now`. */
  waiters: GrantRequest[];
  readonly resources: ResourceRecord[];
  readonly tombstones: Tombstone[];
}

export interface Refusal {
  readonly request: GrantRequest;
  readonly refusal: Refused;
}

/** What follows from a message, in the order in which it was decided. */
export interface DomainStep {
  readonly grants: readonly Grant[];
  readonly refused: readonly Refusal[];
}

const TIDY_MS = 60_000;

/**
 * @param options - `epoch`: start of the mutex's first run in milliseconds, the first part of every fencing
 * number. `grantsFrom`: before this time nothing is granted, for a mutex that was ended and starts anew.
 */
export const createDomainState = ({ epoch, grantsFrom }: { readonly epoch: number; readonly grantsFrom?: number }): DomainState => ({
  epoch,
  counter: 0,
  now: epoch,
  ...(grantsFrom !== undefined && { grantsFrom }),
  tidiedAt: epoch,
  holders: [],
  waiters: [],
  resources: [],
  tombstones: [],
});

/** Collects what one message brings about. */
class Outcome implements DomainStep {
  readonly grants: Grant[] = [];
  readonly refused: Refusal[] = [];

  refuse(request: GrantRequest, why: Refused['why'], message: string): void {
    this.refused.push({ request, refusal: { id: request.id, why, message } });
  }
}

export class LockDomain {
  /** Changes with every message. */
  readonly state: DomainState;
  readonly #inventory: Inventory;
  readonly #tombstones: Tombstones;

  /** Takes over the state. */
  constructor(state: DomainState) {
    this.state = state;
    this.#inventory = new Inventory(state.resources, this.#held());
    this.#tombstones = new Tombstones(state.tombstones);
  }

  /** What is held already is granted again, with the same numbers; what waits changes nothing, what was given back is `spent`. */
  acquire(request: GrantRequest, now: number): DomainStep {
    const outcome = this.#begin(now);
    const held = this.#holder(request.id);
    if (held) outcome.grants.push(held);
    else if (this.#tombstones.meets(request.id, this.state.now)) outcome.refuse(request, 'spent', 'this request was given back: ask with another id');
    else if (!this.#isWaiting(request.id)) this.#ask(request, outcome);
    return this.#settle(outcome);
  }

  /** Gives back what is held, withdraws what waits, and forbids what may still come. */
  release(id: string, now: number): DomainStep {
    const outcome = this.#begin(now);
    this.#remove(id);
    this.#tombstones.add(id, this.state.now);
    return this.#settle(outcome);
  }

  /**
   * A holder says what it holds. What is not known is adopted, also over capacity: it does hold it. What was
   * given back is not.
   */
  announce({ fences, grantedAt, ...request }: Announcement, now: number): DomainStep {
    const outcome = this.#begin(now);
    raiseBeyond(this.state, fences);
    if (!this.#holder(request.id) && !this.#tombstones.meets(request.id, this.state.now)) {
      this.#remove(request.id);
      this.#inventory.learn(request, this.state.now);
      this.#inventory.take(request);
      const grant = { request, fences, grantedAt: Math.min(grantedAt, this.state.now) };
      this.state.holders = [...this.state.holders, grant].sort((a, b) => a.grantedAt - b.grantedAt);
    }
    return this.#settle(outcome);
  }

  /**
   * From now on the capacity is this, whatever executions bring. A smaller one drains, and a waiter that asks for
   * more is refused `never`.
   * @throws RangeError when nobody has asked for the resource, or the capacity is not a whole number of at least 0.
   */
  setCapacity({ resource, capacity }: ModifyResourceRequest, now: number): DomainStep {
    this.#inventory.set(resource, capacity);
    const outcome = this.#begin(now);
    const occupancy = this.#inventory.occupancy(resource);
    this.state.waiters = this.state.waiters.filter((request) => {
      const ask = request.asks.find((ask) => ask.resource === resource);
      if (!ask || canEverFit(occupancy, ask)) return true;
      outcome.refuse(request, 'never', this.#inventory.excess(ask));
      return false;
    });
    return this.#settle(outcome);
  }

  /** As {@link release}, of requests whose holders are known to be gone: they may come again. */
  forget(ids: readonly string[], now: number): DomainStep {
    const outcome = this.#begin(now);
    for (const id of ids) this.#remove(id);
    return this.#settle(outcome);
  }

  /** Grants what time alone has made possible. */
  tick(now: number): DomainStep {
    return this.#settle(this.#begin(now));
  }

  /** Everything that is held, oldest first. */
  holders(): readonly Grant[] {
    return this.state.holders;
  }

  /** Everything that waits, in the order in which it is served. */
  waiters(): readonly GrantRequest[] {
    return this.state.waiters;
  }

  get isIdle(): boolean {
    return this.state.holders.length === 0 && this.state.waiters.length === 0;
  }

  get waiting(): number {
    return this.state.waiters.length;
  }

  /** Circles in the wait-for graph of this domain, as request ids: always empty, or the granting is at fault. */
  deadlocks(): readonly (readonly string[])[] {
    return findDeadlocks(this.#waits().flatMap(({ waiter, awaited }) => awaited.map(({ id }): WaitEdge => [waiter.id, id])));
  }

  /**
   * Who waits for whom, as workflow ids: for {@link findDeadlocks} over several domains. As of the last message.
   * Whoever is awaited only through another that is named here may be left out.
   */
  waitsFor(): readonly WaitView[] {
    return this.#waits().map(({ waiter, awaited }) => ({ waiter: waiter.holder, holders: [...new Set(awaited.map(({ holder }) => holder))] }));
  }

  /** For people: every resource by name, its holders, and its queue in serving order with the reasons in words. */
  view(now: number): readonly ResourceView[] {
    const { holders, waiters, grantsFrom } = this.state;
    const time = Math.max(this.state.now, now);
    return viewDomain({ inventory: this.#inventory, holders, waiters: inServingOrder(waiters, time), grantsFrom, now: time });
  }

  #begin(now: number): Outcome {
    this.state.now = Math.max(this.state.now, now);
    this.#tidy();
    return new Outcome();
  }

  #ask(request: GrantRequest, outcome: Outcome): void {
    const refusal = this.#inventory.refusal(request);
    if (refusal !== undefined) return outcome.refuse(request, 'never', refusal);
    this.#inventory.learn(request, this.state.now);
    this.state.waiters.push(request);
  }

  #settle(outcome: Outcome): DomainStep {
    const { state } = this;
    if (state.grantsFrom !== undefined && state.now >= state.grantsFrom) delete state.grantsFrom;
    while (this.#walk(outcome));
    return outcome;
  }

  /** Goes along the line once. True when that may have put somebody in the way of one that is not to wait for it. */
  #walk(outcome: Outcome): boolean {
    const { state } = this;
    const { now } = state;
    const granted: GrantRequest[] = [];
    const waiters: GrantRequest[] = [];
    const line = new Line({ inventory: this.#inventory, holders: this.#held(), now });
    for (const request of inServingOrder(state.waiters, now)) {
      const standing = line.look(request);
      if (standing.kind === 'free' && state.grantsFrom === undefined) {
        line.grant(request);
        granted.push(request);
      } else if (request.holdsMore && standing.kind === 'blocked' && standing.oldest && compareAge(standing.oldest, request) < 0) {
        const { execution, task } = standing.oldest;
        outcome.refuse(request, 'die', `${execution}/${task} is older and before it`);
      } else {
        line.stay(request, standing);
        waiters.push(request);
      }
    }
    const grants = granted.map((request): Grant => ({ request, fences: nextFences(state, request.asks), grantedAt: now }));
    outcome.grants.push(...grants);
    state.holders.push(...grants);
    state.waiters = waiters;
    return grants.length > 0 && waiters.some(({ holdsMore }) => holdsMore);
  }

  #tidy(): void {
    const { state } = this;
    if (state.now - state.tidiedAt < TIDY_MS) return;
    state.tidiedAt = state.now;
    this.#tombstones.expire(state.now);
    this.#inventory.expire([...this.#held(), ...state.waiters], state.now);
  }

  #remove(id: string): void {
    const { state } = this;
    const held = this.#holder(id);
    if (held) this.#inventory.give(held.request);
    if (held) state.holders = state.holders.filter((grant) => grant !== held);
    else state.waiters = state.waiters.filter((request) => request.id !== id);
  }

  #waits(): WaitEdges[] {
    const { waiters, now } = this.state;
    return waitEdges({ inventory: this.#inventory, holders: this.#held(), waiters, now });
  }

  #held(): GrantRequest[] {
    return this.state.holders.map(({ request }) => request);
  }

  #holder(id: string): Grant | undefined {
    return this.state.holders.find(({ request }) => request.id === id);
  }

  #isWaiting(id: string): boolean {
    return this.state.waiters.some((request) => request.id === id);
  }
}
