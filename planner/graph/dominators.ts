/**
 * Dominators: `d` dominates `i` when every way from a beginning (an index without predecessors) to `i` leads
 * through `d`. After Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001): without cycles one
 * pass in topological order is enough. No recursion.
 */
import type { Preds } from '../../scheduler/graph/order.ts';
import { orderOf } from '../../scheduler/graph/order.ts';

/** What all beginnings have in common: nothing. */
export const NOBODY = -1;

export interface Dominators {
  /** The nearest dominator of each index; {@link NOBODY} where there is none. */
  readonly parent: readonly number[];
  /** Predecessors first. */
  readonly order: readonly number[];
}

/** Of a graph without cycles. */
export const dominatorsOf = (preds: Preds): Dominators => {
  const { order } = orderOf(preds);
  const parent = preds.map(() => NOBODY);
  const height = preds.map(() => 0);
  const heightOf = (index: number): number => (index === NOBODY ? 0 : (height[index] ?? 0));
  const common = (one: number, other: number): number => {
    let [a, b] = [one, other];
    while (a !== b) {
      if (heightOf(a) >= heightOf(b)) a = parent[a] ?? NOBODY;
      else b = parent[b] ?? NOBODY;
    }
    return a;
  };
  for (const index of order) {
    const [first, ...others] = preds[index] ?? [];
    if (first === undefined) {
      height[index] = 1;
      continue;
    }
    let nearest = first;
    for (const pred of others) if (nearest !== NOBODY) nearest = common(nearest, pred);
    parent[index] = nearest;
    height[index] = heightOf(nearest) + 1;
  }
  return { parent, order };
};

/** Everything that `index` dominates, itself left out. */
export const dominatedBy = ({ parent, order }: Dominators, index: number): ReadonlySet<number> => {
  const found = new Set<number>();
  for (const at of order) {
    const above = parent[at] ?? NOBODY;
    if (above === index || found.has(above)) found.add(at);
  }
  return found;
};
