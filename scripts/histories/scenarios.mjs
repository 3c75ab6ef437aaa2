// What is recorded: executions, and what happens to each.
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_POLICIES } from '../../dist/model/graph.js';
import { quarantineWorkflowId } from '../../dist/model/ids.js';

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

const endless = (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ outcome: 'cancelled' }), { once: true }));

/** Each starts one execution and resolves when it has closed. `commands` by task id: answers what differs from success. `save` keeps the runs of another workflow. */
export const SCENARIOS = new Map([
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
    async ({ run, commands, save }) => {
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
    async ({ run, save }) => {
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
