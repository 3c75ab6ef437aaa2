/** What goes on while every slot of a worker is taken by a command. */
import { expect, test } from 'vitest';
import { executionWorkflowId } from '../../model/ids.ts';
import { SIGNAL } from '../../model/message.ts';
import { makePlan } from '../support/plan.ts';
import { gate, startRig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

test('executions begin, and read the patches of strangers, although no slot is free', async () => {
  await using rig = await startRig({ server: sharedServer(), slots: 1 });
  const hold = gate();
  rig.commands.set('busy', async () => {
    await hold.opened;
    return undefined;
  });
  const one = await rig.start(makePlan([{ id: 'busy' }]));
  await expect.poll(() => rig.begun.length).toBe(1);
  const two = await rig.start(makePlan([{ id: 'later' }]));
  await rig.temporal.workflow.getHandle(executionWorkflowId(two)).signal(SIGNAL.hotUpdate, { op: 'inject_task', id: 'p', task: { id: 'more', cmd: 'true' } });
  await rig.until(two, (event) => event.type === 'hot_update' && event.patchId === 'p');
  expect(rig.begun.map(({ task }) => task)).toEqual(['busy']);
  hold.open();
  for (const execution of [one, two]) expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
});
