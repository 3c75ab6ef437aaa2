/**
 * What does not gate, and orders all the same, put into an order that gates allow. A mutual exclusion says only that two tasks
 * do not run at once: one that contradicts what is there already is turned round. A soft dependency that does is given up.
 */
import { GrowingOrder } from '../../scheduler/graph/growing-order.ts';
import type { Preds } from '../../scheduler/graph/order.ts';
import type { Placed } from './pairs.ts';

export interface Ordered {
  readonly exclusions: readonly Placed[];
  /** Those of them that were turned round, as they were stated. */
  readonly turned: readonly Placed[];
  readonly soft: readonly Placed[];
  /** Soft ones that would have closed a cycle. */
  readonly givenUp: readonly Placed[];
}

const turnRound = ({ from, to, dependency }: Placed): Placed => ({ from: to, to: from, dependency: { ...dependency, from: dependency.to, to: dependency.from } });

/** Of two that contradict each other the earlier stays. `gates` has no cycle. */
export const orderEdges = (gates: Preds, exclusions: readonly Placed[], soft: readonly Placed[]): Ordered => {
  const order = new GrowingOrder(gates);
  const turned: Placed[] = [];
  const ordered = exclusions.map((placed) => {
    if (order.add(placed)) return placed;
    turned.push(placed);
    const other = turnRound(placed);
    // There is a way from the one to the other already: this cannot close a cycle.
    order.add(other);
    return other;
  });
  const givenUp = soft.filter((placed) => !order.add(placed));
  const lost = new Set(givenUp);
  return { exclusions: ordered, turned, soft: soft.filter((placed) => !lost.has(placed)), givenUp };
};
