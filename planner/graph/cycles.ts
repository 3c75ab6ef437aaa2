/** Where a graph has cycles, without recursion: plans of 10,000 tasks in one chain are legal. */
import type { Preds } from '../../scheduler/graph/order.ts';
import { successorsOf } from '../../scheduler/graph/order.ts';

/**
 * Tarjan's algorithm: for each index the number of its strongly connected component. Two indices share a
 * component exactly when each can be reached from the other.
 */
export const componentsOf = (preds: Preds): readonly number[] => {
  const successors = successorsOf(preds);
  const component = preds.map(() => -1);
  const visited = preds.map(() => -1);
  const low = preds.map(() => 0);
  const onPath: number[] = [];
  let clock = 0;
  let components = 0;
  const enter = (index: number): { index: number; next: number } => {
    visited[index] = clock;
    low[index] = clock;
    clock += 1;
    onPath.push(index);
    return { index, next: 0 };
  };
  const leave = (index: number): void => {
    if (low[index] !== visited[index]) return;
    for (let member = onPath.pop(); member !== undefined; member = onPath.pop()) {
      component[member] = components;
      if (member === index) break;
    }
    components += 1;
  };
  for (const root of preds.keys()) {
    if (visited[root] !== -1) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const { index } = frame;
      const successor = successors[index]?.[frame.next];
      if (successor === undefined) {
        frames.pop();
        leave(index);
        const parent = frames.at(-1)?.index;
        if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[index] ?? 0);
        continue;
      }
      frame.next += 1;
      if (visited[successor] === -1) frames.push(enter(successor));
      else if (component[successor] === -1) low[index] = Math.min(low[index] ?? 0, visited[successor] ?? 0);
    }
  }
  return component;
};

/** The shortest way from `start` back to itself within its component, as the indices passed. */
const shortestCycle = (start: number, successors: readonly (readonly number[])[], component: readonly number[]): readonly number[] => {
  const from = new Map<number, number>();
  const queue = [start];
  for (let head = 0; head < queue.length; head += 1) {
    const index = queue[head] ?? start;
    for (const successor of successors[index] ?? []) {
      if (successor === start) {
        const path = [index];
        for (let at = from.get(index); at !== undefined; at = from.get(at)) path.push(at);
        return path.toReversed();
      }
      if (component[successor] !== component[start] || from.has(successor)) continue;
      from.set(successor, index);
      queue.push(successor);
    }
  }
  return [];
};

/**
 * One cycle for each knot of cycles: the shortest through its first task, in the order of dependency
 * (each comes before the next, the last before the first). Empty for an acyclic graph.
 */
export const findCycles = (preds: Preds): readonly (readonly number[])[] => {
  const component = componentsOf(preds);
  const successors = successorsOf(preds);
  const seen = new Set<number>();
  const cycles: (readonly number[])[] = [];
  for (const [index, own] of component.entries()) {
    if (seen.has(own)) continue;
    seen.add(own);
    const cycle = shortestCycle(index, successors, component);
    if (cycle.length > 0) cycles.push(cycle);
  }
  return cycles;
};
