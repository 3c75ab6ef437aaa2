/**
 * A client, a workspace with a journal, and worker processes on a queue of their own: everything that crash tests
 * kill runs in a process of its own.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventsOptions, StartOptions, TasksClient } from '../../client/api.ts';
import { createTasksClient } from '../../client/tasks-client.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { TASK_QUEUE } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { FilePlanStore } from '../../store/file-store.ts';
import { connect } from '../../temporal/connect.ts';
import type { Connected } from '../../temporal/connect.ts';
import { openJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { startWorkerProcess } from './processes.ts';
import type { WorkerProcess } from './processes.ts';

export interface RecoveryRig extends AsyncDisposable {
  readonly tasks: TasksClient;
  readonly temporal: Connected['client'];
  readonly workspace: string;
  readonly journal: Journal;
  /** As `TASKS_PLAN_STORE` takes it. */
  readonly planStore: string;
  /** Its own, or the usual one. */
  readonly queue: string;
  worker(options?: { readonly slots?: number; readonly graceSeconds?: number; readonly planStore?: string; readonly capabilities?: readonly string[]; readonly memoryThreshold?: number; readonly preload?: URL }): Promise<WorkerProcess>;
  start(plan: StoredPlan, options?: StartOptions): Promise<ExecutionId>;
  /** Follows from the first event to the end. */
  follow(execution: ExecutionId, options?: EventsOptions): Promise<ExecutionEvent[]>;
  until(execution: ExecutionId, wanted: (event: ExecutionEvent) => boolean): Promise<ExecutionEvent>;
}

export interface RecoveryRigOptions {
  readonly server: { readonly address: string; readonly namespace: string };
  /** The queue that the command line starts executions on, instead of one of the rig's own. */
  readonly usualQueue?: boolean;
}

export const startRecoveryRig = async ({ server, usualQueue = false }: RecoveryRigOptions): Promise<RecoveryRig> => {
  const { address, namespace } = server;
  const connected = await connect({ address, namespace });
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'tasks-recovery-')));
  const planStore = `file:${join(directory, '.plans')}`;
  const queue = usualQueue ? {} : { queue: `recovery-${randomUUID()}` };
  const { client } = connected;
  const workers: WorkerProcess[] = [];
  const tasks = createTasksClient({
    client,
    address,
    store: new FilePlanStore({ directory: join(directory, '.plans') }),
    searchAttributes: true,
    ...(queue.queue !== undefined && { taskQueue: queue.queue }),
    close: () => Promise.resolve(),
  });
  return {
    tasks,
    temporal: client,
    workspace: directory,
    journal: await openJournal(directory),
    planStore,
    queue: queue.queue ?? TASK_QUEUE,
    worker: async (options = {}) => {
      const worker = await startWorkerProcess({ server, planStore, ...queue, ...options });
      workers.push(worker);
      return worker;
    },
    start: async (plan, options = {}) => (await tasks.start(plan, { workspace: directory, graceMs: 1_000, ...options })).executionId,
    follow: (execution, options = {}) => {
      const following = collect(tasks.events(execution, { follow: true, ...options }));
      // A test that fails first does not wait for it.
      following.catch(() => undefined);
      return following;
    },
    until: async (execution, wanted) => {
      for await (const event of tasks.events(execution, { follow: true })) if (wanted(event)) return event;
      throw new Error('the execution ended without the event');
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
      await connected.close();
      // A killed worker's launcher may still be ending its commands.
      await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
};

const collect = async (stream: AsyncIterable<ExecutionEvent>): Promise<ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
};
