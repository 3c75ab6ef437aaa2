/** Major cuts, against their definition taken word for word, on random graphs. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reduced } from '../../../planner/graph/reduced.ts';
import { ancestorsOf } from '../../../scheduler/graph/ancestors.ts';
import { dominatedBy, dominatorsOf } from '../../../planner/graph/dominators.ts';
import { LEAST_PART, majorCuts } from '../../../planner/sentinels/cuts.ts';
import { above, dags, plainly } from './dags.ts';
import type { Preds } from './dags.ts';

/** Tasks to which no way leads once these edges are gone and `closed` is passed by nobody. */
const cutOff = (preds: Preds, isCut: (from: number, to: number) => boolean, closed = -1): ReadonlySet<number> => {
  const reached = new Set<number>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const [index, list] of preds.entries()) {
      if (reached.has(index) || index === closed) continue;
      if (list.length > 0 && !list.some((pred) => reached.has(pred) && !isCut(pred, index))) continue;
      reached.add(index);
      grew = true;
    }
  }
  return new Set([...preds.keys()].filter((index) => !reached.has(index) && index !== closed));
};

interface Naive {
  readonly at: readonly number[];
  readonly behind: ReadonlySet<number>;
  readonly upTo: ReadonlySet<number>;
}

const naiveCuts = (preds: Preds, least: number): readonly Naive[] => {
  const plain = plainly(preds);
  const tasks = [...plain.keys()].map((index) => ({ at: [index], behind: cutOff(plain, () => false, index) }));
  const lists = [...new Set(plain.filter((list) => list.length > 1).map((list) => JSON.stringify([...list].sort((a, b) => a - b))))];
  const meetings = lists.flatMap((key) => {
    const waiting = new Set([...plain.keys()].filter((index) => JSON.stringify([...(plain[index] ?? [])].sort((a, b) => a - b)) === key));
    return waiting.size < 2 ? [] : [{ at: JSON.parse(key) as number[], behind: cutOff(plain, (_, to) => waiting.has(to)) }];
  });
  return [...tasks, ...meetings].map((cut) => ({ ...cut, upTo: new Set(cut.at.flatMap((index) => [index, ...above(preds, index)])) })).filter(({ behind, upTo }) => behind.size >= least && upTo.size >= least);
};

const near = (one: Naive, other: Naive, least: number): boolean => {
  const follows = (a: Naive, b: Naive): boolean => b.at.every((index) => a.upTo.has(index));
  return (follows(one, other) || follows(other, one)) && Math.abs(one.upTo.size - other.upTo.size) < least;
};

const chain = (length: number): Preds => Array.from({ length }, (_, index) => (index === 0 ? [] : [index - 1]));

describe('major cuts', () => {
  test('are points through which all that lies behind is reached, large enough on both sides, and not close to one another; nothing else that could be one is left out', () => {
    fc.assert(
      fc.property(dags(), fc.constantFrom(0.1, 0.2, 0.3, 0.5), (preds, share) => {
        const least = Math.max(LEAST_PART, Math.ceil(share * preds.length - 1e-9));
        const naive = naiveCuts(preds, least);
        const cuts = majorCuts(preds, share);
        const same = cuts.map((cut) => naive.find(({ at }) => JSON.stringify(at) === JSON.stringify(cut.at)) ?? expect.fail(`${JSON.stringify(cut.at)} is no cut`));
        for (const [index, cut] of cuts.entries()) {
          expect([...cut.behind].sort((a, b) => a - b)).toEqual([...(same[index]?.behind ?? [])].sort((a, b) => a - b));
          expect(cut.before).toBe(same[index]?.upTo.size);
        }
        for (const one of same) for (const other of same) if (one !== other) expect(near(one, other, least)).toBe(false);
        for (const one of naive) expect(same.some((other) => other === one || near(one, other, least))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each<{ name: string; preds: Preds; share?: number; cuts: readonly (readonly number[])[] }>([
    { name: 'a chain is cut in parts of the share', preds: chain(12), share: 0.25, cuts: [[2], [5], [8]] },
    { name: 'a plan that is too small has none', preds: chain(5), cuts: [] },
    { name: 'a task that all pass', preds: [[], [], [], [0, 1, 2], [3], [3], [3]], cuts: [[3]] },
    { name: 'the end of a phase, although nobody passes one task', preds: [[], [], [], [0, 1, 2], [0, 1, 2], [0, 1, 2]], cuts: [[0, 1, 2]] },
    { name: 'phases of uneven depth', preds: [[], [0], [1], [], [2, 3], [2, 3], [4, 5], [6]], cuts: [[2, 3]] },
    { name: 'a dependency that follows from others is no way around', preds: [[], [0], [1], [2, 0], [3, 1], [4, 0]], cuts: [[2]] },
    { name: 'a way around is one', preds: [[], [0], [1], [0], [2, 3], [4], [5]], cuts: [] },
    { name: 'a leaf on the way does no harm', preds: [[], [0], [0, 1], [0], [2], [2], [2]], cuts: [[2]] },
    { name: 'parts that have nothing to do with one another each have their own', preds: [[], [0], [1], [2], [3], [4], [], [6], [7], [8], [9], [10]], share: 0.25, cuts: [[2], [8]] },
  ])('$name', ({ preds, share = 0.2, cuts }) => {
    expect(majorCuts(preds, share).map(({ at }) => at)).toEqual(cuts);
  });

  test('of neighbours the one in which more meets is taken', () => {
    // 0-1-2 → 3, on which six wait; 2 alone would be as good by size.
    const preds = [[], [0], [1], [2], [3], [3], [3], [3], [3], [3]];
    expect(majorCuts(preds, 0.3).map(({ at }) => at)).toEqual([[3]]);
  });

  test('10,000 tasks in one chain, and in a hundred full layers, take a moment', () => {
    const layered = Array.from({ length: 2_200 }, (_, index) => (index < 22 ? [] : Array.from({ length: 22 }, (__, at) => Math.floor(index / 22) * 22 - 22 + at)));
    const started = performance.now();
    expect(majorCuts(chain(10_000), 0.2).map(({ at }) => at[0])).toEqual([1_999, 3_999, 5_999, 7_999]);
    expect(majorCuts(layered, 0.2)).toHaveLength(4);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('what they are computed with', () => {
  test('ancestors, the reduction and dominators are what they are by definition', () => {
    fc.assert(
      fc.property(dags(), (preds) => {
        const ancestors = ancestorsOf(preds);
        const dominators = dominatorsOf(preds);
        for (const index of preds.keys()) {
          const all = above(preds, index);
          expect([...preds.keys()].filter((other) => ancestors.of(index).has(other))).toEqual([...all].sort((a, b) => a - b));
          expect(ancestors.of(index).size).toBe(all.size);
          expect([...dominatedBy(dominators, index)].sort((a, b) => a - b)).toEqual([...cutOff(preds, () => false, index)].sort((a, b) => a - b));
        }
        expect(reduced(preds, ancestors)).toEqual(plainly(preds).map((list) => [...list].sort((a, b) => a - b)));
      }),
    );
  });
});
