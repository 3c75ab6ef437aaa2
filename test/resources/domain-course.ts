/** Plays messages to a lock domain, and checks after every one what the plain rules say of it. */
import { expect } from 'vitest';
import type { Announcement, GrantRequest } from '../../model/mutex.ts';
import type { Resource } from '../../model/resource.ts';
import type { DomainStep, LockDomain } from '../../resources/domain.ts';
import { awaitedBy, canBeGranted, isOlder, isPossible } from './domain-model.ts';
import type { Scene } from './domain-model.ts';
import { copyOf, newDomain, T0 } from './domain-requests.ts';

/** As `expect`, which is too slow to be asked a million times. */
const must = (holds: boolean | undefined, what: string): void => {
  if (!holds) expect.fail(what);
};

const sameIds = (requests: readonly GrantRequest[], known: ReadonlyMap<string, unknown>): boolean =>
  requests.length === known.size && requests.every(({ id }) => known.has(id));

const REMEMBERED_MS = 600_000;

export class Course {
  now = T0;
  readonly known: GrantRequest[] = [];
  readonly held = new Map<string, GrantRequest>();
  readonly waiting = new Map<string, GrantRequest>();
  readonly #grantsFrom: number | undefined;
  readonly #fences = new Map<string, Announcement>();
  /** When somebody last spoke of what was given back. */
  readonly #released = new Map<string, number>();
  readonly #set = new Map<string, number>();
  readonly #domain: LockDomain;
  #twin: LockDomain;
  /** As of the last message, with the capacities that rule. */
  #kinds: ReadonlyMap<string, Resource> = new Map();
  #lastFence = 0;

  constructor(grantsFrom: number | undefined) {
    this.#grantsFrom = grantsFrom;
    this.#domain = newDomain(grantsFrom);
    this.#twin = copyOf(this.#domain);
  }

  acquire(request: GrantRequest): void {
    if (!this.known.includes(request)) this.known.push(request);
    const isNew = !this.held.has(request.id) && !this.waiting.has(request.id);
    const isTooLarge = !isPossible({ ...this.#scene(), resources: this.#kindsWith(request) }, request);
    const step = this.#apply((domain) => domain.acquire(request, this.now));
    const isNever = step.refused.some((one) => one.request.id === request.id && one.refusal.why === 'never');
    const isSpent = step.refused.some((one) => one.request.id === request.id && one.refusal.why === 'spent');
    const isTaken = !isSpent && (step.grants.some((grant) => grant.request.id === request.id) || step.refused.some((one) => one.request.id === request.id) || this.#isQueued(request.id));
    if (isNew) {
      const spoken = this.#released.get(request.id);
      if (spoken === undefined) must(isTaken, `${request.id} is answered or waits`);
      else if (this.now - spoken < REMEMBERED_MS) must(isSpent, `${request.id} was given back`);
      if (isTaken) this.#released.delete(request.id);
      else this.#released.set(request.id, this.now);
      if (isTaken) this.waiting.set(request.id, request);
      must(!isTaken || isNever === isTooLarge, `${request.id} is refused for good if it asks for more than there is`);
    } else if (this.held.has(request.id)) must(step.grants[0]?.request.id === request.id, `${request.id} is held, and granted again`);
    this.#follow(step);
  }

  release(id: string): void {
    this.#remove(id);
    this.#released.set(id, this.now);
    this.#follow(this.#apply((domain) => domain.release(id, this.now)));
  }

  forget(ids: readonly string[]): void {
    for (const id of ids) this.#remove(id);
    this.#follow(this.#apply((domain) => domain.forget(ids, this.now)));
  }

  /** Of a request that was granted, what it was granted; of another one, what an earlier mutex would have. */
  announce(request: GrantRequest): void {
    if (!this.known.includes(request)) this.known.push(request);
    const fences = Object.fromEntries(request.asks.map(({ resource }) => [resource, `${T0 - 1}-7`]));
    const step = this.#apply((domain) => domain.announce(this.#fences.get(request.id) ?? { ...request, fences, grantedAt: this.now - 5 }, this.now));
    const isHeld = this.#domain.holders().some((grant) => grant.request.id === request.id);
    const spoken = this.#released.get(request.id);
    if (spoken === undefined) must(isHeld, `${request.id} is adopted`);
    else if (this.now - spoken < REMEMBERED_MS) must(!isHeld, `${request.id} was given back`);
    if (isHeld) {
      this.#released.delete(request.id);
      this.waiting.delete(request.id);
      this.held.set(request.id, request);
    } else this.#released.set(request.id, this.now);
    this.#follow(step);
  }

  setCapacity(resource: string, capacity: number): void {
    if (!this.#kinds.has(resource)) return;
    this.#set.set(resource, capacity);
    this.#follow(this.#apply((domain) => domain.setCapacity({ resource, capacity }, this.now)));
  }

  wait(ms: number): void {
    this.now += ms;
    this.#follow(this.#apply((domain) => domain.tick(this.now)));
  }

  /** From here on the twin is a domain made from a JSON copy. */
  reload(): void {
    this.#twin = copyOf(this.#twin);
  }

  /** Everything is given back, again and again: everybody who can be served is, and at the end all is free. */
  finish(): void {
    this.wait(60_000);
    this.#drain();
    for (const request of this.waiting.values()) expect(isPossible(this.#scene(), request), `${request.id} could have been served`).toBe(false);
    for (const resource of this.#kinds.keys()) this.setCapacity(resource, 100);
    this.#drain();
    expect(this.#domain.isIdle).toBe(true);
    for (const { units, readers, holders, queue } of this.#domain.view(this.now)) expect({ units, readers, holders, queue }).toEqual({ units: 0, readers: 0, holders: [], queue: [] });
    expect(this.#twin.state).toEqual(this.#domain.state);
  }

  #drain(): void {
    for (let rounds = this.waiting.size + 1; this.held.size > 0; rounds -= 1) {
      expect(rounds, 'every round serves somebody').toBeGreaterThan(0);
      const round = Array.from(this.held.keys());
      for (const id of round) this.release(id);
    }
  }

  #apply(message: (domain: LockDomain) => DomainStep): DomainStep {
    const step = message(this.#domain);
    must(JSON.stringify(message(this.#twin)) === JSON.stringify(step), 'a domain made from a JSON copy does the same');
    this.#kinds = new Map(this.#domain.view(this.now).map((resource) => [resource.name, resource]));
    return step;
  }

  #follow({ grants, refused }: DomainStep): void {
    const before = this.#scene();
    for (const { request } of refused) this.waiting.delete(request.id);
    for (const { request, fences, grantedAt } of grants) {
      if (this.held.has(request.id)) {
        expect(fences, 'the same numbers again').toEqual(this.#fences.get(request.id)?.fences ?? fences);
        continue;
      }
      must(this.waiting.has(request.id), `${request.id} waited`);
      must(canBeGranted(this.#scene(), request), `${request.id} is granted without a wrong to anybody`);
      this.waiting.delete(request.id);
      this.held.set(request.id, request);
      this.#checkFences(Object.values(fences), fences, request);
      this.#fences.set(request.id, { ...request, fences, grantedAt });
    }
    for (const { request, refusal } of refused) {
      if (refusal.why === 'spent') continue;
      if (refusal.why === 'never') must(!isPossible({ ...before, resources: this.#kindsWith(request) }, request), `${request.id}: ${refusal.message}`);
      else this.#checkDeath(request, refused.length);
    }
    this.#checkRest();
  }

  #checkFences(numbers: readonly string[], fences: Readonly<Record<string, string>>, { asks }: GrantRequest): void {
    expect(Object.keys(fences).toSorted()).toEqual(asks.map(({ resource }) => resource).toSorted());
    must(new Set(numbers).size === 1, 'one number for all');
    const [epoch, counter] = (numbers[0] ?? '').split('-').map(Number) as [number, number];
    must(epoch === T0 && counter > this.#lastFence, 'fencing numbers grow');
    this.#lastFence = counter;
  }

  #checkDeath(request: GrantRequest, deaths: number): void {
    expect(request.holdsMore).toBe(true);
    if (deaths > 1) return;
    const scene = this.#scene();
    const asIfItStayed = { ...scene, waiting: new Map(scene.waiting).set(request.id, request) };
    expect(canBeGranted(asIfItStayed, request)).toBe(false);
    expect([...awaitedBy(asIfItStayed, request).values()].some((one) => isOlder(one, request)), 'somebody older is in its way').toBe(true);
  }

  #checkRest(): void {
    const scene = this.#scene();
    must(sameIds(this.#domain.holders().map(({ request }) => request), this.held), 'who holds');
    must(sameIds(this.#domain.waiters(), this.waiting), 'who waits');
    for (const request of this.waiting.values()) {
      must(!canBeGranted(scene, request), `${request.id} waits, and could not be granted`);
      if (!request.holdsMore) continue;
      for (const one of awaitedBy(scene, request).values()) must(!isOlder(one, request), `${request.id} does not wait for the older ${one.id}`);
    }
    this.#checkCapacities(scene);
    must(this.#domain.deadlocks().length === 0, 'no deadlock');
  }

  #checkCapacities({ resources }: Scene): void {
    for (const [name, { capacity }] of resources) {
      const set = this.#set.get(name);
      must(set === undefined || capacity === set, `the capacity of ${name} is what was set`);
      for (const request of [...this.held.values(), ...this.waiting.values()]) {
        if (request.asks.every((ask) => ask.resource !== name)) continue;
        const brought = request.resources.find((resource) => resource.name === name);
        must(!brought || set !== undefined || capacity <= brought.capacity, `the smaller capacity of ${name} rules`);
      }
    }
  }

  /** The resources as they are if the request's own view of them counts, too. */
  #kindsWith(request: GrantRequest): ReadonlyMap<string, Resource> {
    const brought = request.resources.map((resource): Resource => {
      const ruling = this.#set.get(resource.name) ?? Math.min(resource.capacity, this.#kinds.get(resource.name)?.capacity ?? resource.capacity);
      return { ...resource, capacity: ruling };
    });
    return new Map(brought.map((resource) => [resource.name, resource]));
  }

  #isQueued(id: string): boolean {
    return this.#domain.waiters().some((request) => request.id === id);
  }

  #remove(id: string): void {
    this.held.delete(id);
    this.waiting.delete(id);
  }

  #scene(): Scene {
    return { now: this.now, isOpen: this.#grantsFrom === undefined || this.now >= this.#grantsFrom, held: this.held, waiting: this.waiting, resources: this.#kinds };
  }
}
