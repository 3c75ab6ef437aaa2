import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAILURE_CLASSES } from '../../model/attempt.ts';
import { DEFAULT_RETRY } from '../../model/graph.ts';
import type { RetryPolicy } from '../../model/graph.ts';
import { retryDelay, unitHash } from '../../scheduler/retry.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';

const plain: RetryPolicy = { ...DEFAULT_RETRY, jitter: false };

describe('the delay before the next attempt', () => {
  it.each([
    ['doubles', 'exponential', [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]],
    ['grows evenly', 'linear', [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000]],
  ] as const)('%s with %s backoff, up to the maximum', (_, backoff, delays) => {
    expect(delays.map((_, i) => retryDelay(i + 1, { ...plain, backoff }, 's'))).toEqual(delays);
    expect(retryDelay(5_000, { ...plain, backoff }, 's')).toBe(60_000);
  });

  it('with jitter stays within a quarter of it and below the maximum, whole and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.string(), fc.constantFrom('linear' as const, 'exponential' as const), (failures, seed, backoff) => {
        const exact = retryDelay(failures, { ...plain, backoff }, seed);
        const delay = retryDelay(failures, { ...DEFAULT_RETRY, backoff }, seed);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(exact * 0.75));
        expect(delay).toBeLessThanOrEqual(Math.min(Math.ceil(exact * 1.25), DEFAULT_RETRY.maxDelayMs));
        expect(Number.isInteger(delay)).toBe(true);
        expect(retryDelay(failures, { ...DEFAULT_RETRY, backoff }, seed)).toBe(delay);
      }),
    );
  });

  it('spreads tasks that failed together', () => {
    const delays = new Set(Array.from({ length: 1_000 }, (_, i) => retryDelay(3, DEFAULT_RETRY, `plan/t${String(i)}/3`)));
    expect(delays.size).toBeGreaterThan(700);
  });

  it('draws evenly from [0, 1), also for seeds that differ in one place', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i += 1) {
      const unit = unitHash(`task-${String(i)}/1`);
      expect(unit).toBeGreaterThanOrEqual(0);
      expect(unit).toBeLessThan(1);
      const tenth = Math.floor(unit * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

describe('a failed task', () => {
  it('is tried again as often as the policy says, holding no slot meanwhile', () => {
    const driver = new Driver(graphOf([{ id: 'a', priority: 1 }, 'b'], { concurrencyMax: 1 }));
    const step = driver.fail('a', { class: 'transient' });
    expect(step.decisions[1]).toMatchObject({ type: 'emit', event: { type: 'task_failed', canRetry: true, retryAt: 1_000 } });
    expect(driver.started).toEqual(['b']);
    expect(driver.scheduler.wakeAt).toBe(1_000);
    driver.wait(999);
    expect(driver.stateOf('a')).toBe('BACKOFF');
    driver.wait(1);
    expect(driver.stateOf('a')).toBe('READY');
    driver.succeed('b');
    driver.fail('a', { class: 'transient' });
    expect(driver.scheduler.wakeAt).toBe(driver.now + 2_000);
    driver.wait(2_000);
    expect(driver.fail('a', { class: 'transient' }).decisions[1]).toMatchObject({ event: { type: 'task_failed', attempt: 3, canRetry: false } });
    expect(driver.outcome).toBe('failed');
    expect(driver.scheduler.state.retries).toBe(2);
  });

  it.each(FAILURE_CLASSES)('of class %s is tried again if the policy lists the class', (failureClass) => {
    for (const retryOn of [DEFAULT_RETRY.retryOn, ['logic' as const]]) {
      const driver = new Driver(graphOf(['a', 'other'], { retry: { ...plain, retryOn } }));
      driver.fail('a', { class: failureClass });
      expect(driver.stateOf('a')).toBe(retryOn.some((name) => name === failureClass) ? 'BACKOFF' : 'FAILED');
    }
  });

  it('follows its own policy where it has one', () => {
    const driver = new Driver(graphOf([{ id: 'a', retry: { maxAttempts: 1 } }, { id: 'b', retry: { initialDelayMs: 7, backoff: 'linear' } }]));
    driver.fail('a', { class: 'transient' });
    driver.fail('b', { class: 'transient' });
    expect([driver.stateOf('a'), driver.recordOf('b').retryAt]).toEqual(['FAILED', 7]);
  });

  it('that a person retries has all its attempts again, and never an old number', () => {
    const driver = new Driver(graphOf([{ id: 'a', retry: { maxAttempts: 2 } }, 'other']));
    driver.fail('a', { class: 'transient' });
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.recordOf('a')).toMatchObject({ state: 'ASSIGNED', attempt: 2 });
    driver.fail('a', { class: 'transient' });
    driver.wait(1_000);
    expect(driver.fail('a', { class: 'transient' }).decisions[1]).toMatchObject({ event: { canRetry: false } });
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.recordOf('a').attempt).toBe(4);
  });

  it('that a person retries early backs off anew after the next failure', () => {
    const driver = new Driver(graphOf(['a', 'other']));
    driver.fail('a', { class: 'transient' });
    driver.wait(100);
    driver.apply({ type: 'retry', task: 'a' });
    driver.wait(100);
    driver.fail('a', { class: 'transient' });
    expect(driver.scheduler.wakeAt).toBe(1_200);
    driver.wait(800);
    expect(driver.stateOf('a')).toBe('BACKOFF');
    driver.wait(200);
    expect(driver.stateOf('a')).toBe('ASSIGNED');
  });

  it('does not come back while an execution stops', () => {
    const driver = new Driver(graphOf(['a', 'b', 'c'], { failFast: true }));
    driver.fail('c', { class: 'transient' });
    driver.fail('a');
    expect(driver.fail('b', { class: 'transient' }).decisions[1]).toMatchObject({ event: { type: 'task_failed', canRetry: false } });
    expect([driver.stateOf('b'), driver.stateOf('c')]).toEqual(['FAILED', 'CANCELLED']);
    expect(driver.outcome).toBe('failed');
  });

  it('whose light attempt ran into the default limit gets a child of its own', () => {
    const driver = new Driver(graphOf([{ id: 'a', estimateMs: 1 }, { id: 'b', estimateMs: 1, timeoutMs: 5_000 }], { dispatch: 'auto' }));
    expect([driver.running.get(0)?.dispatch, driver.running.get(1)?.dispatch]).toEqual(['activity', 'activity']);
    for (const task of ['a', 'b']) driver.fail(task, { reason: 'timeout', class: 'transient' });
    driver.wait(1_000);
    expect([driver.running.get(0)?.dispatch, driver.running.get(1)?.dispatch]).toEqual(['child', 'activity']);
    driver.fail('a');
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.running.get(0)?.dispatch).toBe('activity');
  });
});
