/** What clients say of an execution whose workflow task fails over and over. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

let rig: Rig;
const execution = `broken-${randomUUID()}` as ExecutionId;
beforeAll(async () => {
  rig = await startRig({ server: sharedServer() });
  // No worker knows a workflow of this type: each of its workflow tasks fails.
  const handle = await rig.temporal.workflow.start('nonsense', { workflowId: executionWorkflowId(execution), taskQueue: rig.taskQueue });
  const attempt = async (): Promise<number> => (await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0;
  await vi.waitFor(async () => expect(await attempt()).toBeGreaterThan(1), 60_000);
});
afterAll(async () => {
  await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).terminate();
  await rig[Symbol.asyncDispose]();
});

test.each([
  ['its state', () => rig.tasks.state(execution)],
  ['a task', () => rig.tasks.task(execution, 'a')],
  ['a pause', () => rig.tasks.pause(execution)],
] as const)('asked for %s it says that its workflow task fails, why, and what shows more', async (_what, ask) => {
  await expect(ask()).rejects.toMatchObject({
    problems: [
      {
        code: 'TASKS2010',
        message: expect.stringMatching(/workflow task of execution broken-\S+ fails, attempt [2-9]\d*: .*nonsense/u) as string,
        hint: expect.stringContaining(`temporal workflow show --workflow-id tasks/${execution}`) as string,
      },
    ],
  });
});
