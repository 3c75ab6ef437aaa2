/** Which tasks have to do with the same files, and which of two comes first. */
import type { TaskFiles } from '../../model/late-edge.ts';
import type { Budget } from './budget.ts';
import type { Entry, FileIndex, Side } from './file-index.ts';
import { Pattern } from './pattern.ts';

/** What one task produces of what another one touches, for people. */
export interface Because {
  readonly produces: string;
  readonly touches: string;
}

export interface Candidate {
  readonly from: number;
  readonly to: number;
  readonly because: Because;
  /** Both produce it, or each touches what the other produces: only their order says who is first. */
  readonly isTie: boolean;
}

/** Of two tasks, the one with the lower index first. */
interface Relation {
  readonly low: number;
  readonly high: number;
  /** The higher one touches what the lower one produces; and the other way round. */
  lowFirst?: Because;
  highFirst?: Because;
  /** Both produce it. */
  same?: Because;
}

/** Above any index of a task: what a pair of them is told apart by. */
export const PAIR = 16_384;

export class Relations {
  readonly #files: FileIndex;
  readonly #budget: Budget;
  readonly #pairs = new Map<number, Relation>();

  constructor(files: FileIndex, budget: Budget) {
    this.#files = files;
    this.#budget = budget;
  }

  /** Of all tasks with all others: of two patterns the one with the longer directories looks for the other. */
  addAll(): void {
    const budget = this.#budget;
    const { products, touches } = this.#files;
    for (const touch of touches.entries()) {
      for (const product of products.above(touch.pattern, budget)) if (!this.#touched(product, touch)) return;
    }
    for (const product of products.entries()) {
      for (const touch of touches.higher(product.pattern, budget)) if (!this.#touched(product, touch)) return;
      for (const other of products.above(product.pattern, budget)) if (!this.#both(other, product)) return;
    }
  }

  /** Of one task with all others. */
  addOf(task: number, { produces = [], reads = [], names = [] }: TaskFiles): void {
    const { products, touches } = this.#files;
    const tasks = new Set([task]);
    for (const pattern of [...reads.map((text) => Pattern.below(text)), ...names.map((text) => Pattern.exactly(text))]) {
      for (const product of this.#meeting(products, pattern)) if (!this.#touched(product, { pattern, tasks })) return;
    }
    for (const pattern of produces.map((text) => Pattern.below(text))) {
      for (const touch of this.#meeting(touches, pattern)) if (!this.#touched({ pattern, tasks }, touch)) return;
      for (const other of this.#meeting(products, pattern)) if (!this.#both({ pattern, tasks }, other)) return;
    }
  }

  /** `isFirst` says which of two comes first that only their order tells apart. */
  candidates(isFirst: (a: number, b: number) => boolean): readonly Candidate[] {
    const found = [...this.#pairs.values()].map(({ low, high, lowFirst, highFirst, same }): Candidate => {
      if (lowFirst && !highFirst) return { from: low, to: high, because: lowFirst, isTie: false };
      if (highFirst && !lowFirst) return { from: high, to: low, because: highFirst, isTie: false };
      const isLow = isFirst(low, high);
      const because = (isLow ? lowFirst : highFirst) ?? same ?? { produces: '', touches: '' };
      return { ...(isLow ? { from: low, to: high } : { from: high, to: low }), because, isTie: true };
    });
    return found.sort(compareCandidates);
  }

  *#meeting(side: Side, pattern: Pattern): Generator<Entry> {
    yield* side.above(pattern, this.#budget);
    yield* side.below(pattern, this.#budget);
  }

  #touched(product: Entry, touch: Entry): boolean {
    return this.#relate(product, touch, (from, to) => (from < to ? 'lowFirst' : 'highFirst'));
  }

  #both(one: Entry, other: Entry): boolean {
    return this.#relate(one, other, () => 'same');
  }

  /** False when the budget is over. */
  #relate(one: Entry, other: Entry, as: (a: number, b: number) => 'lowFirst' | 'highFirst' | 'same'): boolean {
    const because = { produces: one.pattern.text, touches: other.pattern.text };
    for (const a of one.tasks) {
      for (const b of other.tasks) {
        if (this.#budget.isOver) return false;
        const pair = this.#pair(a, b);
        if (pair) pair[as(a, b)] ??= because;
      }
    }
    return !this.#budget.isOver;
  }

  #pair(a: number, b: number): Relation | undefined {
    if (a === b) return undefined;
    this.#budget.pairs -= 1;
    const [low, high] = a < b ? [a, b] : [b, a];
    const known = this.#pairs.get(low * PAIR + high);
    const pair = known ?? { low, high };
    if (!known) this.#pairs.set(low * PAIR + high, pair);
    return pair;
  }
}

/** What is certain before what is only an order, then in the order of the plan: of edges that would close a cycle together the first ones stay. */
export const compareCandidates = (a: Candidate, b: Candidate): number => Number(a.isTie) - Number(b.isTie) || a.from - b.from || a.to - b.to;
