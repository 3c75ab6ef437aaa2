/** The two sides that are measured: each runs a graph with a worker process of its own. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TasksClient } from '../../client/api.ts';
import { createTasksClient } from '../../client/tasks-client.ts';
import type { Dispatch, Policies } from '../../model/graph.ts';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import type { ExecutionState } from '../../model/message.ts';
import { openPlanStore } from '../../store/open.ts';
import { executionHistory } from '../../temporal/history.ts';
import type { TunerTargets } from '../../temporal/tuner.ts';
import type { BenchServer } from './bench-server.ts';
import { chainOf, planOf } from './dag.ts';
import type { BareInput, Dag } from './dag.ts';
import { builtCommandLine, builtWorker, startWorkerProcess } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';

export interface Started {
  readonly workflowId: string;
  /** Settles at the end, with the milliseconds since before the start. */
  readonly ended: Promise<number>;
}

export interface Side extends AsyncDisposable {
  readonly name: string;
  readonly worker: WorkerProcess;
  start(dag: Dag): Promise<Started>;
  /** Events of the workflow that walks the graph, over all of its runs. */
  events(started: Started): Promise<number>;
}

export interface OurSide extends Side {
  readonly tasks: TasksClient;
  readonly workspace: string;
  executionOf(started: Started): ExecutionId;
  stateOf(started: Started): Promise<ExecutionState>;
}

export interface SideOptions {
  readonly server: BenchServer;
  readonly slots?: number;
  readonly profile?: string | undefined;
}

/** Until a worker has run something it is not what users have: its process has loaded nothing yet. */
const WARM_UP = chainOf(3);

const warm = async <S extends Side>(side: S): Promise<S> => {
  await (await side.start(WARM_UP)).ended;
  return side;
};

export interface OurOptions extends SideOptions {
  readonly dispatch?: Policies['dispatch'];
}

export const startOurs = async ({ server, dispatch = 'child', slots, profile }: OurOptions): Promise<OurSide> => {
  const { address, namespace, client, planStore, directory } = server;
  const workspace = join(directory, `workspace-${randomUUID()}`);
  await mkdir(workspace, { recursive: true });
  const worker = await startWorkerProcess({
    ...(slots === undefined ? { program: builtWorker() } : { program: builtCommandLine(), args: ['worker', '--slots', String(slots)] }),
    environment: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TASKS_PLAN_STORE: planStore },
    profile,
  });
  const store = openPlanStore({ location: planStore });
  const tasks = createTasksClient({ client, address, store, searchAttributes: true, close: () => Promise.resolve() });
  const executionOf = ({ workflowId }: Started): ExecutionId => workflowId.slice(executionWorkflowId('' as ExecutionId).length) as ExecutionId;
  return warm({
    name: dispatch === 'auto' ? 'ours, auto' : 'ours',
    worker,
    tasks,
    workspace,
    executionOf,
    stateOf: async (started) => {
      const { state } = await tasks.result(executionOf(started));
      if (!state) throw new Error('the execution has no state');
      return state;
    },
    start: async (dag) => {
      const plan = planOf(dag, dispatch);
      const begun = performance.now();
      const { executionId, workflowId } = await tasks.start(plan, { workspace });
      const end = async (): Promise<number> => {
        const { outcome } = await tasks.result(executionId);
        if (outcome !== 'succeeded') throw new Error(`${workflowId} ${outcome}`);
        return performance.now() - begun;
      };
      return { workflowId, ended: end() };
    },
    events: async (started) => {
      let count = 0;
      for await (const _event of executionHistory({ client, execution: executionOf(started) })) count += 1;
      return count;
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  });
};

export interface BareOptions extends SideOptions {
  readonly dispatch?: Dispatch;
  /** Percent of processors and of memory beyond which the worker takes no more. */
  readonly tuner?: TunerTargets | undefined;
  /** For sides that live at the same time. */
  readonly taskQueue?: string;
}

export const startBare = async ({ server, dispatch = 'child', slots, profile, tuner, taskQueue = 'bare' }: BareOptions): Promise<Side> => {
  const { address, namespace, bareClient: client, bareBundle } = server;
  const worker = await startWorkerProcess({
    program: fileURLToPath(new URL('../bare/worker.js', import.meta.url)),
    environment: {
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      BENCH_BARE_BUNDLE: bareBundle,
      BENCH_QUEUE: taskQueue,
      ...(slots !== undefined && { BENCH_SLOTS: String(slots) }),
      ...(tuner && { BENCH_TUNER: `${String(tuner.cpu)},${String(tuner.memory)}` }),
    },
    profile,
  });
  return warm({
    name: `${dispatch === 'child' ? 'bare' : 'bare activities'}${tuner ? `, tuner ${String(tuner.cpu)} and ${String(tuner.memory)} %` : ''}`,
    worker,
    start: async ({ tasks, concurrency }) => {
      const input: BareInput = { tasks, concurrency, dispatch };
      const workflowId = `bare/${randomUUID()}`;
      const begun = performance.now();
      const handle = await client.workflow.start('bareDag', { workflowId, taskQueue, args: [input] });
      const end = async (): Promise<number> => {
        await handle.result();
        return performance.now() - begun;
      };
      return { workflowId, ended: end() };
    },
    events: async ({ workflowId }) => (await client.workflow.getHandle(workflowId).describe()).historyLength,
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  });
};
