/**
 * Who produces what, and who touches what, by path: two patterns can only meet when the plain text that one begins with begins
 * that of the other, so only tasks whose files can meet are ever compared.
 */
import type { TaskFiles } from '../../model/late-edge.ts';
import type { Budget } from './budget.ts';
import { Pattern, patternsMeet } from './pattern.ts';

/** One pattern, and the tasks that state it. */
export interface Entry {
  readonly pattern: Pattern;
  readonly tasks: Set<number>;
}

/** A directory that some pattern begins with. */
interface Place {
  plain?: Entry;
  exact?: Entry;
  /** By how the name goes on that is no plain text, and by what they say. */
  tails?: Map<string, Map<string, Entry>>;
  /** Of these beginnings, each once, in order. */
  lengths?: readonly number[];
  /** By name. */
  within?: Map<string, Place>;
}

function* entriesOf({ plain, exact, tails }: Place): Generator<Entry> {
  if (plain) yield plain;
  if (exact) yield exact;
  for (const entries of tails?.values() ?? []) yield* entries.values();
}

/** Those of a directory whose names begin, up to what is no plain text, as this text does; `most` is how long that may be. */
function* beginning({ tails, lengths = [] }: Place, text: string, most = text.length): Generator<Entry> {
  for (const length of lengths) {
    if (length > most) return;
    yield* tails?.get(text.slice(0, length))?.values() ?? [];
  }
}

/** Entries of one kind. Whatever looks for some stops when the budget is over, also while it finds none. */
export class Side {
  /** With each directory, all that it lies in. */
  readonly #places = new Map<string, Place>();

  *entries(): Generator<Entry> {
    for (const place of this.#places.values()) yield* entriesOf(place);
  }

  add(pattern: Pattern, task: number): Entry {
    const place = this.#place(pattern.head);
    if (pattern.isExact) return this.#state((place.exact ??= { pattern, tasks: new Set() }), task);
    if (pattern.isPlain) return this.#state((place.plain ??= { pattern, tasks: new Set() }), task);
    const { tail, path } = pattern;
    const tails = (place.tails ??= new Map<string, Map<string, Entry>>());
    const entries = tails.get(tail) ?? new Map<string, Entry>();
    const entry = entries.get(path) ?? { pattern, tasks: new Set() };
    tails.set(tail, entries.set(path, entry));
    if (!place.lengths?.includes(tail.length)) place.lengths = [...(place.lengths ?? []), tail.length].sort((a, b) => a - b);
    return this.#state(entry, task);
  }

  /** Entries that can match a path that the pattern matches, and begin with plain text that begins its own, or is its own. */
  *above(pattern: Pattern, budget: Budget): Generator<Entry> {
    yield* this.higher(pattern, budget);
    const place = this.#places.get(pattern.head);
    const { tail } = pattern;
    if (place && tail === '') yield* this.#meeting(this.#plainOf(place), pattern, budget);
    if (place) yield* this.#meeting(place.tails?.get(tail)?.values() ?? [], pattern, budget);
  }

  /** Those of them with less plain text. O(directories, and entries that begin so). */
  *higher(pattern: Pattern, budget: Budget): Generator<Entry> {
    const { head, tail } = pattern;
    for (let end = head === '' ? -1 : 0; end >= 0; end = head.indexOf('/', end + 1)) {
      const place = this.#places.get(head.slice(0, end));
      if (!place) return;
      yield* this.#meeting(this.#plainOf(place), pattern, budget);
      yield* this.#meeting(beginning(place, head.slice(end === 0 ? 0 : end + 1)), pattern, budget);
    }
    const place = this.#places.get(head);
    if (!place || tail === '') return;
    yield* this.#meeting(this.#plainOf(place), pattern, budget);
    yield* this.#meeting(beginning(place, tail, tail.length - 1), pattern, budget);
  }

  /** The others that can, with more of it. O(entries that begin so). */
  *below(pattern: Pattern, budget: Budget): Generator<Entry> {
    const top = this.#places.get(pattern.head);
    // Nothing lies below one path alone.
    if (!top || pattern.isExact) return;
    const goesOn = (name: string): boolean => {
      budget.working(1);
      return name.startsWith(pattern.tail);
    };
    for (const [tail, entries] of top.tails ?? []) if (tail !== pattern.tail && goesOn(tail)) yield* this.#meeting(entries.values(), pattern, budget);
    const work = [...(top.within ?? [])].flatMap(([name, place]) => (goesOn(name) ? [place] : []));
    for (let place = work.pop(); place && !budget.isOver; place = work.pop()) {
      budget.working(1);
      yield* this.#meeting(entriesOf(place), pattern, budget);
      for (const each of place.within?.values() ?? []) work.push(each);
    }
  }

  #state(entry: Entry, task: number): Entry {
    entry.tasks.add(task);
    return entry;
  }

  #place(head: string): Place {
    const known = this.#places.get(head);
    if (known) return known;
    const place: Place = {};
    this.#places.set(head, place);
    const end = head.lastIndexOf('/');
    if (head !== '') (this.#place(head.slice(0, Math.max(0, end))).within ??= new Map()).set(head.slice(end + 1), place);
    return place;
  }

  *#plainOf({ plain, exact }: Place): Generator<Entry> {
    if (plain) yield plain;
    if (exact) yield exact;
  }

  *#meeting(entries: Iterable<Entry>, pattern: Pattern, budget: Budget): Generator<Entry> {
    for (const entry of entries) {
      if (budget.isOver) return;
      budget.working(1);
      if (entry.tasks.size > 0 && patternsMeet(entry.pattern, pattern, budget.working)) yield entry;
    }
  }
}

export class FileIndex {
  readonly products = new Side();
  readonly touches = new Side();
  readonly #entries = new Map<number, readonly Entry[]>();

  /** States a task's files, in the place of what was stated of it before. */
  put(task: number, { produces = [], reads = [], names = [] }: TaskFiles = {}): void {
    for (const entry of this.#entries.get(task) ?? []) entry.tasks.delete(task);
    const entries = [
      ...produces.map((text) => this.products.add(Pattern.below(text), task)),
      ...reads.map((text) => this.touches.add(Pattern.below(text), task)),
      ...names.map((text) => this.touches.add(Pattern.exactly(text), task)),
    ];
    if (entries.length > 0) this.#entries.set(task, entries);
    else this.#entries.delete(task);
  }
}
