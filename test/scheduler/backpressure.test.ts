/** What the execution does about pressure: its own failures, and machines over their limits. */
import { describe, expect, it } from 'vitest';
import type { Policies } from '../../model/graph.ts';
import type { Pressure, WorkerProfile, WorkerTable } from '../../model/pool.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';

const SECOND = 1_000;
const tasks = (count: number, fields: Partial<TaskSketch> = {}): TaskSketch[] => Array.from({ length: count }, (_, i) => ({ id: `t${i}`, retry: { maxAttempts: 1 }, ...fields }));
const drive = (sketches: readonly TaskSketch[], policies: Partial<Policies> = {}): Driver => new Driver(graphOf(sketches, { concurrencyMax: 3, ...policies }));
const limitsOf = (driver: Driver): unknown[] => driver.events.filter(({ type }) => type === 'resource_limit');

const worker = (fields: Partial<WorkerProfile>): WorkerProfile => ({ worker: 'w', host: 'h', capabilities: [], slots: 3, cpus: 1, memoryMb: 1, version: '0', pressure: 'none', ...fields });
let version = 0;
const tell = (driver: Driver, ...workers: readonly WorkerProfile[]): void => {
  version += 1;
  const table: WorkerTable = { epoch: 1, version, workers };
  driver.apply({ type: 'workers', table });
};
const OVER = { metric: 'memory', percent: 91, limit: 85 } as const;
const press = (driver: Driver, pressure: Pressure): void => tell(driver, worker({ pressure, ...(pressure !== 'none' && { over: OVER }) }));

describe('more failed attempts in a minute than are borne', () => {
  const policy = { backpressure: { errorsPerMinute: 2, coolDownMs: 30 * SECOND } };

  it('stop all starts until that is a cool-down ago, and say so once', () => {
    const driver = drive(tasks(6), policy);
    driver.fail('t0');
    driver.wait(SECOND);
    driver.fail('t1');
    driver.wait(SECOND);
    driver.fail('t2');
    expect(driver.started).toEqual(['t3', 't4']);
    expect(limitsOf(driver)).toEqual([{ type: 'resource_limit', level: 'soft', metric: 'error_rate', value: 3, limit: 2 }]);
    const told = driver.events.map(({ type }) => type);
    expect(told.lastIndexOf('task_failed')).toBeLessThan(told.indexOf('resource_limit'));
    expect(driver.scheduler.waiting(driver.indexOf('t5'), driver.now)).toMatchObject({ kind: 'pressure', until: 90 * SECOND });
    driver.succeed('t3');
    expect(driver.started).toEqual(['t4']);
    expect(driver.scheduler.wakeAt).toBe(90 * SECOND);
    driver.now = 90 * SECOND;
    driver.apply({ type: 'tick' });
    expect(driver.started).toEqual(['t4', 't5']);
    expect(limitsOf(driver)).toHaveLength(2);
    driver.runToEnd();
    expect(limitsOf(driver)).toHaveLength(2);
  });

  it('hold for longer when more fails meanwhile', () => {
    const driver = drive(tasks(9), { ...policy, concurrencyMax: 5 });
    for (const task of ['t0', 't1', 't2']) driver.fail(task);
    expect(driver.scheduler.wakeAt).toBe(90 * SECOND);
    for (const task of ['t3', 't4', 't5']) {
      driver.wait(10 * SECOND);
      driver.fail(task);
    }
    expect(driver.scheduler.wakeAt).toBe(100 * SECOND);
    expect(limitsOf(driver)).toHaveLength(1);
  });

  it('are only those of one minute', () => {
    const driver = drive(tasks(6), policy);
    for (const task of ['t0', 't1', 't2', 't3', 't4']) {
      driver.fail(task);
      driver.wait(31 * SECOND);
    }
    expect(limitsOf(driver)).toEqual([]);
  });
});

describe('a machine over its limit', () => {
  it('is told once, however many workers it has, and when that is over', () => {
    const driver = drive(tasks(1));
    const both = (pressure: Pressure): void => tell(driver, worker({ worker: 'a', pressure, ...(pressure !== 'none' && { over: OVER }) }), worker({ worker: 'b', pressure }));
    both('none');
    both('soft');
    both('hard');
    both('none');
    const told = { type: 'resource_limit', host: 'h' };
    expect(limitsOf(driver)).toEqual([
      { ...told, level: 'soft', metric: 'memory', value: 91, limit: 85 },
      { ...told, level: 'hard', metric: 'memory', value: 91, limit: 85 },
      { ...told, level: 'none' },
    ]);
  });

  it('gets one task at a time over the soft limit, and none over the hard one', () => {
    const driver = drive(tasks(4));
    press(driver, 'soft');
    expect(driver.started).toEqual(['t0', 't1', 't2']);
    driver.succeed('t0', 't1');
    expect(driver.started).toEqual(['t2']);
    expect(driver.scheduler.waiting(driver.indexOf('t3'), driver.now)?.reason).toContain('over its limits');
    driver.succeed('t2');
    expect(driver.started).toEqual(['t3']);
    const other = drive(tasks(4));
    press(other, 'hard');
    other.succeed('t0', 't1', 't2');
    expect(other.started).toEqual([]);
    press(other, 'none');
    expect(other.started).toEqual(['t3']);
  });

  it('gets no background task over any limit', () => {
    const driver = drive(tasks(5, { priority: 5 }));
    press(driver, 'soft');
    driver.succeed(...driver.started);
    expect(driver.started).toEqual([]);
    press(driver, 'none');
    expect(driver.started.length).toBeGreaterThan(0);
  });

  it('that has recovered is used again at the rate of the policy', () => {
    const driver = drive(tasks(8), { concurrencyMax: 5, backpressure: { coolDownMs: 0, resumeRate: 1 } });
    press(driver, 'hard');
    driver.succeed(...driver.started);
    expect(driver.started).toEqual([]);
    press(driver, 'none');
    const begun: number[] = [driver.started.length];
    for (let i = 0; i < 2; i += 1) {
      driver.now = driver.scheduler.wakeAt ?? driver.now;
      driver.apply({ type: 'tick' });
      begun.push(driver.started.length);
    }
    expect(begun).toEqual([1, 2, 3]);
    expect(driver.now).toBe(2 * SECOND);
  });

  it('is used as before after a minute, however low the rate', () => {
    const driver = drive(tasks(8), { backpressure: { coolDownMs: 0, resumeRate: 0.01 } });
    press(driver, 'hard');
    driver.succeed(...driver.started);
    press(driver, 'none');
    expect(driver.started).toHaveLength(1);
    expect(driver.scheduler.wakeAt).toBe(60 * SECOND);
    driver.wait(60 * SECOND);
    expect(driver.started).toHaveLength(3);
  });
});
