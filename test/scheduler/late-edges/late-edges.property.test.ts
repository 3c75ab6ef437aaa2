/** Late edges against their definition, in the plainest way; and what they cost. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Graph, GraphTask } from '../../../model/graph.ts';
import type { TaskFiles } from '../../../model/late-edge.ts';
import type { TaskId } from '../../../model/ids.ts';
import { globsIntersect } from '../../../resources/globs.ts';
import { Driver } from '../driver.ts';
import { graphOf, PLAN_HASH, policiesOf, resultOf } from '../graphs.ts';
import { GraphIndex } from '../../../scheduler/graph-index.ts';
import { FileIndex } from '../../../scheduler/late-edges/file-index.ts';
import { resolve, unordered } from '../../../scheduler/late-edges/resolve.ts';
import { graphs } from '../scenarios.ts';

type Pair = readonly [from: number, to: number];

const below = (paths: readonly string[] = []): readonly string[] => paths.map((path) => `${path}/**`);
const meet = (ones: readonly string[], others: readonly string[]): boolean => ones.some((one) => others.some((other) => globsIntersect(one, other)));

/** Looks at all pairs of tasks, and for a path at every edge. */
const naive = (graph: Graph): readonly Pair[] => {
  const { tasks } = graph;
  const { depth } = new GraphIndex(graph);
  const edges: Pair[] = tasks.flatMap(({ deps = [], soft = [] }, to) => [...deps, ...soft].map((from): Pair => [from, to]));
  const leads = (from: number, to: number, all: readonly Pair[]): boolean => {
    const seen = new Set([from]);
    for (const at of seen) for (const [a, b] of all) if (a === at) seen.add(b);
    return from !== to && seen.has(to);
  };
  const touchesOf = ({ reads, names = [] }: TaskFiles): readonly string[] => [...below(reads), ...names.map((name) => name.replaceAll(/[{}*]/gu, String.raw`\$&`))];
  const found: { readonly pair: Pair; readonly isTie: boolean }[] = [];
  for (const [high, { files: b = {} }] of tasks.entries()) {
    for (const [low, { files: a = {} }] of tasks.slice(0, high).entries()) {
      const lowFirst = meet(below(a.produces), touchesOf(b));
      const highFirst = meet(below(b.produces), touchesOf(a));
      if (!lowFirst && !highFirst && !meet(below(a.produces), below(b.produces))) continue;
      const [x, y] = [tasks[low] as GraphTask, tasks[high] as GraphTask];
      const isLow = ((depth[low] as number) - (depth[high] as number) || (x.priority ?? 3) - (y.priority ?? 3) || -1) < 0;
      const isTie = lowFirst === highFirst;
      if (!leads(low, high, edges) && !leads(high, low, edges)) found.push({ pair: (isTie ? isLow : lowFirst) ? [low, high] : [high, low], isTie });
    }
  }
  found.sort((one, other) => Number(one.isTie) - Number(other.isTie) || one.pair[0] - other.pair[0] || one.pair[1] - other.pair[1]);
  const accepted: Pair[] = [];
  for (const { pair: [from, to] } of found) if (!leads(to, from, [...edges, ...accepted])) accepted.push([from, to]);
  const all = [...edges, ...accepted];
  return accepted.filter((pair) => !leads(...pair, all.filter((other) => other[0] !== pair[0] || other[1] !== pair[1])));
};

const lateOf = ({ scheduler }: Driver): readonly Pair[] => scheduler.state.graph.tasks.flatMap(({ late = [] }, to) => late.map(({ from }): Pair => [from, to]));
const sorted = (pairs: readonly Pair[]): readonly string[] => pairs.map(([from, to]) => `${from} ${to}`).toSorted();

describe('late edges of any plan', () => {
  test('are what a look at all pairs of tasks finds, and none of them follows from the others', () => {
    fc.assert(
      fc.property(graphs({ max: 10 }), fc.constantFrom('soft' as const, 'hard' as const), (graph, lateBoundEdges) => {
        const driver = new Driver({ ...graph, policies: { ...graph.policies, lateBoundEdges } });
        expect(sorted(lateOf(driver))).toEqual(sorted(naive(graph)));
        const kind = lateBoundEdges === 'hard' ? 'deps' : 'soft';
        for (const [from, to] of lateOf(driver)) expect(driver.scheduler.state.graph.tasks[to]?.[kind]).toContain(from);
        expect(() => new GraphIndex(driver.scheduler.state.graph)).not.toThrow();
      }),
      { numRuns: Number(process.env['TASKS_TEST_RUNS'] ?? 200) },
    );
  });
});

const timed = (act: () => void): number => {
  const before = performance.now();
  act();
  return performance.now() - before;
};

/** Tasks in chains of ten; each reads a file of a task of an earlier chain, and writes two of its own. */
const large = (count: number): Graph => ({
  ...graphOf([]),
  sources: [PLAN_HASH],
  policies: policiesOf({ concurrencyMax: 500 }),
  tasks: Array.from({ length: count }, (_, at): GraphTask => {
    const other = Math.max(0, at - 100 - ((at * 7_919) % 37));
    return {
      id: `t${at}` as TaskId,
      ...(at % 10 > 0 && { deps: [at - 1] }),
      files: { produces: [`packages/p${at % 100}/src/m${at}/index.ts`, `packages/p${at % 100}/dist/m${at}`], reads: [`packages/p${other % 100}/src/m${other}`], names: [`packages/p${at % 100}`] },
    };
  }),
});

describe('edges that many files suggest', () => {
  test('are the same, whether they are looked at one by one or at once', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 20, selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}` });
    fc.assert(
      fc.property(graphs({ max: 10 }), pairs, (graph, pairs) => {
        const index = new GraphIndex(graph);
        const links = pairs.map(([from, to]) => ({ from: from % graph.tasks.length, to: to % graph.tasks.length })).filter(({ from, to }) => from !== to);
        const distinct = [...new Map(links.map((link) => [`${Math.min(link.from, link.to)} ${Math.max(link.from, link.to)}`, link])).values()];
        const free = unordered(index, distinct, 0);
        expect(unordered(index, distinct, 100)).toEqual(free);
        expect(resolve(index, free, 100)).toEqual(resolve(index, free, 0));
      }),
      { numRuns: 500 },
    );
  });
});

describe('10,000 tasks with a few files each', () => {
  test('cost little at the beginning, and next to nothing when an attempt ends', () => {
    const without = large(10_000);
    const plain = { ...without, policies: { ...without.policies, lateBoundEdges: 'off' as const } };
    const driver = new Driver(without, { asleep: true });
    const other = new Driver(plain, { asleep: true });
    const began = timed(() => driver.apply({ type: 'begin' }));
    const base = timed(() => other.apply({ type: 'begin' }));
    expect(lateOf(driver).length).toBeGreaterThan(1_000);
    const ended = [...driver.running.values()].slice(0, 200).map((attempt) => {
      const [own] = driver.scheduler.index.tasks[attempt.index]?.files?.produces ?? [];
      const touched = [`packages/p7/src/m${attempt.index + 1}/index.ts`, ...Array.from({ length: 50 }, (_, at) => `${own}/${at}.ts`)];
      const result = resultOf({ ...attempt, now: driver.now }, { touched });
      return timed(() => driver.scheduler.apply({ type: 'ended', index: attempt.index, result }, driver.now));
    });
    const median = ended.toSorted((a, b) => a - b)[Math.floor(ended.length / 2)] as number;
    if (process.env['TASKS_TEST_TIMES']) process.stderr.write(`begin ${began.toFixed(1)} ms (${base.toFixed(1)} ms without), end of an attempt ${median.toFixed(3)} ms, ${lateOf(driver).length} late edges\n`);
    // Far above what it takes: a machine that does other things as well must not fail it.
    expect(began - base).toBeLessThan(5_000);
    expect(median).toBeLessThan(200);
  });
});

/** Tasks of two kinds with patterns in one directory. */
const besides = (count: number, produces: (at: number) => string, reads: (at: number) => string): Graph => ({
  ...graphOf([]),
  policies: policiesOf({ concurrencyMax: 500 }),
  tasks: Array.from({ length: 2 * count }, (_, at): GraphTask => ({ id: `t${at}` as TaskId, files: at < count ? { produces: [produces(at)] } : { reads: [reads(at - count)] } })),
});

const told = ({ events }: Driver): readonly unknown[] => events.filter(({ type }) => type === 'late_edges');

describe('thousands of patterns in one directory that do not meet', () => {
  test('are told apart by what they begin with', () => {
    const driver = new Driver(besides(2_000, (at) => `reports/a-${at}-*.json`, (at) => `reports/b-${at}-*.json`), { asleep: true });
    const took = timed(() => driver.apply({ type: 'begin' }));
    if (process.env['TASKS_TEST_TIMES']) process.stderr.write(`begin ${took.toFixed(1)} ms\n`);
    expect([told(driver), lateOf(driver)]).toEqual([[], []]);
    expect(took).toBeLessThan(5_000);
  });

  test('or are looked at as far as the budget goes, which is told, at the beginning and when an attempt ends', () => {
    const driver = new Driver(besides(2_000, (at) => `reports/*-${'x'.repeat(100)}a-${at}.json`, (at) => `reports/*-${'x'.repeat(100)}b-${at}.json`), { asleep: true });
    const took = timed(() => driver.apply({ type: 'begin' }));
    if (process.env['TASKS_TEST_TIMES']) process.stderr.write(`begin ${took.toFixed(1)} ms\n`);
    expect([told(driver), lateOf(driver)]).toEqual([[{ type: 'late_edges', applied: 0, refused: 0, limited: true }], []]);
    const [attempt] = [...driver.running.values()];
    if (!attempt) throw new Error('nothing runs');
    const result = resultOf({ ...attempt, now: driver.now }, { touched: Array.from({ length: 200 }, (_, at) => `reports/${'y'.repeat(100)}-${at}.json`) });
    const ended = timed(() => driver.scheduler.apply({ type: 'ended', index: attempt.index, result }, driver.now));
    if (process.env['TASKS_TEST_TIMES']) process.stderr.write(`ended ${ended.toFixed(1)} ms\n`);
    expect(took).toBeLessThan(5_000);
    expect(ended).toBeLessThan(1_000);
  });

  test('names with characters that are no patterns have directories of their own', () => {
    const driver = new Driver(besides(2_000, (at) => `packages/@acme/a+${at}/dist`, (at) => `packages/@acme/a+${at}/dist/index.js`), { asleep: true });
    driver.apply({ type: 'begin' });
    expect(told(driver)).toMatchObject([{ limited: false }]);
    expect(lateOf(driver)).toHaveLength(2_000);
  });
});

describe('thousands of tasks that state the same pattern', () => {
  test('are put down one by one, without a copy of all for each', () => {
    const index = new FileIndex();
    const took = timed(() => {
      for (let at = 0; at < 10_000; at += 1) index.put(at, { reads: ['src'], produces: ['out'] });
      for (let at = 0; at < 10_000; at += 1) index.put(at, { reads: ['src'] });
    });
    expect([...index.touches.entries()].map(({ tasks }) => tasks.size)).toEqual([10_000]);
    expect(took).toBeLessThan(5_000);
  });
});
