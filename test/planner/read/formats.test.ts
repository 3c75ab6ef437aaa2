/** Every format compiles to the one graph, and keeps what it said. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { UNASSIGNED } from '../../../model/graph.ts';
import { accepted, before, fixture, taskOf } from './reading.ts';

const specOf = (read: Awaited<ReturnType<typeof accepted>>, id: string) => read.plan.tasks.find((task) => task.id === id);

describe('FlowOps', () => {
  test('a directory: tasks, scales, commands, asks, and the configuration beside them', async () => {
    const read = await accepted({ path: fixture('flowops') });
    expect(read.warnings).toEqual([]);
    expect(read.plan).toMatchObject({ schema: 1, format: 'flowops', graph: { name: 'flowops', sources: [] } });
    expect(read.plan.graph.policies).toMatchObject({ concurrencyMax: 4, failFast: true });
    expect(taskOf(read, 'P1.T011')).toEqual({
      id: 'P1.T011',
      area: ['apps/web', 'packages/shared/services/**'],
      files: { produces: ['packages/shared/services'], names: ['apps/web'] },
      diagnostic: true,
      deps: [0, 1],
      title: 'Deduplicate services',
      estimateMs: 18 * 60_000,
      confidence: 0.9,
      rollbackCost: 2,
      needsChild: true,
      labels: ['refactor', 'shared'],
    });
    expect(specOf(read, 'P1.T011')).toMatchObject({
      command: 'node scripts/dedupe-services.js',
      compensation: { command: 'git restore -SW -- :packages/shared/services' },
      artifacts: ['packages/shared/services/**'],
      smoke: 'npm -w apps/web run build',
      place: { file: 'tasks.v2.json', line: 20, column: 5 },
    });
    expect(taskOf(read, 'P1.T010')).toMatchObject({ soft: [0], timeoutMs: 90_000, retry: { maxAttempts: 5 } });
    expect(specOf(read, 'P1.T010')).toMatchObject({ environment: { CI: 'true', LEVEL: '3' }, secrets: ['NPM_TOKEN'] });
    expect(taskOf(read, 'P1.T009').idempotent).toBe(true);
    expect(taskOf(read, 'P1.T010').idempotent).toBeUndefined();
    expect(taskOf(read, 'P1.T013').asks).toEqual([
      { resource: 'db.local', units: 1, access: 'write', whole: true },
      { resource: 'cpu', units: 2, access: 'write' },
    ]);
    expect(specOf(read, 'P1.T013')?.fields).toMatchObject({ risk: { level: 'high', locks: ['db.local'] } });
    expect(read.plan.fields).toMatchObject({
      resources: { cpu: { capacity: 8 } },
      'flowops.config.json': { circuit_breakers: [{ name: 'ui-missing-deps' }] },
    });
  });

  test('the file and its directory are the same plan', async () => {
    const directory = await accepted({ path: fixture('flowops') });
    const file = await accepted({ path: fixture('flowops/tasks.v2.json') });
    expect([file.plan, file.warnings]).toEqual([directory.plan, directory.warnings]);
    expect([file.path, directory.path]).toEqual([fixture('flowops/tasks.v2.json'), fixture('flowops')]);
  });

  test('the bare array, and YAML, say the same as the object', async () => {
    const tasks = [{ id: 'a', cmd: 'true' }, { id: 'b', cmd: 'true', deps: ['a'], soft_deps: [] }];
    const object = await accepted({ stdin: JSON.stringify({ tasks }) });
    const bare = await accepted({ stdin: JSON.stringify(tasks) });
    const yaml = await accepted({ stdin: 'tasks:\n  - { id: a, cmd: "true" }\n  - { id: b, cmd: "true", deps: [a] }\n' });
    expect(bare.plan.graph).toEqual(object.plan.graph);
    expect(yaml.plan.graph).toEqual(object.plan.graph);
  });

  test('retries are attempts less one, and no retry on failure is one attempt', async () => {
    const read = await accepted({
      stdin: JSON.stringify([
        { id: 'a', cmd: 'x', retries: 0 },
        { id: 'b', cmd: 'x', retries: 4, retry_on_failure: false },
        { id: 'c', cmd: 'x', retry: { max_attempts: 7, backoff: 'linear', retry_on: ['logic'] } },
        { id: 'd', cmd: 'x', idempotent: false },
      ]),
    });
    expect(read.plan.graph.tasks.map((task) => task.retry)).toEqual([
      { maxAttempts: 1 },
      { maxAttempts: 1 },
      { maxAttempts: 7, backoff: 'linear', retryOn: ['logic'] },
      undefined,
    ]);
    expect(taskOf(read, 'd').idempotent).toBe(false);
  });

  test('a compensation is a command, or says more; only a task that must not be done by halves is undone in place', async () => {
    const read = await accepted({
      stdin: JSON.stringify([
        { id: 'a', cmd: 'x', compensation: 'undo' },
        { id: 'b', cmd: 'x', rollback_cmd: 'undo', idempotent: false },
        { id: 'c', cmd: 'x', compensation: { cmd: 'undo', timeout: '90s', idempotent: true }, idempotency: false },
        { id: 'd', cmd: 'x', compensation: { command: 'undo' }, rollback_cmd: 'undo', idempotent: true },
      ]),
    });
    expect(read.warnings).toEqual([]);
    expect(['a', 'b', 'c', 'd'].map((id) => specOf(read, id)?.compensation)).toEqual([{ command: 'undo' }, { command: 'undo' }, { command: 'undo', timeoutMs: 90_000, idempotent: true }, { command: 'undo' }]);
    expect(['a', 'b', 'c', 'd'].map((id) => taskOf(read, id).compensation)).toEqual([undefined, {}, { timeoutMs: 90_000 }, undefined]);
  });

  test('a light task that needs a child is told so', async () => {
    const read = await accepted({ stdin: '[{"id":"a","cmd":"x","rollback_cmd":"y","dispatch":"activity"}]' });
    expect(read.warnings).toMatchObject([{ code: 'TASKS1006', message: expect.stringContaining('"activity" has no effect') }]);
  });
});

describe('T.A.S.K.S. v3', () => {
  test("a directory: PERT hours, hints, checks, waves, and the coordinator's policies", async () => {
    const read = await accepted({ path: fixture('tasks-v3') });
    expect(read.plan.format).toBe('tasks.v3');
    expect(taskOf(read, 'P1.T001')).toMatchObject({
      estimateMs: ((4 + 4 * 6 + 10) / 6) * 3_600_000,
      priority: 2,
      retry: { maxAttempts: 3 },
      needsChild: true,
      wave: 1,
    });
    expect(taskOf(read, 'P1.T002').retry).toEqual({ maxAttempts: 1 });
    expect(taskOf(read, 'P1.T004').estimateMs).toBe(30 * 60_000);
    expect(specOf(read, 'P1.T001')?.checks).toHaveLength(3);
    expect(specOf(read, 'P1.T001')?.fields).toHaveProperty('boundaries.definition_of_done.stop_when', 'No MFA');
    expect(read.plan.graph.policies).toMatchObject({
      concurrencyMax: 9,
      executionModel: 'rolling_frontier',
      wave: { maxWaveSize: 20, quorum: 0.9, timeoutMs: 120 * 60_000, fallback: 'deferOptional' },
      retry: { maxAttempts: 4, backoff: 'exponential' },
      preemption: { enabled: true, order: [4, 3, 2, 1] },
      backpressure: { errorsPerMinute: 5, coolDownMs: 30_000, resumeRate: 1 },
    });
    expect(read.plan.machine).toEqual({ cpu: { soft: 80 }, memory: { soft: 85 } });
    expect(read.plan.fields).toHaveProperty(['coordinator.json', 'worker_pool', 'max_workers'], 8);
    expect(read.plan.fields).toHaveProperty('resource_conflicts');
  });

  test('only hard and certain dependencies gate; exclusion is an ask and an order', async () => {
    const read = await accepted({ path: fixture('tasks-v3') });
    expect(before(read, 'P1.T002')).toEqual(['P1.T001']);
    expect(before(read, 'P1.T004')).toEqual([]);
    expect(before(read, 'P1.T004', 'soft')).toEqual(['P1.T001', 'P1.T002']);
    for (const id of ['P1.T001', 'P1.T004']) {
      expect(taskOf(read, id).asks).toContainEqual({ resource: 'database_migrations', units: 1, access: 'write' });
    }
    const daring = await accepted({ path: fixture('tasks-v3') }, { minConfidence: 0.6 });
    expect(before(daring, 'P1.T004')).toEqual(['P1.T002']);
  });

  test('what has no effect is said', async () => {
    const read = await accepted({ path: fixture('tasks-v3') });
    expect(read.warnings.map((warning) => warning.message).join('\n')).toMatch(/"P1.T099"[\s\S]*names no report/);
  });

  test('a task without a command leaves its executor open, and gets a child', async () => {
    const read = await accepted({ path: fixture('tasks-v3') });
    expect(taskOf(read, 'P1.T002')).toMatchObject({ needsChild: true, executor: UNASSIGNED });
    expect(taskOf(read, 'P1.T004').executor).toBeUndefined();
    expect(specOf(read, 'P1.T002')?.command).toBeUndefined();
    expect(taskOf(read, 'P1.T004').needsChild).toBeUndefined();
  });
});

describe('coordinator.json alone', () => {
  test('both shapes in one file: top-level policies win, and a disagreement is said', async () => {
    const read = await accepted({ path: fixture('coordinator.json') });
    expect(read.plan.format).toBe('coordinator');
    expect(read.plan.graph.policies).toMatchObject({ concurrencyMax: 3, retry: { backoff: 'linear' } });
    expect(read.warnings).toContainEqual(
      expect.objectContaining({ code: 'TASKS1007', place: expect.objectContaining({ line: 16 }), message: expect.stringContaining('"concurrency_max"') }),
    );
    expect(read.plan.fields).toHaveProperty('resources.locks', ['database', 'deployment']);
    expect(read.plan.fields).toHaveProperty('graph.edges');
  });

  test('a soft edge that would close a cycle is dropped, the earlier one stays', async () => {
    const read = await accepted({ path: fixture('coordinator.json') });
    expect(before(read, 'docs', 'soft')).toEqual(['build']);
    expect(before(read, 'build', 'soft')).toEqual([]);
    expect(read.warnings).toContainEqual(expect.objectContaining({ code: 'TASKS1205', place: expect.objectContaining({ line: 12 }) }));
  });
});

describe('phase plans', () => {
  test('several files are one graph; phases depend on phases, tasks on either', async () => {
    const read = await accepted({ path: fixture('phases') });
    expect(read.plan).toMatchObject({ format: 'phase', graph: { name: 'phases' } });
    expect(before(read, 'ST-TYPES')).toEqual(['T-GLOSSARY', 'T-SPEC-API']);
    expect(before(read, 'ST-HANDLER')).toEqual(['ST-TYPES']);
    expect(before(read, 'T-IMPL-CORE')).toEqual(['ST-HANDLER']);
    expect(before(read, 'T-TESTS')).toEqual(['T-GLOSSARY', 'T-SPEC-API']);
    expect(before(read, 'T-DEPLOY')).toEqual(['T-IMPL-CORE', 'T-LINT', 'T-TESTS']);
  });

  test('a task that only holds subtasks cannot fail: what is to be done then has no effect, which it is told', async () => {
    const read = await accepted({ stdin: 'phase_id: P\ntasks:\n  - id: t\n    error_policy: {pipeline_id: ERR-EXEC-V1}\n    subtasks: [{id: s, cmd: x}]\n  - id: u\n    self_heal_policy: {max_attempts: 2}\n    subtasks: [{id: v, cmd: x, self_heal_policy: {max_attempts: 2}}]\n' });
    expect(['t', 's', 'u', 'v'].map((id) => taskOf(read, id).errorPolicy !== undefined)).toEqual([false, false, false, true]);
    expect(read.warnings).toMatchObject([
      { code: 'TASKS1006', message: expect.stringContaining('"t" only holds subtasks: error_policy has no effect') as string, place: { line: 4 } },
      { code: 'TASKS1006', message: expect.stringContaining('"u" only holds subtasks: self_heal_policy has no effect') as string, place: { line: 7 } },
    ]);
  });

  test('a task that only holds subtasks does nothing itself', async () => {
    expect(taskOf(await accepted({ path: fixture('phases') }), 'T-IMPL-CORE')).toMatchObject({ executor: 'noop' });
  });

  test('what excludes is an ask: conflict groups, and tasks that run alone in their phase', async () => {
    const read = await accepted({ path: fixture('phases') });
    expect(taskOf(read, 'T-SPEC-API').asks).toEqual([{ resource: 'phase:PH-SPEC', units: 1, access: 'write' }]);
    expect(taskOf(read, 'T-GLOSSARY').asks).toEqual([{ resource: 'phase:PH-SPEC', units: 1, access: 'read' }]);
    expect(taskOf(read, 'T-TESTS').asks).toEqual([{ resource: 'conflict:tests', units: 1, access: 'write' }]);
  });

  test('background is a priority; acceptance in words is for people; outputs are artifacts', async () => {
    const read = await accepted({ path: fixture('phases') });
    expect(taskOf(read, 'T-GLOSSARY').priority).toBe(5);
    expect(taskOf(read, 'T-TESTS').priority).toBe(5);
    expect(specOf(read, 'T-SPEC-API')).toMatchObject({
      artifacts: ['api_contract.yml'],
      checks: [{ type: 'manual', text: 'The contract is signed off' }],
      fields: { phase_id: 'PH-SPEC', kind: 'design' },
      place: { file: '01-spec.yaml', line: 4 },
    });
    expect(read.plan.fields).toHaveProperty('phases.1.os_profile.mode', 'FOCUS_DEV');
  });

  test('other YAML in the directory is left out, and said', async () => {
    const read = await accepted({ path: fixture('phases') });
    expect(read.warnings).toContainEqual(expect.objectContaining({ code: 'TASKS1005', place: { file: fixture('phases/notes.yaml') } }));
  });

  test('a phase without a list of tasks is a task; several documents of one file are several phases', async () => {
    const read = await accepted({ stdin: 'phase_id: PH-1\ncmd: make\n---\nphase_id: PH-2\ndepends_on: [PH-1]\ncmd: make test\n' });
    expect(read.plan.graph.tasks.map((task) => task.id)).toEqual(['PH-1', 'PH-2']);
    expect(before(read, 'PH-2')).toEqual(['PH-1']);
    expect(read.warnings).toEqual([]);
  });

  test('waiting for a phase without work is waiting for what it waits for', async () => {
    const read = await accepted({
      stdin: 'phase_id: A\ncmd: make\n---\nphase_id: B\ndepends_on: [A]\ntasks: []\n---\nphase_id: C\ndepends_on: [B]\ncmd: make\n',
    });
    expect(before(read, 'C')).toEqual(['A']);
  });
});

describe('standard input', () => {
  test('a path', async () => {
    const read = await accepted({ stdin: `${fixture('flowops')}\n` });
    expect(read.plan).toEqual((await accepted({ path: fixture('flowops') })).plan);
  });

  test('files between fences, also wrapped in Markdown', async () => {
    const read = await accepted({ stdin: await readFile(fixture('fenced.txt'), 'utf8') });
    expect(read.plan.format).toBe('tasks.v3');
    expect(before(read, 'P1.T002')).toEqual(['P1.T001']);
    expect(read.plan.graph.policies.retry.maxAttempts).toBe(1);
    expect(read.plan.tasks[0]?.place).toEqual({ file: 'tasks.json', line: 3, column: 13 });
  });
});

test('unknown keys at the top warn and are kept', async () => {
  const read = await accepted({ stdin: '{"tasks":[{"id":"a","cmd":"x","owner":"me"}],"resurces":{}}' });
  expect(read.warnings).toMatchObject([{ code: 'TASKS1006', hint: 'Did you mean "resources"?' }]);
  expect(read.plan.fields).toEqual({ resurces: {} });
  expect(read.plan.tasks[0]?.fields).toMatchObject({ owner: 'me' });
});
