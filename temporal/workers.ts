/**
 * The Temporal workers of one process, one for each of its queues.
 *
 * - the shared queue: workflows, and commands that any worker may run;
 * - the control queue: what executions, mutexes and pools need besides (loading a plan, looking whether somebody still
 *   lives). It is short, and has slots of its own: it must go on while every slot runs a command;
 * - the worker's own queue: commands that were placed on it.
 *
 * Each counts its slots for itself. That commands of two queues are no more than there are slots is the business of
 * the activity (`Seats`).
 */
import { Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../model/activity.ts';
import { controlQueueOf, workerQueueOf } from '../model/ids.ts';

/** The one activity that takes a command's slot. */
const COMMAND: keyof Activities = 'runAttempt';
const CONTROL_SLOTS = 20;
/** Whatever is cut off is tried again by another worker. */
const CONTROL_SHUTDOWN = '10s';

/** What holds for commands of the shared queue holds for those of the worker's own: slots or tuner, heartbeats, grace. */
export interface WorkersOptions extends WorkerOptions {
  readonly taskQueue: string;
  readonly activities: Activities;
  /** Whose own queue it takes commands from, if any; `only`: from no other. */
  readonly own?: { readonly worker: string; readonly only: boolean };
}

export interface Workers {
  /** Settles when all have ended. One's failure ends the others, and is thrown. */
  run(): Promise<void>;
  /** Takes no more work; commands run on for the worker's grace. */
  shutdown(): void;
}

export const createWorkers = async ({ activities, own, ...shared }: WorkersOptions): Promise<Workers> => {
  const named = Object.entries(activities);
  const pick = (wanted: (name: string) => boolean): object => Object.fromEntries(named.filter(([name]) => wanted(name)));
  const commands = pick((name) => name === COMMAND);
  const { connection, namespace, identity, dataConverter, taskQueue } = shared;
  const { workflowBundle: _bundle, sinks: _sinks, maxCachedWorkflows: _cached, ...ofCommands } = shared;
  const workers = [
    await Worker.create({ ...shared, ...(!own?.only && { activities: commands }) }),
    await Worker.create({
      ...(connection && { connection }),
      ...(namespace !== undefined && { namespace }),
      ...(identity !== undefined && { identity }),
      ...(dataConverter && { dataConverter }),
      taskQueue: controlQueueOf(taskQueue),
      activities: pick((name) => name !== COMMAND),
      maxConcurrentActivityTaskExecutions: CONTROL_SLOTS,
      shutdownForceTime: CONTROL_SHUTDOWN,
    }),
    ...(own ? [await Worker.create({ ...ofCommands, taskQueue: workerQueueOf(taskQueue, own.worker), activities: commands })] : []),
  ];
  const shutdown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    shutdown,
    run: async () => {
      const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
};
