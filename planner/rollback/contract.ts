/**
 * The order among some tasks of a graph, as its other tasks carry it: who comes before whom, however many others lie
 * between. Others are taken out one by one, and what came before them comes before what came after them. One that would
 * leave more edges than a graph may have stays as a *gate*: it keeps the order and stands for nothing else.
 */
import type { GraphTask } from '../../model/graph.ts';
import { MAX_DEPENDENCIES } from '../../model/graph.ts';
import { orderOf } from '../../scheduler/graph/order.ts';

/** Whether it gates. A path does when all of its edges do. */
type Edges = Map<number, boolean>;

export interface Contracted {
  /** Those that were asked for, and gates, in a topological order of the graph. */
  readonly nodes: readonly number[];
  /** What comes before a node, at once. */
  readonly before: ReadonlyMap<number, ReadonlyMap<number, boolean>>;
  readonly gates: ReadonlySet<number>;
}

/** For each task of the graph, as long as the graph may have so many. */
const EDGES_ADDED = 10;

/** Edges that taking tasks out may add in all. */
const budgetOf = (tasks: readonly GraphTask[]): number => {
  const edges = tasks.reduce((sum, { deps = [], soft = [] }) => sum + deps.length + soft.length, 0);
  return Math.max(0, Math.min(EDGES_ADDED * tasks.length, MAX_DEPENDENCIES - edges));
};

export const contract = (tasks: readonly GraphTask[], wanted: ReadonlySet<number>, budget = budgetOf(tasks)): Contracted => {
  const before = tasks.map((task): Edges => new Map([...(task.soft ?? []).map((at) => [at, false] as const), ...(task.deps ?? []).map((at) => [at, true] as const)]));
  const after = tasks.map((): Edges => new Map());
  for (const [at, edges] of before.entries()) for (const [from, hard] of edges) after[from]?.set(at, hard);
  const { order } = orderOf(before.map((edges) => [...edges.keys()]));
  const leads = new Set<number>();
  for (const at of order.toReversed()) if ([...(after[at] as Edges).keys()].some((to) => wanted.has(to) || leads.has(to))) leads.add(at);
  const gates = new Set<number>();
  let left = budget;
  for (const at of order.filter((each) => !wanted.has(each))) {
    const [ins, outs] = [before[at] as Edges, after[at] as Edges];
    const grows = ins.size * outs.size - ins.size - outs.size;
    if (ins.size > 0 && leads.has(at) && grows > Math.max(0, left)) {
      gates.add(at);
      continue;
    }
    if (leads.has(at) && grows > 0) left -= grows;
    for (const [from, hardIn] of ins) {
      for (const [to, hardOut] of leads.has(at) ? outs : []) join(before, after, from, to, hardIn && hardOut);
      after[from]?.delete(at);
    }
    for (const to of outs.keys()) before[to]?.delete(at);
    ins.clear();
    outs.clear();
  }
  const nodes = order.filter((at) => wanted.has(at) || gates.has(at));
  return { nodes, gates, before: new Map(nodes.map((at) => [at, before[at] as Edges])) };
};

const join = (before: readonly Edges[], after: readonly Edges[], from: number, to: number, hard: boolean): void => {
  const gating = hard || before[to]?.get(from) === true;
  before[to]?.set(from, gating);
  after[from]?.set(to, gating);
};
