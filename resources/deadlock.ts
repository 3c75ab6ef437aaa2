/**
 * Finds requests that wait for each other in a circle. Granting whole or not at all, and wait-die between
 * domains, build none: what this finds is a fault, or somebody else's lock.
 */

/** `[waiter, holder]`: the first goes on when the second gives back. */
export type WaitEdge = readonly [waiter: string, holder: string];

class WaitGraph {
  readonly #awaited = new Map<string, Set<string>>();
  readonly #waiters = new Map<string, Set<string>>();

  constructor(edges: readonly WaitEdge[]) {
    for (const [waiter, holder] of edges) {
      for (const id of [waiter, holder]) {
        if (this.#awaited.has(id)) continue;
        this.#awaited.set(id, new Set());
        this.#waiters.set(id, new Set());
      }
      this.#awaited.get(waiter)?.add(holder);
      this.#waiters.get(holder)?.add(waiter);
    }
  }

  /** Takes out, again and again, whoever waits for nobody or is awaited by nobody: no circle goes through them. */
  prune(): void {
    const idle = [...this.#awaited.keys()];
    for (let id = idle.pop(); id !== undefined; id = idle.pop()) {
      const awaited = this.#awaited.get(id);
      const waiters = this.#waiters.get(id);
      if (!awaited || !waiters || (awaited.size > 0 && waiters.size > 0)) continue;
      for (const other of awaited) this.#waiters.get(other)?.delete(id);
      for (const other of waiters) this.#awaited.get(other)?.delete(id);
      this.#awaited.delete(id);
      this.#waiters.delete(id);
      idle.push(...awaited, ...waiters);
    }
  }

  nodes(): readonly string[] {
    return [...this.#awaited.keys()];
  }

  /** The shortest way from a node back to itself, which it begins with; undefined when there is none. */
  cycleThrough(start: string): readonly string[] | undefined {
    const cameFrom = new Map<string, string>();
    const queue = [start];
    for (const id of queue) {
      for (const next of this.#awaited.get(id) ?? []) {
        if (next === start) return pathTo(id, cameFrom);
        if (cameFrom.has(next)) continue;
        cameFrom.set(next, id);
        queue.push(next);
      }
    }
    return undefined;
  }
}

const pathTo = (end: string, cameFrom: ReadonlyMap<string, string>): readonly string[] => {
  const path: string[] = [];
  for (let id: string | undefined = end; id !== undefined; id = cameFrom.get(id)) path.push(id);
  return path.toReversed();
};

/**
 * Circles of a wait-for graph, over as many lock domains as its edges come from. Every circle is a path in the
 * direction of waiting, without its first member repeated; whoever is part of any circle is in one of those.
 */
export const findDeadlocks = (edges: readonly WaitEdge[]): readonly (readonly string[])[] => {
  const graph = new WaitGraph(edges);
  graph.prune();
  const found = new Set<string>();
  const cycles: (readonly string[])[] = [];
  for (const id of graph.nodes()) {
    if (found.has(id)) continue;
    const cycle = graph.cycleThrough(id);
    if (!cycle) continue;
    for (const member of cycle) found.add(member);
    cycles.push(cycle);
  }
  return cycles;
};
