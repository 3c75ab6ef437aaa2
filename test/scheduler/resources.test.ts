/** Tasks that ask for resources of their execution's own: who gets them, who waits, and for whom they are kept. */
import { describe, expect, it } from 'vitest';
import { RESERVE_AFTER_MS } from '../../model/resource.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { createState } from '../../scheduler/create-state.ts';
import { Driver } from './driver.ts';
import { graphOf, reads, writes } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';

const LOCK = { name: 'lock', mode: 'exclusive' } as const;
const UNITS = { name: 'units', capacity: 3 } as const;

const driverOf = (tasks: readonly (string | TaskSketch)[], options: Parameters<typeof graphOf>[1] = {}): Driver =>
  new Driver(graphOf(tasks, { resources: [LOCK, UNITS], ...options }));

/** Puts a task into the execution that is running. */
const inject = (driver: Driver, id: string, fields: Omit<TaskSketch, 'id'>): void => {
  expect(driver.patch(`inject-${id}`, { tasks: [{ id, ...fields }] }).rejected).toBeUndefined();
};

const reasonOf = (driver: Driver, task: string): unknown => driver.scheduler.waiting(driver.indexOf(task), driver.now);

describe('a task that asks for resources', () => {
  it('starts when all of them can be granted at once, and holds none before', () => {
    const driver = driverOf([
      { id: 'a', asks: [writes('lock')] },
      { id: 'b', asks: [writes('units', 3), writes('lock')] },
      { id: 'c', asks: [writes('units', 3)] },
    ]);
    expect(driver.started).toEqual(['a', 'c']);
    driver.succeed('a');
    expect(driver.stateOf('b')).toBe('READY');
    driver.succeed('c');
    expect(driver.started).toEqual(['b']);
  });

  it('does not stop those behind it who want something else, and is next when it can', () => {
    const driver = driverOf([{ id: 'first', asks: [writes('lock')] }, { id: 'second', priority: 1, asks: [writes('lock')] }, 'other'], { concurrencyMax: 2 });
    expect(driver.started).toEqual(['second', 'other']);
    driver.succeed('second');
    expect(driver.started).toEqual(['other', 'first']);
  });

  it('reads beside other readers, and never beside a writer', () => {
    const driver = driverOf([
      { id: 'r1', priority: 1, asks: [reads('lock')] },
      { id: 'r2', priority: 1, asks: [reads('lock')] },
      { id: 'w', priority: 2, asks: [writes('lock')] },
    ]);
    expect(driver.started).toEqual(['r1', 'r2']);
    driver.succeed('r1');
    expect(driver.started).toEqual(['r2']);
    driver.succeed('r2');
    expect(driver.started).toEqual(['w']);
  });

  it.each([
    ['fails and backs off', { class: 'transient' as const }, 'BACKOFF', ['next']],
    ['fails for good', { class: 'logic' as const }, 'FAILED', ['next']],
    ['is lost and nobody knows what still runs', { reason: 'lost' as const, class: 'transient' as const }, 'PAUSED', []],
  ])('that %s gives back what the state says', (_, failure, state, started) => {
    const driver = driverOf([{ id: 'a', priority: 1, idempotent: false, asks: [writes('lock')] }, { id: 'next', asks: [writes('lock')] }]);
    driver.fail('a', failure);
    expect(driver.stateOf('a')).toBe(state);
    expect(driver.started).toEqual(started);
  });

  it('keeps what it holds over a continued execution', () => {
    const driver = driverOf([{ id: 'a', priority: 1, asks: [writes('units', 2)] }, { id: 'b', asks: [writes('units', 2)] }, 'c'], { concurrencyMax: 3 });
    driver.reload();
    driver.succeed('c');
    expect(driver.stateOf('b')).toBe('READY');
    driver.succeed('a');
    expect(driver.stateOf('b')).toBe('ASSIGNED');
  });

  it('tells of the resources that people have named, and of no others', () => {
    const driver = driverOf([{ id: 'a', asks: [writes('lock'), writes('files:1')] }, { id: 'b', asks: [writes('files:1')] }], {
      resources: [LOCK, { name: 'files:1', mode: 'exclusive' }],
    });
    driver.runToEnd();
    expect(driver.events.filter(({ type }) => type.startsWith('resource_'))).toEqual([
      { type: 'resource_acquired', task: 'a', resources: ['lock'] },
      { type: 'resource_released', task: 'a', resources: ['lock'] },
    ]);
  });
});

describe('a resource that the graph does not have', () => {
  const graph = (resources?: Parameters<typeof graphOf>[1]): ReturnType<typeof graphOf> => graphOf([{ id: 'a', asks: [writes('lock')] }], resources);

  it('is no constraint in a graph of before there were resources', () => {
    expect(new Driver(graph()).started).toEqual(['a']);
  });

  it('is a graph that should never have come here', () => {
    expect(() => new Scheduler(createState({ graph: graph({ resources: [UNITS] }), seed: '', now: 0 }))).toThrow('"lock"');
  });

  it.each([
    ['is unknown', 'nothing', 1, 'asks for the resource "nothing", which this execution does not have'],
    ['has fewer units', 'units', 4, 'asks for 4 of "units", of which there are 3'],
  ])('refuses a patch when it %s', (_, resource, units, message) => {
    const driver = driverOf(['a']);
    const step = driver.patch('p', { tasks: [{ id: 'new', asks: [writes(resource, units)] }] });
    expect(step.rejected).toEqual([{ code: 'TASKS3007', message: `task new ${message}` }]);
  });
});

describe('fairness', () => {
  /** A stream of one-unit tasks that come before `big` in every order, one every ten seconds. */
  const stream = (driver: Driver, untilMs: number): void => {
    for (let i = 0; driver.stateOf('big') === 'READY' && driver.now < untilMs; i += 1) {
      inject(driver, `s${String(i)}`, { asks: [writes('units')], confidence: 0.9 });
      driver.now += 10_000;
      const [oldest] = [...driver.running.values()].filter(({ endsAt }) => endsAt <= driver.now);
      if (oldest) driver.succeed(oldest.task);
      else driver.wait(0);
    }
  };

  it('a big ask is not starved by a stream of small ones', () => {
    const small = ['s-a', 's-b', 's-c'].map((id): TaskSketch => ({ id, confidence: 0.9, asks: [writes('units')] }));
    const driver = driverOf([...small, { id: 'big', asks: [writes('units', 3)] }], { ageingMs: 0 });
    expect(driver.started).toEqual(['s-a', 's-b', 's-c']);
    stream(driver, 600_000);
    expect(driver.stateOf('big')).toBe('ASSIGNED');
    expect(driver.now).toBeLessThanOrEqual(RESERVE_AFTER_MS + 40_000);
  });

  it('what is reserved is only what was asked for', () => {
    const driver = driverOf([{ id: 'holder', priority: 1, asks: [writes('lock')] }, { id: 'waits', asks: [writes('lock'), writes('units')] }]);
    driver.wait(RESERVE_AFTER_MS);
    inject(driver, 'two', { asks: [writes('units', 2)] });
    inject(driver, 'one', { asks: [writes('units')] });
    expect(driver.started).toEqual(['holder', 'two']);
    expect(reasonOf(driver, 'one')).toMatchObject({ kind: 'reserved', resource: 'units', by: 'waits' });
    driver.succeed('holder', 'waits');
    expect(driver.started).toEqual(['two', 'one']);
  });

  it('nothing is kept from a more urgent task', () => {
    const driver = driverOf([{ id: 'holder', priority: 1, asks: [writes('lock')] }, { id: 'waits', asks: [writes('lock'), writes('units', 3)] }]);
    driver.wait(RESERVE_AFTER_MS);
    inject(driver, 'urgent', { priority: 2, asks: [writes('units')] });
    expect(driver.started).toEqual(['holder', 'urgent']);
  });

  it('readers leave each other room, however long one has waited', () => {
    const driver = driverOf([{ id: 'holder', priority: 1, asks: [writes('units', 3)] }, { id: 'waits', asks: [writes('units'), reads('lock')] }]);
    driver.wait(RESERVE_AFTER_MS);
    inject(driver, 'reader', { asks: [reads('lock')] });
    inject(driver, 'writer', { asks: [writes('lock')] });
    expect(driver.started).toEqual(['holder', 'reader']);
    driver.succeed('reader');
    expect(reasonOf(driver, 'writer')).toMatchObject({ kind: 'reserved', resource: 'lock', by: 'waits' });
  });

  it('a reservation ends with the wait', () => {
    const driver = driverOf([{ id: 'holder', priority: 1, asks: [writes('lock')] }, { id: 'waits', asks: [writes('lock'), writes('units', 3)] }]);
    driver.wait(RESERVE_AFTER_MS);
    inject(driver, 'one', { asks: [writes('units')] });
    expect(driver.stateOf('one')).toBe('READY');
    driver.apply({ type: 'skip', task: 'waits' });
    expect(driver.stateOf('one')).toBe('ASSIGNED');
    expect(driver.recordOf('waits').blockedAt).toBeUndefined();
  });

  it('what can never be granted is kept for nobody', () => {
    const driver = driverOf([{ id: 'huge', priority: 1, asks: [writes('units', 4)] }, 'other']);
    driver.wait(RESERVE_AFTER_MS);
    inject(driver, 'all', { asks: [writes('units', 3)] });
    expect(driver.started).toEqual(['other', 'all']);
    driver.succeed('all');
    expect(reasonOf(driver, 'huge')).toMatchObject({ kind: 'resource', resource: 'units', heldBy: [], reason: 'asks for more of units than there is' });
  });

  it('a writer that waits stops new readers at once', () => {
    const driver = driverOf([{ id: 'reader', priority: 1, asks: [reads('lock')] }, { id: 'writer', asks: [writes('lock')] }, { id: 'late', priority: 4, asks: [reads('lock')] }]);
    expect(driver.started).toEqual(['reader']);
    expect(reasonOf(driver, 'late')).toMatchObject({ kind: 'reserved', resource: 'lock', by: 'writer' });
    driver.succeed('reader');
    expect(driver.started).toEqual(['writer']);
  });

  it('and no reader that a patch has put before it', () => {
    const driver = driverOf([
      { id: 'holder', priority: 1, asks: [reads('lock')] },
      { id: 'writer', asks: [writes('lock')] },
      { id: 'after-writer', after: ['writer'] },
      { id: 'reader', estimateMs: 1, asks: [reads('lock')] },
      { id: 'after-reader', estimateMs: 1, after: ['reader'] },
    ]);
    expect(driver.started).toEqual(['holder']);
    // Beside so long a task the way after the writer is no longer than that after the reader.
    inject(driver, 'long', { estimateMs: 3_600_000 });
    expect(driver.started).toEqual(['holder', 'reader', 'long']);
  });

  it('but not while it could have the resource, and lacks another one only', () => {
    const driver = driverOf([
      { id: 'holder', priority: 1, asks: [writes('units', 3)] },
      { id: 'writer', priority: 2, asks: [writes('lock'), writes('units')] },
      { id: 'reader', asks: [reads('lock')] },
    ]);
    expect(driver.started).toEqual(['holder', 'reader']);
  });
});

describe('what a task waits for', () => {
  it('is said in words and as data', () => {
    const driver = driverOf([{ id: 'a', priority: 1, asks: [writes('lock')] }, { id: 'b', asks: [writes('lock')] }, 'c', 'd', { id: 'e', after: ['a'] }], { concurrencyMax: 2 });
    expect(reasonOf(driver, 'a')).toBeUndefined();
    expect(reasonOf(driver, 'e')).toBeUndefined();
    expect(reasonOf(driver, 'b')).toEqual({ kind: 'resource', resource: 'lock', heldBy: ['a'], reason: 'waits for lock, held by a' });
    expect(reasonOf(driver, 'd')).toMatchObject({ kind: 'slot' });
    driver.apply({ type: 'pause' });
    expect(reasonOf(driver, 'd')).toMatchObject({ kind: 'paused' });
    expect(reasonOf(driver, 'b')).toMatchObject({ kind: 'resource' });
  });

  it('is its wave, before that has opened', () => {
    const driver = driverOf([{ id: 'a', wave: 1 }, { id: 'b', wave: 2, asks: [writes('lock')] }], { executionModel: 'wave_based' });
    expect(reasonOf(driver, 'b')).toMatchObject({ kind: 'wave' });
  });

  it('does not take it out of the frontier, and does not change it', () => {
    const driver = driverOf([{ id: 'a', priority: 1, asks: [writes('lock')] }, { id: 'b', asks: [writes('lock')] }, 'c', 'd'], { concurrencyMax: 2 });
    expect(driver.scheduler.frontier(0).map((index) => driver.scheduler.index.id(index))).toEqual(['b', 'd']);
  });
});
