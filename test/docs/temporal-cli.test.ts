/** What `docs/temporal-cli.md` shows: the stock `temporal` command against a real execution. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findTemporalBinary } from '../../client/dev/binary.ts';
import type { ExecutionId } from '../../model/ids.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import { makePlan } from '../support/plan.ts';
import { startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

const run = promisify(execFile);
const PLAN = makePlan([
  { id: 'build' },
  { id: 'review', deps: ['build'], executor: 'human', needsChild: true },
  { id: 'notes', deps: ['build'], executor: 'human', needsChild: true },
  { id: 'publish', deps: ['review', 'notes'] },
]);
const is = (type: ExecutionEvent['type'], task?: string) => (event: ExecutionEvent) => event.type === type && (task === undefined || ('task' in event && event.task === task));

let rig: Rig;
let binary: string;
beforeAll(async () => {
  binary = (await findTemporalBinary()).path;
  rig = await startRig({ server: sharedServer() });
});
afterAll(() => rig[Symbol.asyncDispose]());

const temporal = async (...args: readonly string[]): Promise<string> => {
  const { address, namespace } = sharedServer();
  const { stdout } = await run(binary, [...args, '--address', address, '--namespace', namespace]);
  return stdout;
};
const signal = (id: ExecutionId, name: string, input?: unknown): Promise<string> =>
  temporal('workflow', 'signal', '-w', `tasks/${id}`, '--name', name, ...(input === undefined ? [] : ['--input', JSON.stringify(input)]));
const update = (id: ExecutionId, name: string, input?: unknown): Promise<string> =>
  temporal('workflow', 'update', 'execute', '-w', `tasks/${id}`, '--name', name, ...(input === undefined ? [] : ['--input', JSON.stringify(input)]));
const query = async (id: ExecutionId, name: string, input?: unknown): Promise<Record<string, unknown>> => {
  const text = await temporal('workflow', 'query', '-w', `tasks/${id}`, '--name', name, '-o', 'json', ...(input === undefined ? [] : ['--input', JSON.stringify(input)]));
  const [answer] = (JSON.parse(text) as { readonly queryResult: readonly Record<string, unknown>[] }).queryResult;
  if (!answer) throw new Error(`no answer: ${text}`);
  return answer;
};
const refusal = (promise: Promise<string>): Promise<string> =>
  promise.then(
    () => 'not refused',
    (error: unknown) => (error as { readonly stderr: string }).stderr,
  );

test('workers, and what waits for one, are seen by queries', async () => {
  const id = await rig.start(makePlan([{ id: 'query', capabilities: ['db'] }]));
  await expect.poll(() => query(id, 'demand')).toEqual({ waiting: [{ capabilities: ['db'], tasks: 1 }] });
  await rig.announce({ worker: 'expert', capabilities: ['db'] }, { real: true });
  expect((await rig.tasks.result(id)).outcome).toBe('succeeded');
  const { address, namespace } = sharedServer();
  const { stdout } = await run(binary, ['workflow', 'query', '-w', `pool/${rig.taskQueue}`, '--name', 'state', '-o', 'json', '--address', address, '--namespace', namespace]);
  expect(JSON.parse(stdout)).toMatchObject({ queryResult: [{ name: rig.taskQueue, workers: [{ worker: 'expert', capabilities: ['db'], pressure: 'none' }] }] });
  await rig.leave('expert');
});

test('an execution is paused, resumed, patched, completed and skipped by signals', async () => {
  const id = await rig.start(PLAN);
  await rig.until(id, is('task_waiting_for_person', 'notes'));
  await signal(id, 'pause', { by: 'ada', reason: 'a freeze' });
  await rig.until(id, is('execution_paused'));
  await signal(id, 'resume');
  await signal(id, 'completeTask', { task: 'nothing' });
  expect(await rig.until(id, is('request_rejected'))).toMatchObject({ request: 'completeTask', code: 'TASKS3004' });
  await signal(id, 'hotUpdate', { op: 'inject_task', id: 'p1', task: { id: 'sbom', cmd: 'true', deps: ['build'] }, edges: [{ from: 'sbom', to: 'publish' }] });
  expect(await rig.until(id, is('hot_update'))).toMatchObject({ patchId: 'p1', injected: ['sbom'], version: 2 });
  await signal(id, 'completeTask', { task: 'review', by: 'ada' });
  await signal(id, 'skipTask', 'notes');
  expect(await rig.tasks.result(id)).toMatchObject({ outcome: 'succeeded', state: { counts: { SUCCEEDED: 4, SKIPPED: 1 } } });
  expect(await temporal('workflow', 'result', '-w', `tasks/${id}`)).toContain('COMPLETED');
});

test('updates answer, and say why they are refused', async () => {
  const id = await rig.start(PLAN);
  await rig.until(id, is('task_waiting_for_person', 'notes'));
  expect(await update(id, 'applyPause', { by: 'ada' })).toContain('status:paused');
  expect(await update(id, 'applyResume')).toContain('status:running');
  const patch = { op: 'inject_task', id: 'p2', task: { id: 'tag', cmd: 'true', deps: ['notes'] } };
  expect(await update(id, 'applyHotUpdate', patch)).toContain('duplicate:false');
  expect(await update(id, 'applyHotUpdate', patch)).toContain('duplicate:true');
  expect(await refusal(update(id, 'applyHotUpdate', { op: 'add_edge', edges: [{ from: 'publish', to: 'build' }] }))).toContain('[TASKS3007]');
  expect(await refusal(update(id, 'applyRetryTask', { task: 'publish' }))).toContain('[TASKS3005]');
  expect(await update(id, 'applyAbort', { reason: 'enough' })).toMatch(/status:abort/);
  expect((await rig.tasks.result(id)).outcome).toBe('aborted');
});

test('a paused execution rolls itself back, and says why it does not', async () => {
  const plan = makePlan([{ id: 'build', needsChild: true, spec: { compensation: { command: 'undo' } } }, { id: 'review', deps: ['build'], approval: true }]);
  const id = await rig.start(plan);
  await rig.until(id, is('approval_requested', 'review'));
  expect(await refusal(update(id, 'applyRollback'))).toContain('[TASKS3103]');
  await update(id, 'applyPause');
  expect(await refusal(update(id, 'applyRollback', { to: 'depth:x' }))).toContain('[TASKS3011]');
  expect(await refusal(update(id, 'applyRollback', { to: 'biuld' }))).toContain('[TASKS3104]');
  await signal(id, 'rollback', { to: 'build' });
  expect(await rig.until(id, is('request_rejected'))).toMatchObject({ request: 'rollback', code: 'TASKS3101' });
  expect(await update(id, 'applyRollback', { by: 'ada' })).toContain(`rollback:${id}.r1 steps:1`);
  expect(await rig.until(id, is('rollback_finished'))).toMatchObject({ outcome: 'succeeded', undone: 1 });
  await signal(id, 'resume');
  await signal(id, 'approve', { task: 'review' });
  expect((await rig.tasks.result(id)).outcome).toBe('succeeded');
});

test('queries show the execution page by page', async () => {
  const id = await rig.start(PLAN);
  await rig.until(id, is('task_waiting_for_person', 'notes'));
  expect(await query(id, 'state')).toMatchObject({ executionId: id, status: 'running', total: 4 });
  expect(await query(id, 'task', { task: 'review' })).toMatchObject({ state: 'RUNNING', waitingFor: 'person' });
  expect(await query(id, 'task', 'build')).toMatchObject({ state: 'SUCCEEDED' });
  expect(await query(id, 'events', { from: 1, limit: 2 })).toMatchObject({ items: [{ seq: 1, type: 'execution_started' }, { seq: 2 }], next: 3 });
  expect(await query(id, 'timeline', { limit: 3 })).toMatchObject({ next: 3 });
  expect(await query(id, 'graph', { from: 1, limit: 1 })).toMatchObject({ items: [{ task: 'review', deps: ['build'] }] });
  expect(await query(id, 'frontier')).toMatchObject({ counts: { RUNNING: 2, SUCCEEDED: 1, PENDING: 1 } });
  expect(await temporal('workflow', 'cancel', '-w', `tasks/${id}`)).toBeDefined();
  expect((await rig.tasks.result(id)).outcome).toBe('aborted');
});

test('an execution starts from a hash and a workspace, also by a Schedule', async () => {
  const plan = await rig.tasks.store(makePlan([{ id: 'only' }]));
  const queue = rig.taskQueue;
  const id = `cli-${randomUUID()}` as ExecutionId;
  const what = ['--type', 'execution', '--task-queue', queue, '--input', JSON.stringify({ plan, workspace: '/' })];
  await temporal('workflow', 'start', '--workflow-id', `tasks/${id}`, ...what);
  expect((await rig.tasks.result(id)).outcome).toBe('succeeded');
  const schedule = `nightly-${randomUUID()}`;
  await temporal('schedule', 'create', '--schedule-id', schedule, '--cron', '0 3 * * *', '--workflow-id', `tasks/${schedule}`, ...what);
  await temporal('schedule', 'trigger', '--schedule-id', schedule);
  const handle = rig.temporal.schedule.getHandle(schedule);
  const started = await expect.poll(async () => (await handle.describe()).info.recentActions.length).toBe(1).then(() => handle.describe());
  const [action] = started.info.recentActions;
  const workflowId = action?.action.workflow.workflowId ?? '';
  expect(workflowId).toMatch(/^tasks\/nightly-.*T[\d:]+Z$/);
  expect((await rig.tasks.result(workflowId.slice('tasks/'.length) as ExecutionId)).outcome).toBe('succeeded');
  await temporal('schedule', 'delete', '--schedule-id', schedule);
});
