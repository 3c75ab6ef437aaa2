/**
 * Where tasks wait that could start if a worker had room. Those that can go to the same workers wait in one group,
 * in starting order: while its first has nowhere to go, none of it has.
 */
import { LazyHeap } from './lazy-heap.ts';
import { isBefore } from './place.ts';
import type { Place } from './place.ts';

export class Bench {
  readonly #isCurrent: (place: Place) => boolean;
  readonly #hasRoom: (index: number) => boolean;
  readonly #groups = new Map<string, LazyHeap<Place>>();
  /** Groups whose first may have somewhere to go. */
  readonly #changed = new Set<string>();

  constructor(options: { readonly isCurrent: (place: Place) => boolean; readonly hasRoom: (index: number) => boolean }) {
    this.#isCurrent = options.isCurrent;
    this.#hasRoom = options.hasRoom;
  }

  add(place: Place, signature: string): void {
    let group = this.#groups.get(signature);
    if (!group) this.#groups.set(signature, (group = new LazyHeap({ before: isBefore, isCurrent: this.#isCurrent })));
    group.push(place);
  }

  /** Whether nobody waits. */
  get isEmpty(): boolean {
    for (const [signature, group] of this.#groups) {
      if (group.first()) return false;
      this.#groups.delete(signature);
    }
    return true;
  }

  /** Whether others wait that could go to the same workers, and have nowhere to go. */
  isWaiting(signature: string): boolean {
    return !this.#changed.has(signature) && this.#groups.get(signature)?.first() !== undefined;
  }

  /** A worker has more room, or there are others. */
  changed(): void {
    for (const signature of this.#groups.keys()) this.#changed.add(signature);
  }

  /** Lets out the first of each group that has somewhere to go; to be called again after these have been looked at. */
  letOut(): readonly Place[] {
    const out: Place[] = [];
    for (const signature of this.#changed) {
      const group = this.#groups.get(signature);
      const first = group?.first();
      if (!first) this.#groups.delete(signature);
      if (!first || !this.#hasRoom(first.index)) this.#changed.delete(signature);
      else out.push(group?.shift() as Place);
    }
    return out;
  }
}
