/** Quarantine that outlives executions, on a real server: parked in one, left out of the next, revived, run again. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Breaker } from '../../model/breaker.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { executionWorkflowId, quarantineWorkflowId } from '../../model/ids.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { WORKFLOW } from '../../model/message.ts';
import { QUARANTINE_SIGNAL } from '../../model/quarantine.ts';
import type { QuarantineNews } from '../../model/quarantine.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { endless, gate, startRig } from '../support/rig.ts';
import type { FakeCommand, Rig } from '../support/rig.ts';
import { modes } from '../support/modes.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 60_000;
const PARKS: Breaker = { name: 'flaky', on: { type: 'match', pattern: 'p', threshold: 1, windowMs: 600_000 }, action: { type: 'quarantine' }, budget: 100, coolDownMs: 0 };
const broken: FakeCommand = () => ({ outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'systemic', message: 'token=\u2026 is no good', matches: ['p'], kind: 'E_TOOL_FAILURE' } });
const TASKS: readonly PlanTask[] = [{ id: 'flaky' }, { id: 'after', deps: ['flaky'] }, { id: 'beside', soft: ['flaky'] }];
const names = ({ entries }: { readonly entries: readonly { readonly plan: string; readonly task: string }[] }): readonly string[] => entries.map(({ plan, task }) => `${plan}/${task}`);

describe.each(modes)('quarantine, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(async () => {
    await rig.temporal.workflow.getHandle(quarantineWorkflowId(rig.taskQueue)).terminate().catch(() => undefined);
    await rig[Symbol.asyncDispose]();
  });

  /** A plan of its own for each test. */
  const planOf = (tasks: readonly PlanTask[] = TASKS, name = `plan ${randomUUID()} ‹"$(x)"›`): StoredPlan => makePlan(tasks, { breakers: [PARKS] }, name);
  const parked = async (plan: StoredPlan): Promise<ExecutionId> => {
    rig.commands.set('flaky', broken);
    const execution = await rig.start(plan);
    await rig.tasks.result(execution);
    return execution;
  };

  test('parks a task that a breaker gave up, leaves it out of the next execution, and lets it run when it is revived', { timeout: LIMIT_MS }, async () => {
    const plan = planOf();
    const { name } = plan.graph;
    const first = await parked(plan);
    // The register knew before the execution ended.
    const { entries } = await rig.tasks.quarantine.list({ plan: name });
    expect(entries).toEqual([{ plan: name, task: 'flaky', since: expect.any(Number) as number, execution: first, attempt: 1, by: 'flaky', class: 'systemic', kind: 'E_TOOL_FAILURE', message: 'token=\u2026 is no good' }]);

    const begun = rig.begun.length;
    const second = await rig.start(plan);
    expect(await rig.tasks.result(second)).toMatchObject({ outcome: 'failed', state: { counts: { QUARANTINED: 1, UPSTREAM_FAILED: 1, SUCCEEDED: 1 }, failed: [{ task: 'flaky', attempts: 0, quarantined: true }] } });
    expect(rig.begun.slice(begun).map(({ task }) => task)).toEqual(['beside']);
    expect((await rig.events(second)).slice(1, 3)).toMatchObject([
      { type: 'task_quarantined', task: 'flaky', attempt: 0, execution: first, since: entries[0]?.since, by: 'flaky', reason: 'token=\u2026 is no good' },
      { type: 'task_upstream_failed', task: 'after', upstream: 'flaky' },
    ]);
    // What it has left out it has not quarantined.
    expect((await rig.tasks.quarantine.list({ plan: name })).entries).toEqual(entries);
    // Another plan with a task of that name is not meant.
    rig.commands.set('flaky', () => undefined);
    expect(await rig.tasks.result(await rig.start(planOf()))).toMatchObject({ outcome: 'succeeded' });

    expect(await rig.tasks.quarantine.revive({ plan: name, task: 'flaky', by: 'me' })).toEqual({ revived: entries[0] });
    await expect(rig.tasks.quarantine.revive({ plan: name, task: 'flaky' })).rejects.toThrow(/TASKS3014.*"flaky"/u);
    expect(await rig.tasks.result(await rig.start(plan))).toMatchObject({ outcome: 'succeeded', state: { counts: { SUCCEEDED: 3 } } });
  });

  test('is undone by trying the task again in whatever execution, and a resumed one leaves out what has not succeeded', { timeout: LIMIT_MS }, async () => {
    const plan = planOf([...TASKS, { id: 'slow' }]);
    const first = await parked(plan);
    const resumed = await rig.start(plan, { resumeFrom: first });
    expect(await rig.tasks.result(resumed)).toMatchObject({ outcome: 'failed', state: { counts: { QUARANTINED: 1, SUCCEEDED: 2 } } });

    const opened = gate();
    rig.commands.set('slow', () => opened.opened.then(() => undefined));
    const open = await rig.start(plan);
    await rig.until(open, (event) => event.type === 'task_started' && event.task === 'slow');
    rig.commands.set('flaky', () => undefined);
    await rig.tasks.retry(open, { task: 'flaky', by: 'me' });
    await rig.until(open, (event) => event.type === 'task_succeeded' && event.task === 'after');
    opened.open();
    expect(await rig.tasks.result(open)).toMatchObject({ outcome: 'succeeded' });
    expect((await rig.tasks.quarantine.list({ plan: plan.graph.name })).entries).toEqual([]);
  });

  test('comes by a person, too, and reviving makes the task run where it was parked', { timeout: LIMIT_MS }, async () => {
    rig.commands.set('flaky', () => undefined);
    rig.commands.set('slow', endless);
    const plan = planOf([{ id: 'slow' }, { id: 'flaky', deps: ['gate'] }, { id: 'gate' }, { id: 'after', deps: ['flaky'] }]);
    const opened = gate();
    rig.commands.set('gate', () => opened.opened.then(() => undefined));
    const open = await rig.start(plan);
    await rig.until(open, (event) => event.type === 'task_started' && event.task === 'slow');
    await expect(rig.tasks.quarantine.add(open, { task: 'slow' })).rejects.toThrow(/TASKS3005.*slow is (ASSIGNED|RUNNING)/u);
    expect(await rig.tasks.quarantine.add(open, { task: 'flaky', by: 'me', reason: 'not today' })).toMatchObject({ state: 'QUARANTINED' });
    await expect.poll(async () => (await rig.tasks.quarantine.list({ plan: plan.graph.name })).entries).toMatchObject([{ task: 'flaky', execution: open, attempt: 0, by: 'me', reason: 'not today' }]);
    expect(await rig.tasks.quarantine.revive({ plan: plan.graph.name, task: 'flaky' })).toMatchObject({ revived: { by: 'me' }, runs: { execution: open, state: 'PENDING' } });
    opened.open();
    await rig.until(open, (event) => event.type === 'task_succeeded' && event.task === 'after');
    await rig.tasks.abort(open);
    expect(await rig.tasks.result(open)).toMatchObject({ outcome: 'aborted' });
    // Of one that has ended any task can be parked for the next.
    expect(await rig.tasks.quarantine.add(open, { task: 'after', by: 'me' })).toEqual({ status: 'aborted', state: 'SUCCEEDED' });
    await expect(rig.tasks.quarantine.add(open, { task: 'nobody' })).rejects.toThrow(/\[TASKS3004\] no task "nobody" in execution/u);
    expect(names(await rig.tasks.quarantine.list({ plan: plan.graph.name }))).toEqual([`${plan.graph.name}/after`]);
  });

  test('goes on in new runs of the register without losing or bringing back a task', { timeout: LIMIT_MS }, async () => {
    const plan = `plan-${randomUUID()}`;
    const tell = (news: readonly QuarantineNews[]): Promise<unknown> =>
      rig.temporal.workflow.signalWithStart(WORKFLOW.quarantine, { workflowId: quarantineWorkflowId(rig.taskQueue), taskQueue: rig.taskQueue, args: [], signal: QUARANTINE_SIGNAL.tell, signalArgs: [news] });
    const news = Array.from({ length: 60 }, (_, at): QuarantineNews => ({ type: 'quarantined', plan, task: `t${String(at).padStart(2, '0')}` as TaskId, since: 1_000 + at, execution: 'run-1' as ExecutionId, attempt: 1, by: 'flapping' }));
    for (const each of news) await tell([each]);
    for (let at = 0; at < 30; at += 1) await rig.tasks.quarantine.revive({ plan, task: `t${String(at).padStart(2, '0')}` });
    // All of it once more, as a replayed or reset execution would tell it.
    for (let from = 0; from < news.length; from += 20) await tell(news.slice(from, from + 20));
    expect((await rig.tasks.quarantine.list({ plan })).entries.map(({ task }) => task)).toEqual(news.slice(30).map(({ task }) => task));
    const { events } = await rig.temporal.workflow.getHandle(quarantineWorkflowId(rig.taskQueue)).fetchHistory();
    expect(Boolean(events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId)).toBe(cachedWorkflows === 1);
  });

  test('takes no harm from whatever is sent to the register', { timeout: LIMIT_MS }, async () => {
    const plan = planOf();
    await parked(plan);
    const register = rig.temporal.workflow.getHandle(quarantineWorkflowId(rig.taskQueue));
    for (const payload of [null, 7, 'a', {}, [null], [{ type: 'revived', plan: plan.graph.name }], [{ type: 'quarantined', plan: plan.graph.name, task: '../a' }]]) await register.signal(QUARANTINE_SIGNAL.tell, payload);
    for (const payload of [null, 7, {}, { plan: plan.graph.name, task: 'flaky', all: true }]) await expect(register.executeUpdate('revive', { args: [payload] })).rejects.toThrow();
    expect((await rig.tasks.quarantine.list({ plan: plan.graph.name })).entries).toHaveLength(1);
  });

  test('is not asked, and not told, by a rollback', { timeout: LIMIT_MS }, async () => {
    rig.commands.set('flaky', () => undefined);
    const plan = planOf([{ id: 'flaky', idempotent: false, compensation: { timeoutMs: 10_000 }, spec: { compensation: { command: 'true' } } }]);
    const done = await rig.start(plan);
    await rig.tasks.result(done);
    await rig.tasks.quarantine.add(done, { task: 'flaky' });
    const { rollback } = await rig.tasks.rollBack(done);
    await rig.until(rollback, (event) => event.type === 'task_started' || event.type === 'task_needs_decision');
    expect((await rig.events(rollback)).map(({ type }) => type)).not.toContain('task_quarantined');
    await expect(rig.tasks.quarantine.add(rollback, { task: 'flaky' })).rejects.toThrow(new RegExp(`TASKS3005.*undo those of ${done}`, 'u'));
    await rig.tasks.abort(rollback).catch(() => undefined);
    await rig.tasks.result(rollback);
  });
});

test('an execution begins without knowing when the register does not answer, and says so', { timeout: LIMIT_MS }, async () => {
  await using rig = await startRig({ server: sharedServer() });
  // Somebody else's workflow under that id, on a queue where nobody answers.
  const register = await rig.temporal.workflow.start(WORKFLOW.quarantine, { workflowId: quarantineWorkflowId(rig.taskQueue), taskQueue: `nobody-${randomUUID()}`, args: [] });
  onTestFinished(async () => void (await register.terminate().catch(() => undefined)));
  const execution = await rig.start(makePlan([{ id: 'a' }]));
  expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
  expect((await rig.events(execution)).find(({ type }) => type === 'quarantine_unknown')).toMatchObject({ reason: expect.stringContaining('did not answer') as string });
  await expect(rig.tasks.quarantine.list({ answerMs: 500 })).rejects.toThrow(/TASKS2007/u);
  // One that was ended knows nothing any more, and hinders nobody.
  await register.terminate();
  expect(await rig.tasks.quarantine.list()).toEqual({ entries: [], full: false });
  expect((await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).describe()).status.name).toBe('COMPLETED');
});
