/** An order that grows edge by edge, and by {@link OrderGraph.add} never gets a cycle. No recursion. */
export class OrderGraph<T> {
  readonly #after = new Map<T, Set<T>>();

  /** The way from `to` to `from`, which an edge from `from` to `to` would close; undefined when it was added. */
  add(from: T, to: T): readonly T[] | undefined {
    const way = this.#way(to, from);
    if (!way) this.put(from, to);
    return way;
  }

  /** Whatever it closes: what follows from elsewhere, and is not to be judged here. */
  put(from: T, to: T): void {
    const own = this.#after.get(from);
    if (own) own.add(to);
    else this.#after.set(from, new Set([to]));
  }

  /** The shortest. */
  #way(start: T, goal: T): readonly T[] | undefined {
    const from = new Map<T, T | undefined>([[start, undefined]]);
    const queue = [start];
    for (let head = 0; head < queue.length; head += 1) {
      const at = queue[head] as T;
      if (at === goal) {
        const path: T[] = [];
        for (let step: T | undefined = at; step !== undefined; step = from.get(step)) path.push(step);
        return path.toReversed();
      }
      for (const next of this.#after.get(at) ?? []) {
        if (from.has(next)) continue;
        from.set(next, at);
        queue.push(next);
      }
    }
    return undefined;
  }
}
