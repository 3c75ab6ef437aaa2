/** Dependencies between the same two tasks count once in a graph: as certain as the most certain of them. */
import type { Dependency } from '../artifacts/tasks.schema.ts';
import type { Preds } from '../../scheduler/graph/order.ts';

export interface Pair {
  readonly from: number;
  readonly to: number;
  readonly confidence: number;
  /** In the order they were stated. */
  readonly dependencies: readonly Dependency[];
}

/** A dependency, by the places of its tasks. */
export interface Placed {
  readonly from: number;
  readonly to: number;
  readonly dependency: Dependency;
}

export const byTasks = (a: { readonly from: number; readonly to: number }, b: { readonly from: number; readonly to: number }): number => a.from - b.from || a.to - b.to;

/** In the order of their tasks. */
export const pairsOf = (placed: readonly Placed[], count: number): readonly Pair[] => {
  const found = new Map<number, { readonly from: number; readonly to: number; readonly dependencies: Dependency[] }>();
  for (const { from, to, dependency } of placed) {
    const key = from * count + to;
    const known = found.get(key);
    if (known) known.dependencies.push(dependency);
    else found.set(key, { from, to, dependencies: [dependency] });
  }
  return [...found.values()].map((pair) => ({ ...pair, confidence: pair.dependencies.reduce((most, { confidence }) => Math.max(most, confidence), 0) })).sort(byTasks);
};

export const predsOf = (count: number, edges: Iterable<{ readonly from: number; readonly to: number }>): Preds => {
  const preds = Array.from({ length: count }, () => new Set<number>());
  for (const { from, to } of edges) preds[to]?.add(from);
  return preds.map((set) => [...set].sort((a, b) => a - b));
};
