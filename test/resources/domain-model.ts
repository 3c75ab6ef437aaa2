/**
 * The rules of a lock domain, written down once more and as plainly as can be: over lists of who holds and who
 * waits, without counters, without an order that is kept, without walking.
 */
import type { Ask } from '../../model/graph.ts';
import type { GrantRequest } from '../../model/mutex.ts';
import type { Resource } from '../../model/resource.ts';

const TEN_MINUTES = 600_000;
const HALF_A_MINUTE = 30_000;

export interface Scene {
  readonly now: number;
  readonly isOpen: boolean;
  readonly held: ReadonlyMap<string, GrantRequest>;
  readonly waiting: ReadonlyMap<string, GrantRequest>;
  /** With the capacity that rules. */
  readonly resources: ReadonlyMap<string, Pick<Resource, 'mode' | 'capacity'>>;
}

const asksOf = (requests: Iterable<GrantRequest>, name: string): Ask[] =>
  [...requests].flatMap(({ asks }) => asks.filter(({ resource }) => resource === name));

/** Whether all of these may be held at once. */
const isLegal = ({ mode, capacity }: Pick<Resource, 'mode' | 'capacity'>, asks: readonly Ask[]): boolean => {
  const sum = (some: readonly Ask[]): number => some.reduce((total, { units }) => total + units, 0);
  if (mode === 'semaphore') return sum(asks) <= capacity;
  const writers = asks.filter(({ access }) => access === 'write');
  const readers = asks.filter(({ access }) => access === 'read');
  return writers.length === 0 ? readers.length === 0 || capacity > 0 : readers.length === 0 && sum(writers) <= capacity;
};

const kindOf = ({ resources }: Scene, ask: Ask): Pick<Resource, 'mode' | 'capacity'> => resources.get(ask.resource) as Pick<Resource, 'mode' | 'capacity'>;
const fits = (scene: Scene, ask: Ask): boolean => isLegal(kindOf(scene, ask), [...asksOf(scene.held.values(), ask.resource), ask]);
const doExclude = (scene: Scene, one: Ask, other: Ask): boolean => kindOf(scene, one).mode === 'semaphore' || one.access === 'write' || other.access === 'write';

export const isPossible = (scene: Scene, { asks }: GrantRequest): boolean => asks.every((ask) => isLegal(kindOf(scene, ask), [ask]));
export const isOlder = (one: GrantRequest, other: GrantRequest): boolean => one.since < other.since || (one.since === other.since && one.id < other.id);

const isBefore = (now: number, one: GrantRequest, other: GrantRequest): boolean => {
  const [a, b] = [one, other].map(({ priority, since }) => priority - Math.floor(Math.max(0, now - since) / TEN_MINUTES)) as [number, number];
  return a < b || (a === b && isOlder(one, other));
};

const ahead = (scene: Scene, request: GrantRequest): GrantRequest[] =>
  [...scene.waiting.values()].filter((one) => one.id !== request.id && isBefore(scene.now, one, request) && isPossible(scene, one));

const isBlocked = (scene: Scene, request: GrantRequest, ask: Ask): boolean => {
  if (!fits(scene, ask)) return true;
  const before = ahead(scene, request);
  const rivals = asksOf(before, ask.resource).filter((other) => doExclude(scene, ask, other));
  const isRead = kindOf(scene, ask).mode === 'exclusive' && ask.access === 'read';
  if (isRead && rivals.some((rival) => !fits(scene, rival))) return true;
  const patient = before.filter(({ since }) => scene.now - since >= HALF_A_MINUTE);
  const reserved = asksOf(patient, ask.resource).filter((other) => doExclude(scene, ask, other));
  return reserved.length > 0 && !isLegal(kindOf(scene, ask), [...asksOf(scene.held.values(), ask.resource), ask, ...reserved]);
};

export const canBeGranted = (scene: Scene, request: GrantRequest): boolean => scene.isOpen && request.asks.every((ask) => !isBlocked(scene, request, ask));

/** Everybody it waits for, also through others. */
export const awaitedBy = (scene: Scene, request: GrantRequest, seen = new Map<string, GrantRequest>()): ReadonlyMap<string, GrantRequest> => {
  if (!isPossible(scene, request)) return seen;
  for (const ask of request.asks) {
    if (!isBlocked(scene, request, ask)) continue;
    for (const one of [...scene.held.values(), ...ahead(scene, request)]) {
      if (seen.has(one.id) || !asksOf([one], ask.resource).some((other) => doExclude(scene, ask, other))) continue;
      seen.set(one.id, one);
      if (scene.waiting.has(one.id)) awaitedBy(scene, one, seen);
    }
  }
  return seen;
};
