/**
 * Who produces what, and who touches what, by path: two patterns can only meet when the plain directories of one begin
 * those of the other, so only tasks whose files can meet are ever compared.
 */
import type { TaskFiles } from '../../model/late-edge.ts';
import { isWithin, Pattern, patternsMeet } from './pattern.ts';

/** One pattern, and the tasks that state it. */
export interface Entry {
  readonly pattern: Pattern;
  tasks: readonly number[];
}

type Working = (steps: number) => void;

/** Entries whose patterns begin with the same directories. */
interface Place {
  plain?: Entry;
  exact?: Entry;
  /** By what they say. */
  others?: Map<string, Entry>;
}

function* entriesOf({ plain, exact, others }: Place): Generator<Entry> {
  if (plain) yield plain;
  if (exact) yield exact;
  if (others) yield* others.values();
}

/** Entries of one kind. */
export class Side {
  readonly #places = new Map<string, Place>();
  /** Of any place: what is shorter need not be looked for. */
  #shortest = Infinity;

  *entries(): Generator<Entry> {
    for (const place of this.#places.values()) yield* entriesOf(place);
  }

  add(pattern: Pattern, task: number): Entry {
    const place = this.#place(pattern.head);
    const known = pattern.isExact ? place.exact : pattern.isPlain ? place.plain : place.others?.get(pattern.path);
    if (known) {
      known.tasks = [...known.tasks, task];
      return known;
    }
    const entry = { pattern, tasks: [task] };
    if (pattern.isExact) place.exact = entry;
    else if (pattern.isPlain) place.plain = entry;
    else (place.others ??= new Map()).set(pattern.path, entry);
    return entry;
  }

  /** Entries that can match a path that the pattern matches, and whose directories begin its own. O(directories). */
  above(pattern: Pattern, working: Working): readonly Entry[] {
    const found: Entry[] = [];
    const { head } = pattern;
    if (this.#shortest === 0) this.#collect('', pattern, working, found);
    for (let end = head.indexOf('/', this.#shortest); end > 0; end = head.indexOf('/', end + 1)) this.#collect(head.slice(0, end), pattern, working, found);
    if (head !== '') this.#collect(head, pattern, working, found);
    return found;
  }

  /** The others that can, with longer directories. O(entries). */
  below(pattern: Pattern, working: Working): readonly Entry[] {
    const found: Entry[] = [];
    // Nothing lies below one path alone.
    if (pattern.isExact) return found;
    for (const head of this.#places.keys()) if (head.length > pattern.head.length && isWithin(head, pattern.head)) this.#collect(head, pattern, working, found);
    return found;
  }

  #place(head: string): Place {
    const known = this.#places.get(head);
    if (known) return known;
    const place: Place = {};
    this.#places.set(head, place);
    this.#shortest = Math.min(this.#shortest, head.length);
    return place;
  }

  #collect(head: string, pattern: Pattern, working: Working, found: Entry[]): void {
    const place = this.#places.get(head);
    if (!place) return;
    for (const entry of entriesOf(place)) if (entry.tasks.length > 0 && patternsMeet(entry.pattern, pattern, working)) found.push(entry);
  }
}

export class FileIndex {
  readonly products = new Side();
  readonly touches = new Side();
  readonly #entries = new Map<number, readonly Entry[]>();

  /** States a task's files, in the place of what was stated of it before. */
  put(task: number, { produces = [], reads = [], names = [] }: TaskFiles = {}): void {
    for (const entry of this.#entries.get(task) ?? []) entry.tasks = entry.tasks.filter((each) => each !== task);
    const entries = [
      ...produces.map((text) => this.products.add(Pattern.below(text), task)),
      ...reads.map((text) => this.touches.add(Pattern.below(text), task)),
      ...names.map((text) => this.touches.add(Pattern.exactly(text), task)),
    ];
    if (entries.length > 0) this.#entries.set(task, entries);
    else this.#entries.delete(task);
  }
}
