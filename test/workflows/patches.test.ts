/** Hot updates of real executions on a real server: every operation, the races, and the boundaries between runs. */
import type { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rebuildExecution } from '../../client/rebuild-execution.ts';
import { exportPlan, readSkeleton } from '../../client/export-plan.ts';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { INTERNAL_QUERY, INTERNAL_UPDATE } from '../../model/message.ts';
import type { SkeletonPage, TaskSource } from '../../model/message.ts';
import { tasksToUpdate } from '../../model/patch-payload.ts';
import type { ParsedPatch } from '../../model/patch.ts';
import { TasksError } from '../../model/problem.ts';
import { parsePatch } from '../../planner/read/parse-patch.ts';
import { readPlan } from '../../planner/read/read-plan.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { presentTasks } from '../../store/present-tasks.ts';
import { putPatch } from '../../store/put-patch.ts';
import { makePlan } from '../support/plan.ts';
import { endless, failing, gate, startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { sharedServer, shortHistoryServer } from '../support/server.ts';

const problemOf = async (doing: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> => {
  const error: unknown = await doing.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof TasksError) || !error.problems[0]) throw new Error(`refused with problems, not ${String(error)}`);
  return error.problems[0];
};

const planOf = async (plan: unknown): Promise<StoredPlan> => {
  const read = await readPlan({ source: { stdin: JSON.stringify(plan) } });
  if (!read.ok) throw new TasksError(read.error);
  return read.value.plan;
};

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ server: sharedServer() });
});
afterAll(() => rig[Symbol.asyncDispose]());

const running = (execution: ExecutionId, task: string) => rig.until(execution, (event) => event.type === 'task_started' && event.task === task);

/** As a client sends it. */
const parsed = async (execution: ExecutionId, payload: unknown): Promise<ParsedPatch> => {
  const sources: TaskSource[] = await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).query(INTERNAL_QUERY.sources, { tasks: tasksToUpdate(payload) });
  const parts = parsePatch(payload, { fallbackId: 'x', present: await presentTasks(rig.store, sources) });
  if (!parts.ok) throw new TasksError(parts.error);
  return putPatch(rig.store, parts.value);
};

/** One command that hangs until it is let go or cancelled. */
const held = (task: string): ReturnType<typeof gate> => {
  const hold = gate();
  rig.commands.set(task, (_, signal) => Promise.race([hold.opened.then(() => undefined), endless(_, signal)]));
  return hold;
};

describe('a hot update that an attempt answers with', () => {
  test('and that is refused is why its task failed, for whoever asks', async () => {
    const hold = held('hold');
    const execution = await rig.start(await planOf({ tasks: [{ id: 'hold', cmd: 'wait' }, { id: 'answers', cmd: 'think', retries: 0 }] }));
    rig.commands.set('answers', async () => ({ patch: await parsed(execution, { op: 'add_edge', id: 'p', edges: [{ from: 'nobody', to: 'answers' }] }) }));
    const event = await rig.until(execution, ({ type }) => type === 'task_failed');
    const error = { reason: 'check', class: 'logic', kind: 'E_PLAN_CONSISTENCY', message: expect.stringContaining('its hot update was refused: ') as string };
    expect(event).toMatchObject({ task: 'answers', error });
    expect(await rig.tasks.task(execution, 'answers')).toMatchObject({ state: 'FAILED', failure: error });
    expect((await rig.tasks.state(execution)).failed).toMatchObject([{ task: 'answers', failure: error }]);
    hold.open();
    expect((await rig.tasks.result(execution)).outcome).toBe('failed');
    rig.commands.clear();
  });
});

test('a task without command or executor that an attempt answers with waits for a person, as one that a person injects', async () => {
  const execution = await rig.start(await planOf({ tasks: [{ id: 'answers', cmd: 'think' }] }));
  rig.commands.set('answers', async () => ({ patch: await parsed(execution, { op: 'inject_task', id: 'p', task: { id: 'look', title: 'Look at it' } }) }));
  const event = await rig.until(execution, ({ type }) => type === 'task_waiting_for_person' || type === 'execution_completed');
  expect(event).toMatchObject({ type: 'task_waiting_for_person', task: 'look' });
  await rig.tasks.complete(execution, { task: 'look' });
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  rig.commands.clear();
});

describe('an update of a task', () => {
  test('gives its next attempt another command, in the part that the worker reads', async () => {
    const hold = held('hold');
    rig.commands.set('test', failing('no such command'));
    const plan = await planOf({ tasks: [{ id: 'hold', cmd: 'wait' }, { id: 'test', cmd: 'npm tset', env: { CI: '1' }, retries: 0 }, { id: 'after', cmd: 'true', deps: ['test', 'hold'] }] });
    const execution = await rig.start(plan);
    await rig.until(execution, (event) => event.type === 'task_failed' && event.task === 'test');
    const patch = { op: 'update_task', id: 'mend', task: 'test', changes: { cmd: 'npm test', timeout: '7s' } };
    const preview = await rig.tasks.previewPatch(execution, patch);
    expect(preview).toMatchObject({ patchId: 'mend', version: 1, changes: [{ task: 'test', changes: [{ field: 'cmd', from: 'npm tset', to: 'npm test' }, { field: 'timeout', to: '7s' }] }] });
    expect((await rig.tasks.state(execution)).version).toBe(1);
    expect(await rig.tasks.patch(execution, patch)).toMatchObject({ updated: ['test'], version: 2 });
    rig.commands.delete('test');
    await rig.tasks.retry(execution, { task: 'test' });
    hold.open();
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    const [first, second] = rig.begun.filter((input) => input.execution === execution && input.task === 'test');
    expect(second?.source).not.toBe(first?.source);
    expect(second?.timeoutMs).toBe(7_000);
    const { plan: exported } = await rig.tasks.exportPlan(execution);
    expect(exported['tasks']).toMatchObject([{}, { id: 'test', cmd: 'npm test', env: { CI: '1' }, timeout: '7000ms' }, { deps: ['test', 'hold'] }]);
    rig.commands.clear();
  });

  test('comes by signal, too: the execution has it parsed with the part that the task has now', async () => {
    const hold = held('hold');
    const execution = await rig.start(await planOf({ tasks: [{ id: 'hold', cmd: 'wait' }, { id: 'later', title: 'Later', cmd: 'old', deps: ['hold'] }] }));
    await running(execution, 'hold');
    const handle = rig.temporal.workflow.getHandle(executionWorkflowId(execution));
    await handle.signal('hotUpdate', { op: 'update_task', task: 'later', changes: { cmd: 'new' } });
    const event = await rig.until(execution, ({ type }) => type === 'hot_update');
    expect(event).toMatchObject({ updated: ['later'] });
    await handle.signal('hotUpdate', { op: 'update_task', task: 'nobody', changes: { cmd: 'new' } });
    expect(await rig.until(execution, ({ type }) => type === 'request_rejected')).toMatchObject({ code: 'TASKS3004' });
    expect((await rig.tasks.exportPlan(execution)).plan['tasks']).toMatchObject([{}, { title: 'Later', cmd: 'new' }]);
    hold.open();
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    rig.commands.clear();
  });

  test('that another one came before is refused: of two at once one counts, and nothing is mixed', async () => {
    const hold = held('hold');
    const execution = await rig.start(await planOf({ tasks: [{ id: 'hold', cmd: 'wait' }, { id: 'later', cmd: 'old', deps: ['hold'] }] }));
    await running(execution, 'hold');
    // Both are made of the task as it is now.
    const [first, second] = await Promise.all(['one', 'two'].map((cmd) => parsed(execution, { op: 'update_task', id: cmd, task: 'later', changes: { cmd } })));
    const handle = rig.temporal.workflow.getHandle(executionWorkflowId(execution));
    const answers = await Promise.allSettled([first, second].map((patch) => handle.executeUpdate(INTERNAL_UPDATE.applyParsedPatch, { args: [patch] })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [refused] = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as WorkflowUpdateFailedError] : []));
    expect(refused?.cause).toMatchObject({ type: 'TASKS3008', message: expect.stringContaining('changed by another patch') as string });
    expect((await rig.tasks.state(execution)).version).toBe(2);
    const counted = answers[0]?.status === 'fulfilled' ? 'one' : 'two';
    expect((await rig.tasks.exportPlan(execution)).plan['tasks']).toMatchObject([{}, { cmd: counted }]);
    hold.open();
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    rig.commands.clear();
  });

  test('of one that runs is refused', async () => {
    const hold = held('hold');
    const execution = await rig.start(makePlan([{ id: 'hold' }]));
    await running(execution, 'hold');
    expect(await problemOf(rig.tasks.patch(execution, { op: 'update_task', task: 'hold', changes: { cmd: 'x' } }))).toMatchObject({ code: 'TASKS3007', message: 'task hold is RUNNING: it cannot be changed now' });
    hold.open();
    await rig.tasks.result(execution);
    rig.commands.clear();
  });
});

test('what is cancelled is stopped or never starts; what it blocks, and what goes on, is as the patch says', async () => {
  rig.commands.set('runs', endless).set('drops', endless);
  const hold = held('hold');
  const execution = await rig.start(makePlan([{ id: 'hold' }, { id: 'runs' }, { id: 'drops' }, { id: 'blocked', deps: ['runs'] }, { id: 'goes-on', deps: ['drops'] }, { id: 'waits', deps: ['hold'] }, { id: 'free', deps: ['runs', 'hold'] }]));
  for (const task of ['hold', 'runs', 'drops']) await running(execution, task);
  const patch = [
    { op: 'cancel_task', id: 'c', task: 'drops', skip: true },
    { op: 'cancel_task', id: 'c', tasks: ['runs', 'waits'] },
    { op: 'remove_edge', id: 'c', edges: [{ from: 'runs', to: 'free' }] },
  ];
  expect(await rig.tasks.previewPatch(execution, patch)).toMatchObject({ stops: { first: ['runs', 'drops'] }, edges: { removed: { total: 1 } }, receipt: { cancelled: expect.arrayContaining(['runs', 'drops', 'waits']) as unknown } });
  expect(await rig.tasks.patch(execution, patch)).toMatchObject({ removed: 1, version: 2 });
  await rig.until(execution, (event) => event.type === 'task_upstream_failed' && event.task === 'blocked');
  expect(await problemOf(rig.tasks.patch(execution, { op: 'cancel_task', task: 'waits' }))).toMatchObject({ code: 'TASKS3005', message: 'task waits is CANCELLED: cannot cancel it' });
  hold.open();
  const { outcome, state } = await rig.tasks.result(execution);
  rig.commands.clear();
  expect(outcome).toBe('failed');
  expect(state?.counts).toEqual({ SUCCEEDED: 3, SKIPPED: 1, CANCELLED: 2, UPSTREAM_FAILED: 1 });
  expect(rig.begun.filter((input) => input.execution === execution).map(({ task }) => task).toSorted()).toEqual(['drops', 'free', 'goes-on', 'hold', 'runs']);
});

test('while it is paused a patch is applied, and nothing starts; a new order holds when it goes on', async () => {
  const hold = held('hold');
  const execution = await rig.start(makePlan([{ id: 'hold', priority: 1 }, { id: 'one' }, { id: 'two' }, { id: 'three', deps: ['two'] }], { concurrencyMax: 1 }));
  await running(execution, 'hold');
  await rig.tasks.pause(execution);
  const patch = [{ op: 'remove_edge', edges: [{ from: 'two', to: 'three' }] }, { op: 'reprioritize', tasks: ['three'], priority: 'critical' }, { op: 'reprioritize', tasks: ['one'], priority: 'low' }];
  const preview = await rig.tasks.previewPatch(execution, patch);
  expect(preview).toMatchObject({ unblocks: { first: ['three'] }, starts: { total: 0 }, waits: { first: [{ task: 'three', reason: 'the execution is paused' }] }, priorities: { first: [{ task: 'three', from: 3, priority: 1 }, { task: 'one', from: 3, priority: 4 }] } });
  expect(await rig.tasks.patch(execution, patch)).toMatchObject({ ready: ['three'], reprioritized: 2 });
  await rig.tasks.resume(execution);
  hold.open();
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  expect(rig.begun.filter((input) => input.execution === execution).map(({ task }) => task)).toEqual(['hold', 'three', 'two', 'one']);
  rig.commands.clear();
});

test('what cannot be is said without a change, before and when it is sent', async () => {
  const hold = held('hold');
  const execution = await rig.start(makePlan([{ id: 'done' }, { id: 'hold', deps: ['done'] }, { id: 'last', deps: ['hold'] }]));
  await running(execution, 'hold');
  const cases: readonly (readonly [unknown, string, RegExp])[] = [
    [{ op: 'add_edge', edges: [{ from: 'last', to: 'hold' }] }, 'TASKS3007', /under way/],
    [{ op: 'remove_edge', edges: [{ from: 'done', to: 'hold' }] }, 'TASKS3007', /that is what it ran by/],
    [{ op: 'cancel_task', task: 'done' }, 'TASKS3005', /SUCCEEDED/],
    [{ op: 'reprioritize', tasks: ['nobody'], priority: 1 }, 'TASKS3004', /nobody/],
    [{ op: 'remove_edge', edges: [{ from: 'hold', to: 'nobody' }] }, 'TASKS3004', /nobody/],
    [{ op: 'reprioritize', tasks: ['last'], priority: 1, expected_version: 9 }, 'TASKS3008', /version 9/],
  ];
  for (const [patch, code, message] of cases) {
    expect((await rig.tasks.previewPatch(execution, patch)).refused).toMatchObject([{ code, message: expect.stringMatching(message) as string }]);
    expect(await problemOf(rig.tasks.patch(execution, patch))).toMatchObject({ code, message: expect.stringMatching(message) as string });
  }
  expect(await problemOf(rig.tasks.previewPatch(execution, { op: 'update_task', task: 'last', changes: { deps: [] } }))).toMatchObject({ code: 'TASKS3006', message: expect.stringContaining('add_edge and remove_edge') as string });
  const stranger = { id: 'x', tasks: [], edges: [], updates: [{ task: 'last', from: 'no hash' }] };
  const handle = rig.temporal.workflow.getHandle(executionWorkflowId(execution));
  await expect(handle.executeUpdate(INTERNAL_UPDATE.applyParsedPatch, { args: [stranger] })).rejects.toThrow();
  const state = await rig.tasks.state(execution);
  expect([state.version, state.hotUpdates]).toEqual([1, 0]);
  hold.open();
  await rig.tasks.result(execution);
  rig.commands.clear();
});

test('a preview of a graph of 5,000 tasks is small and quick, whatever the patch touches', { timeout: 60_000 }, async () => {
  const hold = held('root');
  const execution = await rig.start(makePlan([{ id: 'root' }, ...Array.from({ length: 4_999 }, (_, i) => ({ id: `t${i}`, deps: ['root'] }))]));
  await running(execution, 'root');
  const all = Array.from({ length: 4_999 }, (_, i) => `t${i}`);
  const cancelled = await rig.tasks.previewPatch(execution, { op: 'cancel_task', task: 'root' });
  expect(cancelled.stops).toEqual({ total: 1, first: ['root'] });
  const freed = await rig.tasks.previewPatch(execution, [{ op: 'remove_edge', edges: all.map((to) => ({ from: 'root', to })) }, { op: 'reprioritize', tasks: all.slice(0, 50), priority: 1 }]);
  expect(freed).toMatchObject({ unblocks: { total: 4_999 }, starts: { total: 9 }, waits: { total: 4_990 }, priorities: { total: 50 } });
  expect(freed.unblocks.first).toHaveLength(100);
  expect((await rig.tasks.state(execution)).version).toBe(1);
  await rig.tasks.abort(execution);
  hold.open();
  await rig.tasks.result(execution);
  rig.commands.clear();
});

test('over many boundaries between runs no patch is lost or applied twice, and the history has the same graph', { timeout: 120_000 }, async () => {
  await using other = await startRig({ server: await shortHistoryServer() });
  const hold = gate();
  other.commands.set('hold', () => hold.opened.then(() => undefined));
  const chain = Array.from({ length: 30 }, (_, i) => ({ id: `C${i}`, ...(i > 0 && { deps: [`C${i - 1}`] }) }));
  const execution = await other.start(makePlan([{ id: 'hold' }, ...chain, { id: 'end', deps: ['hold', 'C29'] }], { concurrencyMax: 4 }));
  const patches = Array.from({ length: 24 }, (_, i) => [
    { op: 'inject_task', id: `p${i}`, task: { id: `N${i}`, cmd: 'true', ...(i > 0 && { deps: [`N${i - 1}`] }) }, edges: [{ from: `N${i}`, to: 'end' }, { from: 'hold', to: `N${i}` }] },
    { op: 'reprioritize', id: `p${i}`, tasks: ['end'], priority: i + 1 },
    ...(i > 0 ? [{ op: 'remove_edge', id: `p${i}`, edges: [{ from: `N${i - 1}`, to: 'end' }] }, { op: 'update_task', id: `p${i}`, task: `N${i - 1}`, changes: { title: `changed by ${i}`, cmd: `echo ${i}` } }] : []),
    ...(i % 5 === 4 ? [{ op: 'cancel_task', id: `p${i}`, task: `N${i - 2}`, skip: true }] : []),
  ]);
  for (const [i, patch] of patches.entries()) {
    expect(await other.tasks.patch(execution, patch)).toMatchObject({ version: i + 2, duplicate: false });
    if (i % 6 === 5) expect(await other.tasks.patch(execution, patches[i - 4])).toMatchObject({ version: i - 2, duplicate: true });
  }
  await other.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'C29');
  const page = (name: string, request: unknown): Promise<SkeletonPage> => other.temporal.workflow.getHandle(executionWorkflowId(execution)).query(name, request);
  const live = await readSkeleton(page);
  const rebuilt = await rebuildExecution({ client: other.temporal, execution });
  expect(rebuilt.skeleton).toEqual(live.graph);
  expect(rebuilt.version).toBe(live.version);
  const exported = await other.tasks.exportPlan(execution);
  hold.open();
  const { outcome, state } = await other.tasks.result(execution);
  expect(outcome).toBe('succeeded');
  expect(state).toMatchObject({ version: 25, hotUpdates: 24, total: 32 + 24, counts: { SUCCEEDED: 32 + 20, SKIPPED: 4 } });
  expect(state?.runs).toBeGreaterThan(3);
  const begun = other.begun.filter((input) => input.execution === execution).map(({ task }) => task);
  expect(new Set(begun).size).toBe(begun.length);
  expect(begun.at(-1)).toBe('end');
  expect((await other.tasks.exportPlan(execution)).plan).toEqual(exported.plan);
});

test('an execution that was terminated is known from its history as its worker knows it, patches and all', { timeout: 60_000 }, async () => {
  await using own = await startRig({ server: sharedServer() });
  own.commands.set('hold', endless).set('breaks', failing());
  const plan = await planOf({ name: 'lost', tasks: [{ id: 'hold', cmd: 'wait' }, { id: 'breaks', cmd: 'false', retries: 0 }, { id: 'later', cmd: 'old', deps: ['breaks'] }, { id: 'last', cmd: 'x', deps: ['later'] }] });
  const execution = await own.start(plan);
  await own.until(execution, (event) => event.type === 'task_upstream_failed' && event.task === 'last');
  const patch = [
    { op: 'inject_task', id: 'p', task: { id: 'new', title: 'New', cmd: 'true', deps: ['hold'] } },
    { op: 'remove_edge', id: 'p', edges: [{ from: 'breaks', to: 'later' }] },
    { op: 'update_task', id: 'p', task: 'breaks', changes: { cmd: 'true' } },
    { op: 'modify_resource', id: 'p', resources: { add_locks: ['deploy'] }, tasks: ['new'] },
  ];
  await own.tasks.patch(execution, patch);
  await own.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'last');
  const exported = await own.tasks.exportPlan(execution);
  expect(exported.plan).toMatchObject({
    name: 'lost',
    resources: { deploy: { mode: 'exclusive' } },
    tasks: [{ id: 'hold' }, { id: 'breaks', cmd: 'true' }, { id: 'later', cmd: 'old' }, { id: 'last', deps: ['later'] }, { id: 'new', title: 'New', deps: ['hold'], resources: [{ name: 'deploy' }] }],
  });
  await own.temporal.workflow.getHandle(executionWorkflowId(execution)).terminate();
  const rebuilt = await rebuildExecution({ client: own.temporal, execution });
  expect(rebuilt.tasks.map(({ task, state, title }) => [task, state, title])).toEqual([['hold', 'RUNNING', undefined], ['breaks', 'FAILED', undefined], ['later', 'SUCCEEDED', undefined], ['last', 'SUCCEEDED', undefined], ['new', 'PENDING', 'New']]);
  expect(rebuilt.graph.map(({ task, deps }) => [task, deps])).toEqual([['hold', []], ['breaks', []], ['later', []], ['last', ['later']], ['new', ['hold']]]);
  expect((await exportPlan({ store: own.store, execution, skeleton: { graph: rebuilt.skeleton, version: rebuilt.version } })).plan).toEqual(exported.plan);
});
