/** Error policies inside the scheduler: what is tried before a task has failed, in which order, and how often. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { AttemptFailure, FailureClass } from '../../model/attempt.ts';
import { FAILURE_CLASSES } from '../../model/attempt.ts';
import type { EventBody } from '../../model/event.ts';
import type { TaskId } from '../../model/ids.ts';
import type { ParsedPatch } from '../../model/patch.ts';
import { MAX_TURNS } from '../../model/self-heal.ts';
import type { ErrorPolicy, Strategy } from '../../model/self-heal.ts';
import { climb } from '../../scheduler/ladder/climb.ts';
import type { LadderRecord } from '../../scheduler/ladder/climb.ts';
import type { Decision } from '../../scheduler/protocol.ts';
import { Driver } from './driver.ts';
import { graphOf, patchOf } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';

const RERUN: Strategy = { type: 'rerun' };
const SWITCH: Strategy = { type: 'switch', executor: 'claude' };
const CONTEXT: Strategy = { type: 'repair_context' };
const REVIEW: Strategy = { type: 'review', executor: 'reviewer' };
const SPLIT: Strategy = { type: 'split' };

const policy = (strategies: readonly Strategy[], fields: Partial<ErrorPolicy> = {}): ErrorPolicy => ({ strategies, maxTurns: strategies.length, escalation: 'fail', ...fields });
const drive = (errorPolicy: ErrorPolicy | undefined, fields: Partial<TaskSketch> = {}, more: readonly (string | TaskSketch)[] = []): Driver =>
  new Driver({ ...graphOf([{ id: 'a', retry: { maxAttempts: 1 }, ...(errorPolicy && { errorPolicy }), ...fields }, ...more], { concurrencyMax: 10, breakers: [] }), executors: ['claude', 'reviewer'] });
const told = <T extends EventBody['type']>(driver: Driver, type: T): readonly Extract<EventBody, { readonly type: T }>[] =>
  driver.events.filter((event): event is Extract<EventBody, { readonly type: T }> => event.type === type);
const asked = (driver: Driver): readonly (Decision & { readonly type: 'repair' })[] => driver.decisions.flatMap((decision) => (decision.type === 'repair' ? [decision] : []));
const turns = (driver: Driver): readonly string[] => told(driver, 'task_self_heal').map(({ step, strategy, turn, turns: of }) => `${step} ${strategy} ${turn}/${of}`);
const answer = (driver: Driver, patch: ParsedPatch | undefined, trip = 1): void => {
  driver.apply({ type: 'repaired', breaker: 'error-policy', trip, ...(patch ? { patch } : { problem: 'nobody is there' }) });
};
const review = (trip = 1): ParsedPatch => patchOf(`review-${trip}`, { tasks: [{ id: `review-${trip}`, executor: 'reviewer', priority: 0, retry: { maxAttempts: 1 } }] });
const TRANSIENT: Partial<AttemptFailure> = { class: 'transient' };
const again = (driver: Driver): void => void driver.wait(120_000);

describe('a turn', () => {
  it('is nothing without a policy', () => {
    const driver = drive(undefined);
    driver.fail('a', TRANSIENT);
    expect(driver.stateOf('a')).toBe('FAILED');
    expect(told(driver, 'task_self_heal')).toEqual([]);
  });

  it('is the retries there were, for a rerun that stands first; another one gives all of them again', () => {
    const driver = drive(policy([RERUN, RERUN]), { retry: { maxAttempts: 2 } });
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      driver.fail('a', TRANSIENT);
      again(driver);
    }
    expect(turns(driver)).toEqual(['ERR-EXEC-01 rerun_same_tool 2/2']);
    expect(driver.recordOf('a')).toMatchObject({ state: 'FAILED', attempt: 4 });
    expect(told(driver, 'task_failed').map(({ canRetry }) => canRetry)).toEqual([true, true, true, false]);
  });

  it('switches the executor for good', () => {
    const driver = drive(policy([SWITCH, SWITCH]));
    driver.fail('a', TRANSIENT);
    again(driver);
    expect(driver.scheduler.index.tasks[0]?.executor).toBe('claude');
    driver.fail('a', TRANSIENT);
    expect(turns(driver)).toEqual(['ERR-EXEC-01 switch_tool_to claude 1/2']);
    expect(driver.stateOf('a')).toBe('FAILED');
  });

  it('of context repair is for one attempt', () => {
    const driver = drive(policy([CONTEXT, RERUN], { maxTurns: 2 }));
    driver.fail('a', TRANSIENT);
    again(driver);
    expect(driver.recordOf('a').mendContext).toBe(true);
    // One that made room for others has not been an attempt.
    driver.fail('a', { reason: 'preempted', class: 'resource' });
    again(driver);
    expect(driver.recordOf('a').mendContext).toBe(true);
    driver.fail('a', TRANSIENT);
    again(driver);
    expect(driver.recordOf('a').mendContext).toBeUndefined();
    expect(driver.started).toEqual(['a']);
    driver.succeed('a');
    expect(told(driver, 'task_succeeded')).toMatchObject([{ task: 'a', resolution: 'RESOLVED_AUTO' }]);
  });

  it('is waited for as a retry is', () => {
    const driver = drive(policy([CONTEXT]));
    driver.fail('a', { ...TRANSIENT, retryAfterMs: 90_000 });
    driver.wait(89_000);
    expect(driver.started).toEqual([]);
    driver.wait(2_000);
    expect(driver.started).toEqual(['a']);
  });
});

describe('a review', () => {
  it('is asked for with the failure, held for, and followed by another try', () => {
    const driver = drive(policy([REVIEW]), {}, [{ id: 'z', after: ['a'] }, 'free']);
    driver.fail('a', { class: 'logic', message: 'no such luck' });
    expect(asked(driver)).toMatchObject([{ breaker: 'error-policy', trip: 1, action: { type: 'review', executor: 'reviewer' }, failures: [{ index: 0, attempt: 1, class: 'logic', message: 'no such luck' }] }]);
    expect(driver.stateOf('a')).toBe('READY');
    expect(driver.scheduler.waiting(0, driver.now)).toMatchObject({ kind: 'breaker', reason: 'waits for a repair of what failed (error policy)' });
    driver.succeed('free');
    answer(driver, review());
    expect(driver.started).toEqual(['review-1']);
    driver.succeed('review-1');
    expect(driver.started).toEqual(['a']);
    driver.succeed('a', 'z');
    expect(driver.outcome).toBe('succeeded');
    expect(told(driver, 'task_mended')).toMatchObject([{ task: 'a', outcome: 'repaired' }]);
  });

  it('may bring a hot update, and what it injects is waited for, unless it waits itself', () => {
    const driver = drive(policy([REVIEW]));
    driver.fail('a');
    answer(driver, review());
    driver.end('review-1', { patch: patchOf('answer', { tasks: [{ id: 'fix' }, { id: 'after' }], edges: ['a > after'] }) });
    expect(driver.started).toEqual(['fix']);
    driver.succeed('fix');
    expect(driver.started).toEqual(['a']);
    driver.succeed('a', 'after');
    expect(driver.outcome).toBe('succeeded');
  });

  it('with a hot update that is refused has failed, and the next turn comes', () => {
    const driver = drive(policy([REVIEW, CONTEXT]));
    driver.fail('a');
    answer(driver, review());
    driver.end('review-1', { patch: patchOf('answer', { edges: ['a > nobody'] }) });
    expect(driver.stateOf('review-1')).toBe('FAILED');
    expect(told(driver, 'task_failed').at(-1)).toMatchObject({ task: 'review-1', error: { class: 'logic', kind: 'E_PLAN_CONSISTENCY', message: expect.stringContaining('its hot update was refused') } });
    expect(turns(driver)).toEqual(['ERR-EXEC-03 agent_review by reviewer 1/2', 'ERR-EXEC-02 context_repair 2/2']);
    driver.succeed('a');
    expect(driver.outcome, 'a review that failed does no harm').toBe('succeeded');
  });

  it('that fails does not stop an execution that stops at the first failure', () => {
    const driver = new Driver({ ...graphOf([{ id: 'a', retry: { maxAttempts: 1 }, errorPolicy: policy([REVIEW, CONTEXT]) }], { failFast: true, breakers: [] }), executors: ['reviewer'] });
    driver.fail('a');
    answer(driver, review());
    driver.fail('review-1');
    expect([driver.stateOf('review-1'), driver.scheduler.state.mode]).toEqual(['FAILED', 'running']);
    again(driver);
    driver.succeed('a');
    expect(driver.outcome).toBe('succeeded');
  });

  it('with a hot update whose id another one has had has failed: nothing was changed', () => {
    const driver = drive(policy([REVIEW, CONTEXT]), {}, [{ id: 'z', retry: { maxAttempts: 1 }, errorPolicy: policy([REVIEW, CONTEXT]) }]);
    driver.fail('a');
    driver.fail('z');
    answer(driver, review(1), 1);
    answer(driver, review(2), 2);
    const fix = (id: string): ParsedPatch => patchOf('fix-1', { tasks: [{ id }] });
    driver.end('review-1', { patch: fix('fix-a') });
    const { index, result } = driver.results.at(-1) as (typeof driver.results)[number];
    const before = JSON.stringify(driver.scheduler.state);
    driver.apply({ type: 'ended', index, result });
    expect(JSON.stringify(driver.scheduler.state), 'the same end, told again, changes nothing').toBe(before);
    driver.end('review-2', { patch: fix('fix-z') });
    expect([driver.stateOf('review-1'), driver.stateOf('review-2')]).toEqual(['SUCCEEDED', 'FAILED']);
    const message = 'its hot update was refused: a hot update with the id "fix-1" has been applied before; each needs an id of its own';
    expect(told(driver, 'task_failed').at(-1)).toMatchObject({ task: 'review-2', error: { kind: 'E_PLAN_CONSISTENCY', message } });
    expect(turns(driver).at(-1)).toBe('ERR-EXEC-02 context_repair 2/2');
  });

  it.each([
    ['fail', 'FAILED'],
    ['quarantine', 'QUARANTINED'],
    ['review', 'READY'],
  ] as const)('that cannot be had is followed by the escalation: %s', (escalation, state) => {
    const driver = drive(policy([REVIEW], { escalation }), {}, [{ id: 'z', after: ['a'] }]);
    driver.fail('a');
    answer(driver, undefined);
    expect(driver.stateOf('a')).toBe(state);
    expect(told(driver, 'task_mended')).toMatchObject([{ outcome: 'failed', reason: 'nobody is there' }]);
    if (escalation === 'review') expect(driver.scheduler.waiting(0, driver.now)?.kind).toBe('decision');
    else expect(driver.stateOf('z')).toBe('UPSTREAM_FAILED');
  });

  it('is asked for again by a scheduler made from the state', () => {
    const driver = drive(policy([REVIEW]));
    driver.fail('a');
    driver.reload();
    expect(driver.scheduler.unpreparedRepairs).toMatchObject([{ breaker: 'error-policy', trip: 1, action: REVIEW }]);
    answer(driver, review());
    driver.reload();
    driver.succeed('review-1');
    expect(driver.started).toEqual(['a']);
  });

  it.each([
    ['that hangs', true],
    ['that is not there yet', false],
  ])('%s is waited for no longer when a person says so', (_, isPrepared) => {
    const driver = drive(policy([REVIEW]));
    expect(driver.apply({ type: 'resetBreaker', breaker: 'error-policy' }).rejected, 'there is nothing to be reset').toMatchObject([{ code: 'TASKS3004' }]);
    driver.fail('a');
    if (isPrepared) answer(driver, review());
    expect(driver.apply({ type: 'resetBreaker', breaker: 'error-policy', by: 'ann', reason: 'it hangs' }).rejected).toBeUndefined();
    expect(told(driver, 'task_mended')).toEqual([{ type: 'task_mended', task: 'a', attempt: 1, outcome: 'reset', reason: 'it hangs' }]);
    expect(driver.started).toContain('a');
    if (!isPrepared) answer(driver, review());
    driver.succeed('a');
    if (isPrepared) driver.succeed('review-1');
    expect(driver.outcome).toBe('succeeded');
  });

  it('leaves a task alone that a person has passed over meanwhile', () => {
    const driver = drive(policy([REVIEW]));
    driver.fail('a');
    driver.apply({ type: 'skip', task: 'a' });
    answer(driver, review());
    driver.succeed('review-1');
    expect(driver.stateOf('a')).toBe('SKIPPED');
    expect(driver.outcome).toBe('succeeded');
  });

  it('lets go of a task that a patch makes wait for something else', () => {
    const driver = drive(policy([REVIEW]));
    driver.fail('a');
    answer(driver, review());
    driver.end('review-1', { patch: patchOf('answer', { tasks: [{ id: 'fix' }], edges: ['fix > a'] }) });
    expect([driver.stateOf('a'), driver.started]).toEqual(['PENDING', ['fix']]);
    driver.succeed('fix');
    expect(driver.started).toEqual(['a']);
    driver.succeed('a');
    expect(driver.outcome).toBe('succeeded');
  });
});

describe('what a review brings', () => {
  /** Everything fails, and whatever is reviewed has its reviewer bring another such task, behind the one before or beside it. */
  const poison = (edges: (last: string, next: string) => readonly string[], fields: Partial<ErrorPolicy> = {}): Driver => {
    const errorPolicy = policy([REVIEW, CONTEXT], fields);
    const driver = new Driver({ ...graphOf([{ id: 'a', retry: { maxAttempts: 1 } }], { concurrencyMax: 10, breakers: [], errorPolicy }), executors: ['claude', 'reviewer'] });
    for (let round = 1; round < 40 && driver.outcome === undefined; round += 1) {
      const open = driver.scheduler.unpreparedRepairs.at(-1);
      if (open) {
        answer(driver, review(open.trip), open.trip);
        const id = `b${open.trip}`;
        const last = driver.scheduler.index.id(open.failures[0]?.index as number);
        driver.end(`review-${open.trip}`, { patch: patchOf(`answer-${open.trip}`, { tasks: [{ id, retry: { maxAttempts: 1 } }], edges: edges(last, id) }) });
      }
      for (const task of driver.started) driver.fail(task, TRANSIENT);
      again(driver);
    }
    return driver;
  };

  it.each([
    ['is waited for', () => []],
    ['comes after it', (last: string, next: string) => [`${last} ~ ${next}`]],
  ])('is not reviewed itself, and the execution ends, when it %s', (_, edges) => {
    const driver = poison(edges);
    expect(asked(driver)).toHaveLength(1);
    expect([driver.outcome, driver.stateOf('a'), driver.stateOf('b1')]).toEqual(['failed', 'FAILED', 'FAILED']);
    expect(told(driver, 'task_self_heal').filter(({ task }) => task === 'b1').map(({ strategy }) => strategy), 'the other turns it has').toEqual(['context_repair', 'context_repair']);
  });

  it('nor are the parts that it is split into', () => {
    const driver = new Driver({ ...graphOf([{ id: 'a', retry: { maxAttempts: 1 } }], { concurrencyMax: 10, breakers: [], errorPolicy: policy([REVIEW]) }), executors: ['reviewer'] });
    driver.fail('a');
    answer(driver, review());
    driver.end('review-1', { patch: patchOf('answer-1', { tasks: [{ id: 'b', splits: true, retry: { maxAttempts: 1 } }] }) });
    driver.reload();
    driver.fail('b', { class: 'resource' });
    answer(driver, patchOf('parts', { tasks: [{ id: 'b.1', retry: { maxAttempts: 1 } }], edges: ['b.1 > b'] }), 2);
    driver.fail('b.1');
    expect([driver.stateOf('b.1'), driver.stateOf('b')]).toEqual(['FAILED', 'UPSTREAM_FAILED']);
    expect(asked(driver).map(({ action }) => action.type)).toEqual(['review', 'split']);
  });
});

describe('a split', () => {
  const parts = (trip = 1): ParsedPatch => ({
    ...patchOf(`split-${trip}`, { tasks: [{ id: 'a.1' }, { id: 'a.2' }], edges: ['a.1 > a', 'a.2 > a'] }),
    updates: [{ task: 'a' as TaskId, from: 'a'.repeat(64) as never, set: { title: 'joined' }, unset: ['splits'] }],
  });

  it('comes first for what is too large, with or without a policy; parts that fail are failures of the plan', () => {
    for (const errorPolicy of [undefined, policy([RERUN, CONTEXT])]) {
      const driver = drive(errorPolicy, { splits: true }, [{ id: 'z', after: ['a'] }]);
      driver.fail('a', { class: 'resource', reason: 'timeout' });
      expect(asked(driver)).toMatchObject([{ action: { type: 'split' } }]);
      answer(driver, parts());
      expect(driver.started).toEqual(['a.1', 'a.2']);
      driver.succeed('a.1', 'a.2', 'a', 'z');
      expect(driver.outcome).toBe('succeeded');
      expect(driver.scheduler.index.tasks[0]).toMatchObject({ title: 'joined' });
    }
    const driver = drive(undefined, { splits: true });
    driver.fail('a', { class: 'resource', reason: 'timeout' });
    answer(driver, parts());
    driver.fail('a.1', TRANSIENT);
    driver.runToEnd((attempt) => (attempt.task === 'a.1' ? { outcome: 'failed' } : {}));
    expect([driver.stateOf('a'), driver.outcome]).toEqual(['UPSTREAM_FAILED', 'failed']);
  });

  it('is not for what failed otherwise, nor for what names no parts', () => {
    const driver = drive(undefined, { splits: true });
    driver.fail('a', TRANSIENT);
    expect(driver.stateOf('a')).toBe('FAILED');
    const other = drive(policy([SPLIT]));
    other.fail('a', { class: 'resource' });
    expect(other.stateOf('a')).toBe('FAILED');
  });
});

describe('a person', () => {
  it('decides at the end: another try, without turns', () => {
    const driver = drive(policy([CONTEXT], { escalation: 'review' }));
    driver.fail('a', TRANSIENT);
    again(driver);
    driver.fail('a', TRANSIENT);
    expect(told(driver, 'task_needs_decision')).toMatchObject([{ task: 'a', attempt: 2 }]);
    expect(driver.apply({ type: 'retry', task: 'a', by: 'ann' }).rejected).toBeUndefined();
    driver.fail('a', TRANSIENT);
    expect(driver.stateOf('a')).toBe('READY');
    expect(told(driver, 'task_needs_decision')).toHaveLength(2);
    expect(driver.apply({ type: 'retry', task: 'a' }).rejected).toBeUndefined();
    driver.succeed('a');
    expect(told(driver, 'task_succeeded')).toMatchObject([{ resolution: 'RESOLVED_HUMAN' }]);
  });

  it('who had a hand in a task before it ever failed has not helped it out of that', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }]));
    driver.apply({ type: 'skip', task: 'b', by: 'ann' });
    driver.apply({ type: 'retry', task: 'b', by: 'ann' });
    driver.succeed('a');
    driver.fail('b', TRANSIENT);
    again(driver);
    driver.succeed('b');
    expect(told(driver, 'task_succeeded').at(-1)).toMatchObject({ task: 'b', resolution: 'RESOLVED_AUTO' });
  });

  it('is not waited for by an execution that stops', () => {
    const driver = new Driver(graphOf([{ id: 'a', retry: { maxAttempts: 1 }, errorPolicy: policy([REVIEW]) }, { id: 'b', retry: { maxAttempts: 1 } }], { failFast: true, breakers: [] }));
    driver.fail('b');
    driver.fail('a');
    expect([driver.stateOf('a'), driver.outcome]).toEqual(['FAILED', 'failed']);
  });
});

test('the ladder of a plan is that of tasks that have none; one of the execution’s own repairs has none', () => {
  const driver = new Driver(graphOf([{ id: 'a', retry: { maxAttempts: 1 } }, { id: 'b', retry: { maxAttempts: 1 }, repairs: 'x' }], { breakers: [], errorPolicy: policy([CONTEXT]) }));
  driver.fail('a', TRANSIENT);
  driver.fail('b', TRANSIENT);
  expect([driver.stateOf('a'), driver.stateOf('b')]).toEqual(['BACKOFF', 'FAILED']);
});

test('whatever fails however often: a ladder ends, and never takes more turns than it may', () => {
  const strategies = fc.array(fc.constantFrom(RERUN, SWITCH, CONTEXT, REVIEW, SPLIT), { minLength: 1, maxLength: 6 });
  const classes = fc.array(fc.constantFrom(...FAILURE_CLASSES), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(strategies, fc.integer({ min: 1, max: 30 }), fc.boolean(), classes, (list, maxTurns, splits, failures: readonly FailureClass[]) => {
      let ladder: LadderRecord | undefined;
      let taken = 0;
      let ended = false;
      for (const failure of failures) {
        const next = climb({ task: { id: 'a' as TaskId, splits, executor: 'command' }, policy: { strategies: list, maxTurns, escalation: 'fail' }, ladder, failure });
        ladder = JSON.parse(JSON.stringify(next.ladder)) as LadderRecord;
        if (next.rung.next === 'again' || next.rung.next === 'mend') {
          taken += 1;
          expect(next.rung.turn).toBeLessThanOrEqual(next.rung.turns);
          expect(failure === 'logic' && next.rung.strategy.type === 'rerun').toBe(false);
        } else if (ladder.turns >= Math.min(maxTurns, MAX_TURNS)) ended = true;
        if (ended) expect(next.rung.next).toBe('fail');
      }
      expect(taken).toBeLessThanOrEqual(Math.min(maxTurns, MAX_TURNS));
    }),
  );
});
