import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { attemptWorkflowId, executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import { TasksError } from '../../model/problem.ts';
import { makePlan } from '../support/plan.ts';
import { endless, failing, gate, startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { modes } from '../support/modes.ts';

const id = (text: string): TaskId => text as TaskId;
const started = (task: string) => (event: ExecutionEvent) => event.type === 'task_started' && event.task === task;
const rejection = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TasksError)) throw new Error(`not refused: ${String(error)}`);
  return error.problems[0]?.code ?? '';
};

// Of two or more workflows a cache of one evicts all the time. (A cache of none trips over the SDK itself: an
// update in a workflow that is evicted at once is answered too late.)
describe.each(modes)('an execution, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test('runs every task once, after its dependencies, within its slots', async () => {
    const tasks = Array.from({ length: 60 }, (_, i) => ({
      id: `T${i}`,
      ...(i >= 6 && { deps: [`T${i - 6}`, `T${i - 5}`] }),
    }));
    const finished = new Set<string>();
    const early: string[] = [];
    rig.commands.set('*', async ({ task }) => {
      const node = tasks.find((candidate) => candidate.id === task);
      for (const dep of node?.deps ?? []) if (!finished.has(dep)) early.push(`${task} before ${dep}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      finished.add(task);
      return undefined;
    });
    const execution = await rig.start(makePlan(tasks, { concurrencyMax: 4 }));
    const { outcome, state } = await rig.tasks.result(execution);
    rig.commands.clear();
    expect(outcome).toBe('succeeded');
    expect(state?.counts).toEqual({ SUCCEEDED: 60 });
    expect(early).toEqual([]);
    expect(rig.peak()).toBeLessThanOrEqual(4);
    const begun = rig.begun.filter((input) => input.execution === execution).map((input) => input.task);
    expect([...begun].sort()).toEqual(tasks.map((task) => task.id).sort());
    const events = await rig.events(execution);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter((event) => event.type === 'task_succeeded')).toHaveLength(60);
  });

  test('light tasks run as activities, with the same result', async () => {
    const tasks = Array.from({ length: 40 }, (_, i) => ({ id: `L${i}`, ...(i > 4 && { deps: [`L${i - 5}`] }) }));
    const execution = await rig.start(makePlan(tasks, { dispatch: 'auto' }));
    expect((await rig.tasks.result(execution)).state?.counts).toEqual({ SUCCEEDED: 40 });
    const children: string[] = [];
    for await (const info of rig.temporal.workflow.list({ query: `WorkflowType = 'task' AND TasksExecution = '${execution}'` })) children.push(info.workflowId);
    expect(children).toEqual([]);
    const events = await rig.events(execution);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  });

  test('a failed attempt is tried again, and what depends on a lost cause is not', async () => {
    let tries = 0;
    rig.commands.set('flaky', (input, signal) => {
      tries += 1;
      return tries < 3 ? failing()(input, signal) : undefined;
    });
    rig.commands.set('broken', failing('no way'));
    const plan = makePlan([
      { id: 'flaky' },
      { id: 'broken' },
      { id: 'after-flaky', deps: ['flaky'] },
      { id: 'after-broken', deps: ['broken'] },
      { id: 'softly-after-broken', soft: ['broken'] },
    ]);
    const execution = await rig.start(plan);
    const { outcome, state } = await rig.tasks.result(execution);
    rig.commands.clear();
    expect(outcome).toBe('failed');
    expect(state?.counts).toEqual({ SUCCEEDED: 3, FAILED: 1, UPSTREAM_FAILED: 1 });
    expect(state?.failed).toMatchObject([{ task: 'broken', attempts: 3, failure: { message: 'no way' } }]);
    expect(tries).toBe(3);
  });

  test('pause starts nothing new, resume goes on, and both are refused after the end', async () => {
    const hold = gate();
    rig.commands.set('first', async () => {
      await hold.opened;
      return undefined;
    });
    const execution = await rig.start(makePlan([{ id: 'first' }, { id: 'second', deps: ['first'] }]));
    await rig.until(execution, started('first'));
    expect(await rig.tasks.pause(execution, { by: 'me' })).toEqual({ status: 'paused' });
    hold.open();
    await rig.until(execution, (event) => event.type === 'task_succeeded');
    expect(await rig.tasks.task(execution, 'second')).toMatchObject({ state: 'READY', waitingFor: 'paused' });
    await rig.tasks.resume(execution);
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    rig.commands.clear();
    expect(await rejection(rig.tasks.pause(execution))).toBe('TASKS3002');
  });

  test('abort ends what runs and starts nothing else', async () => {
    rig.commands.set('endless', endless);
    rig.commands.set('endless-light', endless);
    const execution = await rig.start(
      makePlan([
        { id: 'endless' },
        { id: 'endless-light', dispatch: 'activity' },
        { id: 'never', deps: ['endless'] },
      ]),
    );
    await rig.until(execution, started('endless'));
    await rig.tasks.abort(execution, { by: 'me', reason: 'enough' });
    const { outcome, state } = await rig.tasks.result(execution);
    rig.commands.clear();
    expect(outcome).toBe('aborted');
    expect(state?.counts).toEqual({ CANCELLED: 3 });
    const child = rig.temporal.workflow.getHandle(attemptWorkflowId(execution, id('endless'), 1));
    expect((await child.describe()).status.name).toBe('COMPLETED');
  });

  test('cancelling the workflow by Temporal is an abort', async () => {
    rig.commands.set('endless', endless);
    const execution = await rig.start(makePlan([{ id: 'endless' }]));
    await rig.until(execution, started('endless'));
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).cancel();
    expect((await rig.tasks.result(execution)).outcome).toBe('aborted');
    rig.commands.clear();
  });

  test('a person completes, rejects and skips', async () => {
    const plan = makePlan(
      [
        { id: 'approve', executor: 'human' },
        { id: 'reject', executor: 'human', retry: { maxAttempts: 1 } },
        { id: 'skipped', executor: 'human' },
        { id: 'after', deps: ['approve', 'skipped'] },
      ],
      { ...DEFAULT_POLICIES },
    );
    const execution = await rig.start(plan);
    for (const task of ['approve', 'reject', 'skipped']) {
      await rig.until(execution, (event) => event.type === 'task_waiting_for_person' && event.task === task);
    }
    expect(await rig.tasks.task(execution, 'approve')).toMatchObject({ state: 'RUNNING', waitingFor: 'person' });
    await rig.tasks.complete(execution, { task: 'approve', by: 'ann' });
    await rig.tasks.complete(execution, { task: 'reject', by: 'bob', outcome: 'failed', reason: 'wrong' });
    await rig.tasks.skip(execution, { task: 'skipped', by: 'bob' });
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('failed');
    expect(state?.counts).toEqual({ SUCCEEDED: 2, FAILED: 1, SKIPPED: 1 });
    expect(state?.failed[0]?.failure?.message).toBe('rejected by bob: wrong');
  });

  test('requests that cannot be met are refused and change nothing', async () => {
    const hold = gate();
    rig.commands.set('busy', async () => {
      await hold.opened;
      return undefined;
    });
    const execution = await rig.start(makePlan([{ id: 'busy' }, { id: 'later', deps: ['busy'] }]));
    await rig.until(execution, started('busy'));
    expect(await rejection(rig.tasks.retry(execution, { task: 'nobody' }))).toBe('TASKS3004');
    expect(await rejection(rig.tasks.retry(execution, { task: 'busy' }))).toBe('TASKS3005');
    expect(await rejection(rig.tasks.complete(execution, { task: 'busy' }))).toBe('TASKS3005');
    expect(await rejection(rig.tasks.retry(execution, { task: 7 as unknown as string }))).toBe('TASKS3011');
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).signal('skipTask', { nonsense: true });
    const rejected = await rig.until(execution, (event) => event.type === 'request_rejected');
    expect(rejected).toMatchObject({ request: 'skipTask', code: 'TASKS3011' });
    hold.open();
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    rig.commands.clear();
  });

  test('what a hot update brought is no plan, and is refused at once', async () => {
    const hash = await rig.tasks.store({ ...makePlan([{ id: 'stray' }]), format: 'patch' });
    const execution = `stray-${randomUUID()}` as ExecutionId;
    await rig.tasks.start(hash, { executionId: execution, workspace: '/tmp' });
    expect(await rejection(rig.tasks.result(execution))).toBe('TASKS1005');
    const { events } = await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).fetchHistory();
    const attempts = (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) => (started ? [started.attempt] : []));
    expect(attempts).toEqual([1]);
  });

  test('patches change the graph while it runs: atomic, idempotent, refused with the reason', async () => {
    const hold = gate();
    rig.commands.set('busy', async () => {
      await hold.opened;
      return undefined;
    });
    const execution = await rig.start(makePlan([{ id: 'done' }, { id: 'busy', deps: ['done'] }, { id: 'last', deps: ['busy'] }]));
    await rig.until(execution, started('busy'));
    const patch = {
      id: 'fix-1',
      op: 'inject_task',
      task: { id: 'AUTO.FIX', title: 'fix', cmd: 'true', deps: ['done'] },
      edges: [{ from: 'AUTO.FIX', to: 'last', type: 'hard' }],
    };
    const receipt = await rig.tasks.patch(execution, patch);
    expect(receipt).toMatchObject({ patchId: 'fix-1', version: 2, injected: ['AUTO.FIX'], ready: ['AUTO.FIX'], duplicate: false });
    expect(await rig.tasks.patch(execution, patch)).toMatchObject({ version: 2, duplicate: true });
    const bad = (edges: unknown, task = 'NEW') => rejection(rig.tasks.patch(execution, [{ op: 'inject_task', task: { id: task, cmd: 'true' } }, { op: 'add_edge', edges }]));
    expect(await bad([{ from: 'last', to: 'AUTO.FIX', type: 'hard' }])).toBe('TASKS3007');
    expect(await bad([{ from: 'NEW', to: 'done', type: 'hard' }])).toBe('TASKS3007');
    expect(await bad([{ from: 'NEW', to: 'nobody', type: 'hard' }])).toBe('TASKS3004');
    expect(await bad([{ from: 'busy', to: 'last', type: 'soft' }], 'busy')).toBe('TASKS3007');
    expect(await rejection(rig.tasks.patch(execution, { op: 'add_edge', edges: [{ from: 'NEW', to: 'last' }, { from: 'last', to: 'NEW' }] }))).toBe('TASKS3004');
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).signal('hotUpdate', { op: 'inject_task', task: { id: 'BY.SIGNAL', cmd: 'true' } });
    await rig.until(execution, (event) => event.type === 'hot_update' && event.injected.includes(id('BY.SIGNAL')));
    hold.open();
    const { outcome, state } = await rig.tasks.result(execution);
    rig.commands.clear();
    expect(outcome).toBe('succeeded');
    expect(state).toMatchObject({ total: 5, version: 3, counts: { SUCCEEDED: 5 } });
    const order = (await rig.events(execution)).flatMap((event) => (event.type === 'task_started' ? [event.task] : []));
    expect(order.indexOf(id('last'))).toBeGreaterThan(order.indexOf(id('AUTO.FIX')));
  });

  test('a task that is not idempotent waits for a decision after a lost attempt', async () => {
    rig.commands.set('once', (input) =>
      input.attempt === 1 ? { outcome: 'failed', failure: { reason: 'lost', class: 'transient', message: 'gone' } } : undefined,
    );
    const execution = await rig.start(makePlan([{ id: 'once', idempotent: false }, { id: 'after', deps: ['once'] }]));
    await rig.until(execution, (event) => event.type === 'task_needs_decision');
    expect(await rig.tasks.task(execution, 'once')).toMatchObject({ state: 'PAUSED', waitingFor: 'decision' });
    await rig.tasks.retry(execution, { task: 'once', by: 'me' });
    expect((await rig.tasks.result(execution)).state?.counts).toEqual({ SUCCEEDED: 2 });
    rig.commands.clear();
  });

  test('attempts in flight survive the boundary between runs', async () => {
    const hold = gate();
    rig.commands.set('long', async () => {
      await hold.opened;
      return undefined;
    });
    const others = Array.from({ length: 30 }, (_, i) => ({ id: `O${i}`, ...(i > 0 && { deps: [`O${i - 1}`] }) }));
    const execution = await rig.start(makePlan([{ id: 'long' }, ...others, { id: 'end', deps: ['long', 'O29'] }], { concurrencyMax: 3 }));
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'O29');
    hold.open();
    const { outcome, state } = await rig.tasks.result(execution);
    rig.commands.clear();
    expect(outcome).toBe('succeeded');
    expect(state?.counts).toEqual({ SUCCEEDED: 32 });
    expect(rig.begun.filter((input) => input.execution === execution && input.task === 'long')).toHaveLength(1);
    if (cachedWorkflows === 1) expect(state?.runs).toBeGreaterThan(1);
  });

  test('a child that is terminated is a lost attempt, tried again', async () => {
    const first = gate();
    rig.commands.set('killed', (input, signal) => {
      if (input.attempt > 1) return undefined;
      first.open();
      return endless(input, signal);
    });
    const execution = await rig.start(makePlan([{ id: 'killed' }]));
    await first.opened;
    await rig.temporal.workflow.getHandle(attemptWorkflowId(execution, id('killed'), 1)).terminate('test');
    const { outcome } = await rig.tasks.result(execution);
    rig.commands.clear();
    expect(outcome).toBe('succeeded');
    expect(rig.begun.filter((input) => input.execution === execution).map((input) => input.attempt)).toEqual([1, 2]);
  });

  test('a finished execution can be gone on with under a new id', async () => {
    rig.commands.set('broken', failing());
    const plan = makePlan([{ id: 'good' }, { id: 'broken', deps: ['good'] }, { id: 'last', deps: ['broken'] }]);
    const first = await rig.start(plan);
    expect((await rig.tasks.result(first)).outcome).toBe('failed');
    rig.commands.clear();
    const second = await rig.start(plan, { resumeFrom: first });
    expect((await rig.tasks.result(second)).outcome).toBe('succeeded');
    const begun = rig.begun.filter((input) => input.execution === second).map((input) => `${input.task}/${input.attempt}`);
    expect(begun).toEqual(['broken/4', 'last/1']);
  });
});
