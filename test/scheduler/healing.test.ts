/** Circuit breakers inside the scheduler: when they trip, what they hold, and how it goes on. */
import { describe, expect, it } from 'vitest';
import type { AttemptFailure } from '../../model/attempt.ts';
import { DEFAULT_BREAKERS } from '../../model/breaker.ts';
import type { Breaker, BreakerAction, Trigger } from '../../model/breaker.ts';
import type { EventBody } from '../../model/event.ts';
import type { Policies } from '../../model/graph.ts';
import { Driver } from './driver.ts';
import { graphOf, patchOf } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const breaker = (action: BreakerAction, fields: Partial<Breaker> = {}): Breaker => ({
  name: 'b',
  on: { type: 'match', pattern: 'p', threshold: 2, windowMs: 10 * MINUTE },
  action,
  budget: 2,
  coolDownMs: 30 * SECOND,
  ...fields,
});
const REPAIR: BreakerAction = { type: 'playbook', playbook: 'mend' };
const BROKEN: Partial<AttemptFailure> = { class: 'systemic', matches: ['p'], message: 'no such thing' };

const drive = (sketches: readonly (string | TaskSketch)[], breakers: readonly Breaker[], policies: Partial<Policies> = {}): Driver =>
  new Driver(graphOf(sketches, { concurrencyMax: 10, ...policies, breakers }));
const repairs = (driver: Driver): readonly { readonly breaker: string; readonly trip: number; readonly failures: readonly unknown[] }[] =>
  driver.decisions.flatMap((decision) => (decision.type === 'repair' ? [decision] : []));
const answer = (driver: Driver, tasks: readonly string[], trip = 1): void => {
  driver.apply({ type: 'repaired', breaker: 'b', trip, patch: patchOf(`repair-${trip}`, { tasks: tasks.map((id) => ({ id, priority: 0 })) }) });
};
const told = <T extends EventBody['type']>(driver: Driver, type: T): readonly Extract<EventBody, { readonly type: T }>[] =>
  driver.events.filter((event): event is Extract<EventBody, { readonly type: T }> => event.type === type);
const waitsFor = (driver: Driver, task: string): string | undefined => driver.scheduler.waiting(driver.indexOf(task), driver.now)?.kind;

describe('a repair', () => {
  it('is asked for at the second failure, holds those that failed, and lets them go on as if for the first time', () => {
    const driver = drive(['a', 'b', 'c', { id: 'z', after: ['a', 'b', 'c'] }], [breaker(REPAIR)]);
    driver.fail('a', BROKEN);
    expect(repairs(driver)).toEqual([]);
    driver.fail('b', BROKEN);
    expect(repairs(driver)).toMatchObject([{ breaker: 'b', trip: 1, failures: [{ index: 0, attempt: 1 }, { index: 1, attempt: 1 }] }]);
    expect(told(driver, 'circuit_breaker')).toMatchObject([{ breaker: 'b', trip: 1, action: 'playbook mend', pattern: 'no such thing', evidence: [{ task: 'a', attempt: 1 }, { task: 'b', attempt: 1 }] }]);
    const types = driver.events.map(({ type }) => type);
    expect(types.lastIndexOf('task_failed')).toBeLessThan(types.indexOf('circuit_breaker'));
    // One that runs meanwhile and fails so is held, too, and uses up no attempt.
    driver.fail('c', BROKEN);
    driver.wait(2 * SECOND);
    expect(driver.started).toEqual([]);
    expect(['a', 'b', 'c'].map((task) => waitsFor(driver, task))).toEqual(['breaker', 'breaker', 'breaker']);
    answer(driver, ['mend']);
    expect(driver.started).toEqual(['mend']);
    expect(driver.scheduler.waiting(0, driver.now)?.reason).toBe('waits for mend, which repairs what failed (breaker b)');
    driver.succeed('mend');
    expect(told(driver, 'breaker_ended')).toEqual([{ type: 'breaker_ended', breaker: 'b', trip: 1, outcome: 'repaired', tasks: ['a', 'b', 'c'] }]);
    expect(driver.started.toSorted()).toEqual(['a', 'b', 'c']);
    expect(['a', 'b', 'c'].map((task) => driver.recordOf(task).failures)).toEqual([0, 0, 0]);
    driver.succeed('a', 'b', 'c', 'z');
    expect(driver.outcome).toBe('succeeded');
  });

  it('lets others go on meanwhile', () => {
    const driver = drive(['a', 'b', { id: 'other', after: ['free'] }, 'free'], [breaker(REPAIR)]);
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    driver.succeed('free');
    expect(driver.started).toEqual(['other']);
  });

  it('holds what its scope covers, ready or not, and nothing outside of it counts', () => {
    const driver = drive(
      [{ id: 'a', area: ['apps/web'] }, { id: 'b', area: ['apps/admin/src'] }, { id: 'lib', area: ['packages/lib'] }, { id: 'next', area: ['apps/web'], after: ['first'] }, 'first'],
      [breaker(REPAIR, { scope: ['apps/*'] })],
    );
    driver.fail('lib', BROKEN);
    driver.fail('a', BROKEN);
    expect(repairs(driver)).toEqual([]);
    driver.fail('b', BROKEN);
    expect(repairs(driver)).toHaveLength(1);
    driver.succeed('first');
    driver.wait(2 * SECOND);
    expect(driver.started).toEqual(['lib']);
    expect(waitsFor(driver, 'next')).toBe('breaker');
    answer(driver, ['mend']);
    driver.succeed('mend');
    expect(driver.started.toSorted()).toEqual(['a', 'b', 'lib', 'next']);
  });

  it('gives one that had failed for good another try, and its dependents with it', () => {
    const once = { retry: { maxAttempts: 1 } };
    const driver = drive([{ id: 'a', ...once }, { id: 'b', ...once }, { id: 'z', after: ['a'] }], [breaker(REPAIR)]);
    driver.fail('a', BROKEN);
    expect([driver.stateOf('a'), driver.stateOf('z')]).toEqual(['FAILED', 'UPSTREAM_FAILED']);
    driver.fail('b', BROKEN);
    expect(driver.outcome).toBeUndefined();
    answer(driver, ['mend']);
    driver.succeed('mend');
    expect(driver.started.toSorted()).toEqual(['a', 'b']);
    driver.succeed('a', 'b', 'z');
    expect(driver.outcome).toBe('succeeded');
  });

  it('that fails lets go, and neither its failure nor its tasks decide the outcome', () => {
    const driver = drive(['a', 'b'], [breaker(REPAIR)]);
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    answer(driver, ['mend']);
    driver.fail('mend', { class: 'logic' });
    expect(told(driver, 'breaker_ended')).toMatchObject([{ outcome: 'failed' }]);
    driver.wait(2 * SECOND);
    expect(driver.started.toSorted()).toEqual(['a', 'b']);
    driver.succeed('a', 'b');
    expect(driver.outcome).toBe('succeeded');
  });

  it('that fails does not stop an execution that stops at the first failure', () => {
    const driver = drive(['a', 'b'], [breaker(REPAIR)], { failFast: true });
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    answer(driver, ['mend']);
    driver.fail('mend', { class: 'logic' });
    expect(driver.stateOf('mend')).toBe('FAILED');
    driver.wait(2 * SECOND);
    driver.succeed('a');
    driver.fail('b', { class: 'logic' });
    expect([driver.scheduler.state.mode, driver.outcome], 'as any other failure does').toEqual(['finished', 'failed']);
  });

  it('that cannot be made lets go at once', () => {
    const driver = drive(['a', 'b'], [breaker(REPAIR)]);
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    driver.apply({ type: 'repaired', breaker: 'b', trip: 1, problem: 'nothing known' });
    expect(told(driver, 'breaker_ended')).toMatchObject([{ outcome: 'failed', reason: 'nothing known' }]);
    driver.wait(2 * SECOND);
    expect(driver.started.toSorted()).toEqual(['a', 'b']);
    // Late, twice, or for another trip: nothing.
    const before = JSON.stringify(driver.scheduler.state);
    driver.apply({ type: 'repaired', breaker: 'b', trip: 1, patch: patchOf('late', { tasks: [{ id: 'x' }] }) });
    driver.apply({ type: 'repaired', breaker: 'b', trip: 7, problem: 'what' });
    expect(JSON.stringify(driver.scheduler.state)).toBe(before);
  });

  it('is asked for again by whoever takes the state over, and held tasks stay held', () => {
    const driver = drive(['a', 'b'], [breaker(REPAIR)]);
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    driver.reload();
    expect(driver.scheduler.unpreparedRepairs).toMatchObject([{ breaker: 'b', trip: 1 }]);
    driver.wait(2 * SECOND);
    expect(driver.started).toEqual([]);
    answer(driver, ['mend']);
    driver.reload();
    expect(driver.scheduler.unpreparedRepairs).toEqual([]);
    driver.succeed('mend');
    expect(driver.started.toSorted()).toEqual(['a', 'b']);
  });

  it('keeps an execution open whose tasks have all failed for good', () => {
    const driver = drive([{ id: 'a', retry: { maxAttempts: 1 } }, { id: 'b', retry: { maxAttempts: 1 } }], [breaker(REPAIR)]);
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    expect(driver.outcome).toBeUndefined();
    driver.apply({ type: 'repaired', breaker: 'b', trip: 1, problem: 'nothing known' });
    driver.wait(2 * SECOND);
    driver.fail('b', { class: 'logic' });
    expect(driver.outcome).toBe('failed');
  });

  it('is not asked for beyond the budget, nor while the breaker rests', () => {
    const driver = drive(['a', 'b'], [breaker(REPAIR, { budget: 2 })], { retry: { maxAttempts: 50, backoff: 'linear', initialDelayMs: 1, maxDelayMs: 1, jitter: false, retryOn: ['systemic'], raiseUpTo: 1 } });
    const round = (): void => {
      driver.fail('a', BROKEN);
      driver.fail('b', BROKEN);
    };
    round();
    answer(driver, ['mend1']);
    driver.succeed('mend1');
    driver.wait(1);
    round();
    expect(repairs(driver), 'it rests').toHaveLength(1);
    driver.wait(MINUTE);
    driver.fail('a', BROKEN);
    expect(repairs(driver)).toHaveLength(2);
    answer(driver, ['mend2'], 2);
    driver.succeed('mend2');
    driver.now += MINUTE;
    driver.apply({ type: 'tick' });
    driver.wait(SECOND);
    for (let i = 0; i < 4; i += 1) {
      if (driver.started.includes('a')) driver.fail('a', BROKEN);
      driver.wait(SECOND);
    }
    expect(repairs(driver)).toHaveLength(2);
    expect(told(driver, 'circuit_breaker').filter(({ action }) => action === 'spent')).toHaveLength(1);
  });

  it.each([
    ['', () => undefined],
    [', also of an execution that an older worker began', (driver: Driver) => driver.scheduler.state.healing?.breakers.forEach((state) => delete state.last)],
  ])('is made again after a person has reset its breaker: trips are numbered on%s', (_, age) => {
    const driver = drive(['a', 'b'], [breaker(REPAIR, { budget: 1 })]);
    const round = (trip: number): void => {
      driver.fail('a', BROKEN);
      driver.fail('b', BROKEN);
      expect(repairs(driver).at(-1)).toMatchObject({ trip });
      driver.apply({ type: 'repaired', breaker: 'b', trip, patch: patchOf(`repair-b-${trip}`, { tasks: [{ id: `AUTO.B.${trip}.mend`, priority: 0 }] }) });
      driver.succeed(`AUTO.B.${trip}.mend`);
      expect(told(driver, 'breaker_ended').at(-1)).toMatchObject({ trip, outcome: 'repaired' });
    };
    round(1);
    age(driver);
    driver.apply({ type: 'resetBreaker', breaker: 'b', by: 'ann' });
    driver.reload();
    driver.wait(1);
    round(2);
    expect(driver.scheduler.breakers(driver.now)).toMatchObject([{ breaker: 'b', trips: 1, budget: 1, state: 'spent' }]);
  });

  it('is not made while the execution ends, and an abort drops it', () => {
    const driver = drive(['a', 'b', 'c'], [breaker(REPAIR)]);
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    driver.apply({ type: 'abort' });
    driver.end('c', { outcome: 'cancelled' });
    expect(driver.outcome).toBe('aborted');
    driver.apply({ type: 'repaired', breaker: 'b', trip: 1, patch: patchOf('late', { tasks: [{ id: 'x' }] }) });
    expect(driver.scheduler.state.records).toHaveLength(3);
  });
});

describe('similar errors', () => {
  const similar: Trigger = { type: 'similar_errors', threshold: 2, windowMs: 10 * MINUTE, similarity: 0.8 };

  it('of any tasks trip, and others do not', () => {
    const driver = drive(['a', 'b', 'c'], [breaker({ type: 'report' }, { on: similar })]);
    driver.fail('a', { signature: 'error: cannot open ‹name› for writing' });
    driver.fail('b', { signature: 'assertion failed: ‹n› is not ‹n›' });
    expect(told(driver, 'circuit_breaker')).toEqual([]);
    driver.fail('c', { signature: 'error: cannot open ‹name› for reading' });
    expect(told(driver, 'circuit_breaker')).toMatchObject([{ action: 'report', evidence: [{ task: 'a' }, { task: 'c' }] }]);
  });

  it('count within the window alone', () => {
    const driver = drive(['a', 'b'], [breaker({ type: 'report' }, { on: { ...similar, windowMs: MINUTE } })]);
    driver.fail('a', { signature: 'x y z' });
    driver.now += MINUTE;
    driver.fail('b', { signature: 'x y z' });
    expect(told(driver, 'circuit_breaker')).toEqual([]);
  });
});

describe('a gate', () => {
  it('holds until a person says that it is over', () => {
    const driver = drive(['a', 'b'], [breaker({ type: 'gate' })]);
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    driver.wait(MINUTE);
    expect(driver.started).toEqual([]);
    expect(driver.apply({ type: 'resetBreaker', breaker: 'nobody' }).rejected).toMatchObject([{ code: 'TASKS3004' }]);
    driver.apply({ type: 'resetBreaker', breaker: 'b', by: 'ann' });
    expect(told(driver, 'breaker_ended')).toMatchObject([{ outcome: 'reset', by: 'ann' }]);
    expect(driver.started.toSorted()).toEqual(['a', 'b']);
  });
});

describe('a pause', () => {
  it('starts nothing more until a person resumes', () => {
    const driver = drive(['a', 'b', { id: 'c', after: ['d'] }, 'd'], [breaker({ type: 'pause' })]);
    driver.fail('a', BROKEN);
    driver.fail('b', BROKEN);
    expect(told(driver, 'execution_paused')).toEqual([{ type: 'execution_paused', by: 'breaker b' }]);
    driver.succeed('d');
    expect(driver.started).toEqual([]);
    driver.apply({ type: 'resume' });
    expect(driver.started).toEqual(['c']);
  });
});

describe('a throttle', () => {
  const throttle = breaker({ type: 'throttle', forMs: 30 * SECOND, everyMs: 5 * SECOND }, { on: { type: 'match', pattern: 'p', threshold: 1, windowMs: MINUTE } });

  it('lets one task after the other start again, when its time or what was asked for is over', () => {
    const driver = drive(['a', 'b', 'c'], [throttle], { retry: { maxAttempts: 9, backoff: 'linear', initialDelayMs: 1, maxDelayMs: 1, jitter: false, retryOn: ['external'], raiseUpTo: 1 } });
    const limited: Partial<AttemptFailure> = { class: 'external', matches: ['p'], message: '429' };
    driver.fail('a', limited);
    driver.fail('b', limited);
    driver.fail('c', { ...limited, retryAfterMs: 60 * SECOND });
    driver.now = 59 * SECOND;
    driver.apply({ type: 'tick' });
    expect(driver.started).toEqual([]);
    expect(waitsFor(driver, 'a')).toBe('breaker');
    driver.now = 60 * SECOND;
    driver.apply({ type: 'tick' });
    expect(driver.started).toEqual(['a']);
    driver.now = 64 * SECOND;
    driver.apply({ type: 'tick' });
    expect(driver.started).toEqual(['a']);
    driver.now = 65 * SECOND;
    driver.apply({ type: 'tick' });
    driver.now = 70 * SECOND;
    driver.apply({ type: 'tick' });
    expect(driver.started).toEqual(['a', 'b', 'c']);
    driver.succeed('a', 'b', 'c');
    expect(driver.outcome).toBe('succeeded');
  });

  it('takes attempts all the same, so that nothing goes round for ever', () => {
    const driver = drive([{ id: 'a', retry: { maxAttempts: 2 } }], [throttle]);
    driver.fail('a', { class: 'external', matches: ['p'] });
    driver.now = 2 * MINUTE;
    driver.apply({ type: 'tick' });
    driver.fail('a', { class: 'external', matches: ['p'] });
    expect(driver.outcome).toBe('failed');
  });
});

describe('a task that fails, passes and fails', () => {
  it('is quarantined, and what depends on it does not run', () => {
    const driver = drive(['a', 'b'], DEFAULT_BREAKERS);
    const record = driver.recordOf('a');
    record.ends = 'FP';
    driver.fail('a', {});
    expect(driver.stateOf('a')).toBe('QUARANTINED');
    expect(told(driver, 'task_quarantined')).toEqual([{ type: 'task_quarantined', task: 'a', attempt: 1, breaker: 'flapping' }]);
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.started).toEqual(['b', 'a']);
  });
});

describe('a task that runs twice as long as it was thought to', () => {
  it('brings diagnostic tasks to the front, once', () => {
    const driver = drive(
      [{ id: 'long', estimateMs: 10 * SECOND }, { id: 'x' }, { id: 'y' }, { id: 'smoke', labels: ['smoke'], priority: 4 }],
      [breaker({ type: 'diagnose' }, { on: { type: 'time_overrun', factor: 2 }, coolDownMs: 0 })],
      { concurrencyMax: 2 },
    );
    expect(driver.started).toEqual(['long', 'x']);
    driver.apply({ type: 'started', index: 0, attempt: 1, dispatch: 'child' });
    expect(driver.scheduler.wakeAt).toBe(20 * SECOND);
    driver.now = 20 * SECOND;
    driver.apply({ type: 'tick' });
    expect(told(driver, 'circuit_breaker')).toMatchObject([{ action: 'diagnose', evidence: [{ task: 'long', attempt: 1 }] }]);
    driver.succeed('x');
    expect(driver.started).toEqual(['long', 'smoke']);
    expect(driver.scheduler.wakeAt).toBeUndefined();
  });
});

describe('the share of failures', () => {
  const rate = breaker({ type: 'throttle', forMs: 30 * SECOND, everyMs: 0 }, { name: 'error-rate', on: { type: 'error_rate', openAt: 0.5, reduceAt: 0.2, minimum: 4, windowMs: 10 * MINUTE } });
  const many = Array.from({ length: 12 }, (_, i): TaskSketch => ({ id: `t${String(i).padStart(2, '0')}`, retry: { maxAttempts: 1 } }));

  it('halves what runs at once, then opens, then probes with one task, and closes when it succeeds', () => {
    const driver = drive(many, [rate], { concurrencyMax: 4 });
    driver.succeed('t00', 't01', 't02');
    driver.fail('t03', { class: 'logic' });
    expect(told(driver, 'circuit_breaker').map(({ action }) => action)).toEqual(['reduce_concurrency']);
    driver.fail('t04', { class: 'logic' });
    driver.fail('t05', { class: 'logic' });
    driver.fail('t06', { class: 'logic' });
    expect(told(driver, 'circuit_breaker').at(-1)).toMatchObject({ action: 'open', pattern: '4 of 7 attempts failed' });
    // It was let in while half as many might run.
    expect(driver.started).toEqual(['t07']);
    driver.succeed('t07');
    expect(driver.started).toEqual([]);
    driver.now = 30 * SECOND;
    driver.apply({ type: 'tick' });
    expect(driver.started).toEqual(['t08']);
    driver.fail('t08', { class: 'logic' });
    expect(driver.started).toEqual([]);
    driver.now = 60 * SECOND;
    driver.apply({ type: 'tick' });
    driver.succeed('t09');
    expect(told(driver, 'circuit_breaker').map(({ action }) => action)).toEqual(['reduce_concurrency', 'open', 'half_open', 'open', 'half_open', 'close']);
    expect(driver.started).toEqual(['t10', 't11']);
  });
});

describe('limits', () => {
  it('of time and memory are raised after an attempt that ran into them, up to a multiple', () => {
    const driver = new Driver(
      graphOf([{ id: 'a', timeoutMs: 10 * SECOND, asks: [{ resource: 'memory_mb', units: 100, access: 'write' }], retry: { maxAttempts: 9 } }], {
        resources: [{ name: 'memory_mb', capacity: 200 }],
      }),
    );
    const task = (): unknown => driver.scheduler.state.graph.tasks[0];
    const again = (failure: Partial<AttemptFailure>): void => {
      driver.fail('a', { class: 'resource', ...failure });
      driver.wait(2 * MINUTE);
    };
    again({ reason: 'timeout' });
    expect(task()).toMatchObject({ timeoutMs: 20 * SECOND });
    again({ reason: 'timeout' });
    again({ reason: 'timeout' });
    expect(task(), 'four times what the plan says').toMatchObject({ timeoutMs: 40 * SECOND });
    again({ reason: 'signal' });
    expect(task()).toMatchObject({ asks: [{ units: 150 }] });
    driver.reload();
    again({ reason: 'signal' });
    again({ reason: 'signal' });
    expect(task(), 'never more than there is').toMatchObject({ asks: [{ units: 200 }] });
    expect(told(driver, 'task_limits_raised')).toEqual([
      { type: 'task_limits_raised', task: 'a', attempt: 1, timeoutMs: 20 * SECOND },
      { type: 'task_limits_raised', task: 'a', attempt: 2, timeoutMs: 40 * SECOND },
      { type: 'task_limits_raised', task: 'a', attempt: 4, asks: [{ resource: 'memory_mb', from: 100, to: 150 }] },
      { type: 'task_limits_raised', task: 'a', attempt: 5, asks: [{ resource: 'memory_mb', from: 150, to: 200 }] },
    ]);
    driver.succeed('a');
    expect(driver.outcome).toBe('succeeded');
  });
});
