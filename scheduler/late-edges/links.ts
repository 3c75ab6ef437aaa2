/** Edges between tasks, and which tasks come before which others: a search for each question, where there are few. */
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
