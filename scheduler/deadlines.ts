/** Tasks for which a time has been set, soonest first. Derived from the records; a time that no longer holds is skipped. */
import { LazyHeap } from './lazy-heap.ts';
import type { TaskRecord } from './protocol.ts';

/** The first of the times that are set; undefined when none is. */
export const earliest = (...times: readonly (number | undefined)[]): number | undefined => {
  const set = times.filter((at) => at !== undefined);
  return set.length > 0 ? Math.min(...set) : undefined;
};

interface Entry {
  readonly index: number;
  readonly at: number;
}

export class Deadlines {
  readonly #records: readonly TaskRecord[];
  readonly #timeOf: (record: TaskRecord) => number | undefined;
  readonly #entries: LazyHeap<Entry>;

  constructor(records: readonly TaskRecord[], timeOf: (record: TaskRecord) => number | undefined) {
    this.#records = records;
    this.#timeOf = timeOf;
    this.#entries = new LazyHeap<Entry>({
      before: (a, b) => a.at < b.at || (a.at === b.at && a.index < b.index),
      isCurrent: ({ index, at }) => this.#at(index) === at,
    });
    for (const index of records.keys()) this.add(index);
  }

  /** A task's time has been set; without one nothing is done. */
  add(index: number): void {
    const at = this.#at(index);
    if (at !== undefined) this.#entries.push({ index, at });
  }

  /** When the first of them is due. */
  get nextAt(): number | undefined {
    return this.#entries.first()?.at;
  }

  /** The next task whose time has come, taken out. */
  take(now: number): number | undefined {
    const next = this.#entries.first();
    if (!next || next.at > now) return undefined;
    return this.#entries.shift()?.index;
  }

  #at(index: number): number | undefined {
    const record = this.#records[index];
    return record && this.#timeOf(record);
  }
}
