// Records the histories that test/replay replays: executions and attempts as the workflows of today write them.
//
//   npm run build && node scripts/record-histories.mjs healed undone   the named ones alone, beside what is there
//   npm run build && node scripts/record-histories.mjs                 all of them anew
//
// All anew only when no execution of an older version needs to go on (else guard a change that old histories
// cannot be replayed with by `patched`). It starts a server in memory that
// suggests to continue as new every 60 events, and a worker whose commands are made up, so that the recordings
// name no machine, no user and no path of one. Every run of a workflow becomes one file.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { appendAlert } from '../dist/activities/append-alert.js';
import { createFindDeadlocks } from '../dist/activities/deadlocks.js';
import { createFetchAttempt } from '../dist/activities/fetch-attempt.js';
import { createClosedAttempts, createOwnerIsOpen } from '../dist/activities/liveness.js';
import { createLoadGraph } from '../dist/activities/load-graph.js';
import { createEnsureMutex, createGoneRequests } from '../dist/activities/mutex.js';
import { computeOpenings } from '../dist/activities/openings.js';
import { createParsePatch } from '../dist/activities/parse-patch.js';
import { createPlanRepair } from '../dist/activities/plan-repair.js';
import { createJoinPool } from '../dist/activities/pool.js';
import { createTellQuarantine } from '../dist/activities/quarantine.js';
import { createConcludeRollback } from '../dist/activities/rollback/conclude.js';
import { createFetchRollback } from '../dist/activities/rollback/fetch.js';
import { createPlanRollback } from '../dist/activities/rollback/plan.js';
import { loadDevConfig } from '../dist/client/dev/config.js';
import { shippedConfig } from '../dist/client/dev/paths.js';
import { startDev } from '../dist/client/dev/server.js';
import { createTasksClient } from '../dist/client/tasks-client.js';
import { poolWorkflowId, workerQueueOf } from '../dist/model/ids.js';
import { dataConverter } from '../dist/temporal/data-converter.js';
import { createWorkers } from '../dist/temporal/workers.js';
import { SCENARIOS } from './histories/scenarios.mjs';

const HISTORIES = new URL('../test/replay/histories/', import.meta.url);
const { History } = proto.temporal.api.history.v1;
const IDENTITY = 'recorder';
const WORKSPACE = '/tmp/workspace';

/** Plans live in this process: nobody else reads them. */
const createStore = async () => {
  const { canonicalContent } = await import('../dist/store/hash.js');
  const plans = new Map();
  return {
    location: 'memory:',
    put: async (plan) => {
      const { hash } = canonicalContent(plan);
      plans.set(hash, plan);
      return hash;
    },
    get: async (hash) => plans.get(hash),
  };
};


Runtime.install({ logger: new DefaultLogger('ERROR') });
const shipped = await loadDevConfig({ file: shippedConfig() });
const dynamicConfig = new Map([...shipped.dynamicConfig, ['limit.historyCount.suggestContinueAsNew', 60]]);
const server = await startDev({ config: { ...shipped, ports: { grpc: 'auto', ui: 'auto' }, database: 'memory', dynamicConfig }, lifetime: 'parent' });
const { address, namespace } = server.info;
const connection = await Connection.connect({ address });
const native = await NativeConnection.connect({ address });
const client = new Client({ connection, namespace, identity: IDENTITY, dataConverter });
const store = await createStore();
const commands = new Map();
const { Context } = await import('@temporalio/activity');
const runAttempt = async (input) => {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 100);
  const startedAt = Date.now();
  try {
    const own = await commands.get(input.task)?.(input, context.cancellationSignal);
    return { task: input.task, attempt: input.attempt, outcome: 'succeeded', startedAt, finishedAt: Date.now(), worker: IDENTITY, host: 'host', exitCode: 0, tail: '', ...own };
  } finally {
    clearInterval(beat);
  }
};
const worker = await createWorkers({
  connection: native,
  namespace,
  identity: IDENTITY,
  dataConverter,
  taskQueue: 'tasks',
  workflowBundle: { codePath: fileURLToPath(new URL('../dist/workflow-bundle.js', import.meta.url)) },
  sinks: { tasksEvents: { event: { fn: () => undefined } } },
  maxHeartbeatThrottleInterval: '200ms',
  defaultHeartbeatThrottleInterval: '200ms',
  activities: {
    loadGraph: createLoadGraph({ store, client }),
    fetchAttempt: createFetchAttempt({ client }),
    parsePatch: createParsePatch({ store }),
    ownerIsOpen: createOwnerIsOpen({ client }),
    closedAttempts: createClosedAttempts({ client }),
    joinPool: createJoinPool({ client }),
    ensureMutex: createEnsureMutex({ client }),
    goneRequests: createGoneRequests({ client }),
    findDeadlocks: createFindDeadlocks({ client }),
    computeOpenings,
    tagDepth: async () => ({ tag: '' }),
    writeLedger: async () => ({ path: `${WORKSPACE}/provenance/recorded.jsonl` }),
    planRepair: createPlanRepair({ store, client }),
    planRollback: createPlanRollback({ store, client }),
    fetchRollback: createFetchRollback({ client }),
    concludeRollback: createConcludeRollback({ store }),
    tellQuarantine: createTellQuarantine({ client }),
    pruneCheckpoints: async () => {},
    appendAlert,
    runAttempt,
  },
});
const working = worker.run();
// It takes what is placed on it from the start, whether it has announced itself or not.
const present = await Worker.create({ connection: native, namespace, identity: IDENTITY, dataConverter, taskQueue: workerQueueOf('tasks', 'present'), activities: { runAttempt } });
const presenting = present.run();
const tellPool = (signal, message) =>
  client.workflow.signalWithStart('pool', { workflowId: poolWorkflowId('tasks'), taskQueue: 'tasks', args: [], signal, signalArgs: [message] });
const announce = (worker, capabilities) =>
  tellPool('announce', { worker, host: 'host', capabilities, slots: 2, cpus: 1, memoryMb: 1_024, version: '0', pressure: 'none' });
const leave = (worker) => tellPool('leave', { worker });
const tasks = createTasksClient({ client, address, store, searchAttributes: true, close: async () => {} });

/** A stack names the directory in which the recording was made; no replay looks at it. */
const withoutPlaces = (key, value) => (key === 'stackTrace' ? '' : value);

/** Every run of a workflow, the first one first. */
const save = async (workflowId, name) => {
  const runs = [];
  for (let runId = (await client.workflow.getHandle(workflowId).describe()).runId; runId; ) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.unshift(history);
    runId = history.events[0].workflowExecutionStartedEventAttributes.continuedExecutionRunId;
  }
  for (const [index, history] of runs.entries()) {
    const file = runs.length === 1 ? `${name}.json` : `${name}-${index + 1}.json`;
    await writeFile(new URL(file, HISTORIES), `${JSON.stringify({ workflowId, history: History.toObject(history, { longs: String, enums: String, bytes: String }) }, withoutPlaces)}\n`);
  }
};

const wanted = process.argv.slice(2);
for (const name of wanted) if (!SCENARIOS.has(name)) throw new Error(`there is no scenario ${name}: ${[...SCENARIOS.keys()].join(', ')}`);
await mkdir(HISTORIES, { recursive: true });
if (wanted.length === 0) for (const file of await readdir(HISTORIES)) if (file.endsWith('.json')) await rm(new URL(file, HISTORIES));
for (const [name, record] of SCENARIOS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  commands.clear();
  const run = async (plan, steer = async () => {}, options = {}) => {
    const { executionId: execution, workflowId } = await tasks.start(plan, { executionId: name, workspace: WORKSPACE, ...options });
    const until = async (wanted) => {
      for await (const event of tasks.events(execution, { follow: true })) if (wanted(event)) return;
      throw new Error(`${name} ended without the event`);
    };
    await steer({ tasks, execution, handle: client.workflow.getHandle(workflowId), until });
    const { outcome } = await tasks.result(execution);
    await save(workflowId, name);
    console.error(`${name}: ${outcome}`);
  };
  await record({ run, commands, announce, leave, save });
}
if (wanted.length === 0) await recordOthers();
present.shutdown();
worker.shutdown();
await Promise.all([working, presenting]);
await native.close();
await connection.close();
await server.stop();

/** Runs of workers that come, change and go, told to an execution that lives and to one that has ended; and what the scenarios have left. */
async function recordOthers() {
  const listener = await client.workflow.start('execution', { workflowId: 'tasks/listener', taskQueue: 'nobody', args: [] });
  for (const execution of ['listener', 'children']) await tellPool('join', { execution });
  for (let round = 0; round < 10; round += 1) {
    const profile = { host: 'host', capabilities: round % 2 === 0 ? [] : ['db'], slots: 1 + round, cpus: 2, memoryMb: 4_096, version: '1.0.0', pressure: 'none' };
    for (const worker of ['1@host-a', `${round}@host-b`]) await tellPool('announce', { worker, ...profile });
    await tellPool('leave', { worker: `${round}@host-b` });
    await tellPool('announce', { nonsense: true });
    // Longer than changes are gathered: they are told one by one.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  await listener.terminate();
  for (const [workflowId, name] of [
    ['tasks/children/t/T0/1', 'attempt'],
    ['tasks/people/t/approve/1', 'attempt-person'],
    ['tasks/runs/t/long/1', 'attempt-reporting'],
    ['tasks/aborted/t/endless/1', 'attempt-cancelled'],
    ['tasks/locks/t/T1/1', 'attempt-holding'],
    ['tasks/locks/t/lost/1', 'attempt-lost-holding'],
    ['mutex/default', 'mutex'],
    ['pool/tasks', 'pool'],
  ]) {
    await save(workflowId, name);
  }
}
