/** Executions that are terminated, reset or cannot even begin. */
import { describe, test } from 'vitest';
import proto from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import { attemptWorkflowId, executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import type { AttemptResult } from '../../model/attempt.ts';
import { TasksError } from '../../model/problem.ts';
import { faultsOf, step, stubbornStep } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import { livingOf } from '../support/processes.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 90_000;
const OWNER_CHECK_MS = 5_000;
const { EventType } = proto.temporal.api.enums.v1;

const resultOf = async (client: Client, execution: ExecutionId, task: string): Promise<AttemptResult> =>
  (await client.workflow.getHandle(attemptWorkflowId(execution, task as TaskId, 1)).result()) as AttemptResult;

/** Resets to the first, second, … workflow task that has completed; answers when the new run is the current one. */
const reset = async (client: Client, execution: ExecutionId, workflowTask: number): Promise<void> => {
  const workflowId = executionWorkflowId(execution);
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const completed = events?.filter((event) => event.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) ?? [];
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    workflowTaskFinishEventId: completed[workflowTask - 1]?.eventId ?? null,
    requestId: crypto.randomUUID(),
    reason: 'test',
  });
};

describe.concurrent('an execution', () => {
  test('that is terminated takes its commands along, and its ledger can be read', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const execution = await rig.start(
      makePlan([
        { id: 'done', spec: { command: step(0) } },
        { id: 'child', deps: ['done'], spec: { command: step('gate') } },
        { id: 'light', deps: ['done'], dispatch: 'activity', timeoutMs: 60_000, spec: { command: step('gate') } },
        { id: 'stubborn', deps: ['done'], spec: { command: stubbornStep() } },
        { id: 'person', deps: ['done'], executor: 'human' },
      ]),
    );
    const running = await Promise.all(['child', 'light', 'stubborn'].map((task) => rig.journal.until('start', task)));
    await rig.until(execution, (event) => event.type === 'task_waiting_for_person');
    const terminatedAt = Date.now();
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).terminate('test');
    for (const task of ['child', 'stubborn']) expect(await resultOf(rig.temporal, execution, task)).toMatchObject({ outcome: 'orphaned' });
    for (const { group } of running) expect(await livingOf(group)).toEqual([]);
    expect(Date.now() - terminatedAt).toBeLessThan(OWNER_CHECK_MS + 1_000 + 3_000);
    expect(await rig.tasks.result(execution)).toEqual({ outcome: 'terminated' });
    const events = await rig.follow(execution);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    const person = await resultOf(rig.temporal, execution, 'person');
    expect(person).toMatchObject({ outcome: 'orphaned' });
    // Children say themselves how they ended; of a light attempt nobody can.
    const outcomes = (await rig.tasks.ledger(execution)).map((line) => `${line.task_id} ${line.outcome}`);
    expect(outcomes.toSorted()).toEqual(['child orphaned', 'done succeeded', 'light lost', 'person orphaned', 'stubborn orphaned']);
  });

  test('that is reset takes over the attempts there are: none is started twice', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const ids = ['A', 'B', 'C', 'light', 'running', 'end'];
    const execution = await rig.start(
      makePlan([
        { id: 'A', spec: { command: step(0) } },
        { id: 'B', deps: ['A'], spec: { command: step(0) } },
        { id: 'C', deps: ['B'], spec: { command: step(0) } },
        { id: 'light', deps: ['A'], dispatch: 'activity', spec: { command: step(0) } },
        { id: 'running', deps: ['B'], spec: { command: step('gate') } },
        { id: 'end', deps: ['C', 'light', 'running'], spec: { command: step(0) } },
      ]),
    );
    await rig.journal.until('start', 'running');
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'C');
    const child = rig.temporal.workflow.getHandle(attemptWorkflowId(execution, 'running' as TaskId, 1));
    const { runId } = await child.describe();
    await reset(rig.temporal, execution, 2);
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'C');
    await reset(rig.temporal, execution, 4);
    expect((await child.describe()).runId).toBe(runId);
    await rig.journal.release('running');
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('succeeded');
    expect(state?.counts).toEqual({ SUCCEEDED: ids.length });
    expect(faultsOf(await rig.journal.read(), ids)).toEqual([]);
  });

  test('whose plan its worker does not have fails at once, and says so', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker({ planStore: `file:${rig.workspace}/elsewhere` });
    const execution = await rig.start(makePlan([{ id: 'A', spec: { command: step(0) } }]));
    const error: unknown = await rig.tasks.result(execution).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TasksError);
    expect((error as TasksError).problems).toMatchObject([{ code: 'TASKS4001' }]);
    expect((error as TasksError).message).toContain('elsewhere');
    expect(await rig.journal.read()).toEqual([]);
  });

  test('whose plan only a later worker does not have fails task by task', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const good = await rig.worker();
    const execution = await rig.start(makePlan([{ id: 'A', spec: { command: step('gate') } }, { id: 'B', deps: ['A'], spec: { command: step(0) } }]));
    await rig.journal.until('start', 'A');
    await rig.tasks.pause(execution);
    await rig.journal.release('A');
    await rig.until(execution, (event) => event.type === 'task_succeeded');
    await good.end('SIGTERM');
    await rig.worker({ planStore: `file:${rig.workspace}/elsewhere` });
    await rig.tasks.resume(execution);
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('failed');
    expect(state?.failed).toMatchObject([{ task: 'B', attempts: 1, failure: { reason: 'internal' } }]);
    expect(state?.failed[0]?.failure?.message).toContain('elsewhere');
  });
});
