/** Sentinels and canaries as tasks of the graph: where they stand, what they hold, and that they are tasks like any other. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dryRun, dryRunText } from '../../../client/cli/dry-run.ts';
import { MAX_DEPENDENCIES } from '../../../model/graph.ts';
import { markOf } from '../../../model/sentinel.ts';
import { graphDot } from '../../../planner/graph/dot.ts';
import { orderOf } from '../../../scheduler/graph/order.ts';
import type { ReadPlan } from '../../../planner/read/read-plan.ts';
import { writePlan } from '../../../planner/write/write-plan.ts';
import { accepted, before, refused, taskOf } from '../read/reading.ts';
import { above, dags } from './dags.ts';
import type { Preds } from './dags.ts';

const CHECKS = { lint: 'npm run lint', build: { cmd: 'npm run build', directory: 'app', timeout: '5m', resources: [{ name: 'cpu', units: 2 }] } };

const planOf = (preds: Preds, policies: unknown, more: Readonly<Record<string, unknown>> = {}): { stdin: string } => ({
  stdin: JSON.stringify({ tasks: preds.map((list, index) => ({ id: `t${index}`, cmd: 'true', deps: list.map((pred) => `t${pred}`) })), resources: { cpu: { mode: 'semaphore', capacity: 4 } }, policies, ...more }, undefined, 1),
});

const edgesOf = ({ plan }: ReadPlan, kinds: readonly ('deps' | 'soft')[]): Preds => plan.graph.tasks.map((task) => kinds.flatMap((kind) => task[kind] ?? []));
const marked = ({ plan }: ReadPlan): readonly string[] => plan.graph.tasks.filter((task) => markOf(task) !== undefined).map(({ id }) => id);

describe('sentinels', () => {
  test('one of each check after each depth, and a blocking one holds what lies deeper', async () => {
    const read = await accepted(planOf([[], [], [0], [2, 1]], { sentinels: { checks: CHECKS } }));
    expect(marked(read)).toEqual(['SENTINEL.D0.lint', 'SENTINEL.D0.build', 'SENTINEL.D1.lint', 'SENTINEL.D1.build', 'SENTINEL.D2.lint', 'SENTINEL.D2.build']);
    expect(before(read, 'SENTINEL.D0.lint')).toEqual(['t0', 't1']);
    expect(before(read, 't2')).toEqual(['SENTINEL.D0.build', 'SENTINEL.D0.lint', 't0']);
    expect(before(read, 'SENTINEL.D1.lint')).toEqual(['t2']);
    expect(before(read, 't3')).toEqual(['SENTINEL.D1.build', 'SENTINEL.D1.lint', 't1', 't2']);
    expect(taskOf(read, 'SENTINEL.D1.build')).toMatchObject({ title: 'build after depth 1', labels: ['sentinel', 'diagnostic'], timeoutMs: 300_000, asks: [{ resource: 'cpu', units: 2, access: 'write' }] });
    expect(read.plan.tasks[4]).toMatchObject({ id: 'SENTINEL.D0.lint', command: 'npm run lint', place: { line: expect.any(Number) as number } });
    expect(read.plan.tasks[5]).toMatchObject({ command: 'npm run build', directory: 'app' });
  });

  test.each<{ name: string; at: unknown; levels: readonly number[] }>([
    { name: 'every one', at: 'every', levels: [0, 1, 2, 3, 4, 5] },
    { name: 'those that are listed', at: [1, 4], levels: [1, 4] },
    { name: 'every second', at: { every: 2 }, levels: [1, 3, 5] },
  ])('levels: $name', async ({ at, levels }) => {
    const read = await accepted(planOf([[], [0], [1], [2], [3], [4]], { sentinels: { checks: { lint: 'true' }, at } }));
    expect(marked(read)).toEqual(levels.map((level) => `SENTINEL.D${level}.lint`));
  });

  test('whatever the plan: each comes after all of its level and above, and a blocking one before all that is deeper; none is watched itself', async () => {
    await fc.assert(
      fc.asyncProperty(dags(), fc.constantFrom<unknown>('every', [0, 2], { every: 2 }), fc.boolean(), async (preds, at, blocking) => {
        const read = await accepted(planOf(preds, { sentinels: { checks: { lint: 'true', test: 'true' }, at, blocking } }));
        const depth = orderOf(preds).level;
        const { tasks } = read.plan.graph;
        const hard = edgesOf(read, ['deps']);
        const all = edgesOf(read, ['deps', 'soft']);
        expect(orderOf(all).acyclic).toBe(true);
        for (const [index, { id }] of tasks.entries()) {
          if (index < preds.length) {
            // The plan's own dependencies are as they were.
            expect(hard[index]?.filter((pred) => pred < preds.length)).toEqual(preds[index]);
            continue;
          }
          const level = Number(/D(\d+)/u.exec(id)?.[1]);
          const waitsFor = above(all, index);
          for (const work of preds.keys()) {
            expect(waitsFor.has(work)).toBe((depth[work] ?? 0) <= level);
            expect(above(hard, work).has(index)).toBe(blocking && (depth[work] ?? 0) > level);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('of those that do not block each comes after the one before it, however that ended', async () => {
    const read = await accepted(planOf([[], [], [0]], { sentinels: { checks: { lint: 'true' }, blocking: false } }));
    expect(before(read, 't2')).toEqual(['t0']);
    expect(before(read, 'SENTINEL.D1.lint')).toEqual(['t2']);
    expect(before(read, 'SENTINEL.D1.lint', 'soft')).toEqual(['SENTINEL.D0.lint']);
  });

  test('in a plan that runs in waves of its own they stand at the end of each wave', async () => {
    const tasks = [{ id: 'a', wave: 1 }, { id: 'b', wave: 2 }, { id: 'c', wave: 2, deps: ['b'] }, { id: 'd', wave: 3, deps: ['a'] }];
    const read = await accepted({ stdin: JSON.stringify({ tasks, policies: { execution_model: 'wave_based', sentinels: { checks: { lint: 'true' } } } }) });
    expect(marked(read)).toEqual(['SENTINEL.W1.lint', 'SENTINEL.W2.lint', 'SENTINEL.W3.lint']);
    expect(before(read, 'SENTINEL.W2.lint')).toEqual(['c']);
    expect(before(read, 'b')).toEqual(['SENTINEL.W1.lint']);
    expect(taskOf(read, 'SENTINEL.W2.lint').wave).toBe(2);
  });

  test('phases: a sentinel after the depth at which the first one ends', async () => {
    const stdin = '---file:1.yaml\nphase_id: one\npolicies:\n  sentinels:\n    checks: {lint: "true"}\n    at: [0]\ntasks: [{id: a, cmd: "true"}, {id: b, cmd: "true"}]\n---file:2.yaml\nphase_id: two\ndepends_on: [one]\ntasks: [{id: c, cmd: "true"}]\n';
    const read = await accepted({ stdin });
    expect(before(read, 'SENTINEL.D0.lint')).toEqual(['a', 'b']);
    expect(before(read, 'c')).toEqual(['SENTINEL.D0.lint', 'a', 'b']);
  });
});

describe('canaries', () => {
  const phases: Preds = [[], [], [], [0, 1, 2], [0, 1, 2], [0, 1, 2]];

  test('one after each major cut, which holds what lies behind it', async () => {
    const read = await accepted(planOf(phases, { canaries: { smoke: 'npm run smoke' } }));
    expect(marked(read)).toEqual(['CANARY.1']);
    expect(before(read, 'CANARY.1')).toEqual(['t0', 't1', 't2']);
    expect(taskOf(read, 'CANARY.1')).toMatchObject({ title: 'smoke test after t0, t1, t2', labels: ['canary', 'diagnostic'] });
    for (const id of ['t3', 't4', 't5']) expect(before(read, id)).toContain('CANARY.1');
  });

  test('one that does not block holds nothing', async () => {
    const read = await accepted(planOf(phases, { canaries: { smoke: 'true', blocking: false } }));
    expect(before(read, 't3')).toEqual(['t0', 't1', 't2']);
    expect(before(read, 'CANARY.1')).toEqual(['t0', 't1', 't2']);
  });

  test('a plan without a cut gets none, and that is said', async () => {
    const read = await accepted(planOf([[], [0], [0]], { canaries: { smoke: 'true' } }));
    expect(marked(read)).toEqual([]);
    expect(read.warnings).toMatchObject([{ code: 'TASKS1007', message: 'canaries: the plan has no major cut, and gets none' }]);
  });

  test('with sentinels beside them no graph gets a cycle, and each is where it would be alone', async () => {
    await fc.assert(
      fc.asyncProperty(dags(), async (preds) => {
        const sentinels = { checks: { lint: 'true' } };
        const canaries = { smoke: 'true', share: 0.1 };
        const [both, one, other] = [await accepted(planOf(preds, { sentinels, canaries })), await accepted(planOf(preds, { sentinels })), await accepted(planOf(preds, { canaries }))];
        expect(orderOf(edgesOf(both, ['deps', 'soft'])).acyclic).toBe(true);
        expect(marked(both)).toEqual([...marked(one), ...marked(other)]);
        for (const id of marked(other)) expect(before(both, id)).toEqual(before(other, id));
        for (const id of marked(one)) expect(before(both, id)).toEqual(before(one, id));
      }),
      { numRuns: 40 },
    );
  });
});

describe('as policies', () => {
  test('off unless asked for, and taken back by the file beside the plan, which wins key by key', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tasks-sentinels-'));
    try {
      const write = (name: string, value: unknown) => writeFile(join(directory, name), JSON.stringify(value));
      await write('tasks.v2.json', { tasks: [{ id: 'a', cmd: 'true' }], sentinels: { checks: { lint: 'true' } }, policies: { canaries: { smoke: 'true' } } });
      expect(marked(await accepted({ path: directory }))).toEqual(['SENTINEL.D0.lint']);
      await write('flowops.config.json', { sentinels: { checks: { test: 'false' } } });
      expect(marked(await accepted({ path: directory }))).toEqual(['SENTINEL.D0.test']);
      await write('flowops.config.json', { sentinels: { enabled: false } });
      expect(marked(await accepted({ path: directory }))).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('an exported plan has them as tasks, and is the same graph when it is read again', async () => {
    const { plan } = await accepted(planOf([[], [], [], [0, 1, 2], [0, 1, 2], [0, 1, 2]], undefined, { sentinels: { checks: { lint: 'true' } }, canaries: { smoke: 'true' } }));
    const { plan: written } = writePlan({ graph: plan.graph, specs: plan.tasks, plan });
    const again = await accepted({ stdin: JSON.stringify(written) });
    expect(again.plan.graph.tasks.map(({ id, deps, soft, labels }) => ({ id, deps, soft, labels }))).toEqual(plan.graph.tasks.map(({ id, deps, soft, labels }) => ({ id, deps, soft, labels })));
    expect(again.warnings).toEqual([]);
  });

  test('a plan that has its sentinels already gets no others and keeps its levels', async () => {
    const policies = { sentinels: { checks: { lint: 'true' } }, canaries: { smoke: 'true' } };
    const first = await accepted(planOf([[], [], [], [0, 1, 2], [0, 1, 2], [0, 1, 2]], policies));
    const id = (index: number): string => first.plan.graph.tasks[index]?.id ?? '';
    const tasks = first.plan.graph.tasks.map((task, at) => ({ ...first.plan.tasks[at]?.fields, deps: task.deps?.map(id), soft_deps: task.soft?.map(id) }));
    const again = await accepted({ stdin: JSON.stringify({ tasks, policies }) });
    expect(again.plan.graph.tasks.map(({ id, deps, soft }) => ({ id, deps, soft }))).toEqual(first.plan.graph.tasks.map(({ id, deps, soft }) => ({ id, deps, soft })));
  });

  test.each<{ name: string; policies: unknown; code: string; message: string }>([
    { name: 'no checks', policies: { sentinels: {} }, code: 'TASKS1006', message: 'expected "checks"' },
    { name: 'no smoke test', policies: { canaries: { share: 0.2 } }, code: 'TASKS1006', message: 'expected "smoke"' },
    { name: 'an unknown key', policies: { sentinels: { checks: { lint: 'true' }, block: true } }, code: 'TASKS1007', message: 'block' },
    { name: 'a check with dependencies', policies: { sentinels: { checks: { lint: { cmd: 'true', deps: ['t0'] } } } }, code: 'TASKS1007', message: 'unknown key "deps"' },
    { name: 'a name that is no part of an id', policies: { sentinels: { checks: { 'a b': 'true' } } }, code: 'TASKS1006', message: 'expected a name' },
    { name: 'a directory outside', policies: { sentinels: { checks: { lint: { cmd: 'true', directory: '../x' } } } }, code: 'TASKS1209', message: 'leads out of the workspace' },
    { name: 'a resource that is not there', policies: { canaries: { smoke: { cmd: 'true', resources: ['gpu'] }, share: 0.5 } }, code: 'TASKS1210', message: 'gpu' },
  ])('refused: $name', async ({ policies, code, message }) => {
    const problems = await refused(planOf([[], [], [], [0, 1, 2], [0, 1, 2], [0, 1, 2]], policies));
    expect(problems).toMatchObject([{ code }]);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.place?.line).toBeGreaterThan(1);
  });

  test('a task of the plan that has the id of a sentinel is refused', async () => {
    const problems = await refused({ stdin: JSON.stringify({ tasks: [{ id: 'SENTINEL.D0.lint', cmd: 'true' }], sentinels: { checks: { lint: 'true' } } }) });
    expect(problems).toMatchObject([{ code: 'TASKS1202' }]);
  });

  test('a depth that the plan does not have is said', async () => {
    const read = await accepted(planOf([[], [0]], { sentinels: { checks: { lint: 'true' }, at: [1, 7] } }));
    expect(read.warnings).toMatchObject([{ code: 'TASKS1007', message: 'sentinels: the plan has no level 7' }]);
  });

  test('more dependencies than a graph may have are refused, those of sentinels counted', async () => {
    const wide = Array.from({ length: 4_000 }, () => []);
    const checks = Object.fromEntries(Array.from({ length: Math.ceil(MAX_DEPENDENCIES / 4_000) + 1 }, (_, at) => [`c${at}`, 'true']));
    const problems = await refused(planOf(wide, { sentinels: { checks } }));
    expect(problems).toMatchObject([{ code: 'TASKS1207' }]);
  });
});

test('they are marked as what they are in exports and in a dry run', async () => {
  const policies = { sentinels: { checks: { lint: 'true' }, at: [0] }, canaries: { smoke: 'true' } };
  const { plan } = await accepted(planOf([[], [], [], [0, 1, 2], [0, 1, 2], [0, 1, 2]], policies));
  const dot = graphDot(plan.graph);
  expect(dot).toContain('"SENTINEL.D0.lint" [label="SENTINEL.D0.lint\\nlint after depth 0" shape=hexagon];');
  expect(dot).toContain('shape=diamond');
  const run = dryRun({ plan, policies: {}, executor: 'human', workspace: '/w', now: 0 });
  expect(run.tasks.flatMap(({ id, mark }) => (mark ? [[id, mark]] : []))).toEqual([['SENTINEL.D0.lint', 'sentinel'], ['CANARY.1', 'canary']]);
  const text = dryRunText(run, { width: 0, verbose: false });
  expect(text).toContain('8 tasks (2 of them sentinels and canaries)');
  expect(text).toMatch(/SENTINEL\.D0\.lint .*\[sentinel\]/u);
});
