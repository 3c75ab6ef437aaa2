import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dagSchema } from '../../../planner/artifacts/dag.schema.ts';
import type { Dependency, SharedResource } from '../../../planner/artifacts/tasks.schema.ts';
import { buildDag } from '../../../planner/dag/build-dag.ts';
import type { BuiltDag } from '../../../planner/dag/built-dag.ts';
import type { Problem } from '../../../model/problem.ts';
import { orderOf } from '../../../scheduler/graph/order.ts';
import { edge, exclusion, exclusiveResource, isVerbFirst, pool, sketches, taskOf } from '../compose/drafts.ts';
import type { TaskSketch } from '../compose/drafts.ts';

interface Given {
  readonly resources?: Readonly<Record<string, SharedResource>>;
  readonly minConfidence?: number;
}

const build = (tasks: readonly (string | TaskSketch)[], dependencies: readonly Dependency[], { resources = {}, minConfidence = 0.7 }: Given = {}): BuiltDag | readonly Problem[] => {
  const built = buildDag({ tasks: tasks.map((task) => taskOf(typeof task === 'string' ? { id: task } : task)), dependencies, minConfidence, resources, isVerbFirst });
  return built.ok ? built.value : built.error;
};

const built = (...given: Parameters<typeof build>): BuiltDag => {
  const result = build(...given);
  if (!('dag' in result)) throw new Error(JSON.stringify(result));
  return result;
};

const refused = (...given: Parameters<typeof build>): readonly Problem[] => {
  const result = build(...given);
  if ('dag' in result) throw new Error('it was built');
  return result;
};

const pairs = (edges: readonly Dependency[]): readonly string[] => edges.map(({ from, to }) => `${from}>${to}`);

describe('what gates', () => {
  test('only what is hard and certain enough; the rest orders, and is told apart', () => {
    const { dag, hard, soft } = built(['A', 'B', 'C', 'D'], [edge('A', 'B', { confidence: 0.7 }), edge('A', 'C', { confidence: 0.69 }), edge('A', 'D', { isHard: false, type: 'knowledge' })]);
    expect(pairs(hard)).toEqual(['A>B']);
    expect(pairs(soft)).toEqual(['A>C', 'A>D']);
    expect(pairs(dag.lowConfidenceDeps as Dependency[])).toEqual(['A>C']);
    expect(pairs(dag.softDeps as Dependency[])).toEqual(['A>D']);
    expect(dag.metrics).toMatchObject({ keptByType: { technical: 1 }, droppedByType: { technical: 1, knowledge: 1 }, lowConfidenceEdgesExcluded: 1, edges: 1, isolatedTasks: 2 });
  });

  test('what follows from other dependencies is left out of the graph, and stays in the plan', () => {
    const { dag, hard, dependencies } = built(['A', 'B', 'C'], [edge('A', 'C'), edge('A', 'B'), edge('B', 'C')]);
    expect(pairs(hard)).toEqual(['A>B', 'B>C']);
    expect(dag.reduced_edges).toEqual([['A', 'B'], ['B', 'C']]);
    expect(pairs(dependencies)).toEqual(['A>C', 'A>B', 'B>C']);
    expect(dag.metrics).toMatchObject({ edges: 2, edgeDensity: 0.333333, edgeDensityBeforeReduction: 0.5, longestPath: 3, widthApprox: 1 });
  });

  test('a mutual exclusion is never left out, also where dependencies order its tasks', () => {
    const { dag } = built(['A', 'B', 'C'], [edge('A', 'B'), edge('B', 'C'), exclusion('A', 'C', 'db')], { resources: { db: exclusiveResource } });
    expect(dag.reduced_edges).toEqual([['A', 'B'], ['A', 'C'], ['B', 'C']]);
    expect(dag.metrics).toMatchObject({ mutualExclusionEdges: 1, keptByType: { technical: 2, mutual_exclusion: 1 }, resourceConstrainedTasks: 2 });
  });

  test('two dependencies between the same tasks are one edge, as certain as the surer', () => {
    const { hard, dependencies } = built(['A', 'B'], [edge('A', 'B', { confidence: 0.7 }), edge('A', 'B', { confidence: 0.9, type: 'infrastructure' })]);
    expect(hard).toMatchObject([{ type: 'infrastructure', confidence: 0.9 }]);
    expect(dependencies).toHaveLength(2);
  });
});

describe('cycles', () => {
  test('the least certain dependency goes, and it is said', () => {
    const { dag, hard, dependencies } = built(['A', 'B', 'C'], [edge('A', 'B', { confidence: 0.9 }), edge('B', 'C', { confidence: 0.71 }), edge('C', 'A', { confidence: 0.8 })]);
    expect(pairs(hard)).toEqual(['A>B', 'C>A']);
    expect(pairs(dependencies)).toEqual(['A>B', 'C>A']);
    expect(dag.cycle_break_suggestions).toEqual([{ cycle: ['A', 'B', 'C'], remove: ['B', 'C'], reason: 'the least certain dependency of the cycle A → B → C → A', confidence: 0.71, applied: true }]);
    expect(dag.warnings).toHaveLength(1);
    expect(dag.metrics.droppedByType).toMatchObject({ technical: 1 });
  });

  test('of equally certain ones that which leads against the order of the document', () => {
    expect(pairs(built(['A', 'B'], [edge('B', 'A'), edge('A', 'B')]).hard)).toEqual(['A>B']);
  });

  test('what two rounds do not resolve is refused, drawn edge by edge', () => {
    const ids = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
    const all = ids.flatMap((from) => ids.flatMap((to) => (from === to ? [] : [edge(from, to)])));
    const [problem] = refused(ids, all);
    expect(problem).toMatchObject({ code: 'TASKS1605' });
    expect(problem?.message).toMatch(/: [A-H]( → [A-H])+$/u);
    expect(problem?.related?.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^[A-H] depends on [A-H] \(technical, 0\.9\): /u));
    expect(problem?.hint).toContain('the least certain is');
  });

  test('a task that depends on itself does not stop the plan', () => {
    const { dag, dependencies } = built(['A', 'B'], [edge('A', 'A'), edge('A', 'B')]);
    expect(pairs(dependencies)).toEqual(['A>B']);
    expect(dag.warnings).toEqual(['A was said to depend on itself: left out']);
  });

  test('a cycle through a soft dependency costs only that', () => {
    const { dag, soft, dependencies } = built(['A', 'B'], [edge('A', 'B'), edge('B', 'A', { isHard: false })]);
    expect(soft).toEqual([]);
    expect(pairs(dependencies)).toEqual(['A>B']);
    expect(dag.warnings).toEqual(['B → A (soft) was left out: it would have closed a cycle']);
  });
});

describe('mutual exclusions', () => {
  const resources = { db: exclusiveResource, deploy: exclusiveResource };

  test('one against a dependency is turned round', () => {
    const { dag, exclusions, dependencies } = built(['A', 'B', 'C'], [edge('A', 'B'), edge('B', 'C'), exclusion('C', 'A', 'db')], { resources });
    expect(exclusions).toMatchObject([{ from: 'A', to: 'C', shared_resource: 'db' }]);
    expect(pairs(dependencies)).toEqual(['A>B', 'B>C', 'A>C']);
    expect(dag.warnings).toEqual(['C → A (mutual_exclusion) was turned round: other dependencies say the opposite']);
  });

  test('those that contradict each other follow the first', () => {
    const { exclusions, dag } = built(['A', 'B', 'C'], [exclusion('A', 'B', 'db'), exclusion('B', 'C', 'deploy'), exclusion('C', 'A', 'db')], { resources });
    expect(pairs(exclusions)).toEqual(['A>B', 'A>C', 'B>C']);
    expect(dag.topo_order).toEqual(['A', 'B', 'C']);
  });
});

describe('resources', () => {
  test('tasks and waves of each that somebody needs', () => {
    const tasks = ['A', 'B', 'C', 'D'].map((id): TaskSketch => ({ id, shared: { pool: 2 }, exclusive: id < 'C' ? ['db'] : [] }));
    const { dag } = built(tasks, [], { resources: { unused: exclusiveResource, db: exclusiveResource, pool: pool(3) } });
    expect(dag.metrics.resourceUtilization).toEqual({ db: { total_tasks: 2, waves_required: 2 }, pool: { total_tasks: 4, capacity: 3, waves_required: 3 } });
  });

  test('more of one than there is cannot be planned', () => {
    expect(refused([{ id: 'A', shared: { pool: 4 } }], [], { resources: { pool: pool(3) } })).toMatchObject([{ code: 'TASKS1606', message: 'A needs 4 of "pool", and there are 3' }]);
  });
});

describe('overlap', () => {
  const suspects = (...tasks: readonly Omit<TaskSketch, 'id'>[]): number => built(tasks.map((task, at) => ({ ...task, id: `T${at}` })), []).dag.metrics.meceOverlapSuspects;

  test('titles of the same words in any order are suspects, those that begin otherwise are none', () => {
    expect(suspects({ title: 'Add the user login form' }, { title: 'Add user login the form' })).toBe(1);
    expect(suspects({ title: 'Add the user login form' }, { title: 'Test the user login form' })).toBe(0);
    expect(suspects({ title: 'Add a b c d e f g h' }, { title: 'Add a b c d e f g x' })).toBe(0);
    expect(suspects({ title: 'Add a b c d e f g h i' }, { title: 'Add a b c d e f g h i j' })).toBe(1);
  });

  test('so are tasks that write the same files for the same interface', () => {
    const same = { writes: ['src/a.ts'], produces: ['A:v1'] };
    expect(suspects({ ...same, title: 'Define one' }, { ...same, title: 'Build other' })).toBe(1);
    expect(suspects({ ...same, title: 'Define one' }, { ...same, title: 'Build other', produces: ['B:v1'] })).toBe(0);
  });
});

test('ids that are not there, and those that stand twice, are refused', () => {
  expect(refused(['A'], [edge('A', '__proto__')]).map(({ code }) => code)).toEqual(['TASKS1311']);
  expect(refused(['A', 'A'], []).map(({ code }) => code)).toEqual(['TASKS1202']);
});

test('an empty plan has an empty graph', () => {
  expect(built([], []).dag.metrics).toMatchObject({ nodes: 0, edges: 0, edgeDensity: 0, widthApprox: 0, longestPath: 0, verbFirstPct: 1 });
});

test('any graph is acyclic, reaches what the dependencies reach, and passes its schema', () => {
  fc.assert(
    fc.property(sketches(16), ({ tasks, dependencies, resources = {} }) => {
      const result = buildDag({ tasks, dependencies, minConfidence: 0.7, resources, isVerbFirst });
      if (!result.ok) throw new Error(JSON.stringify(result.error));
      const { dag, hard, exclusions, soft } = result.value;
      dagSchema.parse({ ...dag, generated: { by: 'x', timestamp: '1970-01-01T00:00:00Z', contentHash: '0'.repeat(64) } });
      const place = new Map(tasks.map(({ id }, at) => [id, at]));
      const predsOf = (edges: readonly Dependency[]): number[][] => tasks.map(({ id }) => edges.filter(({ to }) => to === id).map(({ from }) => place.get(from) ?? 0));
      expect(orderOf(predsOf(result.value.dependencies)).acyclic).toBe(true);
      const rank = new Map(dag.topo_order.map((id, at) => [id, at]));
      for (const { from, to } of [...hard, ...exclusions, ...soft]) expect(rank.get(from)).toBeLessThan(rank.get(to) ?? -1);
      const reach = (edges: readonly Dependency[], start: string): ReadonlySet<string> => {
        const found = new Set([start]);
        for (const at of found) for (const { from, to } of edges) if (from === at) found.add(to);
        return found;
      };
      const gates = result.value.dependencies.filter(({ type, isHard, confidence }) => isHard && confidence >= 0.7 && type !== 'mutual_exclusion' && type !== 'resource_limited');
      for (const { id } of tasks) expect(reach(hard, id)).toEqual(reach(gates, id));
      for (const one of hard) expect(reach(hard.filter((other) => other !== one), one.from).has(one.to)).toBe(false);
    }),
    { numRuns: 100 },
  );
});
