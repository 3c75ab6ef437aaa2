/**
 * A worker with the real workflows on a real server, and commands that the test drives: what an attempt does
 * is a function of the test's, everything else is what users run.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { WorkerTuner } from '@temporalio/worker';
import { createFindDeadlocks } from '../../activities/deadlocks.ts';
import { createFetchAttempt } from '../../activities/fetch-attempt.ts';
import { createClosedAttempts, createOwnerIsOpen } from '../../activities/liveness.ts';
import { createEnsureMutex, createGoneRequests } from '../../activities/mutex.ts';
import { createJoinPool } from '../../activities/pool.ts';
import { createLoadGraph } from '../../activities/load-graph.ts';
import { computeOpenings } from '../../activities/openings.ts';
import { createPlanRepair } from '../../activities/plan-repair.ts';
import { createParsePatch } from '../../activities/parse-patch.ts';
import { createTellQuarantine } from '../../activities/quarantine.ts';
import { createConcludeRollback } from '../../activities/rollback/conclude.ts';
import { createFetchRollback } from '../../activities/rollback/fetch.ts';
import { createPlanRollback } from '../../activities/rollback/plan.ts';
import { createTasksClient } from '../../client/tasks-client.ts';
import type { TasksClient } from '../../client/api.ts';
import type { Activities } from '../../model/activity.ts';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { poolWorkflowId, workerQueueOf } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { WORKFLOW } from '../../model/message.ts';
import { POOL_SIGNAL } from '../../model/pool.ts';
import type { WorkerProfile } from '../../model/pool.ts';
import { FilePlanStore } from '../../store/file-store.ts';
import type { PlanStore } from '../../store/plan-store.ts';
import { workflowBundlePath } from '../../temporal/bundle.ts';
import { connect } from '../../temporal/connect.ts';
import type { Connected } from '../../temporal/connect.ts';
import { connectWorker } from '../../temporal/connect-worker.ts';
import { dataConverter } from '../../temporal/data-converter.ts';
import { installRuntime } from '../../temporal/runtime.ts';
import { createWorkers } from '../../temporal/workers.ts';
import type { Workers } from '../../temporal/workers.ts';

/** What an attempt does; answers what differs from a quick success. */
export type FakeCommand = (input: AttemptInput, signal: AbortSignal) => Promise<Partial<AttemptResult> | undefined> | Partial<AttemptResult> | undefined;

export interface Rig extends AsyncDisposable {
  readonly tasks: TasksClient;
  readonly temporal: Connected['client'];
  readonly worker: Workers;
  readonly taskQueue: string;
  /** Plans, and what patches brought. */
  readonly store: PlanStore;
  /** By task id; `*` for all others. */
  readonly commands: Map<string, FakeCommand>;
  /** Attempts in the order in which they began. */
  readonly begun: AttemptInput[];
  /** Highest number of attempts at work at once. */
  peak(): number;
  /** Announces a worker to the pool of the rig's queue. Nobody takes what is placed on it, unless it is `real`. */
  announce(profile: Partial<WorkerProfile> & Pick<WorkerProfile, 'worker'>, options?: { readonly real?: boolean }): Promise<void>;
  leave(worker: string): Promise<void>;
  start(plan: StoredPlan, options?: Parameters<TasksClient['start']>[1]): Promise<ExecutionId>;
  events(execution: ExecutionId): Promise<ExecutionEvent[]>;
  /** Resolves when the execution has emitted an event that the test looks for. */
  until(execution: ExecutionId, wanted: (event: ExecutionEvent) => boolean): Promise<ExecutionEvent>;
}

export interface RigOptions {
  readonly server: { readonly address: string; readonly namespace: string };
  readonly cachedWorkflows?: number;
  /** Attempts at work at once. */
  readonly slots?: number;
  /** Instead of slots. */
  readonly tuner?: WorkerTuner;
  /** False: the rig's worker takes no commands from the shared queue. */
  readonly generic?: boolean;
}

export const startRig = async ({ server, cachedWorkflows, slots, tuner, generic = true }: RigOptions): Promise<Rig> => {
  installRuntime({ logLevel: 'ERROR' });
  const { namespace } = server;
  const connected = await connect({ address: server.address, namespace });
  const native = await connectWorker(connected.config);
  // A queue of its own: another rig's worker must not take this one's tasks.
  const taskQueue = `rig-${randomUUID()}`;
  const directory = await mkdtemp(join(tmpdir(), 'tasks-rig-'));
  const store = new FilePlanStore({ directory });
  const { client } = connected;
  const commands = new Map<string, FakeCommand>();
  const begun: AttemptInput[] = [];
  let running = 0;
  let peak = 0;
  const activities: Activities = {
    loadGraph: createLoadGraph({ store, client }),
    fetchAttempt: createFetchAttempt({ client }),
    parsePatch: createParsePatch({ store }),
    planRepair: createPlanRepair({ store, client }),
    planRollback: createPlanRollback({ store, client }),
    fetchRollback: createFetchRollback({ client }),
    concludeRollback: createConcludeRollback({ store }),
    computeOpenings,
    ownerIsOpen: createOwnerIsOpen({ client }),
    closedAttempts: createClosedAttempts({ client }),
    joinPool: createJoinPool({ client }),
    tellQuarantine: createTellQuarantine({ client }),
    ensureMutex: createEnsureMutex({ client }),
    goneRequests: createGoneRequests({ client }),
    findDeadlocks: createFindDeadlocks({ client }),
    pruneCheckpoints: () => Promise.resolve(),
    writeLedger: () => Promise.resolve({ path: '' }),
    tagDepth: () => Promise.resolve({ tag: '' }),
    runAttempt: async (input) => {
      begun.push(input);
      running += 1;
      peak = Math.max(peak, running);
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), 100);
      const startedAt = Date.now();
      try {
        const command = commands.get(input.task) ?? commands.get('*');
        const own = await command?.(input, context.cancellationSignal);
        const { task, attempt } = input;
        return { task, attempt, outcome: 'succeeded', startedAt, finishedAt: Date.now(), worker: 'rig', host: 'rig', exitCode: 0, tail: '', ...own };
      } finally {
        running -= 1;
        clearInterval(beat);
      }
    },
  };
  const signalPool = (signal: string, argument: unknown): Promise<unknown> =>
    client.workflow.signalWithStart(WORKFLOW.pool, { workflowId: poolWorkflowId(taskQueue), taskQueue, args: [], signal, signalArgs: [argument] });
  const placed: { readonly worker: Worker; readonly run: Promise<void> }[] = [];
  const worker = await createWorkers({
    connection: native,
    namespace,
    dataConverter,
    taskQueue,
    ...(!generic && { own: { worker: 'nobody', only: true } }),
    workflowBundle: { codePath: fileURLToPath(workflowBundlePath()) },
    activities,
    sinks: { tasksEvents: { event: { fn: () => undefined } } },
    maxHeartbeatThrottleInterval: '200ms',
    defaultHeartbeatThrottleInterval: '200ms',
    stickyQueueScheduleToStartTimeout: '2s',
    shutdownGraceTime: 0,
    ...(slots !== undefined && { maxConcurrentActivityTaskExecutions: slots }),
    ...(tuner && { tuner }),
    ...(cachedWorkflows !== undefined && { maxCachedWorkflows: cachedWorkflows }),
  });
  const run = worker.run();
  const tasks = createTasksClient({ client, address: server.address, store, taskQueue, searchAttributes: true, close: () => Promise.resolve() });
  const collect = async (execution: ExecutionId): Promise<ExecutionEvent[]> => {
    const events: ExecutionEvent[] = [];
    for await (const event of tasks.events(execution)) events.push(event);
    return events;
  };
  return {
    tasks,
    temporal: client,
    worker,
    taskQueue,
    store,
    commands,
    begun,
    peak: () => peak,
    announce: async (profile, { real = false } = {}) => {
      const { slots: at = 1, worker: name } = profile;
      if (real) {
        const own = await Worker.create({
          connection: native,
          namespace,
          dataConverter,
          taskQueue: workerQueueOf(taskQueue, name),
          activities: { runAttempt: async (input: AttemptInput) => ({ ...(await activities.runAttempt(input)), worker: name, host: profile.host ?? 'rig' }) },
          maxConcurrentActivityTaskExecutions: at,
          shutdownGraceTime: 0,
        });
        placed.push({ worker: own, run: own.run() });
      }
      const whole: WorkerProfile = { host: 'rig', capabilities: [], slots: at, cpus: 1, memoryMb: 1_024, version: '0', pressure: 'none', ...profile };
      await signalPool(POOL_SIGNAL.announce, whole);
    },
    leave: async (name) => void (await signalPool(POOL_SIGNAL.leave, { worker: name })),
    start: async (plan, options = {}) => {
      const executionId = options.executionId ?? (`rig-${randomUUID()}` as ExecutionId);
      await tasks.start(plan, { workspace: directory, ...options, executionId });
      return executionId;
    },
    events: collect,
    until: async (execution, wanted) => {
      for await (const event of tasks.events(execution, { follow: true })) if (wanted(event)) return event;
      throw new Error('the execution ended without the event');
    },
    [Symbol.asyncDispose]: async () => {
      for (const own of placed) own.worker.shutdown();
      worker.shutdown();
      await Promise.all([run, ...placed.map((own) => own.run)]);
      await connected.close();
      await native.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** An attempt that ends when the test says so. */
export const gate = (): { readonly opened: Promise<void>; open(): void } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

/** A command that runs until it is cancelled. */
export const endless: FakeCommand = (_, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ outcome: 'cancelled' }), { once: true });
  });

export const failing = (message = 'it broke'): FakeCommand => () => ({
  outcome: 'failed',
  exitCode: 1,
  failure: { reason: 'exit', class: 'transient', message },
});
