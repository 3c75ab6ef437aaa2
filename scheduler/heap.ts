/** A binary heap over plain values; the order of equal elements is whatever `before` leaves open, so leave nothing open. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as T;
      if (!this.#before(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return top;
  }

  /** What the heap holds, in no order. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Puts these in place of what the heap holds. O(size). */
  replace(items: readonly T[]): void {
    this.#items.length = 0;
    for (const item of items) this.#items.push(item);
    for (let at = (items.length >> 1) - 1; at >= 0; at -= 1) this.#sink(this.#items[at] as T, at);
  }

  #sink(item: T, start = 0): void {
    const items = this.#items;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#before(items[child + 1] as T, items[child] as T)) child += 1;
      const below = items[child] as T;
      if (!this.#before(below, item)) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
  }
}
