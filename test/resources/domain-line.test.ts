/** Who is served when not all can be: the order of the line, what stops those behind, wait-die, and what people see of it. */
import { describe, expect, it } from 'vitest';
import { RESERVE_AFTER_MS } from '../../model/resource.ts';
import { AGEING_MS } from '../../resources/serving-order.ts';
import type { LockDomain } from '../../resources/domain.ts';
import { copyOf, granted, holding, lock, newDomain, queued, reads, refused, request, T0, units, writes } from './domain-requests.ts';

/** A domain in which everything given is held by a task of its resource's name. */
const heldBy = (...resources: readonly string[]): LockDomain => {
  const domain = newDomain();
  for (const resource of resources) domain.acquire(request(resource, [writes(resource, resource === 'units' ? 3 : 1)]), T0);
  return domain;
};
const reasons = (domain: LockDomain, now = T0): Record<string, string> =>
  Object.fromEntries(domain.view(now).flatMap(({ queue }) => queue.map(({ task, reason }) => [task, reason])));

describe('the line', () => {
  it('is in order of priority, then of age, then of ids', () => {
    const domain = heldBy('lock');
    domain.acquire(request('late', [writes('lock')], { since: T0 + 1 }), T0 + 1);
    domain.acquire(request('b', [writes('lock')]), T0 + 1);
    domain.acquire(request('a', [writes('lock')]), T0 + 1);
    domain.acquire(request('urgent', [writes('lock')], { since: T0 + 2, priority: 1 }), T0 + 2);
    expect(queued(domain)).toEqual(['urgent', 'a', 'b', 'late']);
    expect(domain.view(T0 + 2)[0]?.queue.map(({ task }) => task)).toEqual(['urgent', 'a', 'b', 'late']);
    expect(granted(domain.release('lock#1', T0 + 3))).toEqual(['urgent']);
  });

  it('lifts a request one class for every ten minutes it waits', () => {
    const domain = heldBy('lock');
    domain.acquire(request('low', [writes('lock')], { priority: 4 }), T0);
    const since = T0 + 1.5 * AGEING_MS;
    domain.acquire(request('urgent', [writes('lock')], { priority: 2, since }), since);
    domain.tick(T0 + 2 * AGEING_MS - 1);
    expect(queued(domain)).toEqual(['urgent', 'low']);
    expect(granted(copyOf(domain).release('lock#1', T0 + 2 * AGEING_MS))).toEqual(['low']);
  });

  it('does not hold up those who want something else', () => {
    const domain = heldBy('lock');
    domain.acquire(request('first', [writes('lock'), writes('other'), writes('units', 2)]), T0);
    expect(granted(domain.acquire(request('other', [reads('other')]), T0))).toEqual(['other']);
    expect(granted(domain.acquire(request('units', [writes('units', 3)]), T0))).toEqual(['units']);
  });
});

describe('a waiting writer', () => {
  it('stops readers that come after it at once, and none that are before it', () => {
    const domain = newDomain();
    domain.acquire(request('r1', [reads('lock')]), T0);
    domain.acquire(request('w', [writes('lock')], { since: T0 + 1 }), T0 + 1);
    expect(granted(domain.acquire(request('r2', [reads('lock')], { since: T0 + 2 }), T0 + 2))).toEqual([]);
    expect(granted(domain.acquire(request('r3', [reads('lock')], { since: T0 + 2, priority: 1 }), T0 + 2))).toEqual(['r3']);
    expect(reasons(domain)).toEqual({ w: 'lock is read by e/r1, e/r3', r2: 'lock is kept for e/w, before it in line' });
    domain.release('r1#1', T0 + 3);
    expect(granted(domain.release('r3#1', T0 + 3))).toEqual(['w']);
    expect(granted(domain.release('w#1', T0 + 3))).toEqual(['r2']);
  });

  it('stops none where it lacks another resource only, until a reader is in its way', () => {
    const domain = heldBy('other');
    domain.acquire(request('w', [writes('lock'), writes('other')], { since: T0 + 1 }), T0 + 1);
    expect(granted(domain.acquire(request('r1', [reads('lock')], { since: T0 + 2 }), T0 + 2))).toEqual(['r1']);
    expect(granted(domain.acquire(request('r2', [reads('lock')], { since: T0 + 2 }), T0 + 2))).toEqual([]);
  });

  it('stops readers but no other writers, where writers share', () => {
    const domain = newDomain();
    domain.acquire(request('one', [writes('pair')]), T0);
    domain.acquire(request('both', [writes('pair', 2)], { since: T0 + 1 }), T0 + 1);
    expect(granted(domain.acquire(request('narrow', [writes('pair')], { since: T0 + 2 }), T0 + 2)), 'no reader').toEqual(['narrow']);
    domain.acquire(request('r', [reads('pair')], { since: T0 + 3 }), T0 + 3);
    domain.release('one#1', T0 + 4);
    expect(granted(domain.release('narrow#1', T0 + 4))).toEqual(['both']);
  });
});

describe('a request that has waited for 30 s', () => {
  const since = T0 - RESERVE_AFTER_MS;

  it('reserves its units: what is more than that is granted', () => {
    const domain = heldBy('lock');
    domain.acquire(request('old', [writes('lock'), writes('units', 2)], { since }), T0);
    expect(granted(domain.acquire(request('one', [writes('units')]), T0)), 'of three').toEqual(['one']);
    expect(granted(domain.acquire(request('two', [writes('units')]), T0))).toEqual([]);
    expect(reasons(domain)['two']).toBe('units is kept for e/old, before it in line');
    expect(granted(domain.acquire(request('urgent', [writes('units')], { priority: 1 }), T0)), 'before it in line').toEqual(['urgent']);
  });

  it('is not starved by smaller ones', () => {
    const domain = heldBy('units');
    domain.release('units#1', T0);
    for (const name of ['s1', 's2']) domain.acquire(request(name, [writes('units')]), T0);
    domain.acquire(request('big', [writes('units', 3)], { since: T0 }), T0);
    expect(granted(domain.acquire(request('s3', [writes('units')], { since: T0 + 1 }), T0 + 1)), 'too early').toEqual(['s3']);
    domain.release('s1#1', T0 + RESERVE_AFTER_MS);
    domain.acquire(request('s4', [writes('units')], { since: T0 + 2 }), T0 + RESERVE_AFTER_MS);
    domain.release('s2#1', T0 + RESERVE_AFTER_MS);
    expect(holding(domain)).toEqual(['s3']);
    expect(granted(domain.release('s3#1', T0 + RESERVE_AFTER_MS))).toEqual(['big']);
  });

  it('leaves room for what does not exclude it, and keeps out what does', () => {
    const domain = heldBy('other');
    domain.acquire(request('old', [reads('lock'), writes('other')], { since }), T0);
    expect(granted(domain.acquire(request('r', [reads('lock')]), T0))).toEqual(['r']);
    domain.release('r#1', T0);
    expect(granted(domain.acquire(request('w', [writes('lock')]), T0))).toEqual([]);
    expect(granted(domain.acquire(request('r2', [reads('lock')]), T0)), 'the writer could have it but for the reservation').toEqual(['r2']);
  });

  it('reserves nothing when its resource has become too small for it', () => {
    const domain = heldBy('units');
    domain.acquire(request('big', [writes('units', 3), writes('lock')], { since }), T0);
    domain.acquire(request('small', [writes('units')], { resources: [{ ...units, capacity: 2 }] }), T0);
    expect(granted(domain.acquire(request('lock', [writes('lock')]), T0))).toEqual(['lock']);
    expect(granted(domain.release('units#1', T0))).toEqual(['small']);
    expect(reasons(domain)).toEqual({ big: '3 units of units asked for, and its capacity is 2' });
  });
});

describe('a request that holds something in another domain', () => {
  const holdsMore = true;

  it('waits for younger ones, and is refused for older ones: holders', () => {
    const domain = newDomain();
    domain.acquire(request('holder', [writes('lock')], { since: T0 + 5 }), T0 + 5);
    expect(refused(domain.acquire(request('older', [writes('lock')], { since: T0 + 4, holdsMore }), T0 + 6))).toEqual([]);
    expect(refused(domain.acquire(request('younger', [writes('lock')], { since: T0 + 6, holdsMore }), T0 + 6))).toEqual(['younger die: e/older is older and before it']);
    expect(queued(domain)).toEqual(['older']);
  });

  it('does not wait behind older ones, whatever they hold', () => {
    const domain = newDomain();
    domain.acquire(request('r', [reads('lock')], { since: T0 + 9 }), T0 + 9);
    domain.acquire(request('w', [writes('lock')], { since: T0 + 1 }), T0 + 9);
    expect(refused(domain.acquire(request('x', [reads('lock')], { since: T0 + 2, holdsMore }), T0 + 9))).toEqual(['x die: e/w is older and before it']);
    expect(granted(domain.acquire(request('y', [reads('other')], { since: T0 + 2, holdsMore }), T0 + 9)), 'at once').toEqual(['y']);
  });

  it('waits for nobody with whom it can share', () => {
    const domain = heldBy('other');
    domain.acquire(request('r', [reads('lock'), writes('units')], { since: T0 - 9 }), T0);
    const step = domain.acquire(request('x', [reads('lock'), writes('units'), writes('other')], { since: T0 - 1, holdsMore }), T0);
    expect(step, 'the older reader and the older user of units are not in its way').toEqual({ grants: [], refused: [] });
  });

  it('is refused later, too, when an older one gets in its way', () => {
    const domain = heldBy('lock');
    domain.acquire(request('x', [writes('lock'), writes('other')], { since: T0 - 1, holdsMore }), T0);
    const step = domain.acquire(request('o', [writes('other')], { since: T0 - 2, priority: 5 }), T0);
    expect(granted(step)).toEqual(['o']);
    expect(refused(step)).toEqual(['x die: e/o is older and before it']);
  });

  it('does not wait for an older one through a younger one', () => {
    const domain = newDomain();
    domain.acquire(request('h', [writes('other')], { since: T0 - RESERVE_AFTER_MS - 9 }), T0);
    domain.acquire(request('e', [writes('lock'), writes('other')], { since: T0 - RESERVE_AFTER_MS, priority: 1 }), T0);
    expect(refused(domain.acquire(request('x', [writes('lock')], { since: T0 - RESERVE_AFTER_MS - 5, holdsMore }), T0))).toEqual(['x die: e/h is older and before it']);
  });
});

describe('what people see', () => {
  it('says who holds, since when, with which number, and why the others wait', () => {
    const domain = heldBy('units', 'lock');
    domain.acquire(request('x', [writes('units', 2), reads('lock')], { since: T0 + 1, priority: 2 }), T0 + 2);
    expect(domain.view(T0 + 3)).toEqual([
      {
        ...lock,
        units: 1,
        readers: 0,
        holders: [{ id: 'lock#1', holder: 'tasks/e/t/lock/1', execution: 'e', task: 'lock', attempt: 1, units: 1, access: 'write', since: T0, fence: `${T0}-2` }],
        queue: [{ id: 'x#1', execution: 'e', task: 'x', units: 1, access: 'read', since: T0 + 1, priority: 2, reason: expect.any(String) as string }],
        waiting: 1,
      },
      {
        ...units,
        units: 3,
        readers: 0,
        holders: [{ id: 'units#1', holder: 'tasks/e/t/units/1', execution: 'e', task: 'units', attempt: 1, units: 3, access: 'write', since: T0, fence: `${T0}-1` }],
        queue: [{ id: 'x#1', execution: 'e', task: 'x', units: 2, access: 'write', since: T0 + 1, priority: 2, reason: 'units has 0 of 3 units free, and 2 are asked for; held by e/units; lock is written by e/lock' }],
        waiting: 1,
      },
    ]);
  });

  it('names three of many, and what will be granted next', () => {
    const domain = newDomain();
    for (const name of ['a', 'b', 'c', 'd', 'f']) domain.acquire(request(name, [reads('lock')]), T0);
    domain.acquire(request('w', [writes('lock')]), T0);
    expect(reasons(domain)).toEqual({ w: 'lock is read by e/a, e/b, e/c and 2 more' });
    const starting = newDomain(T0 + 9);
    starting.acquire(request('w', [writes('lock')]), T0);
    expect(reasons(starting, T0 + 9)).toEqual({ w: 'nothing is in its way: it is granted next' });
  });

  it('is a wait-for graph without circles, by workflow and by request', () => {
    const domain = heldBy('lock', 'other');
    domain.acquire(request('x', [writes('lock'), writes('other')], { since: T0 + 1 }), T0 + 2);
    domain.acquire(request('y', [reads('lock')], { since: T0 + 2 }), T0 + 2);
    expect(domain.waitsFor()).toEqual([
      { waiter: 'tasks/e/t/x/1', holders: ['tasks/e/t/lock/1', 'tasks/e/t/other/1'] },
      { waiter: 'tasks/e/t/y/1', holders: ['tasks/e/t/x/1'] },
    ]);
    expect(domain.deadlocks()).toEqual([]);
  });
});
