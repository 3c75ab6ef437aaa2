/** What a lock domain grants, refuses and remembers, message by message. */
import { describe, expect, it } from 'vitest';
import { KEEP_MS } from '../../resources/inventory.ts';
import { MAX_TOMBSTONES, TOMBSTONE_MS } from '../../resources/tombstones.ts';
import { copyOf, granted, holding, lock, newDomain, other, queued, reads, refused, request, T0, units, writes } from './domain-requests.ts';

const announced = (name: string, asks: Parameters<typeof request>[1], fence: string, grantedAt = T0) => ({
  ...request(name, asks),
  fences: Object.fromEntries(asks.map(({ resource }) => [resource, fence])),
  grantedAt,
});

describe('a request', () => {
  it('is granted whole or not at all', () => {
    const domain = newDomain();
    domain.acquire(request('a', [writes('lock')]), T0);
    expect(granted(domain.acquire(request('b', [writes('lock'), writes('other')]), T0 + 1))).toEqual([]);
    expect(granted(domain.acquire(request('c', [writes('other')]), T0 + 2)), 'b holds no part').toEqual(['c']);
    expect(granted(domain.release('a#1', T0 + 3))).toEqual([]);
    expect(granted(domain.release('c#1', T0 + 4))).toEqual(['b']);
  });

  it('shares with readers, and a reader is never beside a writer', () => {
    const domain = newDomain();
    expect(granted(domain.acquire(request('r1', [reads('lock')]), T0))).toEqual(['r1']);
    expect(granted(domain.acquire(request('r2', [reads('lock')]), T0))).toEqual(['r2']);
    expect(granted(domain.acquire(request('w', [writes('lock')]), T0))).toEqual([]);
    domain.release('r1#1', T0);
    expect(granted(domain.release('r2#1', T0))).toEqual(['w']);
    expect(granted(domain.acquire(request('r3', [reads('lock')]), T0))).toEqual([]);
  });

  it('gets as many units and as many writers at once as there are', () => {
    const domain = newDomain();
    expect(granted(domain.acquire(request('two', [writes('units', 2)]), T0))).toEqual(['two']);
    expect(granted(domain.acquire(request('more', [reads('units'), writes('pair')]), T0))).toEqual(['more']);
    expect(granted(domain.acquire(request('full', [writes('units')]), T0))).toEqual([]);
    expect(granted(domain.acquire(request('beside', [writes('pair')]), T0))).toEqual(['beside']);
    expect(granted(domain.acquire(request('third', [writes('pair')]), T0))).toEqual([]);
  });

  it.each([
    ['more units than there are', [writes('units', 4)], {}, '4 units of units asked for, and its capacity is 3'],
    ['a resource that is not here', [reads('lock')], { resources: [{ ...lock, capacity: 0 }] }, '1 unit of lock asked for, and its capacity is 0'],
    ['no units', [writes('units', 0)], {}, '0 units of units asked for, and its capacity is 3'],
    ['a resource that it does not define', [writes('lock')], { resources: [] }, 'lock is not known: the request does not say what it is'],
    ['one resource twice', [writes('units', 2), writes('units', 2)], {}, 'units is asked for twice'],
  ])('that asks for %s is refused for good', (_, asks, options, message) => {
    const domain = newDomain();
    expect(refused(domain.acquire(request('a', asks, options), T0))).toEqual([`a never: ${message}`]);
    expect(domain.isIdle).toBe(true);
    expect(domain.view(T0), 'and leaves no trace').toEqual([]);
  });

  it.each(['mode', 'scope'] as const)('that takes a known resource to have another %s is refused for good', (field) => {
    const domain = newDomain();
    domain.acquire(request('a', [writes('lock')]), T0);
    const wrong = { ...lock, ...(field === 'mode' ? { mode: 'semaphore' as const } : { scope: 'execution' as const }) };
    expect(refused(domain.acquire(request('b', [writes('lock')], { resources: [wrong] }), T0))).toEqual([
      `b never: lock (${wrong.mode}, ${wrong.scope}) is asked for, and another execution uses it as lock (exclusive, global)`,
    ]);
  });

  it('may come twice: held, it gets the same numbers again; waiting, it keeps its one place', () => {
    const domain = newDomain();
    const first = domain.acquire(request('a', [writes('lock')]), T0);
    domain.acquire(request('b', [writes('lock')]), T0);
    expect(domain.acquire(request('a', [writes('lock')]), T0 + 5)).toEqual(first);
    expect(domain.acquire(request('b', [writes('lock')]), T0 + 5)).toEqual({ grants: [], refused: [] });
    expect(queued(domain)).toEqual(['b']);
    expect(granted(domain.release('a#1', T0 + 6))).toEqual(['b']);
    expect(domain.release('a#1', T0 + 7)).toEqual({ grants: [], refused: [] });
    expect(holding(domain)).toEqual(['b']);
  });
});

describe('a release', () => {
  it('withdraws what waits', () => {
    const domain = newDomain();
    domain.acquire(request('a', [writes('lock')]), T0);
    domain.acquire(request('b', [writes('lock')]), T0);
    domain.release('b#1', T0);
    expect(granted(domain.release('a#1', T0))).toEqual([]);
    expect(domain.isIdle).toBe(true);
  });

  it.each([
    ['before its request', false],
    ['before the request comes again', true],
  ])('%s: the late one is spent, as long as it is spoken of and ten minutes more', (_, isFirst) => {
    let domain = newDomain();
    const late = request('a', [writes('lock')]);
    if (isFirst) domain.acquire(late, T0);
    domain.release('a#1', T0);
    domain = copyOf(domain);
    const spent = { grants: [], refused: [{ refusal: { id: late.id, why: 'spent' } }] };
    expect(domain.acquire(late, T0 + TOMBSTONE_MS - 1)).toMatchObject(spent);
    expect(domain.acquire(late, T0 + 2 * TOMBSTONE_MS - 2)).toMatchObject(spent);
    expect(granted(domain.acquire(late, T0 + 4 * TOMBSTONE_MS)), 'forgotten by then').toEqual(['a']);
  });

  it('is remembered for a bounded number of requests, the latest', () => {
    const domain = newDomain();
    for (let i = 0; i <= MAX_TOMBSTONES; i += 1) domain.release(`x${i}#1`, T0);
    expect(domain.state.tombstones).toHaveLength(MAX_TOMBSTONES);
    expect(granted(domain.acquire(request('x0', [writes('lock')]), T0))).toEqual(['x0']);
    expect(granted(domain.acquire(request('x1', [writes('other')]), T0))).toEqual([]);
  });

  it('by forgetting frees as well, and lets the request come again', () => {
    const domain = newDomain();
    domain.acquire(request('a', [writes('lock')]), T0);
    domain.acquire(request('b', [writes('lock')]), T0);
    domain.acquire(request('c', [writes('lock')]), T0);
    expect(granted(domain.forget(['a#1', 'b#1', 'nobody#1'], T0))).toEqual(['c']);
    domain.forget(['c#1'], T0);
    expect(granted(domain.acquire(request('a', [writes('lock')]), T0))).toEqual(['a']);
  });
});

describe('fencing numbers', () => {
  it('grow with every grant, one for all resources of a request', () => {
    const domain = newDomain();
    const [first] = domain.acquire(request('a', [writes('lock'), writes('units')]), T0).grants;
    expect(first?.fences).toEqual({ lock: `${T0}-1`, units: `${T0}-1` });
    domain.release('a#1', T0);
    expect(copyOf(domain).acquire(request('b', [writes('lock')]), T0).grants[0]?.fences).toEqual({ lock: `${T0}-2` });
  });

  it.each([
    ['of this mutex', `${T0}-41`, `${T0}-42`],
    ['of a clock that was ahead', `${T0 + 500}-7`, `${T0 + 500}-8`],
    ['of an earlier mutex', `${T0 - 500}-41`, `${T0}-1`],
    ['that is none', '__proto__', `${T0}-1`],
  ])('lie beyond what a holder shows: a number %s', (_, shown, next) => {
    const domain = newDomain();
    domain.announce(announced('a', [writes('lock')], shown), T0);
    expect(domain.holders()[0]?.fences, 'it keeps its own').toEqual({ lock: shown });
    expect(domain.acquire(request('b', [writes('other')]), T0).grants[0]?.fences).toEqual({ other: next });
  });
});

describe('a mutex that starts anew', () => {
  it('grants nothing before its time, and then what is not held', () => {
    const domain = newDomain(T0 + 30_000);
    expect(granted(domain.acquire(request('a', [writes('lock')]), T0))).toEqual([]);
    expect(granted(domain.acquire(request('b', [writes('other')]), T0))).toEqual([]);
    domain.announce(announced('h', [writes('lock')], `${T0 - 9}-5`), T0 + 10_000);
    expect(domain.view(T0)[0]?.queue[0]?.reason).toContain(`nothing is granted before ${new Date(T0 + 30_000).toISOString()}`);
    expect(granted(domain.tick(T0 + 29_999))).toEqual([]);
    expect(granted(copyOf(domain).tick(T0 + 30_000))).toEqual(['b']);
    expect(granted(domain.release('h#1', T0 + 30_000)), 'in serving order').toEqual(['a', 'b']);
  });

  it('adopts what is announced, once, also over capacity and for one that waits', () => {
    const domain = newDomain(T0 + 30_000);
    domain.acquire(request('b', [writes('lock')]), T0);
    for (const name of ['a', 'b', 'a']) expect(domain.announce(announced(name, [writes('lock')], `${T0 - 9}-5`, T0 - 60_000), T0)).toEqual({ grants: [], refused: [] });
    expect(holding(domain)).toEqual(['a', 'b']);
    expect(domain.waiting).toBe(0);
    domain.acquire(request('c', [writes('lock')]), T0);
    expect(granted(domain.tick(T0 + 30_000))).toEqual([]);
    expect(granted(domain.release('a#1', T0 + 30_000))).toEqual([]);
    expect(granted(domain.release('b#1', T0 + 30_000))).toEqual(['c']);
  });

  it('lists holders by the time of their grant', () => {
    const domain = newDomain();
    domain.acquire(request('late', [writes('other')]), T0 + 5);
    domain.announce(announced('early', [writes('lock')], `${T0}-9`, T0 + 1), T0 + 6);
    domain.announce(announced('ahead', [writes('units')], `${T0}-9`, T0 + 99_999), T0 + 7);
    expect(holding(domain)).toEqual(['early', 'late', 'ahead']);
    expect(domain.holders()[2]?.grantedAt).toBe(T0 + 7);
  });

  it('does not adopt again what somebody has taken back', () => {
    const domain = newDomain();
    domain.acquire(request('a', [writes('lock')]), T0);
    domain.release('a#1', T0);
    for (let at = T0; at < T0 + 4 * TOMBSTONE_MS; at += 10_000) domain.announce(announced('a', [writes('lock')], `${T0}-1`), at);
    expect(domain.isIdle).toBe(true);
  });

  it('takes a holder that defines nothing to have the resource alone', () => {
    const domain = newDomain();
    domain.announce({ ...announced('a', [writes('lock', 1)], `${T0}-1`), resources: [] }, T0);
    expect(granted(domain.acquire(request('b', [reads('lock')]), T0))).toEqual([]);
    expect(granted(domain.release('a#1', T0))).toEqual(['b']);
  });
});

describe('the capacity', () => {
  it('of two that executions bring is the smaller, until nobody has used that for an hour', () => {
    const domain = newDomain();
    const ask = [writes('units')];
    const small = { resources: [{ ...units, capacity: 1 }] };
    domain.acquire(request('a', [writes('units', 2)]), T0);
    domain.acquire(request('big', [writes('units', 2)], { since: T0 - 120_000 }), T0);
    expect(granted(domain.acquire(request('b', ask, small), T0)), 'drains first').toEqual([]);
    expect(refused(domain.acquire(request('bigger', [writes('units', 2)]), T0))).toEqual(['bigger never: 2 units of units asked for, and its capacity is 1']);
    expect(granted(domain.release('a#1', T0)), 'what cannot be granted reserves nothing').toEqual(['b']);
    expect(domain.view(T0)).toMatchObject([{ capacity: 1, capacities: [1, 3], queue: [{ task: 'big', reason: '2 units of units asked for, and its capacity is 1' }] }]);
    expect(granted(domain.tick(T0 + 2 * KEEP_MS)), 'b still uses it').toEqual([]);
    domain.release('b#1', T0 + 2 * KEEP_MS);
    expect(granted(copyOf(domain).tick(T0 + 3 * KEEP_MS - 1))).toEqual([]);
    expect(granted(copyOf(domain).tick(T0 + 3 * KEEP_MS))).toEqual(['big']);
  });

  it('of an operator rules over what executions bring, from then on', () => {
    let domain = newDomain();
    domain.acquire(request('a', [writes('units', 3)]), T0);
    domain.acquire(request('b', [writes('units')]), T0);
    expect(granted(domain.setCapacity({ resource: 'units', capacity: 4 }, T0))).toEqual(['b']);
    domain = copyOf(domain);
    expect(domain.acquire(request('c', [writes('units')], { resources: [{ ...units, capacity: 1 }] }), T0).refused).toEqual([]);
    expect(domain.view(T0)).toMatchObject([{ capacity: 4, units: 4, capacities: [1, 3] }]);
    for (const id of ['a#1', 'b#1', 'c#1']) domain.release(id, T0);
    domain.tick(T0 + 2 * KEEP_MS);
    expect(domain.view(T0), 'kept, though nobody uses it').toMatchObject([{ capacity: 4 }]);
  });

  it('made smaller drains, and refuses who can never fit any more', () => {
    const domain = newDomain();
    domain.acquire(request('a', [writes('units', 3)]), T0);
    domain.acquire(request('big', [writes('units', 3)]), T0);
    domain.acquire(request('small', [writes('units')]), T0);
    domain.acquire(request('elsewhere', [writes('lock')]), T0);
    const step = domain.setCapacity({ resource: 'units', capacity: 1 }, T0);
    expect(refused(step)).toEqual(['big never: 3 units of units asked for, and its capacity is 1, set by an operator']);
    expect(holding(domain)).toEqual(['a', 'elsewhere']);
    expect(granted(domain.release('a#1', T0))).toEqual(['small']);
    expect(refused(domain.setCapacity({ resource: 'lock', capacity: 0 }, T0))).toEqual([]);
    expect(refused(domain.acquire(request('r', [reads('lock')]), T0))).toEqual(['r never: 1 unit of lock asked for, and its capacity is 0, set by an operator']);
  });

  it.each([
    ['nothing', 1, 'nobody has asked for a resource nothing; known here: lock'],
    ['lock', -1, 'the capacity of lock is to be a whole number of at least 0, not -1'],
    ['lock', 1.5, 'the capacity of lock is to be a whole number of at least 0, not 1.5'],
  ])('of %s cannot be set to %d', (resource, capacity, message) => {
    const domain = newDomain();
    domain.acquire(request('a', [writes('lock')]), T0);
    const before = JSON.stringify(domain.state);
    expect(() => domain.setCapacity({ resource, capacity }, T0 + 9)).toThrow(new RangeError(message));
    expect(JSON.stringify(domain.state)).toBe(before);
  });

  it('and all else of a resource is forgotten when nobody has used it for an hour', () => {
    const domain = newDomain();
    domain.acquire(request('a', [writes('lock')]), T0);
    domain.acquire(request('b', [writes('lock')]), T0);
    domain.acquire(request('c', [writes('other')]), T0);
    domain.release('c#1', T0);
    domain.tick(T0 + 2 * KEEP_MS);
    expect(domain.view(T0).map(({ name }) => name)).toEqual(['lock']);
    const semaphore = { ...other, mode: 'semaphore' as const };
    expect(granted(domain.acquire(request('d', [writes('other')], { resources: [semaphore] }), T0 + 2 * KEEP_MS))).toEqual(['d']);
  });
});
