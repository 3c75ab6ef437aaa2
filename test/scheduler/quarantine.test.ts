/** Tasks that are left out: from the beginning, or because a person parks them while the execution is open. */
import { describe, expect, it } from 'vitest';
import type { AttemptFailure } from '../../model/attempt.ts';
import type { TaskState } from '../../model/state.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';

const types = (driver: Driver): readonly string[] => driver.events.map(({ type }) => type);

describe('tasks that are quarantined from the beginning', () => {
  it('do not run, nor does what depends on them; what only comes after them does', () => {
    const graph = graphOf(['a', { id: 'b', after: ['a'] }, { id: 'c', after: ['b'] }, { id: 'd', softAfter: ['a', 'b'] }, 'e']);
    const driver = new Driver(graph, { quarantined: new Set([0]) });
    expect(driver.started.toSorted()).toEqual(['d', 'e']);
    expect(['a', 'b', 'c'].map((task) => driver.stateOf(task))).toEqual(['QUARANTINED', 'UPSTREAM_FAILED', 'UPSTREAM_FAILED']);
    driver.succeed('d', 'e');
    expect(driver.outcome).toBe('failed');
  });

  it('end an execution that has nothing else', () => {
    expect(new Driver(graphOf(['a', { id: 'b', after: ['a'] }]), { quarantined: new Set([0]) }).outcome).toBe('failed');
  });

  it('run when a person has them tried, and then what depends on them', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }, 'other']), { quarantined: new Set([0]) });
    driver.apply({ type: 'retry', task: 'a', by: 'me' });
    expect(driver.events).toContainEqual({ type: 'task_retried', task: 'a', by: 'me', revived: true });
    driver.succeed('a', 'b', 'other');
    expect(driver.outcome).toBe('succeeded');
  });

  it('stay as they are when they had succeeded before', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }]), { carried: new Map([[0, { attempts: 1, succeeded: true }]]), quarantined: new Set([0]) });
    expect(driver.stateOf('a')).toBe('SUCCEEDED');
    expect(driver.started).toEqual(['b']);
  });

  it('count the attempts that they had', () => {
    const driver = new Driver(graphOf(['a', 'b']), { carried: new Map([[0, { attempts: 3, succeeded: false }]]), quarantined: new Set([0]) });
    driver.apply({ type: 'retry', task: 'a' });
    driver.succeed('b');
    expect(driver.recordOf('a').attempt).toBe(4);
  });
});

describe('a person quarantines a task', () => {
  it.each<[string, TaskState, string, readonly AttemptFailure['class'][]]>([
    ['that waits for others', 'PENDING', 'then', []],
    ['that is ready', 'READY', 'other', []],
    ['that backs off', 'BACKOFF', 'first', ['transient']],
    ['that failed', 'FAILED', 'first', ['logic']],
    ['that cannot run', 'UPSTREAM_FAILED', 'then', ['logic']],
  ])('%s', (_, state, task, failures) => {
    const driver = new Driver(graphOf(['first', { id: 'then', after: ['first'] }, { id: 'last', after: ['then'] }, 'other'], { concurrencyMax: 1 }));
    for (const each of failures) driver.fail('first', { class: each });
    expect(driver.stateOf(task)).toBe(state);
    expect(driver.apply({ type: 'quarantine', task, by: 'me', reason: 'flaky' }).rejected).toBeUndefined();
    expect(driver.stateOf(task)).toBe('QUARANTINED');
    expect(driver.events).toContainEqual({ type: 'task_quarantined', task, attempt: driver.recordOf(task).attempt, by: 'me', reason: 'flaky' });
    if (task !== 'other') expect(driver.stateOf('last')).toBe('UPSTREAM_FAILED');
    driver.wait(600_000);
    expect(driver.started).not.toContain(task);
  });

  it('and not one that is at work, has succeeded, was passed over, or is quarantined already', () => {
    const driver = new Driver(graphOf(['a', 'b', 'c', 'd'], { concurrencyMax: 2 }));
    const refused = (task: string): unknown => driver.apply({ type: 'quarantine', task }).rejected?.[0];
    expect(refused('a')).toMatchObject({ code: 'TASKS3005', message: 'task a is ASSIGNED: cannot quarantine it' });
    driver.succeed('a');
    driver.apply({ type: 'skip', task: 'c' });
    driver.apply({ type: 'quarantine', task: 'd' });
    for (const task of ['a', 'c', 'd']) expect(refused(task)).toMatchObject({ code: 'TASKS3005', hint: expect.stringContaining('has not succeeded') as string });
    expect(refused('nobody')).toMatchObject({ code: 'TASKS3004' });
    expect(types(driver).filter((type) => type === 'task_quarantined')).toHaveLength(1);
  });

  it('which frees what waits for it softly, and ends the execution when it was the last', () => {
    const driver = new Driver(graphOf([{ id: 'a', priority: 1 }, 'b', { id: 'c', softAfter: ['b'] }], { concurrencyMax: 1 }));
    driver.apply({ type: 'quarantine', task: 'b' });
    driver.succeed('a', 'c');
    expect(driver.outcome).toBe('failed');
  });
});
