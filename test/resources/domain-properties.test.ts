/** What a lock domain promises, whatever is sent to it, in whatever order, and however often. */
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { GrantRequest } from '../../model/mutex.ts';
import { unreachable } from '../../model/unreachable.ts';
import { Course } from './domain-course.ts';
import { lock, other, pair, request, T0, units } from './domain-requests.ts';

const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 800);
const RESOURCES = [lock, other, pair, units, { ...units, name: 'many', capacity: 5 }];

const asks = fc
  .uniqueArray(
    fc.record({ at: fc.nat(RESOURCES.length - 1), units: fc.nat(20), access: fc.constantFrom('read', 'write') }),
    { selector: ({ at }) => at, minLength: 1, maxLength: 3 },
  )
  .map((drawn) => drawn.map(({ at, units, access }) => ({ resource: RESOURCES[at]?.name as string, units: 1 + (units % ((RESOURCES[at]?.capacity as number) + (units === 20 ? 1 : 0))), access })));

/** One in ten executions takes every capacity to be another one. */
const bringing = fc.integer({ min: 0, max: 19 }).map((drawn) => (drawn === 0 ? -1 : drawn === 1 ? 1 : 0));

const wishes = fc.record({
  asks,
  bringing,
  waited: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(60_000) }, fc.nat(3_600_000)),
  priority: fc.integer({ min: 1, max: 5 }),
  holdsMore: fc.boolean(),
});

const actions = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('acquire'), wish: wishes }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('releaseHeld'), a: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('withdraw', 'acquireAgain', 'releaseAny', 'releaseEarly', 'announceAgain', 'vanish', 'reload'), a: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('setCapacity'), a: fc.nat(), capacity: fc.nat(6) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.oneof(fc.nat(45_000), fc.nat(15 * 60_000)) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('announce'), wish: wishes }) },
);
type Action = typeof actions extends fc.Arbitrary<infer T> ? T : never;

const pick = <T>(from: Iterable<T>, at: number): T | undefined => {
  const all = [...from];
  return all[at % Math.max(1, all.length)];
};

/** The `n`th request of a course. */
const made = (n: number, wish: typeof wishes extends fc.Arbitrary<infer T> ? T : never, now: number): GrantRequest => ({
  ...request(`t${String(n)}`, wish.asks),
  since: now - wish.waited,
  priority: wish.priority,
  resources: RESOURCES.map((resource) => ({ ...resource, capacity: resource.capacity + wish.bringing })),
  ...(wish.holdsMore && { holdsMore: true }),
});

const act = (course: Course, action: Action): void => {
  const n = course.known.length;
  const at = 'a' in action ? action.a : 0;
  const any = pick(course.known, at);
  const held = pick(course.held.keys(), at);
  const waiting = pick(course.waiting.keys(), at);
  switch (action.kind) {
    case 'acquire':
      return course.acquire(made(n, action.wish, course.now));
    case 'announce':
      return course.announce(made(n, action.wish, course.now));
    case 'setCapacity':
      return course.setCapacity(pick(RESOURCES, at)?.name as string, action.capacity);
    case 'wait':
      return course.wait(action.ms);
    case 'releaseHeld':
      return held === undefined ? undefined : course.release(held);
    case 'withdraw':
      return waiting === undefined ? undefined : course.release(waiting);
    case 'acquireAgain':
      return any && course.acquire(any);
    case 'announceAgain':
      return any && course.announce(any);
    case 'releaseAny':
      return any && course.release(any.id);
    case 'releaseEarly':
      return course.release(`t${String(n)}#1`);
    case 'vanish':
      return course.forget([held, waiting].filter((id) => id !== undefined));
    case 'reload':
      return course.reload();
    default:
      return unreachable(action);
  }
};

describe('a lock domain', () => {
  it('keeps its rules after every message: whole grants, within capacity, in order, none lost, nothing leaked', () => {
    fc.assert(
      fc.property(fc.array(actions, { minLength: 5, maxLength: 60, size: 'max' }), fc.boolean(), (course, isAnew) => {
        const played = new Course(isAnew ? T0 + 30_000 : undefined);
        for (const action of course) act(played, action);
        played.finish();
      }),
      { numRuns: RUNS },
    );
  });
});
