/** Resources with windows, and tasks that prefer a time. */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../model/graph.ts';
import { isOpen, PERIODS } from './calendars.ts';
import { Driver } from './driver.ts';
import { graphOf, writes } from './graphs.ts';
import type { PolicySketch, TaskSketch } from './graphs.ts';

const CALENDARS = Object.keys(PERIODS).map((name) => ({ name, timezone: 'UTC', rules: [] }));
const withCalendars = (tasks: readonly (string | TaskSketch)[], options: PolicySketch): Graph => ({ ...graphOf(tasks, options), calendars: CALENDARS });
const DB = { name: 'db', window: 'night' } as const;
/** `night` is open from 12 to 23 s of every 30, `day` until 9 of every 20. */
const driverAt = (now: number, tasks: readonly (string | TaskSketch)[], options: PolicySketch = { resources: [DB] }): Driver => new Driver(withCalendars(tasks, options), { now });
const waiting = (driver: Driver, task: string): unknown => driver.scheduler.waiting(driver.indexOf(task), driver.now);

describe('a resource with a window', () => {
  it('is not granted until the openings are known, nor outside of them', () => {
    const driver = driverAt(1_000, [{ id: 'a', asks: [writes('db')] }, 'free']);
    expect(driver.started).toEqual(['free']);
    expect(driver.decisions.filter(({ type }) => type === 'lookAhead')).toEqual([{ type: 'lookAhead', from: 1_000 }]);
    expect(waiting(driver, 'a')).toEqual({ kind: 'window', calendar: 'night', reason: 'waits for the window night' });
    driver.tellOpenings();
    expect(waiting(driver, 'a')).toEqual({ kind: 'window', calendar: 'night', opensAt: 12_000, reason: 'waits for the window night, which opens 1970-01-01T00:00:12Z' });
    expect(driver.scheduler.wakeAt).toBeLessThanOrEqual(12_000);
    driver.wait(11_000);
    expect(driver.started).toEqual(['free', 'a']);
  });

  it('interrupts nobody when it closes, and lets nobody else in', () => {
    const driver = driverAt(20_000, [{ id: 'a', asks: [writes('db')] }, { id: 'b', asks: [writes('db')] }]);
    driver.tellOpenings();
    expect(driver.started).toEqual(['a']);
    driver.wait(5_000);
    driver.succeed('a');
    expect([driver.started, driver.recordOf('b').parked]).toEqual([[], 'window']);
    driver.wait(17_000);
    expect([driver.now, driver.started]).toEqual([42_000, ['b']]);
  });

  it('that executions share is asked for only while it is open, and given back when it closes', () => {
    const driver = driverAt(20_000, [{ id: 'a', asks: [writes('db')] }], { resources: [{ ...DB, scope: 'global' }] });
    driver.tellOpenings();
    expect(driver.requests.size).toBe(1);
    driver.wait(4_000);
    expect([driver.requests.size, driver.recordOf('a').parked]).toEqual([0, 'window']);
    driver.wait(18_000);
    expect(driver.requests.size).toBe(1);
    driver.grant('a');
    expect(driver.started).toEqual(['a']);
  });

  it('is looked up again, before what is known of it ends, for as long as somebody waits', () => {
    const driver = driverAt(0, [{ id: 'a', asks: [writes('db', 2)] }, { id: 'b', asks: [writes('db')] }]);
    for (let i = 0; i < 40; i += 1) driver.advance();
    expect(driver.now).toBeGreaterThan(120_000);
    expect(driver.decisions.filter(({ type }) => type === 'lookAhead').length).toBeGreaterThan(1);
    expect(driver.stateOf('b')).toBe('SUCCEEDED');
  });

  it('costs no look-up when nobody asks for it', () => {
    const driver = driverAt(0, ['a', { id: 'b', after: ['a'], asks: [writes('db')] }]);
    expect(driver.isLookingAhead).toBe(false);
    driver.succeed('a');
    expect(driver.isLookingAhead).toBe(true);
  });
});

describe('a time that a task prefers', () => {
  it('puts it behind all others outside of it, and where it belongs inside', () => {
    const tasks: readonly TaskSketch[] = [{ id: 'prefers', priority: 1, preferredWindow: 'day' }, { id: 'other', priority: 4 }];
    const outside = driverAt(10_000, [...tasks, 'begun'], { concurrencyMax: 1 });
    outside.tellOpenings();
    expect(isOpen('day', 10_000)).toBe(false);
    const inside = driverAt(0, tasks, { concurrencyMax: 1, approval: { risk: 'none', onTimeout: 'fail' } });
    expect(outside.scheduler.frontier(10_000).map((at) => outside.scheduler.index.id(at)).at(-1)).toBe('prefers');
    inside.tellOpenings();
    inside.succeed(...inside.started);
    expect(inside.starts[1]).toBe('prefers');
  });

  it('does not keep it waiting when there is nothing else to do', () => {
    const driver = driverAt(10_000, [{ id: 'prefers', preferredWindow: 'day' }]);
    expect(driver.started).toEqual(['prefers']);
  });
});
