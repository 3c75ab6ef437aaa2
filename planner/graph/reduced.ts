/** A graph with as few dependencies as say the same. */
import { BitSet } from '../../scheduler/graph/ancestors.ts';
import type { Ancestors } from '../../scheduler/graph/ancestors.ts';
import type { Preds } from '../../scheduler/graph/order.ts';
import { orderOf } from '../../scheduler/graph/order.ts';

/** Of each task: after those of all that come before it. */
export type Ranks = Int32Array;

export const ranksOf = (preds: Preds): Ranks => {
  const ranks = new Int32Array(preds.length);
  for (const [at, index] of orderOf(preds).order.entries()) ranks[index] = at;
  return ranks;
};

/** Of some tasks those that come before no other one of them, each once, by index. */
export const lastOf = (tasks: readonly number[], { ancestors, ranks }: { readonly ancestors: Ancestors; readonly ranks: Ranks }): readonly number[] => {
  const passed = BitSet.ofSize(ranks.length);
  const last: number[] = [];
  // The last first: whoever comes before it has been said with it.
  for (const task of [...new Set(tasks)].sort((a, b) => (ranks[b] ?? 0) - (ranks[a] ?? 0))) {
    if (passed.has(task)) continue;
    last.push(task);
    passed.addAll(ancestors.of(task));
  }
  return last.sort((a, b) => a - b);
};

/** Without the dependencies that follow from others: the transitive reduction (Aho, Garey and Ullman, 1972). */
export const reduced = (preds: Preds, ancestors: Ancestors): Preds => {
  const ranks = ranksOf(preds);
  return preds.map((list) => (list.length < 2 ? list : lastOf(list, { ancestors, ranks })));
};
