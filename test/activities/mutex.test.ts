/** Who of the holders and waiters of a mutex is gone, by what the server says of them. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { createGoneRequests } from '../../activities/mutex.ts';
import { attemptWorkflowId, executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';

const GRACE_MS = 60_000;
const open = 'open' as ExecutionId;
const ended = 'ended' as ExecutionId;
const holderOf = (execution: ExecutionId, task: string): string => attemptWorkflowId(execution, task as TaskId, 1);

/** Status of a workflow and when it closed; whoever is not in here never was. */
const server = new Map<string, { readonly status: { readonly name: string }; readonly closeTime?: Date }>([
  [executionWorkflowId(open), { status: { name: 'RUNNING' } }],
  [executionWorkflowId(ended), { status: { name: 'TERMINATED' }, closeTime: new Date(0) }],
  [holderOf(ended, 'running'), { status: { name: 'RUNNING' } }],
  [holderOf(open, 'completed'), { status: { name: 'COMPLETED' }, closeTime: new Date() }],
  [holderOf(open, 'killed-now'), { status: { name: 'TERMINATED' }, closeTime: new Date() }],
  [holderOf(open, 'killed-once'), { status: { name: 'TERMINATED' }, closeTime: new Date(0) }],
]);
const client = {
  workflow: {
    getHandle: (id: string) => ({
      describe: () => {
        const found = server.get(id);
        return found ? Promise.resolve(found) : Promise.reject(new WorkflowNotFoundError('none', id, undefined));
      },
    }),
  },
} as unknown as Client;

test.each([
  { task: 'running', execution: ended, gone: false },
  { task: 'completed', execution: open, gone: true },
  { task: 'killed-now', execution: open, gone: false },
  { task: 'killed-once', execution: open, gone: true },
  { task: 'never-was', execution: open, gone: false },
  { task: 'never-was', execution: ended, gone: true },
  { task: 'never-was', execution: open, forgotten: true, gone: true },
  { task: 'running', execution: ended, forgotten: true, gone: false },
])('a holder: $task, its execution $execution, forgotten $forgotten: gone $gone', async ({ task, execution, forgotten, gone }) => {
  const holder = { id: 'it', holder: holderOf(execution, task), execution, graceMs: GRACE_MS, ...(forgotten && { forgotten }) };
  expect(await createGoneRequests({ client })({ holders: [holder], waiters: [] })).toEqual(gone ? ['it'] : []);
});

test('a waiter is gone with its execution', async () => {
  const waiters = [open, ended, 'never' as ExecutionId].map((execution) => ({ id: execution, execution }));
  expect(await createGoneRequests({ client })({ holders: [], waiters })).toEqual(['ended', 'never']);
});
