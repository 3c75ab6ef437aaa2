import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { contentHash } from '../../store/hash.ts';
import { chunkWorkflowId } from '../../store/plan-chunk.ts';
import { PLAN_TASK_QUEUE } from '../../store/plan-workflows.ts';
import { INCOMPLETE_NAME, TemporalPlanStore } from '../../store/temporal-store.ts';
import { codesOf, conformance } from './conformance.ts';
import { samplePlan } from './sample-plan.ts';

/** A namespace of its own: what is listed and collected here is nobody else's. */
const namespace = `plans-${randomUUID().slice(0, 8)}`;
let client: Client;

beforeAll(async () => {
  const connection = await Connection.connect({ address: inject('temporal').address });
  client = new Client({ connection, namespace });
  await client.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('24h') });
  // The server's services learn of a new namespace one after the other.
  await vi.waitFor(() => new TemporalPlanStore({ client }).put(samplePlan({ name: 'ready' })), { timeout: 60_000, interval: 200 });
});
afterAll(async () => {
  await client.connection.close();
});

conformance('the temporal store', () => ({
  open: () => new TemporalPlanStore({ client }),
  damage: async (hash) => {
    await client.workflow.start('plan', {
      workflowId: chunkWorkflowId(hash, 1),
      taskQueue: PLAN_TASK_QUEUE,
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      args: [new Uint8Array([1, 2, 3])],
    });
  },
}));

const largePlan = (name: string) => samplePlan({ name, tasks: 4_000 });

test('a plan whose manifest was never written is not there, is listed as incomplete, and can be deleted', async () => {
  const store = new TemporalPlanStore({ client });
  const hash = await store.put(largePlan('half-written'));
  await client.workflow.getHandle(chunkWorkflowId(hash, 0)).terminate();
  expect(await codesOf(store.get(hash))).toEqual(['TASKS4001']);
  const listed = async () => (await store.list()).find((info) => info.hash === hash)?.name;
  await expect.poll(listed, { timeout: 20_000 }).toBe(INCOMPLETE_NAME);
  await store.delete(hash);
  await expect.poll(listed, { timeout: 20_000 }).toBeUndefined();
});

test('putting a plan again mends a chunk that somebody ended, before retention takes it', async () => {
  const store = new TemporalPlanStore({ client });
  const hash = await store.put(largePlan('chunk ended'));
  const chunk = client.workflow.getHandle(chunkWorkflowId(hash, 1));
  await chunk.terminate();
  await store.put(largePlan('chunk ended'));
  expect((await chunk.describe()).status.name).toBe('RUNNING');
});

test('deleting leaves no workflow open', async () => {
  const store = new TemporalPlanStore({ client });
  const hash = await store.put(largePlan('all ended'));
  await store.delete(hash);
  for (const index of [0, 1, 2]) {
    const { status } = await client.workflow.getHandle(chunkWorkflowId(hash, index)).describe();
    expect(status.name).toBe('TERMINATED');
  }
});

test('a workflow that only has the id of a plan is none', async () => {
  const store = new TemporalPlanStore({ client });
  const hash = contentHash('forged');
  await client.workflow.start('plan', {
    workflowId: chunkWorkflowId(hash, 0),
    taskQueue: PLAN_TASK_QUEUE,
    memo: { TasksPlanManifest: { name: 'forged', tasks: 1, chunks: 1e9, bytes: 1 } },
    args: ['x'],
  });
  expect(await codesOf(store.get(hash))).toEqual(['TASKS4001']);
  expect((await store.put(samplePlan({ name: 'unharmed' }))).length).toBe(64);
});

test('a server that cannot be used is an error that says so', async () => {
  const nowhere = new Client({ connection: client.connection, namespace: 'no-such-namespace' });
  const store = new TemporalPlanStore({ client: nowhere });
  expect(await codesOf(store.put(samplePlan({ name: 'x' })))).toEqual(['TASKS4003']);
  expect(await codesOf(store.get(contentHash('x')))).toEqual(['TASKS4001']);
});
