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
import { setTimeout as delay } from 'node:timers/promises';
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
import { DEFAULT_POLICIES } from '../dist/model/graph.js';
import { poolWorkflowId, quarantineWorkflowId, workerQueueOf } from '../dist/model/ids.js';
import { dataConverter } from '../dist/temporal/data-converter.js';
import { createWorkers } from '../dist/temporal/workers.js';

const HISTORIES = new URL('../test/replay/histories/', import.meta.url);
const { History } = proto.temporal.api.history.v1;
const IDENTITY = 'recorder';
const WORKSPACE = '/tmp/workspace';

/** A plan from `id`, `deps` by id, and the fields of a task of the graph. */
const planOf = (tasks, policies = {}, resources) => ({
  schema: 1,
  format: 'flowops',
  graph: {
    schema: 1,
    name: 'recorded',
    sources: [],
    ...(resources && { resources }),
    policies: { ...DEFAULT_POLICIES, retry: { ...DEFAULT_POLICIES.retry, initialDelayMs: 10, maxDelayMs: 50 }, ...policies },
    tasks: tasks.map(({ deps = [], soft = [], ...task }) => {
      const indices = (ids) => ids.map((id) => tasks.findIndex((other) => other.id === id));
      return { estimateMs: 1_000, ...task, ...(deps.length > 0 && { deps: indices(deps) }), ...(soft.length > 0 && { soft: indices(soft) }) };
    }),
  },
  tasks: tasks.map(({ id }) => ({ id, command: 'true', fields: {} })),
  fields: {},
});

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

/** A command that the recording drives. */
const gate = () => {
  let open;
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

const chains = (length, width, task = {}) =>
  Array.from({ length: length * width }, (_, i) => ({ id: `T${i}`, ...(i >= width && { deps: [`T${i - width}`] }), ...task }));

/** Each starts one execution and resolves when it has closed. `commands` by task id: answers what differs from success. */
const SCENARIOS = new Map([
  ['children', async ({ run }) => run(planOf(chains(3, 2)))],
  ['light', async ({ run }) => run(planOf(chains(4, 3), { dispatch: 'auto' }))],
  [
    'retries',
    async ({ run, commands }) => {
      const failure = (reason) => ({ outcome: 'failed', exitCode: 1, failure: { reason, class: 'transient', message: 'it broke' }, tail: 'it broke' });
      commands.set('flaky', ({ attempt }) => (attempt < 3 ? failure('exit') : {}));
      commands.set('broken', () => failure('exit'));
      commands.set('once', ({ attempt }) => (attempt === 1 ? failure('lost') : {}));
      const plan = planOf([{ id: 'flaky' }, { id: 'broken' }, { id: 'once', idempotent: false }, { id: 'after', deps: ['broken'] }, { id: 'softly', soft: ['broken'] }]);
      await run(plan, async ({ tasks, execution, until }) => {
        await until((event) => event.type === 'task_needs_decision');
        await tasks.retry(execution, { task: 'once', by: 'ann' });
      });
    },
  ],
  [
    'people',
    async ({ run }) =>
      run(planOf([{ id: 'approve', executor: 'human' }, { id: 'reject', executor: 'human', retry: { maxAttempts: 1 } }, { id: 'skipped', executor: 'human' }, { id: 'after', deps: ['approve'] }]), async ({ tasks, execution, until }) => {
        for (const task of ['approve', 'reject', 'skipped']) await until((event) => event.type === 'task_waiting_for_person' && event.task === task);
        await tasks.complete(execution, { task: 'approve', by: 'ann' });
        await tasks.complete(execution, { task: 'reject', by: 'bob', outcome: 'failed', reason: 'wrong' });
        await tasks.skip(execution, { task: 'skipped' });
      }),
  ],
  [
    'patches',
    async ({ run, commands }) => {
      const hold = gate();
      commands.set('busy', async () => hold.opened);
      await run(planOf([{ id: 'done' }, { id: 'busy', deps: ['done'] }, { id: 'last', deps: ['busy'] }]), async ({ tasks, execution, handle, until }) => {
        await until((event) => event.type === 'task_started' && event.task === 'busy');
        await tasks.pause(execution, { by: 'ann' });
        await tasks.patch(execution, { id: 'fix', op: 'inject_task', task: { id: 'FIX', cmd: 'true', deps: ['done'] }, edges: [{ from: 'FIX', to: 'last', type: 'hard' }] });
        await tasks.patch(execution, { op: 'add_edge', edges: [{ from: 'last', to: 'done', type: 'hard' }] }).catch(() => {});
        await handle.signal('hotUpdate', { op: 'inject_task', task: { id: 'SIGNALLED', cmd: 'true' } });
        await handle.signal('skipTask', { nonsense: true });
        await tasks.resume(execution, { by: 'ann' });
        await until((event) => event.type === 'request_rejected' && event.request === 'skipTask');
        hold.open();
      });
    },
  ],
  [
    'aborted',
    async ({ run, commands }) => {
      for (const id of ['endless', 'endless-light']) commands.set(id, endless);
      await run(planOf([{ id: 'endless' }, { id: 'endless-light', dispatch: 'activity' }, { id: 'never', deps: ['endless'] }]), async ({ tasks, execution, until }) => {
        await until((event) => event.type === 'task_started' && event.task === 'endless-light');
        await until((event) => event.type === 'task_started' && event.task === 'endless');
        await tasks.abort(execution, { by: 'ann', reason: 'enough' });
      });
    },
  ],
  [
    'runs',
    async ({ run, commands }) => {
      const hold = gate();
      commands.set('long', async () => hold.opened);
      const plan = planOf([{ id: 'long' }, { id: 'person', executor: 'human' }, ...chains(6, 4), ...chains(3, 2, { dispatch: 'activity' }).map((task) => ({ ...task, id: `L${task.id}`, ...(task.deps && { deps: task.deps.map((dep) => `L${dep}`) }) }))]);
      await run(plan, async ({ tasks, execution, until }) => {
        await until((event) => event.type === 'execution_continued' && event.run >= 3);
        await tasks.complete(execution, { task: 'person', by: 'ann' });
        hold.open();
      });
    },
  ],
  [
    'locks',
    async ({ run, commands }) => {
      commands.set('lost', ({ attempt }) => (attempt === 1 ? { outcome: 'failed', failure: { reason: 'lost', class: 'transient', message: 'it was lost' } } : {}));
      const writes = (resource) => ({ resource, units: 1, access: 'write' });
      const resources = [
        { name: 'db', mode: 'exclusive', capacity: 1, scope: 'global' },
        { name: 'far', mode: 'semaphore', capacity: 2, scope: 'global', domain: 'far', order: 10 },
        { name: 'cpu', mode: 'semaphore', capacity: 2, scope: 'execution' },
      ];
      const asks = [[writes('db')], [writes('db'), writes('far')], [writes('cpu')], [{ ...writes('db'), access: 'read' }, writes('cpu')]];
      const tasks = Array.from({ length: 12 }, (_, i) => ({ id: `T${i}`, asks: asks[i % asks.length] }));
      await run(planOf([...tasks, { id: 'lost', asks: [writes('db')] }, { id: 'greedy', asks: [{ ...writes('far'), units: 3 }] }], {}, resources));
    },
  ],
  [
    'gates',
    async ({ run, commands }) => {
      const hold = gate();
      commands.set('busy', async () => hold.opened);
      const writes = (resource, units = 1) => ({ resource, units, access: 'write' });
      const resources = [
        { name: 'cpu', mode: 'semaphore', capacity: 1, scope: 'execution' },
        { name: 'always', mode: 'exclusive', capacity: 1, scope: 'execution', window: 'always' },
        { name: 'shared', mode: 'exclusive', capacity: 1, scope: 'global' },
      ];
      const plan = planOf(
        [
          { id: 'busy', asks: [writes('cpu')] },
          { id: 'more', asks: [writes('cpu')] },
          { id: 'windowed', asks: [writes('always')], preferredWindow: 'always' },
          { id: 'given', risk: 'high' },
          { id: 'refused', risk: 'critical' },
          { id: 'last', deps: ['given'], asks: [writes('shared')] },
        ],
        { approval: { risk: 'high', timeoutMs: 3_600_000, onTimeout: 'fail' } },
        resources,
      );
      const calendars = [{ name: 'always', timezone: 'UTC', rules: [{ opens: '0 0 * * *', lastsMs: 86_400_000 }] }];
      await run({ ...plan, graph: { ...plan.graph, calendars } }, async ({ tasks, execution, until }) => {
        await until((event) => event.type === 'approval_requested' && event.task === 'refused');
        await tasks.patch(execution, { id: 'grow', op: 'modify_resource', by: 'ann', resources: { increase_quota: { cpu: 1 }, set_capacity: { shared: 2 } } });
        await until((event) => event.type === 'task_succeeded' && event.task === 'more');
        await tasks.approve(execution, { task: 'given', by: 'ann' });
        await tasks.approve(execution, { task: 'refused', by: 'bob', approved: false });
        await until((event) => event.type === 'task_succeeded' && event.task === 'last');
        hold.open();
      });
    },
  ],
  [
    'placed',
    async ({ run, announce, leave }) => {
      await announce('absent', ['db']);
      const plan = planOf([
        { id: 'placed', capabilities: ['db'], affinity: ['tree'] },
        { id: 'light', capabilities: ['db'], deps: ['placed'], dispatch: 'activity', affinity: ['tree'] },
        { id: 'rare', capabilities: ['rare'], deps: ['placed'] },
        { id: 'free' },
      ]);
      await run(plan, async ({ tasks, execution, until }) => {
        await until((event) => event.type === 'task_unplaced');
        await announce('present', ['web', 'db']);
        await until((event) => event.type === 'task_succeeded' && event.task === 'light');
        while ((await tasks.task(execution, 'rare')).waitingFor !== 'worker') await delay(50);
        await leave('absent');
        await announce('present', ['web', 'db', 'rare']);
      });
      await leave('present');
    },
  ],
  [
    'healed',
    async ({ run, commands }) => {
      let mended = false;
      const broken = { outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'systemic', message: 'no such thing', matches: ['p'] } };
      for (const id of ['one', 'two']) commands.set(id, () => (mended ? {} : broken));
      commands.set('AUTO.B.1.strike', () => {
        mended = true;
        return {};
      });
      commands.set('parked', () => ({ ...broken, failure: { ...broken.failure, matches: ['q'] } }));
      commands.set('reviewed', ({ attempt }) => (attempt < 2 ? { outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'logic', message: 'wrong' } } : {}));
      const on = (pattern, threshold) => ({ type: 'match', pattern, threshold, windowMs: 600_000 });
      const breakers = [
        { name: 'b', on: on('p', 2), action: { type: 'playbook', playbook: 'mend' }, budget: 2, coolDownMs: 30_000 },
        { name: 'q', on: on('q', 1), action: { type: 'quarantine' }, budget: 10, coolDownMs: 0 },
      ];
      const errorPolicy = { strategies: [{ type: 'rerun' }], maxTurns: 1, escalation: 'review' };
      const plan = planOf([{ id: 'one' }, { id: 'two' }, { id: 'three', deps: ['one', 'two'] }, { id: 'parked' }, { id: 'after', deps: ['parked'] }, { id: 'reviewed', errorPolicy }], { breakers });
      const healing = { playbooks: [{ name: 'mend', variables: {}, steps: [{ name: 'strike', command: 'strike' }] }] };
      await run({ ...plan, healing }, async ({ tasks, execution, until }) => {
        await until((event) => event.type === 'task_needs_decision' && event.task === 'reviewed');
        await until((event) => event.type === 'task_succeeded' && event.task === 'three');
        await tasks.retry(execution, { task: 'reviewed', by: 'ann' });
      });
      await save(quarantineWorkflowId('tasks'), 'healed-register');
    },
  ],
  [
    'undone',
    async ({ run }) => {
      const undoable = (id, deps = []) => ({ id, deps, needsChild: true });
      const plan = planOf([undoable('a'), undoable('b', ['a']), { id: 'asked', deps: ['b'], risk: 'high' }], { approval: { risk: 'high', timeoutMs: 3_600_000, onTimeout: 'fail' } });
      const undone = plan.tasks.map((task) => ({ ...task, ...(task.id !== 'asked' && { compensation: { command: `undo ${task.id}` } }) }));
      await run({ ...plan, tasks: undone }, async ({ tasks, execution, until }) => {
        await until((event) => event.type === 'approval_requested');
        await tasks.pause(execution, { by: 'ann' });
        const { rollback } = await tasks.rollBack(execution, { to: 'a', by: 'ann' });
        await tasks.result(rollback);
        await save(`tasks/${rollback}`, 'undone-rollback');
        await until((event) => event.type === 'rollback_finished');
        await tasks.abort(execution, { by: 'ann' });
      });
    },
  ],
  ['waves', async ({ run }) => run(planOf(chains(3, 3)), undefined, { policies: { executionModel: 'wave_based', wave: { maxWaveSize: 2, quorum: 1, fallback: 'wait' } } })],
]);

const endless = (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ outcome: 'cancelled' }), { once: true }));

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
  await record({ run, commands, announce, leave });
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
