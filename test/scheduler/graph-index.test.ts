import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph, GraphTask } from '../../model/graph.ts';
import { DEFAULT_ESTIMATE_MS } from '../../model/graph.ts';
import { GraphIndex } from '../../scheduler/graph-index.ts';
import { graphOf } from './graphs.ts';
import { expectSameIndex } from './invariants.ts';
import { graphs } from './scenarios.ts';

/** The index of the graph without its edges, to which they are then added one by one in another order. */
const grow = (graph: Graph, ranks: readonly number[]): GraphIndex => {
  const tasks = graph.tasks.map(({ deps: _deps, soft: _soft, ...task }): GraphTask => task);
  const index = new GraphIndex({ ...graph, tasks });
  const edges = graph.tasks.flatMap((task, to) => [
    ...(task.deps ?? []).map((from) => ({ from, to, hard: true })),
    ...(task.soft ?? []).map((from) => ({ from, to, hard: false })),
  ]);
  const rank = (at: number): number => ranks[at % ranks.length] ?? 0;
  for (const edge of [...edges.keys()].sort((a, b) => rank(a) - rank(b) || a - b).map((at) => edges[at])) {
    if (!edge) continue;
    const key = edge.hard ? 'deps' : 'soft';
    const task = tasks[edge.to] as GraphTask;
    tasks[edge.to] = { ...task, [key]: [...(task[key] ?? []), edge.from] };
    index.addEdge(edge);
  }
  return index;
};

/** Alternately heavy and light tasks whose edges, added in this order, correct every value behind them again and again. */
const ladder = (rungs: number): Graph => {
  const sketches = [{ id: 'r0', estimateMs: 1 }, ...Array.from({ length: rungs }, (_, i) => [
    { id: `h${String(i)}`, estimateMs: 2 ** (i % 40), after: [`r${String(i)}`] },
    { id: `r${String(i + 1)}`, estimateMs: 1, after: [`r${String(i)}`, `h${String(i)}`] },
  ]).flat()];
  return graphOf(sketches);
};

describe('GraphIndex', () => {
  it('knows depth and remaining path, hard and soft edges alike', () => {
    const index = new GraphIndex(
      graphOf([
        { id: 'join', estimateMs: 5, after: ['left'], softAfter: ['right'] },
        { id: 'left', estimateMs: 10, after: ['root'] },
        { id: 'right', estimateMs: 40, after: ['root'] },
        { id: 'root' },
        { id: 'alone', estimateMs: 7 },
      ]),
    );
    expect(index.depth).toEqual([2, 1, 1, 0, 0]);
    expect(index.after).toEqual([0, 5, 5, 45, 0]);
    expect(index.criticalPathMs).toBe(DEFAULT_ESTIMATE_MS + 45);
    expect(index.edges).toBe(4);
    expect(index.opportunity(3)).toBe(2);
    expect(index.opportunity(2)).toBe(0);
  });

  it('is the same however its edges came', () => {
    fc.assert(
      fc.property(graphs({ max: 14 }), fc.array(fc.nat(), { minLength: 1 }), (graph, ranks) => {
        expectSameIndex(grow(graph, ranks), new GraphIndex(graph));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same after edges have gone and estimates have changed, in whatever order', () => {
    fc.assert(
      fc.property(graphs({ max: 14 }), fc.array(fc.nat(), { minLength: 1, maxLength: 12 }), (graph, dice) => {
        const tasks = [...graph.tasks];
        const index = new GraphIndex({ ...graph, tasks });
        for (const die of dice) {
          const to = die % tasks.length;
          const { deps = [], soft = [], ...task } = tasks[to] as GraphTask;
          const hard = die % 3 > 0;
          const from = (hard ? deps : soft)[die % 5];
          if (from === undefined) {
            tasks[to] = { ...task, deps, soft, estimateMs: 1 + ((die * 7_919) % 90_000) };
            index.reestimate(to);
          } else {
            tasks[to] = { ...task, deps: hard ? deps.filter((each) => each !== from) : deps, soft: hard ? soft : soft.filter((each) => each !== from) };
            index.removeEdge({ from, to, hard });
          }
          expectSameIndex(index, new GraphIndex({ ...graph, tasks }));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes an edge before a ladder of detours in one sweep', () => {
    const graph = ladder(3_000);
    const tasks = [...graph.tasks, ...graphOf([{ id: 'new', estimateMs: 1 }]).tasks];
    const index = new GraphIndex({ ...graph, tasks });
    let looked = 0;
    const successors = index.successors.bind(index);
    index.successors = function* (at) {
      looked += 1;
      yield* successors(at);
    };
    const at = tasks.length - 1;
    tasks[0] = { ...(tasks[0] as GraphTask), deps: [at] };
    index.addEdge({ from: at, to: 0, hard: true });
    expect(looked).toBe(6_001);
    expect(index.depth[at - 1]).toBe(6_001);
  });

  it('does not recurse: a chain of 10,000', () => {
    const tasks = Array.from({ length: 10_000 }, (_, i) => ({ id: `t${String(i)}`, estimateMs: 1, ...(i > 0 && { after: [`t${String(i - 1)}`] }) }));
    const index = new GraphIndex(graphOf(tasks));
    expect(index.depth[9_999]).toBe(9_999);
    expect(index.after[0]).toBe(9_999);
  });

  it('refuses a cycle', () => {
    const [a, b] = graphOf([{ id: 'a' }, { id: 'b', after: ['a'] }]).tasks as [GraphTask, GraphTask];
    expect(() => new GraphIndex({ ...graphOf([]), tasks: [{ ...a, deps: [1] }, b] })).toThrow(RangeError);
  });

  it('finds tasks whose names a plain object has of its own', () => {
    const index = new GraphIndex(graphOf(['constructor', 'toString']));
    expect(index.indexOf.get('constructor')).toBe(0);
    expect(index.indexOf.get('toString')).toBe(1);
    expect(index.indexOf.get('valueOf')).toBeUndefined();
  });
});
