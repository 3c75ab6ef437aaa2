/** What an execution does about its alerts. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../model/alert.ts';
import type { EventBody } from '../../../model/event.ts';
import { parseCondition } from '../../../planner/alerts/parse-condition.ts';
import { measure } from '../../../scheduler/alerts/measure.ts';
import type { Moment } from '../../../scheduler/alerts/measure.ts';
import { nextChange } from '../../../scheduler/alerts/next-change.ts';
import { MAX_ENDED, WINDOW_MS } from '../../../scheduler/alerts/state.ts';
import { Driver, throughJson } from '../driver.ts';
import { graphOf, writes } from '../graphs.ts';
import { graphs } from '../scenarios.ts';
import type { PolicySketch, TaskSketch } from '../graphs.ts';

const alert = (text: string, fields: Partial<Alert> = {}): Alert => {
  const condition = parseCondition(text);
  if (!condition.ok) throw new Error(condition.error.message);
  return { name: 'a', condition: condition.value, text, action: 'report', ...fields };
};
const many = (count: number, fields: Partial<TaskSketch> = {}): readonly TaskSketch[] => Array.from({ length: count }, (_, at) => ({ id: `t${at}`, ...fields }));
const drive = (tasks: readonly TaskSketch[], alerts: readonly Alert[], policies: PolicySketch = {}): Driver =>
  new Driver(graphOf(tasks, { monitoring: { alerts, intervalMs: 10_000, metrics: [] }, ...policies }), { durationOf: () => 5_000 });
const told = ({ events }: Driver): readonly Extract<EventBody, { readonly type: 'alert' }>[] => events.flatMap((event) => (event.type === 'alert' ? [event] : []));
const end = (driver: Driver, failed: boolean): void => {
  const [next] = driver.running.values();
  if (!next) throw new Error('nothing runs');
  driver.end(next.task, failed ? { outcome: 'failed', failure: { reason: 'exit', class: 'logic', message: 'no' } } : {});
};

describe('an alert', () => {
  test('is told once when it begins to hold, and once when it has not held for an interval', () => {
    const driver = drive(many(40), [alert('failure_rate > 0.1')], { concurrencyMax: 2 });
    for (let at = 0; at < 10; at += 1) end(driver, at < 2);
    expect(told(driver)).toEqual([]);
    driver.wait(10_000);
    expect(told(driver)).toEqual([{ type: 'alert', alert: 'a', condition: 'failure_rate > 0.1', metrics: { failure_rate: 0.2 }, action: 'report', state: 'firing' }]);
    for (let at = 0; at < 15; at += 1) end(driver, false);
    driver.wait(10_000);
    expect(told(driver)).toHaveLength(1);
    driver.wait(10_000);
    expect(told(driver).slice(1)).toMatchObject([{ state: 'over', metrics: { failure_rate: 0.08 } }]);
  });

  test('says nothing of fewer than ten attempts', () => {
    const driver = drive(many(20), [alert('failure_rate > 0.1')], { concurrencyMax: 1 });
    for (let at = 0; at < 9; at += 1) end(driver, true);
    driver.wait(60_000);
    expect(told(driver)).toEqual([]);
  });

  test('that reduces concurrency halves it while it holds, and no more for a second one', () => {
    const driver = drive(many(40), [alert('ready > 10', { action: 'reduce_concurrency' }), alert('ready > 11', { name: 'b', action: 'reduce_concurrency' })], { concurrencyMax: 8 });
    expect(told(driver)).toHaveLength(2);
    expect(driver.running.size).toBe(8);
    for (let at = 0; at < 5; at += 1) end(driver, false);
    expect(driver.running.size).toBe(4);
    driver.runToEnd();
    expect(told(driver).map(({ state }) => state)).toEqual(['firing', 'firing', 'over', 'over']);
    expect(driver.outcome).toBe('succeeded');
  });

  test('that pauses does so once: who goes on has seen it', () => {
    const driver = drive(many(3), [alert('failed >= 1', { action: 'pause' })], { concurrencyMax: 1 });
    driver.wait(10_000);
    end(driver, true);
    driver.wait(10_000);
    expect(driver.events.find(({ type }) => type === 'execution_paused')).toMatchObject({ by: 'alert a' });
    driver.apply({ type: 'resume' });
    driver.runToEnd();
    expect(driver.events.filter(({ type }) => type === 'execution_paused')).toHaveLength(1);
    expect(driver.outcome).toBe('failed');
  });

  test('that aborts ends the execution', () => {
    const driver = drive(many(3), [alert('failed >= 1', { action: 'abort' })], { concurrencyMax: 2 });
    driver.wait(10_000);
    end(driver, true);
    driver.wait(10_000);
    for (const running of driver.running.values()) driver.report(running, { outcome: 'cancelled' });
    expect(driver.outcome).toBe('aborted');
  });

  test('wakes nobody unless time alone can change it', () => {
    const driver = drive([{ id: 'long' }, { id: 'second' }], [alert('ready > 5 or running > 5')], { concurrencyMax: 1 });
    driver.wait(10_000);
    expect(driver.scheduler.wakeAt).toBeUndefined();
  });

  test('on the time that tasks wait is looked at when they have waited for so long', () => {
    const driver = drive([{ id: 'long' }, { id: 'second' }], [alert('average_wait_time > 10m')], { concurrencyMax: 1 });
    driver.wait(10_000);
    expect(driver.scheduler.wakeAt).toBe(600_001);
    driver.wait(590_001);
    expect(told(driver)).toMatchObject([{ state: 'firing', metrics: { average_wait_time: 600_001 } }]);
  });

  test('on failures is over when these have left the window', () => {
    const driver = drive(many(12), [alert('failure_rate > 0.5')], { concurrencyMax: 1 });
    for (let at = 0; at < 11; at += 1) end(driver, true);
    driver.wait(10_000);
    expect(told(driver)).toHaveLength(1);
    expect(driver.scheduler.wakeAt).toBe(600_000);
    driver.wait(590_000);
    driver.wait(10_000);
    expect(told(driver)[1]).toMatchObject({ state: 'over', metrics: {} });
  });

  test('sees how full resources are, one of them or the fullest', () => {
    const asks = [writes('db', 2)];
    const driver = drive([{ id: 'x', asks }, { id: 'y' }], [alert('resource_utilization.db >= 50%'), alert('resource_utilization >= 50%', { name: 'b' }), alert('resource_utilization.cache > 0', { name: 'c' })], { resources: [{ name: 'db', capacity: 4 }, { name: 'cache' }] });
    driver.wait(10_000);
    expect(told(driver).map(({ alert, metrics }) => [alert, metrics])).toEqual([['a', { 'resource_utilization.db': 0.5 }], ['b', { resource_utilization: 0.5 }]]);
  });

  test('sees how many tasks a minute succeed, and checkpoints that could not be kept', () => {
    const driver = drive(many(8), [alert('task_throughput < 2'), alert('checkpoint_success_rate < 60%', { name: 'b' })], { concurrencyMax: 1 });
    const point = { n: 1, name: 'p', at: 0, files: 0, bytes: 0 };
    driver.end('t0', { checkpoints: [point, { ...point, stored: false }] as never });
    driver.wait(60_000);
    expect(told(driver).map(({ alert, metrics }) => [alert, metrics])).toEqual([['a', { task_throughput: 1 }], ['b', { checkpoint_success_rate: 0.5 }]]);
  });

  test('on how many tasks a minute succeed is looked at when there have been too few for so long', () => {
    const driver = drive(many(3), [alert('task_throughput < 0.5')], { concurrencyMax: 1 });
    driver.succeed('t0');
    driver.wait(60_000);
    expect(driver.scheduler.wakeAt).toBe(120_001);
    driver.wait(60_001);
    expect(told(driver)).toMatchObject([{ state: 'firing' }]);
  });

  describe('on how many tasks a minute succeed, of more than are kept', () => {
    const minute = 60_000;
    const condition = alert('task_throughput < 400').condition;
    /** Five a second, for the hour before. */
    const { state } = drive(many(1), []).scheduler;
    const at = (now: number, last = now): Moment => ({
      state,
      alerts: { since: 0, isDue: true, ended: Array.from({ length: MAX_ENDED }, (_, n) => ({ at: last - (MAX_ENDED - n) * 200, failed: false })), firing: [] },
      now,
    });
    const rate = (moment: Moment): number | undefined => measure({ metric: 'task_throughput' }, moment);

    test('sees those that are kept, and the time that they took', () => {
      expect(rate(at(60 * minute))).toBe(300);
    });

    test('is looked at when it will have fallen past the limit, or the first of them leaves', () => {
      const passes = nextChange(alert('task_throughput < 200').condition, at(60 * minute)) as number;
      expect(rate(at(passes - 2, 60 * minute))).toBeGreaterThanOrEqual(200);
      expect(rate(at(passes, 60 * minute))).toBeLessThan(200);
      expect(nextChange(condition, at(60 * minute))).toBe(60 * minute - 200_000 + WINDOW_MS);
    });

    test('makes no rate of an instant', () => {
      const moment = at(60 * minute);
      expect(rate({ ...moment, alerts: { ...moment.alerts, ended: moment.alerts.ended.map((each) => ({ ...each, at: moment.now })) } })).toBe(60_000);
    });
  });

  test('begins and ends by turns, and whatever it does the execution ends', () => {
    fc.assert(
      fc.property(graphs({ max: 8 }), fc.infiniteStream(fc.nat(3)), (graph, numbers) => {
        const alerts = [alert('average_wait_time > 3s', { action: 'reduce_concurrency' }), alert('task_throughput < 5 or failed > running', { name: 'b' }), alert('failure_rate > 20% and ready > 0', { name: 'c', action: 'reduce_concurrency' })];
        const policies = { ...graph.policies, executionModel: 'rolling_frontier' as const, approval: { risk: 'none' as const, onTimeout: 'fail' as const }, monitoring: { alerts, intervalMs: 10_000, metrics: [] } };
        const driver = new Driver({ ...graph, policies, tasks: graph.tasks.map(({ approval: _approval, idempotent: _idempotent, ...task }) => task) }, { durationOf: () => 40_000 });
        driver.runToEnd(() => (numbers.next().value === 0 ? { outcome: 'failed', failure: { reason: 'exit', class: 'transient', message: 'no' } } : {}), 5_000);
        expect(driver.outcome).toBeDefined();
        for (const { name } of alerts) for (const [at, { state }] of told(driver).filter(({ alert: of }) => of === name).entries()) expect(state).toBe(at % 2 === 0 ? 'firing' : 'over');
      }),
      { numRuns: 100 },
    );
  });

  test('goes on in a scheduler made from a copy of the state', () => {
    const driver = drive(many(12), [alert('failure_rate > 0.5', { action: 'reduce_concurrency' })], { concurrencyMax: 2 });
    for (let at = 0; at < 10; at += 1) end(driver, true);
    driver.wait(10_000);
    expect(throughJson(driver.scheduler.state)).toEqual(driver.scheduler.state);
    driver.reload();
    driver.wait(10_000);
    expect(told(driver)).toHaveLength(1);
    driver.runToEnd();
    expect(driver.outcome).toBe('failed');
  });
});
