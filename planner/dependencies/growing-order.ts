/**
 * An order that takes in one dependency after the other, and refuses the one that would close a cycle (Pearce and Kelly, "A dynamic
 * topological sort algorithm for directed acyclic graphs", 2006). What fits the order that is there costs nothing.
 */
export class GrowingOrder {
  readonly #rank: number[];
  readonly #before: number[][];
  readonly #after: number[][];

  constructor(size: number) {
    this.#rank = Array.from({ length: size }, (_, index) => index);
    this.#before = this.#rank.map(() => []);
    this.#after = this.#rank.map(() => []);
  }

  /** Predecessor lists of all that was taken in. */
  get preds(): readonly (readonly number[])[] {
    return this.#before;
  }

  /** False where `to` comes before `from`, at whatever distance: then nothing changes. */
  add(from: number, to: number): boolean {
    const [low, high] = [this.#rankOf(to), this.#rankOf(from)];
    if (from === to) return false;
    if (low < high) {
      const behind = this.#reach(to, this.#after, (rank) => rank <= high);
      if (behind.includes(from)) return false;
      const ahead = this.#reach(from, this.#before, (rank) => rank >= low);
      this.#reorder([...this.#byRank(ahead), ...this.#byRank(behind)]);
    }
    this.#after[from]?.push(to);
    this.#before[to]?.push(from);
    return true;
  }

  #rankOf(index: number): number {
    return this.#rank[index] ?? 0;
  }

  #byRank(members: readonly number[]): readonly number[] {
    return [...members].sort((a, b) => this.#rankOf(a) - this.#rankOf(b));
  }

  #reach(start: number, next: readonly (readonly number[])[], isWithin: (rank: number) => boolean): readonly number[] {
    const found = new Set([start]);
    for (const at of found) for (const other of next[at] ?? []) if (isWithin(this.#rankOf(other))) found.add(other);
    return [...found];
  }

  /** The members share out their ranks anew, in the order given. */
  #reorder(members: readonly number[]): void {
    const ranks = members.map((member) => this.#rankOf(member)).sort((a, b) => a - b);
    for (const [at, member] of members.entries()) this.#rank[member] = ranks[at] ?? 0;
  }
}
