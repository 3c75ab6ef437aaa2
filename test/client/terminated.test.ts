/** What clients say of an execution that Temporal ended without asking it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { makePlan } from '../support/plan.ts';
import { endless, gate, startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ server: sharedServer() });
  rig.commands.set('hangs', endless);
});
afterAll(() => rig[Symbol.asyncDispose]());

const PLAN = makePlan([{ id: 'hangs' }, { id: 'after', deps: ['hangs'] }]);
const terminate = (execution: ExecutionId) => rig.temporal.workflow.getHandle(executionWorkflowId(execution)).terminate();

test.each(['running', 'paused'])('one that was %s is terminated, with the end of it', async (before) => {
  const execution = await rig.start(PLAN);
  await rig.until(execution, ({ type }) => type === 'task_started');
  if (before === 'paused') await rig.tasks.pause(execution);
  expect(await rig.tasks.state(execution)).toMatchObject({ status: before });
  await terminate(execution);
  expect(await rig.tasks.result(execution)).toEqual({ outcome: 'terminated' });
  const state = await rig.tasks.state(execution);
  expect(state).toMatchObject({ status: 'terminated', counts: { RUNNING: 1, PENDING: 1 } });
  expect(state.finishedAt).toBeGreaterThanOrEqual(state.startedAt);
  const listed = async () => (await rig.tasks.list({ limit: 100 })).find(({ executionId }) => executionId === execution)?.status;
  await expect.poll(listed).toBe('terminated');
});

test('one that was being aborted is terminated', async () => {
  const ended = gate();
  rig.commands.set('stays', async () => {
    await ended.opened;
    return {};
  });
  const execution = await rig.start(makePlan([{ id: 'stays' }]));
  await rig.until(execution, ({ type }) => type === 'task_started');
  await rig.tasks.abort(execution);
  expect(await rig.tasks.state(execution)).toMatchObject({ status: 'aborting' });
  await terminate(execution);
  expect(await rig.tasks.state(execution)).toMatchObject({ status: 'terminated' });
  ended.open();
});

test('one whose time Temporal limited is the same, and keeps its events', async () => {
  const execution = `limited-${randomUUID()}` as ExecutionId;
  const plan = await rig.tasks.store(PLAN);
  const { taskQueue } = rig;
  await rig.temporal.workflow.start('execution', { workflowId: executionWorkflowId(execution), taskQueue, workflowRunTimeout: '2s', args: [{ plan, workspace: '/' }] });
  expect(await rig.tasks.result(execution)).toEqual({ outcome: 'terminated' });
  expect(await rig.tasks.state(execution)).toMatchObject({ status: 'terminated' });
  expect((await rig.events(execution)).map(({ type }) => type)).toContain('task_started');
});
