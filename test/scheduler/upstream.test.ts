/** What becomes of the tasks behind one that did not end well, and how they come back. */
import { describe, expect, it } from 'vitest';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';

/** a -> b -> c, and `other` beside them. */
const chain = graphOf(['a', { id: 'b', after: ['a'] }, { id: 'c', after: ['b'] }, 'other']);

describe('tasks behind a failed one', () => {
  it('fail upstream at any distance, and independent branches go on', () => {
    const driver = new Driver(chain);
    driver.fail('a');
    expect([driver.stateOf('b'), driver.stateOf('c'), driver.stateOf('other')]).toEqual(['UPSTREAM_FAILED', 'UPSTREAM_FAILED', 'ASSIGNED']);
    driver.succeed('other');
    expect(driver.outcome).toBe('failed');
    expect(driver.scheduler.counts).toEqual({ FAILED: 1, UPSTREAM_FAILED: 2, SUCCEEDED: 1 });
    expect(driver.events.filter((event) => event.type === 'task_upstream_failed')).toEqual([
      { type: 'task_upstream_failed', task: 'b', upstream: 'a' },
      { type: 'task_upstream_failed', task: 'c', upstream: 'b' },
    ]);
  });

  it('are told of once, however many of their dependencies fail', () => {
    const driver = new Driver(graphOf(['a', 'b', { id: 'join', after: ['a', 'b'] }, 'other']));
    driver.fail('a');
    driver.fail('b');
    expect(driver.events.filter((event) => event.type === 'task_upstream_failed')).toHaveLength(1);
    driver.apply({ type: 'skip', task: 'a' });
    expect(driver.stateOf('join')).toBe('UPSTREAM_FAILED');
    driver.apply({ type: 'skip', task: 'b' });
    expect(driver.stateOf('join')).toBe('ASSIGNED');
  });

  it('wait again when it is retried, and run when it then succeeds', () => {
    const driver = new Driver(chain);
    driver.fail('a');
    driver.apply({ type: 'retry', task: 'a' });
    expect([driver.stateOf('a'), driver.stateOf('b'), driver.stateOf('c')]).toEqual(['ASSIGNED', 'PENDING', 'PENDING']);
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('run when it is skipped', () => {
    const driver = new Driver(chain);
    driver.fail('a');
    driver.apply({ type: 'skip', task: 'a', by: 'me', reason: 'done by hand' });
    expect(driver.stateOf('b')).toBe('ASSIGNED');
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
    expect(driver.scheduler.counts).toEqual({ SKIPPED: 1, SUCCEEDED: 3 });
  });

  it('can be skipped and retried themselves: a retry that cannot run fails upstream again', () => {
    const driver = new Driver(chain);
    driver.fail('a');
    driver.apply({ type: 'skip', task: 'b' });
    expect(driver.stateOf('c')).toBe('ASSIGNED');
    expect(driver.apply({ type: 'retry', task: 'b' }).rejected).toBeUndefined();
    expect(driver.stateOf('b')).toBe('UPSTREAM_FAILED');
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.stateOf('b')).toBe('PENDING');
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
  });

  it('back off for a dependency that runs again, and start after it', () => {
    const driver = new Driver(chain);
    driver.apply({ type: 'skip', task: 'a' });
    driver.end('a', { outcome: 'cancelled' });
    driver.fail('b', { class: 'transient' });
    driver.apply({ type: 'retry', task: 'a' });
    driver.wait(1_000);
    expect([driver.stateOf('a'), driver.stateOf('b')]).toEqual(['ASSIGNED', 'PENDING']);
    driver.succeed('a');
    expect(driver.stateOf('b')).toBe('ASSIGNED');
  });

  it.each(['ends', 'runs'] as const)('come back from a decision to wait for a dependency that %s badly or again', (course) => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'], idempotent: false }, 'other']));
    driver.apply({ type: 'skip', task: 'a' });
    driver.end('a', { outcome: 'cancelled' });
    driver.fail('b', { reason: 'lost', class: 'transient' });
    expect(driver.stateOf('b')).toBe('PAUSED');
    driver.apply({ type: 'retry', task: 'a' });
    if (course === 'ends') driver.fail('a');
    expect(driver.apply({ type: 'retry', task: 'b' }).rejected).toBeUndefined();
    expect(driver.stateOf('b')).toBe(course === 'ends' ? 'UPSTREAM_FAILED' : 'PENDING');
  });

  it('are cancelled with the execution that stops at the first failure', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }, 'other', { id: 'later', after: ['other'] }], { failFast: true, concurrencyMax: 2 }));
    driver.fail('a');
    expect(driver.started).toEqual(['other']);
    driver.succeed('other');
    expect(driver.started).toEqual([]);
    expect(driver.scheduler.counts).toEqual({ FAILED: 1, UPSTREAM_FAILED: 1, SUCCEEDED: 1, CANCELLED: 1 });
    expect(driver.outcome).toBe('failed');
  });
});

describe('soft dependencies', () => {
  const soft = graphOf(['a', { id: 'b', softAfter: ['a'] }]);

  it('make a task wait until they have settled', () => {
    const driver = new Driver(soft);
    expect(driver.started).toEqual(['a']);
    driver.fail('a', { class: 'transient' });
    expect([driver.stateOf('a'), driver.stateOf('b')]).toEqual(['BACKOFF', 'PENDING']);
  });

  it.each([
    ['succeeds', (driver: Driver) => driver.succeed('a'), 'succeeded'],
    ['fails', (driver: Driver) => driver.fail('a'), 'failed'],
    ['is cancelled', (driver: Driver) => driver.end('a', { outcome: 'cancelled' }), 'failed'],
    ['is skipped', (driver: Driver) => (driver.apply({ type: 'skip', task: 'a' }), driver.end('a', { outcome: 'cancelled' })), 'succeeded'],
  ] as const)('never block: a predecessor that %s lets it start', (_, end, outcome) => {
    const driver = new Driver(soft);
    end(driver);
    expect(driver.stateOf('b')).toBe('ASSIGNED');
    driver.succeed('b');
    expect(driver.outcome).toBe(outcome);
  });

  it('on a task that can never run let their successor start', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }, { id: 'c', softAfter: ['b'] }]));
    driver.fail('a');
    expect([driver.stateOf('b'), driver.stateOf('c')]).toEqual(['UPSTREAM_FAILED', 'ASSIGNED']);
  });

  it('beside a hard one between the same tasks still leave the hard one in force', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'], softAfter: ['a'] }, 'other']));
    driver.fail('a');
    expect(driver.stateOf('b')).toBe('UPSTREAM_FAILED');
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.stateOf('b')).toBe('PENDING');
    driver.succeed('a');
    expect(driver.stateOf('b')).toBe('ASSIGNED');
  });
});
