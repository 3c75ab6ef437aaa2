/** What tasks must not run beside, compiled: two tasks exclude each other exactly when the plan says so. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Graph } from '../../../model/graph.ts';
import { globsIntersect } from '../../../resources/globs.ts';
import { canEverFit, emptyOccupancy, fits, take } from '../../../resources/occupancy.ts';
import type { ReadPlan } from '../../../planner/read/read-plan.ts';
import { accepted, summary, taskOf } from '../read/reading.ts';

/** Whether all the tasks can hold all they ask for at once. */
const together = ({ tasks, resources = [] }: Graph, ids: readonly string[]): boolean => {
  const occupancies = new Map(resources.map((resource) => [resource.name, emptyOccupancy(resource)]));
  for (const { id, asks = [] } of tasks) {
    for (const ask of ids.includes(id) ? asks : []) {
      const occupancy = occupancies.get(ask.resource);
      if (!occupancy) throw new Error(`${id} asks for ${ask.resource}, which is not there`);
      if (!fits(occupancy, ask)) return false;
      take(occupancy, ask);
    }
  }
  return true;
};

const read = (tasks: readonly object[], more: object = {}): Promise<ReadPlan> =>
  accepted({ stdin: JSON.stringify({ tasks: tasks.map((task, at) => ({ id: `t${at}`, cmd: 'x', ...task })), ...more }) });
const scope = (writes: readonly string[], reads: readonly string[] = []) => ({ files_scope: { reads, writes } });

describe('groups', () => {
  test('a conflict group, and a shared antiAffinity: one at a time', async () => {
    const { graph } = (await read([{ conflict_group: 'g' }, { concurrency_hint: { conflict_group: 'g' } }, { conflict_group: 'h', antiAffinity: ['fs', 'net'] }, { antiAffinity: ['net'] }])).plan;
    expect(together(graph, ['t0', 't1'])).toBe(false);
    expect(together(graph, ['t2', 't3'])).toBe(false);
    expect(together(graph, ['t0', 't2'])).toBe(true);
    expect(together(graph, ['t0', 't3'])).toBe(true);
  });

  test('who avoids a task runs beside others who do', async () => {
    const avoid = { scheduling_hints: { avoid_concurrent_with: ['t0', 'nobody'] } };
    const plan = await read([{}, avoid, avoid]);
    expect(together(plan.plan.graph, ['t1', 't2'])).toBe(true);
    expect(together(plan.plan.graph, ['t0', 't2'])).toBe(false);
    expect(summary(plan.warnings)).toEqual([['TASKS1203', 1], ['TASKS1203', 1]]);
  });

  test('parallel_ok: false is alone within the phase, or within a plan without phases', async () => {
    const { graph } = (await read([{ parallel_ok: false }, {}, {}])).plan;
    expect([together(graph, ['t0', 't1']), together(graph, ['t1', 't2'])]).toEqual([false, true]);
    const phases = await accepted({ stdin: 'phase_id: A\ntasks: [{id: a, cmd: x, parallel_ok: false}, {id: b, cmd: x}]\n---\nphase_id: B\ntasks: [{id: c, cmd: x}]\n' });
    expect([together(phases.plan.graph, ['a', 'b']), together(phases.plan.graph, ['a', 'c'])]).toEqual([false, true]);
  });

  test('a task that only holds subtasks keeps nobody from running, and is told so', async () => {
    const plan = await accepted({ stdin: 'phase_id: A\ntasks:\n  - id: a\n    conflict_group: g\n    subtasks: [{id: b, cmd: x, conflict_group: g}]\n' });
    expect(taskOf(plan, 'a').asks).toBeUndefined();
    expect(summary(plan.warnings)).toEqual([['TASKS1006', 4]]);
  });
});

test('limits by label and by workspace', async () => {
  const policies = { limits: { labels: { e2e: 1 }, per_workspace: { tasks: 2, labels: { build: 1 } } } };
  const web = { directory: 'apps/web' };
  const { graph } = (await read([{ ...web, labels: ['build'] }, { workspace: './apps/web/', labels: ['build'] }, web, { directory: 'apps/api', labels: ['build', 'e2e'] }, { labels: ['build', 'e2e'] }], { policies })).plan;
  expect(together(graph, ['t0', 't1'])).toBe(false);
  expect(together(graph, ['t0', 't2', 't3'])).toBe(true);
  expect(together(graph, ['t3', 't4'])).toBe(false);
  expect(graph.resources?.map(({ name, capacity }) => [name, capacity])).toEqual([['workspace:apps/web', 2], ['label:build in apps/web', 1], ['workspace:apps/api', 2], ['label:build in apps/api', 1], ['label:e2e', 1]]);
  expect(graph.policies).not.toHaveProperty('limits');
});

describe('file scopes', () => {
  test('writers of two places run beside each other, and a reader of both beside neither', async () => {
    const { graph } = (await read([scope(['src/a']), scope(['src/b']), scope([], ['src/**']), scope([], ['src'])])).plan;
    expect([together(graph, ['t0', 't1']), together(graph, ['t0', 't2']), together(graph, ['t1', 't2']), together(graph, ['t2', 't3'])]).toEqual([true, false, false, true]);
  });

  test('what nobody else uses is no resource', async () => {
    const { graph } = (await read([scope(['src/a'], ['docs']), scope(['src/b'], ['docs'])])).plan;
    expect([graph.resources, graph.tasks[0]?.asks]).toEqual([undefined, undefined]);
  });

  const pattern = fc.constantFrom('src/a', 'src/b', 'src/*', 'src/**', './src/a/', 'src/a/x.ts', '**/*.ts', 'docs/{a,b}', 'docs/a', '**', '!src/a', 'docs/?');
  const patterns = fc.array(pattern, { maxLength: 3 });

  test('two tasks exclude each other exactly when one writes what the other can touch', async () => {
    const below = (text: string): string => (text.endsWith('**') ? text : `${text}/**`);
    const meet = (one: readonly string[], other: readonly string[]): boolean => {
      const plain = (list: readonly string[]) => list.filter((text) => !text.startsWith('!'));
      return plain(one).some((a) => plain(other).some((b) => globsIntersect(below(a), below(b))));
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(patterns, patterns), { minLength: 2, maxLength: 6 }), async (scopes) => {
        const { graph } = (await read(scopes.map(([writes, reads]) => scope(writes, reads)))).plan;
        for (const [a, [writes, reads]] of scopes.entries()) {
          expect(together(graph, [`t${a}`])).toBe(true);
          for (const [b, [otherWrites, otherReads]] of scopes.entries()) {
            if (a >= b) continue;
            const conflict = meet(writes, [...otherWrites, ...otherReads]) || meet(otherWrites, reads);
            expect(together(graph, [`t${a}`, `t${b}`]), JSON.stringify([scopes[a], scopes[b]])).toBe(!conflict);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('10,000 tasks with files of their own, and a reader of all, are read in seconds and told apart exactly', async () => {
    const started = performance.now();
    const plan = await read([...Array.from({ length: 9_999 }, (_, at) => scope([`src/${at % 100}/${at}.ts`])), scope([], ['src/**'])]);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(plan.warnings).toEqual([]);
    expect(plan.plan.graph.tasks.at(-1)?.asks).toHaveLength(9_999);
    expect(together(plan.plan.graph, ['t0', 't1', 't9998'])).toBe(true);
    expect(together(plan.plan.graph, ['t7', 't9999'])).toBe(false);
  });

  test('patterns that take long to compare are not compared for long', async () => {
    const started = performance.now();
    const long = (at: number): string => `{${'*a*b'.repeat(8)},${'?*'.repeat(12)}${at}}${'*c*'.repeat(60)}`;
    await read(Array.from({ length: 1_500 }, (_, at) => scope([`${long(at)}/${at}`])));
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 20_000);

  test('patterns that meet too often are told apart by the directory at the top, which is said', async () => {
    const plan = await read([...Array.from({ length: 400 }, (_, at) => scope([`src/${at}`])), ...Array.from({ length: 400 }, () => scope([], ['src/**'])), scope(['docs/a'])]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['TASKS1207']);
    expect(together(plan.plan.graph, ['t0', 't400'])).toBe(false);
    expect(together(plan.plan.graph, ['t0', 't1'])).toBe(false);
    expect(together(plan.plan.graph, ['t400', 't401', 't800'])).toBe(true);
    const wild = await read(Array.from({ length: 800 }, (_, at) => scope([`*/${at}`], ['**'])));
    expect(wild.warnings.map(({ code }) => code)).toEqual(['TASKS1207']);
    expect(together(wild.plan.graph, ['t0', 't1'])).toBe(false);
  }, 20_000);
});

test('every ask of every compiled plan can be granted when nobody holds anything', async () => {
  const { graph } = (await read([{ conflict_group: 'g', parallel_ok: false, antiAffinity: ['a'], ...scope(['x'], ['x']), scheduling_hints: { avoid_concurrent_with: ['t1', 't0'] } }, { conflict_group: 'g', ...scope(['x']) }])).plan;
  const resources = new Map(graph.resources?.map((resource) => [resource.name, resource]));
  for (const ask of graph.tasks.flatMap(({ asks = [] }) => asks)) {
    const resource = resources.get(ask.resource);
    expect(resource && canEverFit(emptyOccupancy(resource), ask), ask.resource).toBe(true);
  }
});
