/**
 * Cycles of hard dependencies are broken where they are least certain, in two rounds at most (spec/001, phase 6). A round
 * looks once at each task, in the order of the document: the shortest cycle through it, if it is on one still, loses its
 * least certain dependency. Of equally certain ones that goes which leads against the order of the document, then the one
 * whose tasks come first.
 */
import { componentsOf } from '../graph/cycles.ts';
import { byTasks, predsOf } from './pairs.ts';
import type { Pair } from './pairs.ts';

export const MAX_ROUNDS = 2;
/** Dependencies that one round may walk along: enough for any plan that a person would read. */
const MAX_STEPS = 20_000_000;

export interface Broken {
  /** In the order of dependency: each comes before the next, the last before the first. */
  readonly cycle: readonly number[];
  readonly removed: Pair;
}

export interface CycleBreaks {
  readonly kept: readonly Pair[];
  readonly broken: readonly Broken[];
}

/** The dependencies that are left, by the task they lead from. */
type Live = readonly Map<number, Pair>[];

const leadsBack = ({ from, to }: Pair): number => Number(from > to);

const leastCertain = (cycle: readonly Pair[]): Pair | undefined => cycle.toSorted((a, b) => a.confidence - b.confidence || leadsBack(b) - leadsBack(a) || byTasks(a, b))[0];

class Round {
  readonly #live: Live;
  readonly #component: readonly number[];
  #steps = 0;

  constructor(live: Live) {
    this.#live = live;
    this.#component = componentsOf(predsOf(live.length, live.flatMap((list) => [...list.values()])));
  }

  *breaks(): Generator<Broken> {
    const sizes = new Map<number, number>();
    for (const one of this.#component) sizes.set(one, (sizes.get(one) ?? 0) + 1);
    for (const [start, own] of this.#component.entries()) {
      if ((sizes.get(own) ?? 0) < 2) continue;
      const cycle = this.#shortestCycle(start);
      const removed = leastCertain(cycle);
      if (!removed) continue;
      this.#live[removed.from]?.delete(removed.to);
      yield { cycle: cycle.map(({ from }) => from), removed };
    }
  }

  /** Breadth first, from a task back to itself; empty where there is none, or where it takes too long. */
  #shortestCycle(start: number): readonly Pair[] {
    const by = new Map<number, Pair>();
    const queue = [start];
    for (let head = 0; head < queue.length; head += 1) {
      const at = queue[head] as number;
      for (const pair of this.#live[at]?.values() ?? []) {
        this.#steps += 1;
        if (this.#steps > MAX_STEPS) return [];
        const { to } = pair;
        if (to === start) return wayTo(pair, by);
        if (by.has(to) || this.#component[to] !== this.#component[start]) continue;
        by.set(to, pair);
        queue.push(to);
      }
    }
    return [];
  }
}

const wayTo = (last: Pair, by: ReadonlyMap<number, Pair>): readonly Pair[] => {
  const way = [last];
  for (let pair = by.get(last.from); pair; pair = by.get(pair.from)) way.push(pair);
  return way.toReversed();
};

/** `pairs` in the order of their tasks; what is kept may have cycles still. */
export const breakCycles = (count: number, pairs: readonly Pair[]): CycleBreaks => {
  const live: Map<number, Pair>[] = Array.from({ length: count }, () => new Map());
  for (const pair of pairs) live[pair.from]?.set(pair.to, pair);
  const broken: Broken[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = [...new Round(live).breaks()];
    if (found.length === 0) break;
    broken.push(...found);
  }
  const removed = new Set(broken.map((each) => each.removed));
  return { kept: pairs.filter((pair) => !removed.has(pair)), broken };
};
