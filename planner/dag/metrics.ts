/** Numbers about a graph's shape, over the edges that are left after the reduction, mutual exclusions among them. */
import { DEPENDENCY_TYPES } from '../../model/edge.schema.ts';
import { orderOf } from '../../scheduler/graph/order.ts';
import type { Preds } from '../../scheduler/graph/order.ts';
import type { DagMetrics } from '../artifacts/dag.schema.ts';
import type { Dependency } from '../artifacts/tasks.schema.ts';

/** Share of the pairs of tasks that an edge joins, either way round. */
export const densityOf = (edges: number, nodes: number): number => (nodes < 2 ? 0 : Math.min(1, edges / (nodes * (nodes - 1))));

/** Every type is there, also with none. */
export const countByType = (dependencies: readonly Pick<Dependency, 'type'>[]): DagMetrics['keptByType'] => {
  const counts = new Map(DEPENDENCY_TYPES.map((type) => [type, 0]));
  for (const { type } of dependencies) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries(counts);
};

/** Layers after Kahn: of each task the longest way from a beginning. */
export const shapeOf = (preds: Preds): { readonly width: number; readonly longestPath: number; readonly isolated: number } => {
  const { level } = orderOf(preds);
  const sizes = new Map<number, number>();
  for (const depth of level) sizes.set(depth, (sizes.get(depth) ?? 0) + 1);
  const joined = new Set(preds.flatMap((list, to) => (list.length > 0 ? [to, ...list] : [])));
  return {
    width: [...sizes.values()].reduce((most, size) => Math.max(most, size), 0),
    longestPath: level.reduce((most, depth) => Math.max(most, depth + 1), 0),
    isolated: preds.length - joined.size,
  };
};

/** Six digits: enough to compare, and the same whoever computes them. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
