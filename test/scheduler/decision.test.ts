/** Attempts that nobody knows the end of, and what people can do about a task. */
import { describe, expect, it } from 'vitest';
import type { SchedulerEvent } from '../../scheduler/protocol.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';

/** `a` must not be run twice unasked; `b` waits for it. */
const careful = (policies: Parameters<typeof graphOf>[1] = {}): Driver =>
  new Driver(graphOf([{ id: 'a', idempotent: false }, { id: 'b', after: ['a'] }, 'other'], policies));

const lose = (driver: Driver): void => {
  driver.fail('a', { reason: 'lost', class: 'transient', message: 'its worker died' });
};

describe('a lost attempt of a task that is not idempotent', () => {
  it('waits for a decision, keeps its slot, and says so', () => {
    const driver = careful({ concurrencyMax: 1 });
    lose(driver);
    expect(driver.stateOf('a')).toBe('PAUSED');
    expect(driver.scheduler.occupied).toBe(1);
    expect(driver.started).toEqual([]);
    expect(driver.events.at(-1)).toEqual({ type: 'task_needs_decision', task: 'a', attempt: 1, reason: 'its worker died' });
    expect(driver.advance()).toBe(false);
  });

  it('runs again when it is retried, as a new attempt', () => {
    const driver = careful();
    lose(driver);
    driver.apply({ type: 'retry', task: 'a' });
    expect(driver.recordOf('a')).toMatchObject({ state: 'ASSIGNED', attempt: 2 });
  });

  it.each([
    ['skip' as const, undefined, 'SKIPPED', 'task_skipped', 'ASSIGNED'],
    ['complete' as const, undefined, 'SUCCEEDED', 'task_succeeded', 'ASSIGNED'],
    ['complete' as const, 'failed' as const, 'FAILED', 'task_failed', 'UPSTREAM_FAILED'],
  ])('can be settled by %s %s', (type, outcome, state, event, dependent) => {
    const driver = careful();
    lose(driver);
    const step = driver.apply({ type, task: 'a', by: 'me', reason: 'I looked', ...(outcome && { outcome }) } as SchedulerEvent);
    expect([driver.stateOf('a'), driver.stateOf('b')]).toEqual([state, dependent]);
    expect(step.decisions).toContainEqual({ type: 'emit', event: expect.objectContaining({ type: event, task: 'a' }) as unknown });
  });

  it('declared as failed stops an execution that fails fast', () => {
    const driver = careful({ failFast: true });
    lose(driver);
    driver.apply({ type: 'complete', task: 'a', outcome: 'failed' });
    expect(driver.scheduler.state.mode).toBe('stopping');
    driver.succeed('other');
    expect(driver.outcome).toBe('failed');
  });

  it('ignores the result that comes after all, once the attempt was given up', () => {
    const driver = careful();
    lose(driver);
    driver.apply({ type: 'retry', task: 'a' });
    const late = driver.results[0];
    if (!late) throw new Error('no result');
    const step = driver.apply({ type: 'ended', index: late.index, result: { ...late.result, outcome: 'succeeded' } });
    expect(step.decisions).toEqual([]);
    expect(driver.stateOf('a')).toBe('ASSIGNED');
  });

  it('is a known failure when the command is known to have failed', () => {
    const driver = careful();
    driver.fail('a', { reason: 'exit', class: 'transient' });
    expect(driver.stateOf('a')).toBe('BACKOFF');
  });
});

describe('an abort', () => {
  it('cancels what runs, what waits and what waits for a decision; nothing fails upstream', () => {
    const driver = careful();
    lose(driver);
    driver.apply({ type: 'started', index: 2, attempt: 1, dispatch: 'child' });
    const step = driver.apply({ type: 'abort', by: 'me' });
    expect(step.decisions.filter((decision) => decision.type === 'cancel')).toEqual([{ type: 'cancel', index: 2, task: 'other', attempt: 1 }]);
    expect([driver.stateOf('a'), driver.stateOf('b'), driver.stateOf('other')]).toEqual(['CANCELLED', 'CANCELLED', 'RUNNING']);
    expect(driver.events.filter((event) => event.type === 'task_cancelled').map((event) => event.task)).toEqual(expect.arrayContaining(['a', 'b']));
    driver.end('other', { outcome: 'cancelled' });
    expect(driver.outcome).toBe('aborted');
    expect(driver.scheduler.counts).toEqual({ CANCELLED: 3 });
  });

  it('lets an attempt that succeeds all the same count', () => {
    const driver = new Driver(graphOf(['a']));
    driver.apply({ type: 'abort' });
    driver.succeed('a');
    expect(driver.scheduler.counts).toEqual({ SUCCEEDED: 1 });
    expect(driver.outcome).toBe('aborted');
  });

  it('waits for nothing but the running attempts', () => {
    const driver = new Driver(
      graphOf([{ id: 'a', wave: 1 }, { id: 'b', wave: 2 }], {
        executionModel: 'wave_based',
        wave: { maxWaveSize: 1, quorum: 1, timeoutMs: 5_000, fallback: 'wait' },
      }),
    );
    driver.apply({ type: 'abort' });
    expect(driver.scheduler.wakeAt).toBeUndefined();
    expect(driver.apply({ type: 'retry', task: 'b' }).rejected?.[0]?.code).toBe('TASKS3005');
  });

  it('ends an execution of which nothing runs at once', () => {
    const driver = new Driver(graphOf(['a']), { asleep: true });
    driver.apply({ type: 'abort' });
    expect(driver.outcome).toBe('aborted');
  });
});

describe('people', () => {
  it('pause and resume: nothing starts meanwhile, running attempts go on', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }]));
    driver.apply({ type: 'pause', by: 'me' });
    driver.succeed('a');
    expect(driver.stateOf('b')).toBe('READY');
    driver.apply({ type: 'resume' });
    expect(driver.stateOf('b')).toBe('ASSIGNED');
  });

  it('skip a running task: it is cancelled, and its success counts if it was faster', () => {
    const driver = new Driver(graphOf(['a', 'b', 'c']));
    for (const task of ['a', 'b']) {
      expect(driver.apply({ type: 'skip', task }).decisions).toContainEqual(expect.objectContaining({ type: 'cancel', task }));
      expect(driver.apply({ type: 'skip', task }).rejected?.[0]?.code).toBe('TASKS3005');
    }
    driver.end('a', { outcome: 'cancelled' });
    driver.succeed('b');
    expect([driver.stateOf('a'), driver.stateOf('b')]).toEqual(['SKIPPED', 'SUCCEEDED']);
  });

  it('complete a human task: its attempt is told, and a rejection is a failure like any other', () => {
    const driver = new Driver(graphOf([{ id: 'review', executor: 'human' }, 'a']));
    driver.apply({ type: 'started', index: 0, attempt: 1, dispatch: 'child' });
    expect(driver.events.at(-1)).toEqual({ type: 'task_waiting_for_person', task: 'review', attempt: 1 });
    const step = driver.apply({ type: 'complete', task: 'review', outcome: 'failed', by: 'me' });
    expect(step.decisions).toEqual([{ type: 'complete', index: 0, attempt: 1, request: { task: 'review', outcome: 'failed', by: 'me' } }]);
    expect(driver.apply({ type: 'complete', task: 'a' }).rejected?.[0]?.code).toBe('TASKS3005');
    driver.fail('review', { reason: 'rejected' });
    expect(driver.stateOf('review')).toBe('FAILED');
  });

  it('are told when a task does not exist, whatever it is called', () => {
    const driver = new Driver(graphOf(['a']));
    for (const task of ['__proto__', 'constructor', 'toString', '']) {
      for (const type of ['retry', 'skip', 'complete'] as const) expect(driver.apply({ type, task }).rejected?.[0]?.code).toBe('TASKS3004');
    }
  });

  it('cannot ask for more once the execution stops or has ended', () => {
    const driver = new Driver(graphOf(['a', 'b'], { failFast: true }));
    driver.fail('a');
    expect(driver.apply({ type: 'retry', task: 'a' }).rejected?.[0]?.code).toBe('TASKS3005');
    driver.succeed('b');
    expect(driver.outcome).toBe('failed');
    for (const type of ['pause', 'resume', 'abort'] as const) expect(driver.apply({ type }).rejected?.[0]?.code).toBe('TASKS3002');
    expect(driver.apply({ type: 'retry', task: 'a' }).rejected?.[0]?.code).toBe('TASKS3002');
    expect(driver.decisions.filter((decision) => decision.type === 'finish')).toHaveLength(1);
  });

  it('skip all that is left, and the execution succeeds', () => {
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }]));
    driver.succeed('a');
    driver.apply({ type: 'skip', task: 'b' });
    driver.end('b', { outcome: 'cancelled' });
    expect(driver.outcome).toBe('succeeded');
  });
});

describe('results', () => {
  it('count once: the second of an attempt, and one of no attempt, change nothing', () => {
    const driver = new Driver(graphOf(['a', 'b']));
    driver.fail('a', { class: 'transient' });
    const [first] = driver.results;
    if (!first) throw new Error('no result');
    const before = JSON.stringify(driver.scheduler.state);
    expect(driver.apply({ type: 'ended', ...first }).decisions).toEqual([]);
    expect(driver.apply({ type: 'ended', index: 0, result: { ...first.result, attempt: 7 } }).decisions).toEqual([]);
    expect(driver.apply({ type: 'started', index: 0, attempt: 1, dispatch: 'child' }).decisions).toEqual([]);
    expect(JSON.stringify(driver.scheduler.state)).toBe(before);
  });

  it('may come before the word that the attempt has started', () => {
    const driver = new Driver(graphOf([{ id: 'a', dispatch: 'activity' }, 'b']));
    const step = driver.fail('a', { reason: 'timeout', class: 'transient' });
    expect(step.decisions.map((decision) => (decision.type === 'emit' ? decision.event.type : decision.type))).toEqual(['task_started', 'task_failed']);
    driver.wait(1_000);
    expect(driver.running.get(0)).toMatchObject({ attempt: 2, dispatch: 'child' });
  });
});

describe('tasks carried over from an earlier execution', () => {
  it('do not run again when they succeeded, and go on counting their attempts when not', () => {
    const carried = new Map([
      [0, { attempts: 2, succeeded: true }],
      [1, { attempts: 4, succeeded: false }],
    ]);
    const driver = new Driver(graphOf(['a', { id: 'b', after: ['a'] }]), { carried });
    expect(driver.starts).toEqual(['b']);
    expect(driver.recordOf('b').attempt).toBe(5);
    driver.fail('b', { class: 'transient' });
    expect(driver.stateOf('b')).toBe('BACKOFF');
  });

  it('end the execution at once when all of them succeeded', () => {
    const driver = new Driver(graphOf(['a']), { carried: new Map([[0, { attempts: 1, succeeded: true }]]) });
    expect(driver.outcome).toBe('succeeded');
  });
});
