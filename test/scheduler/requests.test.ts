/** Tasks that ask for what executions share: when they ask, when they give back, and what becomes of a grant. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../scheduler/protocol.ts';
import { HOLD_MS } from '../../scheduler/requests.ts';
import { Driver } from './driver.ts';
import { graphOf, reads, writes } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';

const RESOURCES = [
  { name: 'shared', mode: 'exclusive', scope: 'global' },
  { name: 'own', capacity: 1 },
] as const;

const driverOf = (tasks: readonly (string | TaskSketch)[], options: Parameters<typeof graphOf>[1] = {}): Driver =>
  new Driver(graphOf(tasks, { resources: RESOURCES, ...options }));

const asks = [writes('shared')];
const FENCES = { shared: '0-1' };

const decided = (decisions: readonly Decision[], type: Decision['type']): Decision[] => decisions.filter((decision) => decision.type === type);

describe('a task with global asks', () => {
  it('asks at its turn, holding nothing, and starts as a child with the fences it was granted', () => {
    const driver = driverOf([{ id: 'a', priority: 1, estimateMs: 1, asks: [...asks, writes('own')] }, { id: 'b', asks: [writes('own')] }], { concurrencyMax: 1, dispatch: 'auto' });
    expect(decided(driver.decisions, 'request')).toEqual([{ type: 'request', index: 0, task: 'a', attempt: 1, round: 1, since: 0, priority: 1, asks }]);
    expect(driver.started).toEqual(['b']);
    driver.succeed('b');
    expect(driver.stateOf('a')).toBe('READY');
    expect(driver.scheduler.waiting(0, 0)).toEqual({ kind: 'grant', resources: ['shared'], since: 0, reason: 'has asked for shared, which executions share' });
    const step = driver.grant('a');
    expect(decided(step.decisions, 'start')).toEqual([{ type: 'start', readyAt: 0, index: 0, task: 'a', attempt: 1, dispatch: 'child', fences: FENCES }]);
    expect(driver.recordOf('a').request).toBeUndefined();
  });

  it('does not ask before it has its turn', () => {
    const driver = driverOf([{ id: 'holder', priority: 1, asks: [writes('own')] }, { id: 'a', asks: [...asks, writes('own')] }]);
    expect(driver.requests.size).toBe(0);
    driver.succeed('holder');
    expect(driver.requests.size).toBe(1);
  });

  it('has no more requests out than may run at once; the others follow by age', () => {
    const driver = driverOf(['a', 'b', 'c'].map((id): TaskSketch => ({ id, asks })), { concurrencyMax: 2 });
    const out = (): string[] => [...driver.requests.values()].map(({ request }) => request.task);
    expect(out()).toEqual(['a', 'b']);
    driver.grant('b');
    expect(out()).toEqual(['a', 'c']);
  });

  it('asks anew for every attempt, and the round never restarts', () => {
    const driver = driverOf([{ id: 'a', asks }]);
    driver.grant('a');
    driver.fail('a', { class: 'transient' });
    driver.advance();
    expect(driver.requests.get(0)?.request).toMatchObject({ attempt: 2, round: 2, since: driver.now });
  });

  it('fails for good when it asks for what is not there, and can be retried', () => {
    const driver = driverOf([{ id: 'a', asks }, { id: 'b', after: ['a'] }, 'c']);
    driver.requests.clear();
    driver.apply({ type: 'refused', index: 0, round: 1, message: 'nobody has "shared"' });
    expect([driver.stateOf('a'), driver.stateOf('b')]).toEqual(['FAILED', 'UPSTREAM_FAILED']);
    expect(driver.events.find(({ type }) => type === 'task_failed')).toMatchObject({
      task: 'a',
      attempt: 1,
      canRetry: false,
      error: { reason: 'internal', class: 'resource', message: 'nobody has "shared"' },
    });
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.requests.get(0)?.request).toMatchObject({ attempt: 2, round: 2 });
    expect(driver.apply({ type: 'refused', index: 0, round: 1, message: 'late' }).decisions).toEqual([]);
  });
});

describe('a grant', () => {
  /** `a` is granted while the only slot is taken. */
  const granted = (): Driver => {
    const driver = driverOf([{ id: 'a', priority: 1, asks }, { id: 'b', priority: 2 }, { id: 'urgent', priority: 1, after: ['b'] }], { concurrencyMax: 1 });
    driver.grant('a');
    return driver;
  };

  it('has the first claim on the next slot', () => {
    const driver = granted();
    expect(driver.stateOf('a')).toBe('READY');
    expect(driver.scheduler.wakeAt).toBe(HOLD_MS);
    driver.succeed('b');
    expect(driver.started).toEqual(['a']);
  });

  it('has the first claim on what it needs inside the execution, and no more than that', () => {
    const driver = driverOf(['a', 'b', 'c', 'd'].map((id, i): TaskSketch => ({ id, priority: 1 + i, asks: id === 'a' ? [...asks, writes('own')] : [writes('own')] })));
    expect(driver.started).toEqual(['b']);
    driver.grant('a');
    expect(driver.scheduler.waiting(0, 0)).toMatchObject({ kind: 'resource', resource: 'own', heldBy: ['b'] });
    driver.succeed('b');
    expect(driver.started).toEqual(['a']);
  });

  it('goes back when it was of no use in time; the task asks again at its turn, as old as before', () => {
    const driver = granted();
    const step = driver.wait(HOLD_MS);
    expect(step.decisions).toEqual([{ type: 'withdraw', index: 0, task: 'a', attempt: 1, round: 1 }]);
    expect(driver.scheduler.wakeAt).toBeUndefined();
    driver.succeed('b');
    expect(driver.requests.get(0)?.request).toMatchObject({ attempt: 1, round: 2, since: 0 });
  });

  it('that goes back leaves what was kept for it', () => {
    const driver = driverOf([{ id: 'a', asks: [...asks, writes('own', 2)] }], { resources: [RESOURCES[0], { name: 'own', capacity: 2 }] });
    driver.patch('1', { tasks: [{ id: 'b', asks: [writes('own')] }] });
    driver.grant('a');
    driver.patch('2', { tasks: [{ id: 'c', asks: [writes('own')] }] });
    expect(driver.scheduler.waiting(driver.indexOf('c'), 0)).toMatchObject({ kind: 'reserved', resource: 'own', by: 'a' });
    driver.wait(HOLD_MS);
    expect(driver.started).toEqual(['b', 'c']);
  });

  it('goes back when the execution is paused or comes to be, and what only waits stays', () => {
    const driver = granted();
    expect(decided(driver.apply({ type: 'pause' }).decisions, 'withdraw')).toHaveLength(1);
    driver.apply({ type: 'resume' });
    driver.succeed('b');
    driver.apply({ type: 'pause' });
    expect(driver.requests.size).toBe(1);
    expect(driver.grant('a').decisions).toEqual([{ type: 'withdraw', index: 0, task: 'a', attempt: 1, round: 2 }]);
    driver.end('urgent', {});
    driver.apply({ type: 'resume' });
    expect(driver.requests.get(0)?.request).toMatchObject({ round: 3, since: 0 });
  });

  it('that comes twice changes nothing', () => {
    const driver = granted();
    const again = { type: 'granted', index: 0, round: 1, fences: FENCES } as const;
    expect(driver.apply(again).decisions).toEqual([]);
    driver.succeed('b');
    expect(driver.stateOf('a')).toBe('ASSIGNED');
    expect(driver.apply(again).decisions).toEqual([]);
  });

  it.each([
    ['is skipped', (driver: Driver) => driver.apply({ type: 'skip', task: 'a' })],
    ['waits for one more task', (driver: Driver) => driver.patch('p', { tasks: [{ id: 'new' }], edges: ['new > a'] })],
    ['is aborted with its execution', (driver: Driver) => driver.apply({ type: 'abort' })],
  ])('is withdrawn, asked for or in hand, when its task %s; a late one goes back', (_, leave) => {
    for (const inHand of [false, true]) {
      const driver = inHand ? granted() : driverOf([{ id: 'a', asks }, 'b']);
      const step = leave(driver);
      const back = { type: 'withdraw', index: 0, task: 'a', attempt: 1, round: 1 };
      expect(decided(step.decisions, 'withdraw')).toEqual([back]);
      expect(driver.apply({ type: 'granted', index: 0, round: 1, fences: FENCES }).decisions).toEqual([back]);
    }
  });

  it('is withdrawn when the task is put off to a later wave', () => {
    const driver = driverOf([{ id: 'slow', wave: 1 }, { id: 'a', wave: 1, optional: true, asks: [reads('shared')] }, { id: 'last', wave: 2 }], {
      executionModel: 'wave_based',
      wave: { maxWaveSize: 5, quorum: 1, timeoutMs: 1_000, fallback: 'deferOptional' },
    });
    const step = driver.wait(1_000);
    expect(decided(step.decisions, 'withdraw')).toHaveLength(1);
    driver.succeed('slow');
    expect(driver.requests.get(1)?.request).toMatchObject({ round: 2 });
  });

  it('and all that is asked goes on over a continued execution', () => {
    const driver = granted();
    driver.reload();
    expect(driver.scheduler.wakeAt).toBe(HOLD_MS);
    driver.succeed('b');
    expect(driver.decisions.findLast(({ type }) => type === 'start')).toMatchObject({ task: 'a', fences: FENCES });
  });
});
