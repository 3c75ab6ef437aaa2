/** What a live graph comes to as a plan: read again, it is the same graph. */
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphTask } from '../../../model/graph.ts';
import { essence, Live, partOf, read } from './live.ts';

const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 60);

const EVERYTHING = {
  name: 'all',
  codebase_path: 'code',
  resources: {
    db: { mode: 'exclusive', lock_order: 2, lock_domain: 'data', window: 'night', class: 'database' },
    api: { mode: 'semaphore', capacity: 3 },
    cpu_millicores: { mode: 'semaphore', capacity: 4_000 },
  },
  profiles: { ci: { api: 1 } },
  calendars: { night: { timezone: 'UTC', open: [{ days: ['sat', 'sun'], from: '22:00', to: '04:00' }, { from: '05:30', to: '24:00' }, { cron: '0 12 * * 1-5', minutes: 90 }] } },
  policies: {
    concurrency_max: 7,
    limits: { labels: { slow: 2 }, per_workspace: { tasks: 3, labels: { slow: 1 } } },
    retry: { max_attempts: 5, backoff: 'linear', by_class: { external: { initial_delay_ms: 3 } }, raise_limits_up_to: 2 },
    wave: { quorum: 0.5, timeoutMinutes: 2.5 },
    approval: { risk: 'critical', timeout_minutes: 1 },
    resource_allocation: { headroom_percent: 10, preemption_enabled: true, preemption_priorities: ['background', 'low'] },
    backpressure: { triggers: [{ metric: 'error_rate', threshold: 4, action: 'circuit_break' }, { metric: 'memory', threshold: 70, action: 'pause_low_priority' }], recovery: { cool_down_seconds: 5, resume_rate: 2 } },
    background: { max_tasks: 2 },
    worker_matching: { max_tasks_per_worker: 4 },
    workspace_mode: 'worktree',
    worktree: { link: ['node_modules', 'web/node_modules'] },
    fail_fast: true,
    ageing_minutes: 3,
    dispatch: 'auto',
    circuit_breakers: [
      { name: 'deps', match: { message_regex: 'no (x|y)', class: 'systemic' }, scope: 'apps/*', action: 'install', budget: 3 },
      { name: 'alike', threshold: 4, window: '90s', similarity: 0.5, action: 'gate' },
      { name: 'TimeOverrun', factor: 3 },
      { name: 'limit', match: { pattern: 'rate_limit' }, action: 'throttle', pause: '5s', every: '2s' },
      { name: 'sync', match: { pattern: 'schema_drift' }, action: 'inject_task', task: { cmd: 'sync', title: 'Sync' } },
      { name: 'other', match: { pattern: 'out_of_memory' }, action: 'replan', command: 'plan again' },
      { name: 'flapping', enabled: false },
    ],
    failure_handling: { failure_threshold: 0.4 },
    failure_rules: [{ name: 'five', match: { exit_code: 5, reason: ['exit', 'check'], message_regex: 'x' }, class: 'logic', kind: 'E_OS_MODE_FAILURE' }],
  },
  playbooks: { install: { description: 'installs', variables: { registry: 'https://r' }, steps: ['scan', { name: 'put', cmd: 'put -w ${workspace} ${registry}', timeout: '2m', retries: 0, on_failure: 'continue', directory: 'x' }] } },
  tasks: [
    { id: 'a', name: 'First', description: 'what it is for', cmd: 'make a', env: { CC: 'clang', N: 1 }, secrets: ['TOKEN'], timeout: '90s', estimate_minutes: 2.5, priority: 'high', labels: ['slow', 'x'], directory: 'apps/web', artifacts: ['out/*'], smoke: 'test -e out', retries: 1, unheard_of: { kept: true } },
    { id: 'b', cmd: 'make b', workspace_mode: 'shared', worktree: { keep_failed: false }, deps: ['a'], soft_deps: [], resources: ['db', { name: 'api', units: 2, access: 'read' }], conflict_group: 'g/1', files_scope: { writes: ['src/**'] }, acceptance_checks: ['reads well', { type: 'command', cmd: 'test', expect: { exitCode: 2 }, report: 'r.xml', timeout: '5s' }, { type: 'metric', name: 'm', expect: { lte: 4 } }, { type: 'artifact', path: 'x.json', expect: { validJSON: true } }] },
    { id: 'c', cmd: 'make c', deps: ['a'], soft_deps: ['b'], conflict_group: 'g/1', files_scope: { reads: ['src/x.ts'] }, parallel_ok: false, kind: 'bg', preemptible: true, pausable: true, idempotent: false, dispatch: 'child' },
    { id: 'd', executor: 'human', deps: [{ id: 'b', type: 'soft' }], scheduling_hints: { avoid_concurrent_with: ['a'], preferred_time_window: 'night', extra: 1 }, antiAffinity: ['host'], affinity: ['cache'], capabilities: ['gpu', 'db'] },
    { id: 'e', title: 'Nobody does it yet', resource_requirements: { estimated: { cpu_cores: 0.5, exclusive_resources: ['lab'] }, peak: { cpu_cores: 2 }, worker_capabilities_required: ['web'], notes: 'kept' }, confidence: 'low', rollback_cost: 'high', optional: true, wave: 2 },
    { id: 'f', cmd: 'make f', risk: { level: 'high', locks: ['api'], approval: true, why: 'it writes' }, rollback_cmd: 'make unf', steps: ['one', 'two'], estimate_minutes: 0.001, retry: { jitter: false, retry_on: ['logic'] } },
  ],
};

const same = async (live: Live): Promise<void> => {
  const again = await read(live.write().plan);
  expect(essence(again.graph)).toEqual(essence(live.graph));
  expect(again.tasks.map(partOf)).toEqual(live.graph.tasks.map(({ id }) => partOf(live.presentOf(id).spec)));
};

const example = (path: string): string => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));

describe('a plan that nobody has patched', () => {
  test('with everything in it is written as the same graph, and what only people or later parts read goes along', async () => {
    const live = new Live(await read(EVERYTHING));
    await same(live);
    const { plan, warnings } = live.write();
    expect(plan).toMatchObject({ name: 'all', codebase_path: 'code', policies: { playbooks: { install: { description: 'installs' } }, circuit_breakers: expect.arrayContaining([expect.objectContaining({ name: 'deps' })]) } });
    expect(plan['tasks']).toMatchObject([
      { id: 'a', title: 'First', description: 'what it is for', unheard_of: { kept: true } },
      { files_scope: { writes: ['src/**'] } },
      {},
      { scheduling_hints: { extra: 1 } },
      { resource_requirements: { notes: 'kept' } },
      { risk: { level: 'high', approval: true, why: 'it writes', locks: ['api'] }, steps: ['one', 'two'] },
    ]);
    expect(warnings).toEqual([]);
    expect(Object.keys(plan['resources'] as object)).toEqual(expect.arrayContaining(['conflict.g-1', 'phase.all', 'label.slow', 'workspace.apps-web']));
  });

  test.each(['quickstart', 'resources', 'tasks-v3', 'phases', 'coordinator.json'])('of any format reads back to the same graph: %s', async (path) => {
    await same(new Live(await read(example(path))));
  });

  test('that was compiled with a profile has its capacities', async () => {
    const live = new Live(await read({ ...EVERYTHING, tasks: EVERYTHING.tasks.filter(({ id }) => id === 'a' || id === 'f') }, 'ci'));
    expect(live.graph.resources?.find(({ name }) => name === 'api')?.capacity).toBe(1);
    const again = await read(live.write().plan);
    expect(again.graph.resources?.find(({ name }) => name === 'api')?.capacity).toBe(1);
  });
});

describe('patches', () => {
  test('are in it: tasks, edges, changes, priorities, resources', async () => {
    const live = new Live(await read(EVERYTHING));
    expect(
      live.patch([
        { op: 'inject_task', task: { id: 'new', cmd: 'true', deps: ['a'], locks: ['api'] }, edges: [{ from: 'new', to: 'f' }] },
        { op: 'remove_edge', edges: [{ from: 'a', to: 'c' }] },
        { op: 'update_task', task: 'b', changes: { cmd: 'make better', env: { A: '1' }, resources: ['deploy'], estimate_minutes: 9, labels: ['slow'] } },
        { op: 'reprioritize', tasks: ['c'], priority: 1 },
        { op: 'modify_resource', resources: { add_locks: ['deploy'], set_capacity: { api: 9 } } },
      ]),
    ).toBeUndefined();
    await same(live);
    expect(live.write().plan).toMatchObject({
      resources: { deploy: { mode: 'exclusive', scope: 'global' }, api: { capacity: 9 } },
      tasks: [{}, { cmd: 'make better', env: { A: '1' }, estimate_minutes: 9 }, { soft_deps: ['b'], priority: 1 }, {}, {}, { deps: ['new'] }, { id: 'new', deps: ['a'] }],
    });
    expect((live.write().plan['tasks'] as object[])[2]).not.toHaveProperty('deps');
  });

  test.each(['tasks-v3', 'phases', 'coordinator.json'])('change tasks of any format, and only what they speak of: %s', async (path) => {
    const live = new Live(await read(example(path)));
    const before = live.graph.tasks.map((task) => task);
    const at = before.findIndex((_, index) => live.scheduler.state.records[index]?.state === 'PENDING');
    const task = before[at]?.id as string;
    expect(live.patch({ op: 'update_task', task, changes: { cmd: 'true', estimate_minutes: 7, priority: 'critical' } })).toBeUndefined();
    const unchanged = ({ id, deps, soft, title, asks, capabilities, labels, wave }: GraphTask) => ({ id, deps, soft, title, asks, capabilities, labels, wave });
    expect(unchanged(live.graph.tasks[at] as GraphTask)).toEqual(unchanged(before[at] as GraphTask));
    expect(live.graph.tasks[at]).toMatchObject({ estimateMs: 420_000, priority: 1, source: 1 });
    expect(live.presentOf(task).spec).toMatchObject({ command: 'true', fields: { cmd: 'true', estimate_minutes: 7 } });
    await same(live);
  });

  test('whose outcome no plan can say are warned of', async () => {
    const live = new Live(await read(EVERYTHING));
    expect(live.patch({ op: 'modify_resource', resources: { set_capacity: { api: 1 } } })).toBeUndefined();
    expect(live.patch({ op: 'inject_task', task: { id: 'scoped', cmd: 'x', files_scope: { writes: ['src'] } } })).toBeUndefined();
    expect(live.write().warnings).toEqual([
      'task b asks for 2 of "api", of which there are 1: the plan is refused until that is mended',
      'the files_scope of 1 task that hot updates brought had no effect in this execution, and has in the plan: scoped',
    ]);
  });
});

const ID = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'n1', 'n2', 'n3', 'nobody');
const changes = fc.record(
  {
    title: fc.string(),
    cmd: fc.constantFrom('one', 'two', null),
    executor: fc.constantFrom('human', 'noop', null),
    env: fc.constantFrom({ A: 'x' }, {}, null),
    timeout: fc.constantFrom('5s', 7, null),
    estimate_minutes: fc.constantFrom(0, 0.3, 100, null),
    duration: fc.constantFrom(2, null),
    priority: fc.constantFrom('low', 'background', 2.5, null),
    retries: fc.constantFrom(0, 9, null),
    retry: fc.constantFrom({ backoff: 'exponential' }, { max_attempts: 3 }, null),
    resources: fc.constantFrom(['db'], [{ name: 'api', units: 3, access: 'write' }], ['deploy'], [], null),
    locks: fc.constantFrom(['lab'], null),
    labels: fc.constantFrom(['slow'], ['x'], [], null),
    risk: fc.constantFrom({ level: 'critical', locks: ['db', 'api'] }, { level: 'low', locks: ['api'] }, null),
    capabilities: fc.constantFrom(['web'], [], null),
    acceptance_checks: fc.constantFrom(['fine'], [{ type: 'command', cmd: 'x' }], null),
    directory: fc.constantFrom('apps/api', './apps/web/', null),
    resource_requirements: fc.constantFrom({ estimated: { cpu_cores: 1 } }, { estimated: { cpu_cores: 0.25, memory_mb: 7 } }, null),
    idempotent: fc.constantFrom(true, false, null),
    scheduling_hints: fc.constantFrom({ preferred_time_window: 'night', priority: 'low' }, null),
    rollback_cmd: fc.constantFrom('undo', null),
    steps: fc.constantFrom(['x', 'y'], null),
  },
  { requiredKeys: [] },
).filter((each) => Object.keys(each).length > 0);

const operation = fc.oneof(
  fc.record({ op: fc.constant('inject_task'), task: fc.tuple(fc.constantFrom('n1', 'n2', 'n3'), changes, fc.array(ID, { maxLength: 2 })).map(([id, fields, deps]) => ({ ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)), id, deps })) }),
  fc.record({ op: fc.constantFrom('add_edge', 'remove_edge'), edges: fc.array(fc.record({ from: ID, to: ID, type: fc.constantFrom('hard', 'soft') }), { minLength: 1, maxLength: 3 }) }),
  fc.record({ op: fc.constant('update_task'), task: ID, changes }),
  fc.record({ op: fc.constant('update_task'), task: ID, changes }),
  fc.record({ op: fc.constant('reprioritize'), tasks: fc.array(ID, { minLength: 1, maxLength: 3 }), priority: fc.constantFrom('critical', 4, 0.5) }),
  fc.record({ op: fc.constant('cancel_task'), task: ID, skip: fc.boolean() }),
  fc.record({ op: fc.constant('modify_resource'), resources: fc.constantFrom({ add_locks: ['deploy'] }, { set_capacity: { api: 4 } }, { increase_quota: { cpu_cores: 1 } }, { profile: 'wide' }) }),
);

test('any patches, written and read again, are the same graph', { timeout: 120_000 }, async () => {
  const plan = await read({ ...EVERYTHING, profiles: { wide: { api: 6 } } });
  let applied = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
      const live = new Live(plan);
      for (const each of operations) if (live.patch(each) === undefined) applied += 1;
      await same(live);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 90_000 },
  );
  expect(applied).toBeGreaterThan(RUNS);
});
