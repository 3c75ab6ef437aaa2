/** The tasks that back off, soonest first. Derived from the records; stale entries are skipped when met. */
import { Heap } from './heap.ts';
import type { TaskRecord } from './protocol.ts';

interface Entry {
  readonly index: number;
  readonly at: number;
}

export class Backoff {
  readonly #records: readonly TaskRecord[];
  readonly #entries = new Heap<Entry>((a, b) => a.at < b.at || (a.at === b.at && a.index < b.index));

  constructor(records: readonly TaskRecord[]) {
    this.#records = records;
    for (const [index, record] of records.entries()) if (record.state === 'BACKOFF') this.add(index);
  }

  /** A task is in BACKOFF from now on. */
  add(index: number): void {
    this.#entries.push({ index, at: this.#records[index]?.retryAt ?? 0 });
  }

  /** When the first of them is ready again. */
  get nextAt(): number | undefined {
    return this.#next()?.at;
  }

  /** The next task whose time has come, taken out. */
  take(now: number): number | undefined {
    const next = this.#next();
    if (!next || next.at > now) return undefined;
    this.#entries.pop();
    return next.index;
  }

  #next(): Entry | undefined {
    for (let next = this.#entries.peek(); next; next = this.#entries.peek()) {
      const record = this.#records[next.index];
      if (record?.state === 'BACKOFF' && record.retryAt === next.at) return next;
      this.#entries.pop();
    }
    return undefined;
  }
}
