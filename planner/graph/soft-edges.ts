/** Soft edges give way: one that would close a cycle is dropped, the earlier of two that conflict stays. */
import { GrowingOrder } from '../../scheduler/graph/growing-order.ts';
import type { IndexEdge } from '../../scheduler/graph/growing-order.ts';
import type { Preds } from '../../scheduler/graph/order.ts';
import { orderOf } from '../../scheduler/graph/order.ts';
import { componentsOf } from './cycles.ts';

/** Which of `soft` (by position) have to go so that `hard`, which is acyclic, stays so with the rest. */
export const softEdgesToDrop = (options: { readonly hard: Preds; readonly soft: readonly IndexEdge[] }): ReadonlySet<number> => {
  const { hard, soft } = options;
  const union = hard.map((list) => [...list]);
  for (const { from, to } of soft) union[to]?.push(from);
  if (orderOf(union).acyclic) return new Set();
  // Only an edge within a component can lie on a cycle; the others are settled without a look at the order.
  const component = componentsOf(union);
  const order = new GrowingOrder(hard);
  const dropped = new Set<number>();
  for (const [position, edge] of soft.entries()) {
    if (component[edge.from] === component[edge.to] && !order.add(edge)) dropped.add(position);
  }
  return dropped;
};
