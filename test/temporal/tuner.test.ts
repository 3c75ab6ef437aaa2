import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createController, createTuner, NO_TARGET } from '../../temporal/tuner.ts';
import { makePlan } from '../support/plan.ts';
import { gate, startRig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

/** What else this machine does must not decide whether a test passes. */
const unlimited = () => createController({ cpu: NO_TARGET, memory: NO_TARGET });

const holdAll = (count: number) => {
  const gates = new Map(Array.from({ length: count }, (_, n) => [`t${String(n)}`, gate()]));
  const plan = makePlan([...gates.keys()].map((id) => ({ id })));
  return { gates, plan };
};

test('only commands are held back by the machine, and no time passes between two of them', () => {
  const controller = unlimited();
  expect(createTuner({ slots: 7, controller })).toEqual({
    activityTaskSlotSupplier: { type: 'resource-based', minimumSlots: 1, maximumSlots: 7, rampThrottle: '0ms', controller },
    workflowTaskSlotSupplier: { type: 'fixed-size', numSlots: 40 },
    localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: 20 },
    nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: 100 },
  });
});

test('a worker runs as many commands at once as it has slots, and never more', async () => {
  const slots = 5;
  await using rig = await startRig({ server: sharedServer(), tuner: createTuner({ slots, controller: unlimited() }) });
  const { gates, plan } = holdAll(15);
  rig.commands.set('*', async ({ task }) => {
    await gates.get(task)?.opened;
    return undefined;
  });
  const execution = await rig.start(plan);
  for (let ended = 0; ended < gates.size; ended += 1) {
    const begun = Math.min(slots + ended, gates.size);
    await expect.poll(() => rig.begun.length).toBe(begun);
    gates.get(rig.begun[ended]?.task ?? '')?.open();
  }
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  expect(rig.peak()).toBe(slots);
});

test('on a machine over its limits a worker still takes one command at a time', async () => {
  const controller = createController({ cpu: 0, memory: 0 });
  await using rig = await startRig({ server: sharedServer(), tuner: createTuner({ slots: 5, controller }) });
  // Long enough to meet the next, were it taken at once.
  rig.commands.set('*', () => delay(200));
  const execution = await rig.start(makePlan(['a', 'b', 'c', 'd'].map((id) => ({ id }))));
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  expect(rig.begun).toHaveLength(4);
  expect(rig.peak()).toBe(1);
});
