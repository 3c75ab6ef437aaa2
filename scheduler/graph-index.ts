/**
 * What the scheduler derives from a graph and keeps in step with patches: successors, depth, remaining
 * critical path. Nothing here is state: it is rebuilt from the graph at the start of every run.
 *
 * An edge that comes only makes depths and remaining paths grow, and looks once at every task whose values it changes;
 * one that goes, and an estimate, look once at every task behind or before them whose values may change. However it
 * came about, an index is the same as a fresh one of the same graph.
 */
import { DEFAULT_ESTIMATE_MS } from '../model/graph.ts';
import type { Graph, GraphTask } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import { Heap } from './heap.ts';

const NONE: readonly number[] = [];

export class GraphIndex {
  readonly tasks: readonly GraphTask[];
  readonly indexOf = new Map<string, number>();
  /** Hard and soft successors by task index, each list in the order of the tasks. */
  readonly hard: number[][] = [];
  readonly soft: number[][] = [];
  /** Longest number of edges from a root. */
  readonly depth: number[] = [];
  /** Milliseconds of the longest chain of estimates that starts after the task. */
  readonly after: number[] = [];
  /** Longest chain of estimates in the whole graph, in milliseconds. */
  criticalPathMs = 0;
  edges = 0;

  /** @throws RangeError when the graph has a cycle: plans and patches are checked before they get here. */
  constructor(graph: Graph) {
    this.tasks = graph.tasks;
    this.rebuild();
  }

  /** Derives everything anew, in one sweep: cheaper than many single edges. */
  rebuild(): void {
    this.edges = 0;
    this.criticalPathMs = 0;
    for (let i = 0; i < this.tasks.length; i += 1) this.addTask(i);
    for (let i = 0; i < this.tasks.length; i += 1) {
      const task = this.tasks[i] as GraphTask;
      for (const from of task.deps ?? NONE) this.#link(this.hard, from, i);
      for (const from of task.soft ?? NONE) this.#link(this.soft, from, i);
    }
    this.#computeAll();
  }

  estimate(index: number): number {
    return this.tasks[index]?.estimateMs ?? DEFAULT_ESTIMATE_MS;
  }

  id(index: number): TaskId {
    return (this.tasks[index] as GraphTask).id;
  }

  /** How many tasks wait for this one, hard edges only. */
  opportunity(index: number): number {
    return this.hard[index]?.length ?? 0;
  }

  /** Registers `tasks[index]`, which must have been appended to the graph already. Its edges come by {@link addEdge}. */
  addTask(index: number): void {
    this.indexOf.set(this.id(index), index);
    this.hard[index] = [];
    this.soft[index] = [];
    this.depth[index] = 0;
    this.after[index] = 0;
    this.criticalPathMs = Math.max(this.criticalPathMs, this.estimate(index));
  }

  /** Adds an edge that closes no cycle, and that the graph's task has already. */
  addEdge(edge: { readonly from: number; readonly to: number; readonly hard: boolean }): void {
    this.#link(edge.hard ? this.hard : this.soft, edge.from, edge.to);
    this.#deepen(edge.from, edge.to);
    this.#lengthen(edge.from, edge.to);
  }

  /** Takes out an edge, which the graph's task has no more. */
  removeEdge(edge: { readonly from: number; readonly to: number; readonly hard: boolean }): void {
    const list = (edge.hard ? this.hard : this.soft)[edge.from] as number[];
    list.splice(list.indexOf(edge.to), 1);
    this.edges -= 1;
    this.#shorten(edge.from);
    this.#raise(edge.to);
  }

  /** The estimate of a task is another one. */
  reestimate(index: number): void {
    for (const from of this.predecessors(index)) this.#shorten(from);
    this.#measure();
  }

  *successors(index: number): Generator<number> {
    yield* this.hard[index] ?? NONE;
    yield* this.soft[index] ?? NONE;
  }

  *predecessors(index: number): Generator<number> {
    const task = this.tasks[index];
    yield* task?.deps ?? NONE;
    yield* task?.soft ?? NONE;
  }

  #link(successors: number[][], from: number, to: number): void {
    const list = successors[from] as number[];
    let at = list.length;
    while (at > 0 && (list[at - 1] as number) > to) at -= 1;
    if (at === list.length) list.push(to);
    else list.splice(at, 0, to);
    this.edges += 1;
  }

  /** By the depths before the edge, so that a task's depth is final when its successors' follow from it. */
  #deepen(from: number, to: number): void {
    const before = new Map<number, number>();
    const raised = new Heap<number>((a, b) => (before.get(a) as number) < (before.get(b) as number));
    const raise = (at: number, depth: number): void => {
      const old = this.depth[at] as number;
      if (depth <= old) return;
      if (!before.has(at)) {
        before.set(at, old);
        raised.push(at);
      }
      this.depth[at] = depth;
    };
    raise(to, (this.depth[from] as number) + 1);
    for (let at = raised.pop(); at !== undefined; at = raised.pop()) {
      const depth = (this.depth[at] as number) + 1;
      for (const successor of this.successors(at)) raise(successor, depth);
    }
  }

  /** Deepest first, so that a task's remaining path is final when its predecessors' follow from it. */
  #lengthen(from: number, to: number): void {
    const seen = new Set<number>();
    const raised = new Heap<number>((a, b) => (this.depth[a] as number) > (this.depth[b] as number));
    const raise = (at: number, after: number): void => {
      if (after <= (this.after[at] as number)) return;
      if (!seen.has(at)) raised.push(at);
      seen.add(at);
      this.after[at] = after;
      this.criticalPathMs = Math.max(this.criticalPathMs, this.estimate(at) + after);
    };
    raise(from, this.estimate(to) + (this.after[to] as number));
    for (let at = raised.pop(); at !== undefined; at = raised.pop()) {
      const path = this.estimate(at) + (this.after[at] as number);
      for (const predecessor of this.predecessors(at)) raise(predecessor, path);
    }
  }

  /** By the depths before, so that those before a task are final when it is looked at. */
  #raise(start: number): void {
    const before = new Map([[start, this.depth[start] as number]]);
    const work = new Heap<number>((a, b) => (before.get(a) as number) < (before.get(b) as number));
    work.push(start);
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      let depth = 0;
      for (const from of this.predecessors(at)) depth = Math.max(depth, (this.depth[from] as number) + 1);
      if (depth === this.depth[at]) continue;
      this.depth[at] = depth;
      for (const successor of this.successors(at)) {
        if (before.has(successor)) continue;
        before.set(successor, this.depth[successor] as number);
        work.push(successor);
      }
    }
  }

  /** Deepest first, so that those behind a task are final when it is looked at. */
  #shorten(start: number): void {
    const seen = new Set([start]);
    const work = new Heap<number>((a, b) => (this.depth[a] as number) > (this.depth[b] as number));
    work.push(start);
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      let after = 0;
      for (const to of this.successors(at)) after = Math.max(after, this.estimate(to) + (this.after[to] as number));
      if (after === this.after[at]) continue;
      this.after[at] = after;
      for (const predecessor of this.predecessors(at)) {
        if (seen.has(predecessor)) continue;
        seen.add(predecessor);
        work.push(predecessor);
      }
    }
    this.#measure();
  }

  #measure(): void {
    this.criticalPathMs = 0;
    for (let at = 0; at < this.tasks.length; at += 1) this.criticalPathMs = Math.max(this.criticalPathMs, this.estimate(at) + (this.after[at] as number));
  }

  /** Kahn's order, iterative, then one sweep back for the remaining paths. */
  #computeAll(): void {
    const count = this.tasks.length;
    const missing: number[] = Array.from({ length: count }, () => 0);
    for (let i = 0; i < count; i += 1) {
      const task = this.tasks[i] as GraphTask;
      missing[i] = (task.deps?.length ?? 0) + (task.soft?.length ?? 0);
    }
    const order: number[] = [];
    for (let i = 0; i < count; i += 1) if (missing[i] === 0) order.push(i);
    for (let head = 0; head < order.length; head += 1) {
      const at = order[head] as number;
      for (const to of this.successors(at)) {
        this.depth[to] = Math.max(this.depth[to] as number, (this.depth[at] as number) + 1);
        missing[to] = (missing[to] as number) - 1;
        if (missing[to] === 0) order.push(to);
      }
    }
    if (order.length < count) throw new RangeError('graph has a cycle');
    for (const at of order.toReversed()) {
      let after = 0;
      for (const to of this.successors(at)) after = Math.max(after, this.estimate(to) + (this.after[to] as number));
      this.after[at] = after;
      this.criticalPathMs = Math.max(this.criticalPathMs, after + this.estimate(at));
    }
  }
}
