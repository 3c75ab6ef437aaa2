/** A heap whose entries may become void without being told: they are skipped when met, and swept out before they are many. */
import { Heap } from './heap.ts';

const SWEEP_MIN = 64;

export class LazyHeap<T> {
  readonly #heap: Heap<T>;
  readonly #isCurrent: (entry: T) => boolean;
  #sweepAt = SWEEP_MIN;

  /** An entry that is not current when it is met is gone, whatever it becomes later. */
  constructor(options: { readonly before: (a: T, b: T) => boolean; readonly isCurrent: (entry: T) => boolean }) {
    this.#heap = new Heap<T>(options.before);
    this.#isCurrent = options.isCurrent;
  }

  push(entry: T): void {
    this.#heap.push(entry);
    if (this.#heap.size > this.#sweepAt) this.replace(this.#heap.items.filter((each) => this.#isCurrent(each)));
  }

  first(): T | undefined {
    for (let entry = this.#heap.peek(); entry !== undefined; entry = this.#heap.peek()) {
      if (this.#isCurrent(entry)) return entry;
      this.#heap.pop();
    }
    return undefined;
  }

  /** The first one, taken out. */
  shift(): T | undefined {
    const entry = this.first();
    if (entry !== undefined) this.#heap.pop();
    return entry;
  }

  /** Puts these in place of what the heap holds. O(size). */
  replace(entries: readonly T[]): void {
    this.#heap.replace(entries);
    this.#sweepAt = Math.max(SWEEP_MIN, 2 * entries.length);
  }
}
