/**
 * Which tasks come before which others, at whatever distance: for many questions at once one bit for each task that is
 * asked of, in a row for every task of the graph; for a few a search each.
 */
import { orderOf } from '../graph/order.ts';
import type { Preds } from '../graph/order.ts';
import type { GraphIndex } from '../graph-index.ts';

export interface Link {
  readonly from: number;
  readonly to: number;
}

/** Who comes before whom by the graph's edges, and by these. */
export const predsWith = (index: GraphIndex, links: readonly Link[]): Preds => {
  const preds = index.tasks.map(({ deps = [], soft = [] }) => [...deps, ...soft]);
  for (const { from, to } of links) preds[to]?.push(from);
  return preds;
};

/** O((tasks + edges) · columns / 32), once. */
export class Closure {
  readonly #column = new Map<number, number>();
  readonly #words: number;
  readonly #rows: Uint32Array;

  /** `columns` are the tasks that {@link isBefore} is asked of. */
  constructor(preds: Preds, columns: Iterable<number>) {
    for (const task of columns) if (!this.#column.has(task)) this.#column.set(task, this.#column.size);
    this.#words = Math.ceil(this.#column.size / 32);
    this.#rows = new Uint32Array(this.#words * preds.length);
    for (const at of orderOf(preds).order) for (const before of preds[at] ?? []) this.#take(at, before);
  }

  /** `one` must be among the columns. */
  isBefore(one: number, other: number): boolean {
    const column = this.#column.get(one) as number;
    return (((this.#rows[other * this.#words + (column >>> 5)] as number) >>> (column & 31)) & 1) === 1;
  }

  /** `at` comes after `before`, and after all that this comes after. */
  #take(at: number, before: number): void {
    const words = this.#words;
    const [row, other] = [at * words, before * words];
    for (let word = 0; word < words; word += 1) this.#rows[row + word] = (this.#rows[row + word] as number) | (this.#rows[other + word] as number);
    const column = this.#column.get(before);
    if (column !== undefined) this.#rows[row + (column >>> 5)] = (this.#rows[row + (column >>> 5)] as number) | (1 << (column & 31));
  }
}

/** Whether `to` comes after `from` by the graph's edges and by these, but for that very edge. O(what comes after `from`). */
export const leads = (index: GraphIndex, { from, to }: Link, links: readonly Link[] = []): boolean => {
  const after = new Map<number, number[]>();
  for (const link of links) after.set(link.from, [...(after.get(link.from) ?? []), link.to]);
  // By the graph alone every step is to a deeper task.
  const isWithin = (at: number): boolean => links.length > 0 || (index.depth[at] as number) < (index.depth[to] as number);
  const seen = new Set([from]);
  for (const at of seen) {
    for (const list of [index.hard[at], index.soft[at], after.get(at)]) {
      for (const next of list ?? []) {
        if (next === to && at !== from) return true;
        if (next !== to && isWithin(next)) seen.add(next);
      }
    }
  }
  return false;
};

/** Whether the graph has that very edge. */
export const isLinked = (index: GraphIndex, { from, to }: Link): boolean => {
  const { deps = [], soft = [] } = index.tasks[to] ?? {};
  return deps.includes(from) || soft.includes(from);
};
