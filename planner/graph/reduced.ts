/** A graph with as few dependencies as say the same. */
import { BitSet } from '../../scheduler/graph/ancestors.ts';
import type { Ancestors } from '../../scheduler/graph/ancestors.ts';
import type { Preds } from '../../scheduler/graph/order.ts';
import { orderOf } from '../../scheduler/graph/order.ts';

/** Without the dependencies that follow from others: the transitive reduction (Aho, Garey and Ullman, 1972). */
export const reduced = (preds: Preds, ancestors: Ancestors): Preds => {
  const rank = new Int32Array(preds.length);
  for (const [at, index] of orderOf(preds).order.entries()) rank[index] = at;
  return preds.map((list) => {
    if (list.length < 2) return list;
    const passed = BitSet.ofSize(preds.length);
    const kept: number[] = [];
    // The last first: whoever comes before it has been said with it.
    for (const pred of [...new Set(list)].sort((a, b) => (rank[b] ?? 0) - (rank[a] ?? 0))) {
      if (passed.has(pred)) continue;
      kept.push(pred);
      passed.addAll(ancestors.of(pred));
    }
    return kept.sort((a, b) => a - b);
  });
};
