/**
 * How many commands a worker takes at once: up to its slots, as long as its machine has room. The SDK's resource-based
 * tuner decides before a command is taken, by figures of the last tenth of a second; a command that runs is left alone.
 *
 * As of SDK 1.24 no slot is given beyond the first when CPU is within 1 point of the SDK's target, or memory within 5:
 * the targets that it is given are higher by as much than those stated here.
 */
import { ResourceBasedController } from '@temporalio/worker';
import type { TunerHolder } from '@temporalio/worker';

/** Percent of the machine, or of its container; beyond them one command at a time is taken. */
export interface TunerTargets {
  readonly cpu: number;
  readonly memory: number;
}

/** One that no machine reaches. */
export const NO_TARGET = 200;

/** So many points below its target the SDK gives no second slot: that shall be where pressure begins, and is told. */
const HELD_BACK_WITHIN = { cpu: 1, memory: 5 } as const;

/** What a worker had before it had a tuner: the SDK's default, and ours. None of them runs a command. */
const WORKFLOW_SLOTS = 40;
const LOCAL_SLOTS = 20;
const NEXUS_SLOTS = 100;

/**
 * Looks at the machine in a thread of its own, for as long as somebody holds it: one for all workers of a process, who
 * then decide alike.
 */
export const createController = ({ cpu, memory }: TunerTargets): ResourceBasedController =>
  ResourceBasedController.create({ targetCpuUsage: (cpu + HELD_BACK_WITHIN.cpu) / 100, targetMemoryUsage: (memory + HELD_BACK_WITHIN.memory) / 100 });

/**
 * For `tuner` of a worker's options, which excludes every `maxConcurrent…Executions`. One slot is given whatever the
 * machine does: a worker that is held back for ever would be a stuck one.
 */
export const createTuner = ({ slots, controller }: { readonly slots: number; readonly controller: ResourceBasedController }): TunerHolder => ({
  // By default 50 ms pass between two slots, which makes 20 commands a second of any machine.
  activityTaskSlotSupplier: { type: 'resource-based', minimumSlots: 1, maximumSlots: slots, rampThrottle: '0ms', controller },
  workflowTaskSlotSupplier: { type: 'fixed-size', numSlots: WORKFLOW_SLOTS },
  localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: LOCAL_SLOTS },
  nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: NEXUS_SLOTS },
});
