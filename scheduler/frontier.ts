/**
 * The ready tasks, each at its place, and those of them that are to be looked at when something can start. Time
 * changes places, and a task that has moved is looked at again. Derived from the records.
 */
import { LazyHeap } from './lazy-heap.ts';
import { comparePlaces, isBefore, isInLine } from './place.ts';
import type { Place, Places } from './place.ts';
import type { TaskRecord } from './protocol.ts';

interface Change {
  readonly place: Place;
  readonly at: number;
}

export class Frontier {
  readonly #records: readonly TaskRecord[];
  readonly #places: Places;
  /** Of every ready task, whether it stands in line or not; by task. */
  readonly #current: (Place | undefined)[] = [];
  readonly #line: LazyHeap<Place>;
  readonly #changes: LazyHeap<Change>;

  constructor(records: readonly TaskRecord[], places: Places) {
    this.#records = records;
    this.#places = places;
    this.#line = new LazyHeap<Place>({ before: isBefore, isCurrent: (place) => this.isCurrent(place) });
    this.#changes = new LazyHeap<Change>({
      before: (a, b) => a.at < b.at || (a.at === b.at && a.place.index < b.place.index),
      isCurrent: ({ place }) => this.isCurrent(place),
    });
  }

  isCurrent(place: Place): boolean {
    return this.#current[place.index] === place;
  }

  placeOf(index: number): Place | undefined {
    return this.#current[index];
  }

  /** Gives a ready task the place that is its own now, and puts it among those to look at if it stands in line. */
  file(index: number, now: number): Place {
    const place = this.#places.of(index, now);
    this.#current[index] = place;
    if (isInLine(this.#records[index] as TaskRecord)) {
      this.#line.push(place);
      this.watch(place, now);
    }
    return place;
  }

  remove(index: number): void {
    this.#current[index] = undefined;
  }

  /** The next task to look at, which is then looked at no more until it is put back. */
  shift(): Place | undefined {
    return this.#line.shift();
  }

  putBack(place: Place): void {
    this.#line.push(place);
  }

  /** Notes when the place will be another one, as far as its record says now. */
  watch(place: Place, now: number): void {
    const at = this.#places.changesAt(place, now);
    if (at !== Number.POSITIVE_INFINITY) this.#changes.push({ place, at });
  }

  /** A task whose place has changed by now: it must be filed anew. */
  takeMoved(now: number): number | undefined {
    const next = this.#changes.first();
    if (!next || next.at > now) return undefined;
    return this.#changes.shift()?.place.index;
  }

  /** Ready tasks in starting order. O(tasks + ready · log ready): for people, not for scheduling. */
  list(now: number): number[] {
    return this.#asOf(now).sort(comparePlaces).map((place) => place.index);
  }

  /** What the order is made of has changed: everybody gets a new place, and is looked at again. */
  fileAll(now: number): readonly Place[] {
    const places = this.#asOf(now);
    for (const place of places) this.#current[place.index] = place;
    const inLine = places.filter((place) => isInLine(this.#records[place.index] as TaskRecord));
    this.#line.replace(inLine);
    const changes = inLine.map((place): Change => ({ place, at: this.#places.changesAt(place, now) }));
    this.#changes.replace(changes.filter(({ at }) => at !== Number.POSITIVE_INFINITY));
    return inLine;
  }

  /** The first so many of those that are wanted, in starting order. O(ready · count) at worst. */
  firstOf(now: number, count: number, isWanted: (index: number) => boolean): readonly number[] {
    const first: Place[] = [];
    for (const current of this.#current) {
      if (!current || !isWanted(current.index)) continue;
      const place = this.#places.of(current.index, now);
      const last = first.at(-1);
      if (first.length === count && last && !isBefore(place, last)) continue;
      const at = first.findIndex((other) => isBefore(place, other));
      first.splice(at < 0 ? first.length : at, 0, place);
      if (first.length > count) first.pop();
    }
    return first.map(({ index }) => index);
  }

  #asOf(now: number): Place[] {
    return this.#current.flatMap((place) => (place ? [this.#places.of(place.index, now)] : []));
  }
}
