/** Tasks that need a person's approval: when it is asked for, what each answer does, and what happens when nobody comes. */
import { describe, expect, it } from 'vitest';
import type { ApprovalPolicy } from '../../model/graph.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';

const policy = (fields: Partial<ApprovalPolicy> = {}): ApprovalPolicy => ({ risk: 'high', onTimeout: 'fail', ...fields });
const driverOf = (tasks: readonly (string | TaskSketch)[], approval = policy()): Driver => new Driver(graphOf(tasks, { approval }));
const waiting = (driver: Driver, task: string): unknown => driver.scheduler.waiting(driver.indexOf(task), driver.now)?.kind;
const told = (driver: Driver): string[] => driver.events.map(({ type }) => type).filter((type) => type.startsWith('approval'));

describe('an approval', () => {
  it('is needed by tasks of the risk that the policy names and above, and by those that say so themselves', () => {
    const driver = driverOf([
      { id: 'plain' },
      { id: 'medium', risk: 'medium' },
      { id: 'high', risk: 'high' },
      { id: 'critical', risk: 'critical' },
      { id: 'asks', approval: true },
      { id: 'trusted', risk: 'critical', approval: false },
    ]);
    expect(driver.started).toEqual(['medium', 'plain', 'trusted']);
    expect(['high', 'critical', 'asks'].map((task) => waiting(driver, task))).toEqual(['approval', 'approval', 'approval']);
    expect(new Driver(graphOf([{ id: 'high', risk: 'critical' }])).started).toEqual(['high']);
  });

  it('is asked for when the task is ready, holds nothing up, and lets the task start when it comes', () => {
    const driver = driverOf(['a', { id: 'b', risk: 'high', after: ['a'] }, { id: 'c', after: ['a'] }]);
    expect(told(driver)).toEqual([]);
    driver.succeed('a');
    expect(driver.started).toEqual(['c']);
    expect(driver.apply({ type: 'approve', task: 'b', by: 'ada', reason: 'fine' }).rejected).toBeUndefined();
    expect(driver.started).toEqual(['c', 'b']);
    expect(driver.events.find(({ type }) => type === 'approval_given')).toEqual({ type: 'approval_given', task: 'b', by: 'ada', reason: 'fine' });
  });

  it('may be given before it is asked for, and holds for every attempt', () => {
    const driver = driverOf(['a', { id: 'b', risk: 'high', after: ['a'] }]);
    driver.apply({ type: 'approve', task: 'b' });
    driver.succeed('a');
    expect(driver.started).toEqual(['b']);
    driver.fail('b', { class: 'transient' });
    driver.runToEnd();
    expect([driver.outcome, driver.starts, told(driver)]).toEqual(['succeeded', ['a', 'b', 'b'], ['approval_given']]);
  });

  it('that is refused fails the task, once and for all', () => {
    const driver = driverOf([{ id: 'b', risk: 'high' }, { id: 'c', after: ['b'] }]);
    driver.apply({ type: 'approve', task: 'b', approved: false, by: 'ada', reason: 'no backup' });
    expect([driver.stateOf('b'), driver.stateOf('c'), driver.outcome]).toEqual(['FAILED', 'UPSTREAM_FAILED', 'failed']);
    expect(driver.events.find(({ type }) => type === 'task_failed')).toMatchObject({ canRetry: false, error: { reason: 'unapproved', class: 'logic', message: 'ada refused to let it start: no backup' } });
  });

  it.each([
    ['fail', 'FAILED', []],
    ['skip', 'SKIPPED', ['next']],
    ['proceed', 'ASSIGNED', ['b']],
  ] as const)('that nobody gives in time: %s', (onTimeout, state, started) => {
    const driver = driverOf([{ id: 'b', risk: 'high' }, { id: 'next', after: ['b'] }], policy({ timeoutMs: 60_000, onTimeout }));
    expect(driver.scheduler.wakeAt).toBe(60_000);
    driver.wait(59_999);
    expect(waiting(driver, 'b')).toBe('approval');
    driver.wait(1);
    expect([driver.stateOf('b'), driver.started]).toEqual([state, started]);
    expect(driver.events.find(({ type }) => type === 'approval_timed_out')).toEqual({ type: 'approval_timed_out', task: 'b', outcome: onTimeout });
  });

  it('is asked for anew, with its whole time, by a task that was not ready meanwhile', () => {
    const driver = driverOf([{ id: 'b', risk: 'high' }, 'other'], policy({ timeoutMs: 1_000 }));
    driver.wait(900);
    driver.patch('p', { tasks: [{ id: 'first' }], edges: ['first > b'] });
    driver.wait(500);
    expect(driver.stateOf('b')).toBe('PENDING');
    driver.succeed('first');
    expect(driver.recordOf('b')).toMatchObject({ parked: 'approval', approval: { since: 1_400, until: 2_400 } });
  });

  it.each([
    ['of a task that needs none', 'plain', undefined, /needs no approval/],
    ['of one that has started', 'begun', undefined, /ASSIGNED/],
    ['of one that there is not', 'nobody', undefined, /no task/],
    ['refused ahead of time', 'later', false, /PENDING/],
  ] as const)('%s is refused', (_title, task, approved, message) => {
    const driver = driverOf(['plain', { id: 'begun', risk: 'high' }, { id: 'later', risk: 'high', after: ['plain'] }]);
    driver.apply({ type: 'approve', task: 'begun' });
    const { rejected } = driver.apply({ type: 'approve', task, ...(approved !== undefined && { approved }) });
    expect(rejected?.[0]?.message).toMatch(message);
  });

  it('is waited for by a paused execution as by any other, and ends with an abort', () => {
    const driver = driverOf([{ id: 'b', risk: 'high' }]);
    driver.apply({ type: 'pause' });
    driver.apply({ type: 'approve', task: 'b' });
    expect(driver.started).toEqual([]);
    driver.apply({ type: 'resume' });
    expect(driver.started).toEqual(['b']);
    const aborted = driverOf([{ id: 'b', risk: 'high' }]);
    aborted.apply({ type: 'abort' });
    expect([aborted.stateOf('b'), aborted.outcome]).toEqual(['CANCELLED', 'aborted']);
  });
});
