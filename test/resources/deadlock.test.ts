import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDeadlocks } from '../../resources/deadlock.ts';
import type { WaitEdge } from '../../resources/deadlock.ts';

const graphs = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 25 }).map((pairs) => pairs.map(([from, to]): WaitEdge => [`n${from}`, `n${to}`]));

/** Everything that can be reached by at least one edge, the slow way. */
const reach = (edges: readonly WaitEdge[], start: string): ReadonlySet<string> => {
  const seen = new Set<string>();
  for (let before = -1; before !== seen.size; ) {
    before = seen.size;
    for (const [from, to] of edges) if (from === start || seen.has(from)) seen.add(to);
  }
  return seen;
};

describe('the detector of deadlocks', () => {
  it('finds one planted across two domains', () => {
    const first: WaitEdge[] = [['tasks/a/t/x/1', 'tasks/b/t/y/1'], ['tasks/c/t/z/1', 'tasks/a/t/x/1']];
    const second: WaitEdge[] = [['tasks/b/t/y/1', 'tasks/a/t/x/1'], ['tasks/b/t/y/1', 'tasks/d/t/w/1']];
    expect(findDeadlocks(first)).toEqual([]);
    expect(findDeadlocks(second)).toEqual([]);
    expect(findDeadlocks([...first, ...second])).toEqual([['tasks/a/t/x/1', 'tasks/b/t/y/1']]);
  });

  it('finds one that waits for itself, and two circles that hang together', () => {
    expect(findDeadlocks([['a', 'a']])).toEqual([['a']]);
    const two: WaitEdge[] = [['a', 'b'], ['b', 'a'], ['b', 'c'], ['c', 'd'], ['d', 'c']];
    expect(findDeadlocks(two)).toEqual([['a', 'b'], ['c', 'd']]);
  });

  it('takes ids that are the names of built-in properties', () => {
    expect(findDeadlocks([['__proto__', 'constructor'], ['constructor', '__proto__']])).toEqual([['__proto__', 'constructor']]);
  });

  it('takes a chain of 20,000 in its stride', () => {
    const chain = Array.from({ length: 20_000 }, (_, i): WaitEdge => [`n${i}`, `n${i + 1}`]);
    expect(findDeadlocks(chain)).toEqual([]);
    expect(findDeadlocks([...chain, ['n20000', 'n0']])[0]).toHaveLength(20_001);
  });

  it('answers real circles, and leaves nobody out who is in one', () => {
    fc.assert(
      fc.property(graphs, (edges) => {
        const cycles = findDeadlocks(edges);
        for (const cycle of cycles) {
          expect(new Set(cycle).size).toBe(cycle.length);
          for (const [at, from] of cycle.entries()) expect(edges).toContainEqual([from, cycle[(at + 1) % cycle.length]]);
        }
        const circular = new Set(edges.flat().filter((id) => reach(edges, id).has(id)));
        expect(new Set(cycles.flat())).toEqual(circular);
      }),
    );
  });
});
