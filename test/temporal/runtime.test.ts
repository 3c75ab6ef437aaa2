import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { executionWorkflowId } from '../../model/ids.ts';
import { installRuntime } from '../../temporal/runtime.ts';
import { makePlan } from '../support/plan.ts';
import { endless, failing, startRig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

const lines: string[] = [];
// Before the rig's own: the first of a process decides.
installRuntime({ log: (line) => void lines.push(line) });

test('an execution that fails or is aborted is no line of the log; a fault of a workflow is one', async () => {
  await using rig = await startRig({ server: sharedServer() });
  rig.commands.set('fails', failing()).set('hangs', endless);

  const failed = await rig.start(makePlan([{ id: 'fails' }]));
  expect((await rig.tasks.result(failed)).outcome).toBe('failed');
  const aborted = await rig.start(makePlan([{ id: 'hangs' }]));
  await rig.until(aborted, ({ type }) => type === 'task_started');
  await rig.tasks.abort(aborted);
  expect((await rig.tasks.result(aborted)).outcome).toBe('aborted');

  const { taskQueue } = rig;
  const broken = await rig.temporal.workflow.start('no-such-workflow', { workflowId: randomUUID(), taskQueue });
  await expect.poll(() => lines.join('\n')).toContain('no-such-workflow');
  await broken.terminate();
  const lost = await rig.temporal.workflow.start('execution', { workflowId: `tasks/${randomUUID()}`, taskQueue, args: [{ plan: 'a'.repeat(64), workspace: '/' }] });
  await expect.poll(() => lines.join('\n')).toContain(`Workflow failed (${lost.workflowId})`);
  // The lines of the ends above came before these.
  for (const execution of [failed, aborted]) expect(lines.filter((line) => line.includes(executionWorkflowId(execution)))).toEqual([]);
  // One of the two workers of a process has none, and that is as it should be.
  expect(lines.filter((line) => line.includes('No workflows'))).toEqual([]);
});
