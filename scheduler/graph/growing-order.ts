/** A topological order that takes one edge after another, and says which of them would close a cycle. */
import type { Preds } from './order.ts';
import { orderOf, successorsOf } from './order.ts';

export interface IndexEdge {
  readonly from: number;
  readonly to: number;
}

/** A topological order that takes one edge after another (Pearce and Kelly): only what lies between is moved. */
export class GrowingOrder {
  readonly #successors: number[][];
  readonly #predecessors: number[][];
  readonly #rank: Int32Array;
  /** The number of the search that last reached an index: a set that needs no clearing. */
  readonly #reachedBy: Int32Array;
  #search = 0;

  constructor(preds: Preds) {
    this.#predecessors = preds.map((list) => [...list]);
    this.#successors = successorsOf(preds).map((list) => [...list]);
    this.#rank = new Int32Array(preds.length);
    this.#reachedBy = new Int32Array(preds.length);
    for (const [rank, index] of orderOf(preds).order.entries()) this.#rank[index] = rank;
  }

  /** False, and nothing changed, when the edge would close a cycle. */
  add({ from, to }: IndexEdge): boolean {
    if (from === to) return false;
    const low = this.#rankOf(to);
    const high = this.#rankOf(from);
    if (low < high) {
      const after = this.#reach(to, this.#successors, (rank) => rank <= high, from);
      if (!after) return false;
      const before = this.#reach(from, this.#predecessors, (rank) => rank >= low) ?? [];
      this.#reorder(before, after);
    }
    this.#successors[from]?.push(to);
    this.#predecessors[to]?.push(from);
    return true;
  }

  #rankOf(index: number): number {
    return this.#rank[index] ?? 0;
  }

  /** Everything reached from `start` within the ranks; undefined as soon as it is `avoid`. */
  #reach(
    start: number,
    neighbours: readonly (readonly number[])[],
    within: (rank: number) => boolean,
    avoid = -1,
  ): number[] | undefined {
    this.#search += 1;
    const found = [start];
    this.#reachedBy[start] = this.#search;
    for (let head = 0; head < found.length; head += 1) {
      for (const next of neighbours[found[head] ?? start] ?? []) {
        if (next === avoid) return undefined;
        if (this.#reachedBy[next] === this.#search || !within(this.#rankOf(next))) continue;
        this.#reachedBy[next] = this.#search;
        found.push(next);
      }
    }
    return found;
  }

  #reorder(before: readonly number[], after: readonly number[]): void {
    const byRank = (a: number, b: number): number => this.#rankOf(a) - this.#rankOf(b);
    const moved = [...before.toSorted(byRank), ...after.toSorted(byRank)];
    const ranks = moved.map((index) => this.#rankOf(index)).sort((a, b) => a - b);
    for (const [at, index] of moved.entries()) this.#rank[index] = ranks[at] ?? 0;
  }
}
