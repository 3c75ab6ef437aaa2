/** What holds of all dependencies, whatever the tasks. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conflictSchema, dependencySchema } from '../../../planner/artifacts/tasks.schema.ts';
import type { Dependency } from '../../../planner/artifacts/tasks.schema.ts';
import type { FoundResource } from '../../../planner/codebase/analysis.ts';
import { findDependencies } from '../../../planner/dependencies/find-dependencies.ts';
import { RULES } from '../../../planner/dependencies/rules.ts';
import { EXCLUSION_RULES } from '../../../planner/dependencies/exclusion/exclusion.ts';
import { orderOf } from '../../../scheduler/graph/order.ts';
import { found, foundIn, inputOf } from './planned.ts';
import type { Found, PlanSketch, Sketch } from './planned.ts';

const RESOURCES: readonly FoundResource[] = [
  { name: 'migrations', resource: { type: 'exclusive', location: 'db', constraint: 'one', reason: 'It locks' }, paths: ['db/**'], words: [] },
  { name: 'pool', resource: { type: 'shared_limited', capacity: 2, location: 'pool', reason: 'There are 2' }, paths: [], words: [] },
];

const VERBS = ['Build', 'Define the contract of', 'Test', 'Document', 'Set up the backend of', 'Add the migration of', 'Evaluate options of', 'Store', 'Add CI for', 'Optimize'];

/** Of one group: it shares no word, interface, file, resource or requirement with another one. */
const sketches = (group: string, most: number): fc.Arbitrary<readonly Sketch[]> => {
  const named = (names: readonly string[]) => fc.subarray(names.map((name) => `${group}${name}`), { maxLength: Math.min(2, names.length) });
  const one = fc.record({
    verb: fc.constantFrom(...VERBS),
    thing: fc.constantFrom('ledger', 'chore', 'note'),
    feature: fc.constantFrom('F1', 'F2', 'F3'),
    category: fc.constantFrom('foundation' as const, 'implementation' as const, 'integration' as const, 'optimization' as const),
    produces: named(['A:v1', 'B:v1', 'C:v2', 'DModel:v1']),
    consumes: named(['A:v1', 'B:v1', 'C:v1', 'D-model']),
    reads: named(['/a.ts', '/b.ts', '/lib/**']),
    writes: named(['/a.ts', '/b.ts', '/*.ts', '/lib/c.ts']),
    exclusive: named(['lock']),
    inDb: fc.boolean(),
    pool: fc.nat(2),
    requirements: fc.subarray(['R1', 'R2', 'R3'], { maxLength: 2 }),
  });
  return fc.array(one, { maxLength: most }).map((list) =>
    list.map(
      ({ verb, thing, inDb, pool, ...rest }, at): Sketch => ({
        ...rest,
        id: `${group.toUpperCase()}${at}`,
        title: `${verb} ${group}${thing}`,
        feature: `${group}${rest.feature}`,
        requirements: group === 'x' ? rest.requirements : [],
        writes: [...rest.writes, ...(inDb && group === 'x' ? ['db/1.sql'] : [])],
        shared: pool > 0 && group === 'x' ? { pool } : {},
      }),
    ),
  );
};

/** What the document says may be anything. */
const documents = fc.array(fc.tuple(fc.constantFrom('depends on', 'requires', 'after', 'before', 'is shown with', 'does not depend on'), fc.nat(2), fc.nat(2)), { maxLength: 4 }).map((claims) => {
  const lines = [1, 2, 3].map((at) => `- Thing ${at}. [R${at} FR-00${at}]`);
  return [...lines, ...claims.map(([words, one, other]) => `\nFR-00${one + 1} ${words} FR-00${other + 1}.`)].join('\n');
});

const plans: fc.Arbitrary<PlanSketch> = fc
  .tuple(sketches('x', 14), documents)
  .map(([tasks, text]) => ({ tasks, text, codebase: { resources: RESOURCES, files: ['xa.ts'] }, features: [['xF1', 'Ledger'], ['xF2', 'Chores']] }));

/** Where the document's statements allow no order at all nothing is found; that is tested elsewhere. */
const resultOf = (plan: PlanSketch): Found | undefined => (findDependencies(inputOf(plan)).ok ? found(plan) : undefined);

const isExclusion = ({ type }: Pick<Dependency, 'type'>): boolean => type === 'mutual_exclusion' || type === 'resource_limited';

const predsOf = (tasks: readonly Sketch[], dependencies: readonly Dependency[]): readonly (readonly number[])[] => {
  const indices = new Map(tasks.map(({ id }, index) => [id, index]));
  const preds = tasks.map((): number[] => []);
  for (const { from, to } of dependencies) preds[indices.get(to) ?? -1]?.push(indices.get(from) ?? -1);
  return preds;
};

const WIDE = { numRuns: 40 };

describe('every dependency', () => {
  test('is between two known tasks, the only one of its pair, with a reason, evidence, and the type and confidence of a rule', () => {
    const known = new Set([...RULES, ...EXCLUSION_RULES].map(({ type, confidence, isHard }) => `${type} ${confidence} ${isHard}`));
    fc.assert(
      fc.property(plans, (plan) => {
        const result = resultOf(plan);
        if (!result) return;
        const ids = new Set(plan.tasks.map(({ id }) => id));
        const pairs = new Set<string>();
        for (const dependency of result.dependencies) {
          const { from, to, type, confidence, isHard } = dependencySchema.parse(dependency);
          expect(ids.has(from) && ids.has(to) && from !== to).toBe(true);
          const pair = [from, to].sort((a, b) => (a < b ? -1 : 1)).join(' ');
          expect(pairs.has(pair)).toBe(false);
          pairs.add(pair);
          expect(known).toContain(`${type} ${confidence} ${isHard}`);
          expect(dependency.shared_resource !== undefined).toBe(isExclusion(dependency));
        }
        for (const conflict of Object.values(result.conflicts)) expect(conflictSchema.parse(conflict).tasks.every((id) => ids.has(id))).toBe(true);
      }),
      WIDE,
    );
  });

  test('closes no cycle, hard, soft and of exclusions taken together, unless the document states one', () => {
    fc.assert(
      fc.property(plans, (stating) => {
        const plan = { ...stating, text: '' };
        const result = found(plan);
        expect(orderOf(predsOf(plan.tasks, result.dependencies)).acyclic).toBe(true);
      }),
      WIDE,
    );
  });

  test('is found twice the same', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(findDependencies(inputOf(plan))).toEqual(findDependencies(inputOf(plan)));
      }),
      { numRuns: 30 },
    );
  });

  test('does not depend on tasks that have nothing to do with either', () => {
    const mixed = fc.tuple(sketches('x', 8), sketches('y', 8), fc.infiniteStream(fc.boolean()));
    fc.assert(
      fc.property(mixed, ([xs, ys, coin]) => {
        const tasks: Sketch[] = [];
        const [mine, others] = [xs.map((task) => ({ ...task, requirements: [], shared: {}, writes: (task.writes ?? []).filter((path) => !path.startsWith('db')) })), [...ys]];
        const left = [...mine];
        while (left.length + others.length > 0) {
          const next = others.length === 0 || (left.length > 0 && coin.next().value) ? left.shift() : others.shift();
          if (next) tasks.push(next);
        }
        // Chapters are neighbours of whatever comes next.
        const told = (result: Found): readonly string[] =>
          result.dependencies.filter(({ from, to, confidence }) => from.startsWith('X') && to.startsWith('X') && confidence !== 0.5).map((each) => JSON.stringify(each));
        const codebase = { resources: RESOURCES };
        // "backend" is a word of both groups, and so is nothing that may be set up here.
        const apart = (list: readonly Sketch[]): readonly Sketch[] => list.filter(({ title }) => !title?.includes('backend'));
        expect(told(found({ tasks: apart(tasks), codebase }))).toEqual(told(found({ tasks: apart(mine), codebase })));
      }),
      WIDE,
    );
  });
});

describe('exclusions', () => {
  test('leave no two tasks beside each other that need the same exclusive thing, and repeat no order that is there', () => {
    fc.assert(
      fc.property(plans, (stating) => {
        const plan = { ...stating, text: '' };
        const { dependencies } = found(plan);
        const ordering = predsOf(plan.tasks, dependencies.filter((each) => each.isHard));
        const above = closure(ordering);
        const alone = closure(predsOf(plan.tasks, dependencies.filter((each) => each.isHard && !isExclusion(each))));
        const indices = new Map(plan.tasks.map(({ id }, index) => [id, index]));
        for (const { from, to } of dependencies.filter(isExclusion)) {
          const [one, other] = [indices.get(from) ?? -1, indices.get(to) ?? -1];
          expect(alone[one]?.has(other) || alone[other]?.has(one)).toBe(false);
        }
        for (const [one, a] of plan.tasks.entries()) {
          for (const [other, b] of plan.tasks.entries()) {
            if (one >= other) continue;
            const both = (a.exclusive ?? []).some((name) => b.exclusive?.includes(name)) || (a.writes ?? []).some((path) => b.writes?.includes(path));
            if (both) expect(above[one]?.has(other) || above[other]?.has(one)).toBe(true);
          }
        }
      }),
      WIDE,
    );
  });

  test('suggest orders that no hard dependency contradicts', () => {
    fc.assert(
      fc.property(plans, (stating) => {
        const plan = { ...stating, text: '' };
        const { dependencies, conflicts } = found(plan);
        const above = closure(predsOf(plan.tasks, dependencies.filter((each) => each.isHard)));
        const indices = new Map(plan.tasks.map(({ id }, index) => [id, index]));
        for (const { suggested_order: order = [] } of Object.values(conflicts)) {
          const places = order.map((id) => indices.get(id) ?? -1);
          for (const [at, one] of places.entries()) for (const other of places.slice(at + 1)) expect(above[one]?.has(other)).toBe(false);
        }
      }),
      WIDE,
    );
  });
});

const closure = (preds: readonly (readonly number[])[]): readonly ReadonlySet<number>[] => {
  const above = preds.map((): Set<number> => new Set());
  for (const index of orderOf(preds).order) for (const pred of preds[index] ?? []) for (const each of [pred, ...(above[pred] ?? [])]) above[index]?.add(each);
  return above;
};

/** Of each feature a contract, a migration, what implements its requirements, tests and documentation. */
const product = (features: number, requirements: number): PlanSketch => {
  const lines: string[] = ['# Product', '', 'Set up first. [R0]', ''];
  const tasks: Sketch[] = [{ id: 'T0', title: 'Set up the Express backend project', category: 'foundation', feature: 'F0', requirements: ['R0'], writes: ['package.json'] }];
  for (let feature = 1; feature <= features; feature += 1) {
    const name = `Thing${String.fromCharCode(64 + (feature % 26))}${feature}`;
    lines.push(`## ${name}`, '');
    const mine = { feature: `F${feature}` };
    tasks.push({ ...mine, id: `F${feature}.C`, title: `Define the ${name} API contract`, produces: [`${name}API:v1`], writes: [`docs/${name}.yaml`] });
    tasks.push({ ...mine, id: `F${feature}.M`, title: `Add the ${name} migration`, exclusive: ['database_migrations'], writes: [`db/migrations/${name}.sql`] });
    for (let at = feature; at <= requirements; at += features) {
      lines.push(`- FR-${at}: System MUST record ${name} detail ${at}${at > features && at % 7 === 0 ? ` (requires FR-${at - features})` : ''}. [R${at} FR-${at}]`);
      tasks.push({ ...mine, id: `F${feature}.I${at}`, title: `Record ${name} detail ${at} in the backend`, requirements: [`R${at}`], consumes: [`${name}API:v1`], reads: ['package.json'], writes: [`src/${name}/${at}.ts`] });
    }
    lines.push('');
    tasks.push({ ...mine, id: `F${feature}.T`, title: `Test ${name}`, consumes: [`${name}API:v1`], writes: [`test/${name}.test.ts`], shared: { pool: 1 } });
    tasks.push({ ...mine, id: `F${feature}.D`, title: `Document ${name}`, writes: [`docs/${name}.md`] });
  }
  return { tasks, text: lines.join('\n'), features: tasks.filter(({ id }) => id.endsWith('.C')).map(({ feature = '', title = '' }) => [feature, title] as const), codebase: { resources: RESOURCES, files: [] } };
};

test('fifty requirements in eight features are not made serial: eight tasks and more can run beside each other', () => {
  const plan = product(8, 50);
  const { dependencies } = found(plan);
  const preds = predsOf(plan.tasks, dependencies.filter((each) => each.isHard && !isExclusion(each)));
  const { level, acyclic } = orderOf(preds);
  const layers = new Map<number, number>();
  for (const each of level) layers.set(each, (layers.get(each) ?? 0) + 1);
  const density = dependencies.length / (plan.tasks.length * (plan.tasks.length - 1));
  expect(acyclic).toBe(true);
  expect(Math.max(...layers.values())).toBeGreaterThanOrEqual(8);
  expect(layers.size).toBeLessThanOrEqual(8);
  expect(density).toBeLessThan(0.5);
  expect(dependencies.some(({ reason }) => reason.includes('requires FR-'))).toBe(true);
});

test('two thousand tasks are not compared each with each: even a slow machine is done in seconds', () => {
  const input = inputOf(product(40, 1_840));
  expect(input.tasks.length).toBeGreaterThanOrEqual(2_000);
  const started = process.cpuUsage();
  foundIn(input);
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(10_000);
});
