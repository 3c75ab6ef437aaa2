/** Tasks that must not be done by halves: what a failed attempt did is undone by itself, before it is tried again. */
import { describe, expect, it } from 'vitest';
import type { ContentHash, ExecutionId, TaskId } from '../../../model/ids.ts';
import { Driver } from '../driver.ts';
import { failure, graphOf, writes } from '../graphs.ts';

const UNDONE = { outcome: 'succeeded', tries: 1 } as const;
const careful = (policies: Parameters<typeof graphOf>[1] = {}): Driver =>
  new Driver(graphOf([{ id: 'a', idempotent: false, compensation: {}, asks: [writes('db')], retry: { maxAttempts: 2 } }, { id: 'b', after: ['a'] }, { id: 'other', asks: [writes('db')] }], { resources: [{ name: 'db' }], ...policies }));
const broken = { outcome: 'failed' as const, failure: failure({ class: 'transient' }) };
const told = (driver: Driver): string[] => driver.events.filter(({ type }) => /failed|compens|rolled|decision/.test(type)).map(({ type }) => type);

describe('a task that is not idempotent and has a compensation', () => {
  it('is tried again after it has been undone, and keeps what it holds until then', () => {
    const driver = careful();
    driver.apply({ type: 'compensating', index: 0, attempt: 1 });
    expect([driver.stateOf('a'), driver.started]).toEqual(['COMPENSATING', ['a']]);
    driver.reload();
    expect(driver.scheduler.waiting(2, driver.now)).toMatchObject({ kind: 'resource', resource: 'db', heldBy: ['a'] });
    driver.end('a', { ...broken, compensation: UNDONE });
    expect([driver.stateOf('a'), driver.started]).toEqual(['BACKOFF', ['other']]);
    expect(told(driver)).toEqual(['task_compensating', 'task_failed', 'task_rolled_back']);
    expect(driver.recordOf('a').acted).toBeUndefined();
    driver.succeed('other');
    driver.wait(60_000);
    driver.succeed('a', 'b');
    expect(driver.outcome).toBe('succeeded');
  });

  it('ends as rolled back when no attempt is left, and nothing behind it runs', () => {
    const driver = careful();
    driver.end('a', { ...broken, compensation: UNDONE });
    driver.succeed('other');
    driver.wait(60_000);
    driver.end('a', { ...broken, compensation: UNDONE });
    expect([driver.stateOf('a'), driver.stateOf('b'), driver.outcome]).toEqual(['ROLLED_BACK', 'UPSTREAM_FAILED', 'failed']);
    expect(told(driver)).toEqual(['task_failed', 'task_compensating', 'task_rolled_back', 'task_failed', 'task_compensating', 'task_rolled_back', 'task_upstream_failed']);
  });

  it.each([['while it is seen to', true], ['unseen', false]])('whose compensation fails is not tried again, but waits for a decision and holds nothing (%s)', (_, isSeen) => {
    const driver = careful();
    if (isSeen) driver.apply({ type: 'compensating', index: 0, attempt: 1 });
    driver.end('a', { ...broken, compensation: { outcome: 'failed', tries: 3, message: 'no such table' } });
    expect(driver.recordOf('a')).toMatchObject({ state: 'READY', parked: 'decision', acted: true });
    expect(driver.scheduler.waiting(0, driver.now)).toEqual({ kind: 'decision', reason: 'its compensation failed: no such table' });
    expect(driver.started).toEqual(['other']);
    driver.reload();
    driver.succeed('other');
    driver.wait(10 * 60_000);
    expect(driver.started).toEqual([]);
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.recordOf('a')).toMatchObject({ state: 'ASSIGNED', attempt: 2 });
    expect(driver.recordOf('a').escalation).toBeUndefined();
  });

  it.each([
    ['skip' as const, undefined, 'SKIPPED', 'ASSIGNED'],
    ['complete' as const, undefined, 'SUCCEEDED', 'ASSIGNED'],
    ['complete' as const, 'failed' as const, 'FAILED', 'UPSTREAM_FAILED'],
  ])('is settled by %s %s when its compensation has failed', (type, outcome, state, dependent) => {
    const driver = careful();
    driver.end('a', { ...broken, compensation: { outcome: 'failed', tries: 1 } });
    driver.apply(type === 'skip' ? { type, task: 'a' } : { type, task: 'a', ...(outcome && { outcome }) });
    expect([driver.stateOf('a'), driver.stateOf('b')]).toEqual([state, dependent]);
  });

  it('that is lost while it is undone waits for a decision, with what it holds', () => {
    const driver = careful();
    driver.apply({ type: 'compensating', index: 0, attempt: 1 });
    driver.fail('a', { reason: 'lost', class: 'transient', message: 'its worker died' });
    expect([driver.stateOf('a'), driver.started]).toEqual(['PAUSED', []]);
  });

  it('is aborted while it is undone, as any other', () => {
    const driver = careful();
    driver.apply({ type: 'compensating', index: 0, attempt: 1 });
    driver.apply({ type: 'abort' });
    expect(driver.decisions.some((decision) => decision.type === 'cancel' && decision.task === 'a')).toBe(true);
    driver.end('a', { ...broken, compensation: { outcome: 'failed', tries: 1 } });
    expect([driver.stateOf('a'), driver.outcome]).toEqual(['CANCELLED', 'aborted']);
  });

  it('told late, or of another attempt, that it is being undone, is not', () => {
    const driver = careful();
    driver.apply({ type: 'compensating', index: 0, attempt: 7 });
    expect(driver.stateOf('a')).toBe('ASSIGNED');
    driver.apply({ type: 'started', index: 0, attempt: 1, dispatch: 'child' });
    driver.succeed('a');
    driver.apply({ type: 'compensating', index: 0, attempt: 1 });
    expect(driver.stateOf('a')).toBe('SUCCEEDED');
  });
});

it('an escalated task that a rollback leaves as it is waits for the same decision again', () => {
  const driver = careful();
  driver.end('a', { ...broken, compensation: { outcome: 'failed', tries: 1, message: 'no' } });
  driver.succeed('other');
  driver.apply({ type: 'pause' });
  const begun = driver.apply({ type: 'rollback', number: 1, automatic: false, plan: 'c'.repeat(64) as ContentHash, rollback: 'x.r1' as ExecutionId, target: { kind: 'all' }, tasks: ['a' as TaskId] });
  expect([begun.rejected, driver.stateOf('a')]).toEqual([undefined, 'COMPENSATING']);
  driver.apply({ type: 'rolledBack', number: 1, outcome: 'aborted', results: [{ task: 'a' as TaskId, result: 'kept', reason: 'it was ended first' }] });
  driver.apply({ type: 'resume' });
  expect(driver.recordOf('a')).toMatchObject({ state: 'READY', parked: 'decision', escalation: 'its compensation failed: no' });
  expect(driver.started).toEqual([]);
});

describe('an escalated task that gets a dependency meanwhile', () => {
  const escalated = (): Driver => {
    const driver = careful();
    driver.end('a', { ...broken, compensation: { outcome: 'failed', tries: 1, message: 'no' } });
    driver.patch('p', { tasks: ['first', 'open'].map((id) => ({ id, retry: { maxAttempts: 1 } })), edges: ['first > a'] });
    driver.succeed('other');
    expect([driver.stateOf('a'), driver.started]).toEqual(['PENDING', ['first', 'open']]);
    return driver;
  };
  const decisions = (driver: Driver): number => driver.events.filter(({ type }) => type === 'task_needs_decision').length;

  it('waits for a person again when it is ready, and is asked about anew', () => {
    const driver = escalated();
    driver.reload();
    const { rejected } = driver.apply({ type: 'retry', task: 'a' });
    expect(rejected, 'there is nothing to be tried yet').toMatchObject([{ code: 'TASKS3005', message: 'task a is PENDING: cannot retry it before it is READY' }]);
    expect(driver.apply({ type: 'complete', task: 'a' }).rejected).toHaveLength(1);
    driver.succeed('first');
    expect(driver.recordOf('a')).toMatchObject({ state: 'READY', parked: 'decision' });
    expect([driver.started, decisions(driver)]).toEqual([['open'], 2]);
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.started).toEqual(['open', 'a']);
    expect(driver.recordOf('a').escalation).toBeUndefined();
  });

  it('does so, too, when that dependency failed first', () => {
    const driver = escalated();
    driver.fail('first');
    expect(driver.stateOf('a')).toBe('UPSTREAM_FAILED');
    driver.apply({ type: 'skip', task: 'first' });
    expect(driver.recordOf('a')).toMatchObject({ state: 'READY', parked: 'decision' });
  });

  it('that is passed over has been decided on', () => {
    const driver = escalated();
    driver.apply({ type: 'skip', task: 'a' });
    expect(driver.recordOf('a').escalation).toBeUndefined();
    driver.apply({ type: 'retry', task: 'a' });
    driver.succeed('first', 'b');
    expect(driver.started).toEqual(['open', 'a']);
  });
});

describe('what may have been done', () => {
  it.each([
    ['succeeded', { outcome: 'succeeded' as const }, true],
    ['failed', broken, true],
    ['ended while it ran', { outcome: 'cancelled' as const }, true],
    ['ended before a worker took it', { outcome: 'cancelled' as const, worker: '' }, undefined],
    ['not taken by a worker', { outcome: 'failed' as const, failure: failure({ reason: 'unplaced' }) }, undefined],
    ['undone at once', { ...broken, compensation: UNDONE }, undefined],
  ])('is known of an attempt that %s', (_, end, acted) => {
    const driver = new Driver(graphOf(['a', 'b'], { concurrencyMax: 1 }));
    driver.end('a', end);
    expect(driver.recordOf('a').acted).toBe(acted);
    expect(driver.recordOf('b').acted).toBeUndefined();
  });
});
