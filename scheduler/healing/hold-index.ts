/**
 * Which holds a task may have to do with, so that nobody must look at all of them for each task. Derived from the holds,
 * and made anew at the first question after one of them has changed.
 */
import type { Breaker } from '../../model/breaker.ts';
import type { Hold } from './state.ts';

const NONE: readonly Hold[] = [];

const put = (lists: Map<number, Hold[]>, index: number, hold: Hold): void => {
  const list = lists.get(index);
  if (list) list.push(hold);
  else lists.set(index, [hold]);
};

export class HoldIndex {
  readonly #all: readonly Hold[];
  readonly #byMember = new Map<number, Hold[]>();
  readonly #waitedFor = new Set<number>();
  /** Of breakers that state a scope: at most one for each of them. */
  readonly #scoped: readonly Hold[];

  constructor(holds: readonly Hold[], breakers: ReadonlyMap<string, Breaker>) {
    this.#all = holds;
    this.#scoped = holds.filter(({ breaker }) => breakers.get(breaker)?.scope !== undefined);
    for (const hold of holds) {
      for (const member of hold.members) put(this.#byMember, member, hold);
      for (const task of hold.tasks ?? []) this.#waitedFor.add(task);
    }
  }

  /** Those that may hold the task: it is a member of them, or their scope may cover it. */
  *near(index: number): Generator<Hold> {
    const members = this.#byMember.get(index) ?? NONE;
    yield* members;
    for (const hold of this.#scoped) if (!members.includes(hold)) yield hold;
  }

  /** The one of them that is the oldest. */
  oldest(holds: readonly Hold[]): Hold | undefined {
    return holds.length < 2 ? holds[0] : this.#all.find((hold) => holds.includes(hold));
  }

  /** Whether a repair waits for the task. */
  isWaitedFor(index: number): boolean {
    return this.#waitedFor.has(index);
  }
}
