/**
 * The two Temporal workers of one process. Commands have a number of slots, and a task that waits for one waits long;
 * what executions and mutexes need besides (loading a plan, looking whether somebody still lives) is short, and has a
 * queue and slots of its own: it must go on while every slot runs a command.
 */
import { Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../model/activity.ts';
import { controlQueueOf } from '../model/ids.ts';

/** The one activity that takes a command's slot. */
const COMMAND: keyof Activities = 'runAttempt';
const CONTROL_SLOTS = 20;
/** Whatever is cut off is tried again by another worker. */
const CONTROL_SHUTDOWN = '10s';

export interface Workers {
  /** Settles when both have ended. Either's failure ends the other, and is thrown. */
  run(): Promise<void>;
  /** Takes no more work; commands run on for the worker's grace. */
  shutdown(): void;
}

export const createWorkers = async (options: WorkerOptions & { readonly taskQueue: string; readonly activities: Activities }): Promise<Workers> => {
  const { activities, ...shared } = options;
  const named = Object.entries(activities);
  const pick = (wanted: (name: string) => boolean): object => Object.fromEntries(named.filter(([name]) => wanted(name)));
  const { connection, namespace, identity, dataConverter, taskQueue } = shared;
  const workers = [
    await Worker.create({ ...shared, activities: pick((name) => name === COMMAND) }),
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
