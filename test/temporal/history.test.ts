import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { executionHistory } from '../../temporal/history.ts';
import type { ExecutionEventRecord } from '../../temporal/history.ts';
import { openRig } from './fixtures/rig.ts';
import type { Rig } from './fixtures/rig.ts';

type HistoryPageRequest = temporal.api.workflowservice.v1.IGetWorkflowExecutionHistoryRequest;

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

const read = async (execution: ExecutionId): Promise<ExecutionEventRecord[]> => {
  const records: ExecutionEventRecord[] = [];
  for await (const record of executionHistory({ client: rig.client, execution })) records.push(record);
  return records;
};

test.concurrent('every event of every run comes once, oldest first', async () => {
  const { execution, handle } = await rig.start([
    { do: 'child', task: 'A', behaviour: 'succeed' },
    { do: 'continue' },
    { do: 'activity', task: 'B', behaviour: 'succeed' },
    { do: 'continue' },
  ]);
  await handle.result();
  const records = await read(execution);
  expect([...new Set(records.map((record) => record.run))]).toEqual([0, 1, 2]);
  expect(new Set(records.map((record) => record.runId)).size).toBe(3);
  for (const run of [0, 1, 2]) {
    const ids = records.filter((record) => record.run === run).map(({ event }) => Number(event.eventId));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  }
  expect(records[0]?.runId).toBe(handle.firstExecutionRunId);
  expect(records.at(-1)?.event.workflowExecutionCompletedEventAttributes).toBeTruthy();
});

test.concurrent('more events than a page holds', async () => {
  const steps = Array.from({ length: 60 }, (_, index) => ({ do: 'activity', task: `T${index}`, behaviour: 'succeed' }) as const);
  const { execution, handle } = await rig.start(steps);
  await handle.result();
  const records = await read(execution);
  expect(records.length).toBeGreaterThan(300);
  expect(records.map(({ event }) => Number(event.eventId))).toEqual(records.map((_, index) => index + 1));
});

test.concurrent('an id that is used again is another execution', async () => {
  const { execution, handle } = await rig.start([{ do: 'hang' }]);
  await handle.terminate();
  const again = await rig.client.workflow.start('execution', {
    workflowId: executionWorkflowId(execution),
    taskQueue: (await handle.describe()).taskQueue,
    args: [{ plan: '', steps: [] }],
  });
  await again.result();
  expect(new Set((await read(execution)).map((record) => record.runId))).toEqual(new Set([again.firstExecutionRunId]));
});

test.concurrent('after a reset it is the history that the execution goes on with', async () => {
  const { execution, handle } = await rig.start([
    { do: 'child', task: 'A', behaviour: 'succeed' },
    { do: 'continue' },
    { do: 'activity', task: 'B', behaviour: 'succeed' },
  ]);
  await handle.result();
  const before = await read(execution);
  const { runId } = await rig.client.workflowService.resetWorkflowExecution({
    namespace: rig.client.options.namespace,
    workflowExecution: { workflowId: executionWorkflowId(execution), runId: before.at(-1)?.runId ?? '' },
    workflowTaskFinishEventId: (before.at(-1)?.event.eventId ?? before[0]?.event.eventId)?.sub(1) ?? null,
    reason: 'test',
    requestId: execution,
  });
  await rig.client.workflow.getHandle(executionWorkflowId(execution), runId).result();
  const after = await read(execution);
  expect(after[0]?.runId).toBe(before[0]?.runId);
  expect(after.at(-1)).toMatchObject({ run: 1, runId });
});

/** Retention cannot be waited for: asks the server for a run that it does not have instead of `runId`. */
const withoutRun = (client: Client, runId: string): Client => {
  const service = client.workflowService;
  const workflowService = Object.create(service, {
    getWorkflowExecutionHistory: {
      value: (request: HistoryPageRequest) => {
        const execution = { ...request.execution, ...(request.execution?.runId === runId && { runId: randomUUID() }) };
        return service.getWorkflowExecutionHistory({ ...request, execution });
      },
    },
  }) as Client['workflowService'];
  return Object.create(client, { workflowService: { value: workflowService } }) as Client;
};

test.concurrent('an earlier run that is past its retention is an error of its own', async () => {
  const { execution, handle } = await rig.start([{ do: 'continue' }]);
  await handle.result();
  const client = withoutRun(rig.client, handle.firstExecutionRunId);
  const first = executionHistory({ client, execution }).next();
  await expect(first).rejects.toThrow(/\[TASKS4004\].*past the retention/);
});

test.concurrent('an unknown execution is an error of its own', async () => {
  await expect(read('no-such-execution' as ExecutionId)).rejects.toThrow('[TASKS3001]');
});
