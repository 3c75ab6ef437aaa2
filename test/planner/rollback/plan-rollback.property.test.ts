/** What holds for the rollback of any graph in any states, against a look at all paths. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_DEPENDENCIES } from '../../../model/graph.ts';
import type { GraphTask } from '../../../model/graph.ts';
import type { RollbackTarget } from '../../../model/rollback.ts';
import { contract } from '../../../planner/rollback/contract.ts';
import { planRollback } from '../../../planner/rollback/plan-rollback.ts';
import type { PlannedRollback } from '../../../planner/rollback/plan-rollback.ts';
import { GraphIndex } from '../../../scheduler/graph-index.ts';
import { anyStanding, standingOf } from './standings.ts';
import type { Sketched } from './standings.ts';

const anyTarget: fc.Arbitrary<RollbackTarget> = fc.oneof(
  fc.constant({ kind: 'all' } as const),
  fc.constant({ kind: 'failed' } as const),
  fc.record({ kind: fc.constant('depth' as const), depth: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ kind: fc.constant('after' as const), point: fc.constantFrom('t0', 't1', 't5', 'safe') }),
);

/** `paths[a][b]`: whether b comes after a, over `hard` paths or over any. */
const pathsOf = (tasks: readonly GraphTask[], kind: 'hard' | 'any'): boolean[][] => {
  const before = tasks.map((task) => new Set([...(task.deps ?? []), ...(kind === 'any' ? (task.soft ?? []) : [])]));
  const reach = tasks.map(() => tasks.map(() => false));
  const fill = (from: number, at: number): void => {
    for (const [to, list] of before.entries()) {
      if (!list.has(at) || reach[from]?.[to]) continue;
      (reach[from] as boolean[])[to] = true;
      fill(from, to);
    }
  };
  for (const at of tasks.keys()) fill(at, at);
  return reach;
};

const needs = ({ standing, specs }: Sketched, at: number): 'command' | 'hand' | 'left' | 'nothing' => {
  const { task, acted } = standing.tasks[at] as (typeof standing.tasks)[number];
  if (!acted) return 'nothing';
  if (task.idempotent === true) return 'left';
  if (specs[at]?.compensation) return 'command';
  return task.idempotent === false || specs[at]?.artifacts ? 'hand' : 'left';
};

/** The tasks to be undone, by the words of the specification. */
const expected = (sketched: Sketched, target: RollbackTarget): ReadonlySet<number> => {
  const { standing, specs } = sketched;
  const tasks = standing.tasks.map(({ task }) => task);
  const paths = pathsOf(tasks, 'hard');
  const undoable = [...tasks.keys()].filter((at) => ['command', 'hand'].includes(needs(sketched, at)));
  const depth = new GraphIndex({ schema: 1, name: '', tasks, sources: [], policies: standing.policies }).depth;
  if (target.kind === 'all') return new Set(undoable);
  if (target.kind === 'depth') return new Set(undoable.filter((at) => (depth[at] as number) > target.depth));
  if (target.kind === 'after') {
    const points = [...tasks.keys()].filter((at) => tasks[at]?.id === target.point);
    const starts = points.length > 0 ? points : [...tasks.keys()].filter((at) => specs[at]?.fields['checkpoint'] === target.point);
    return new Set(undoable.filter((at) => starts.some((from) => paths[from]?.[at])));
  }
  const failed = [...tasks.keys()].filter((at) => standing.tasks[at]?.failed);
  const seeds = undoable.filter((at) => failed.some((each) => each === at || paths[at]?.[each]));
  return new Set(undoable.filter((at) => seeds.some((seed) => seed === at || paths[seed]?.[at])));
};

const planOf = (sketched: Sketched, target: RollbackTarget): PlannedRollback | undefined => {
  const planned = planRollback({ ...sketched, target, number: 1 });
  return planned.ok ? planned.value : undefined;
};

test('what must be undone is, nothing else is, and what is idempotent never is', () => {
  fc.assert(
    fc.property(anyStanding, anyTarget, (sketched, target) => {
      const planned = planOf(sketched, target);
      const ids = [...expected(sketched, target)].map((at) => sketched.standing.tasks[at]?.task.id as string);
      expect(planned?.outline.steps.map(({ task }) => task as string).toSorted() ?? []).toEqual(ids.toSorted());
      for (const step of planned?.outline.steps ?? []) {
        const at = sketched.standing.tasks.findIndex(({ task }) => task.id === step.task);
        expect(step.how).toBe(needs(sketched, at));
        expect(sketched.standing.tasks[at]?.task.idempotent).not.toBe(true);
      }
      for (const { task } of planned?.outline.left ?? []) expect(ids).not.toContain(task);
    }),
    { numRuns: 2_000 },
  );
});

test('the order is turned round over however many tasks between, and no other order is added', () => {
  fc.assert(
    fc.property(anyStanding, anyTarget, (sketched, target) => {
      const planned = planOf(sketched, target);
      if (!planned) return;
      const forward = sketched.standing.tasks.map(({ task }) => task);
      const { tasks } = planned.plan.graph;
      const at = (id: string): number => forward.findIndex((task) => task.id === id);
      for (const kind of ['any', 'hard'] as const) {
        const [paths, reversed] = [pathsOf(forward, kind), pathsOf(tasks, kind)];
        for (const [one, { id }] of tasks.entries()) {
          for (const [other, { id: otherId }] of tasks.entries()) expect(reversed[one]?.[other], `${kind} ${id} before ${otherId}`).toBe(paths[at(otherId)]?.[at(id)]);
        }
      }
      const position = new Map(planned.outline.steps.map(({ task }, index) => [task as string, index]));
      for (const step of planned.outline.steps) {
        const node = tasks.find(({ id }) => id === step.task);
        for (const from of [...(node?.deps ?? []), ...(node?.soft ?? [])]) expect(position.get(tasks[from]?.id as string)).toBeLessThan(position.get(step.task) as number);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('with no room for more edges, gates keep the order', () => {
  fc.assert(
    fc.property(anyStanding, ({ standing }) => {
      const tasks = standing.tasks.map(({ task }) => task);
      const wanted = new Set([...tasks.keys()].filter((at) => standing.tasks[at]?.acted));
      const tight = contract(tasks, wanted, 0);
      const count = ({ before }: typeof tight): number => [...before.values()].reduce((sum, edges) => sum + edges.size, 0);
      const whole = tasks.reduce((sum, { deps = [], soft = [] }) => sum + new Set([...deps, ...soft]).size, 0);
      expect(count(tight)).toBeLessThanOrEqual(whole);
      const asTasks = ({ before }: typeof tight): GraphTask[] =>
        tasks.map(({ id }, at) => {
          const edges = [...(before.get(at) ?? [])];
          return { id, deps: edges.flatMap(([from, hard]) => (hard ? [from] : [])), soft: edges.flatMap(([from, hard]) => (hard ? [] : [from])) };
        });
      for (const kind of ['any', 'hard'] as const) {
        const [paths, kept] = [pathsOf(tasks, kind), pathsOf(asTasks(tight), kind)];
        for (const one of wanted) for (const other of wanted) expect(kept[one]?.[other]).toBe(paths[one]?.[other]);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('5,000 tasks on either side of one that needs no undoing stay within the limits of a graph', () => {
  const side = 5_000;
  const tasks: GraphTask[] = Array.from({ length: 2 * side + 1 }, (_, at) => ({
    id: `t${at}` as GraphTask['id'],
    ...(at === side && { deps: Array.from({ length: side }, (_, from) => from) }),
    ...(at > side && { deps: [side] }),
  }));
  const wanted = new Set([...tasks.keys()].filter((at) => at !== side));
  const { nodes, gates } = contract(tasks, wanted);
  expect([nodes.length, [...gates]]).toEqual([2 * side + 1, [side]]);
});

test('10,000 tasks in layers, every other one idempotent, are planned in seconds and within the limits of a graph', () => {
  const width = 100;
  const { standing, specs } = standingOf(Array.from({ length: 10_000 }, (_, at) => ({ id: `t${at}` })));
  const tasks = standing.tasks.map((each, at) => {
    const above = Math.floor(at / width) * width - width;
    const deps = above < 0 ? [] : [...new Set(Array.from({ length: 5 }, (_, k) => above + ((at * 7 + k * 13) % width)))];
    return { ...each, task: { ...each.task, deps, ...(Math.floor(at / width) % 2 === 1 && { idempotent: true }) } };
  });
  const before = performance.now();
  const planned = planOf({ standing: { ...standing, tasks }, specs }, { kind: 'all' });
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(planned?.outline.steps).toHaveLength(5_000);
  expect(planned?.plan.graph.tasks.reduce((sum, { deps = [] }) => sum + deps.length, 0)).toBeLessThanOrEqual(MAX_DEPENDENCIES);
});
