/** Where tasks go, as workers and hosts change, and what finding that out costs. */
import { describe, expect, it } from 'vitest';
import type { WorkerProfile } from '../../model/pool.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';

const workerOf = (worker: string, capabilities: readonly string[], fields: Partial<WorkerProfile> = {}): WorkerProfile => ({
  worker,
  host: 'h1',
  capabilities,
  slots: 1,
  cpus: 1,
  memoryMb: 1_000,
  version: '0',
  pressure: 'none',
  ...fields,
});
const tell = (driver: Driver, workers: readonly WorkerProfile[], version = 1): void => void driver.apply({ type: 'workers', table: { epoch: 1, version, workers } });
const placesOf = (driver: Driver): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(driver.decisions.flatMap((decision) => (decision.type === 'start' ? [[decision.task, decision.placedOn]] : [])));

describe('a task that waits for the host of its files', () => {
  it('goes where they are now, as soon as they are there', () => {
    const driver = new Driver(graphOf([{ id: 'first', capabilities: ['one'], affinity: ['x'] }, { id: 'busy', capabilities: ['db'] }, { id: 'waits', capabilities: ['db'], affinity: ['x'] }]));
    const elsewhere = { host: 'h2' } as const;
    tell(driver, [workerOf('a-db', ['db']), workerOf('a-one', ['one']), workerOf('b-db', ['db'], elsewhere), workerOf('b-two', ['two'], elsewhere)]);
    expect(placesOf(driver)).toEqual({ first: 'a-one', busy: 'a-db' });
    driver.patch('p', { tasks: [{ id: 'moves', capabilities: ['two'], affinity: ['x'] }] });
    expect(placesOf(driver)).toMatchObject({ moves: 'b-two', waits: 'b-db' });
  });
});

describe('a task that was given back', () => {
  it('says by whom, also when it had been placed on nobody', () => {
    const driver = new Driver(graphOf(['free', { id: 'placed', capabilities: ['db'] }]));
    tell(driver, [workerOf('g', []), workerOf('db', ['db'])]);
    const unplaced = { reason: 'unplaced', class: 'transient', message: 'no slot came free' } as const;
    driver.end('free', { outcome: 'failed', worker: 'g', failure: unplaced });
    driver.end('placed', { outcome: 'failed', worker: '', failure: unplaced });
    expect(driver.events.flatMap((event) => (event.type === 'task_unplaced' ? [[event.task, event.worker]] : []))).toEqual([
      ['free', 'g'],
      ['placed', 'db'],
    ]);
  });
});

describe('what an execution knows of workers', () => {
  it('is asked for again while a task finds none, or none with room: a pool that was ended tells it nothing more', () => {
    const driver = new Driver(graphOf([{ id: 'a', capabilities: ['db'] }, { id: 'b', capabilities: ['db'] }]));
    expect(driver.scheduler.waitsForWorker).toBe(true);
    tell(driver, [workerOf('db', ['db'], { pressure: 'hard' })]);
    expect(driver.started).toEqual([]);
    expect(driver.scheduler.waitsForWorker).toBe(true);
    tell(driver, [workerOf('db', ['db'])], 2);
    expect(driver.started).toEqual(['a']);
    driver.succeed('a');
    expect(driver.started).toEqual(['b']);
    expect(driver.scheduler.waitsForWorker).toBe(false);
  });
});

describe('many tasks that ask for the same', () => {
  /** How often workers are looked at. */
  const counting = (count: number): { readonly workers: readonly WorkerProfile[]; readonly looks: () => number } => {
    let looks = 0;
    const workers = Array.from({ length: count }, (_, at): WorkerProfile => {
      const profile = workerOf(`w${String(at).padStart(4, '0')}`, []);
      Object.defineProperty(profile, 'capabilities', {
        enumerable: true,
        get: () => {
          looks += 1;
          return ['db'];
        },
      });
      return profile;
    });
    return { workers, looks: () => looks };
  };

  it('are matched together: what a table costs does not grow with tasks times workers', () => {
    const TASKS = 1_000;
    const WORKERS = 100;
    const driver = new Driver(graphOf(Array.from({ length: TASKS }, (_, at) => ({ id: `t${at}`, capabilities: ['db'] })), { concurrencyMax: 500, ageingMs: 60_000 }));
    const { workers, looks } = counting(WORKERS);
    tell(driver, workers);
    expect(driver.started).toHaveLength(WORKERS);
    // Each start looks at each worker a few times.
    expect(looks()).toBeLessThan(20 * WORKERS * WORKERS);
    const before = looks();
    tell(driver, workers, 2);
    driver.wait(60_000);
    expect(looks() - before).toBeLessThan(50 * WORKERS);
  });
});
