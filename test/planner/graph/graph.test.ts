/** Orders, cycles and soft edges on random graphs, against what they promise; export of hostile ids. */
import * as fc from 'fast-check';
import graphlib from 'graphlib';
import { describe, expect, test } from 'vitest';
import type { GraphTask } from '../../../model/graph.ts';
import type { TaskId } from '../../../model/ids.ts';
import { findCycles } from '../../../planner/graph/cycles.ts';
import { graphDot } from '../../../planner/graph/dot.ts';
import { fromGraphlib, graphJson, toGraphlib } from '../../../planner/graph/graphlib.ts';
import { orderOf } from '../../../scheduler/graph/order.ts';
import { softEdgesToDrop } from '../../../planner/graph/soft-edges.ts';

const COUNT = 12;
const edge = fc.record({ from: fc.nat(COUNT - 1), to: fc.nat(COUNT - 1) });
const edges = fc.uniqueArray(edge, { selector: ({ from, to }) => `${from} ${to}`, maxLength: 40 });

const predsOf = (list: readonly { from: number; to: number }[]): number[][] => {
  const preds: number[][] = Array.from({ length: COUNT }, () => []);
  for (const { from, to } of list) preds[to]?.push(from);
  return preds;
};

describe('order and cycles', () => {
  test('either there is an order, and it respects every edge, or there is a cycle, and each of its edges exists', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const preds = predsOf(list);
        const { order, level, acyclic } = orderOf(preds);
        const cycles = findCycles(preds);
        expect(acyclic).toBe(cycles.length === 0);
        for (const cycle of cycles) {
          expect(new Set(cycle).size).toBe(cycle.length);
          for (const [at, from] of cycle.entries()) expect(preds[cycle[(at + 1) % cycle.length] ?? -1]).toContain(from);
        }
        const rank = new Map(order.map((index, at) => [index, at]));
        for (const { from, to } of acyclic ? list : []) {
          expect(rank.get(from)).toBeLessThan(rank.get(to) ?? -1);
          expect(level[from]).toBeLessThan(level[to] ?? -1);
        }
      }),
    );
  });

  test('a chain of 100,000 needs no stack', () => {
    const chain = Array.from({ length: 100_000 }, (_, at) => (at > 0 ? [at - 1] : []));
    expect(orderOf(chain).level.at(-1)).toBe(99_999);
    expect(findCycles(chain)).toEqual([]);
    chain[0] = [99_999];
    expect(findCycles(chain)[0]).toHaveLength(100_000);
  });
});

describe('soft edges', () => {
  test('what stays has no cycle, and each that goes would have closed one with those before it', () => {
    fc.assert(
      fc.property(edges, edges, (hardEdges, soft) => {
        const hard = predsOf(hardEdges.filter(({ from, to }) => from < to));
        const dropped = softEdgesToDrop({ hard, soft });
        const kept = hard.map((list) => [...list]);
        for (const [at, { from, to }] of soft.entries()) {
          kept[to]?.push(from);
          expect(dropped.has(at)).toBe(!orderOf(kept).acyclic);
          if (dropped.has(at)) kept[to]?.pop();
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('export', () => {
  const task = (id: string, rest: Partial<GraphTask> = {}): GraphTask => ({ id: id as TaskId, ...rest });
  const graph = {
    name: 'p',
    tasks: [task('constructor'), task('toString', { deps: [0], title: 'say "hi"\\' }), task('c', { deps: [1], soft: [0] })],
  };

  test('what went in comes out, whatever the ids are called', () => {
    expect(fromGraphlib(toGraphlib(graph))).toEqual({
      name: 'p',
      nodes: [{ id: 'constructor' }, { id: 'toString', title: 'say "hi"\\' }, { id: 'c' }],
      edges: [
        { from: 'constructor', to: 'toString', type: 'hard' },
        { from: 'toString', to: 'c', type: 'hard' },
        { from: 'constructor', to: 'c', type: 'soft' },
      ],
    });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("the JSON form is graphlib's own", () => {
    const read = graphlib.json.read({ ...graphJson({ ...graph, tasks: [task('a'), task('b', { deps: [0] })] }) });
    expect(read.successors('a')).toEqual(['b']);
  });

  test('dot quotes what it is given', () => {
    expect(graphDot(graph)).toBe(
      [
        'digraph "p" {',
        '  rankdir=LR;',
        '  node [shape=box];',
        '  "constructor";',
        '  "toString" [label="toString\\nsay \\"hi\\"\\\\"];',
        '  "c";',
        '  "constructor" -> "toString";',
        '  "toString" -> "c";',
        '  "constructor" -> "c" [style=dashed];',
        '}',
        '',
      ].join('\n'),
    );
  });
});
