/** The ready tasks in starting order, with ageing. Derived from the records; stale entries are skipped when met. */
import { ageClass, ages, compareKeys, orderKey } from './order.ts';
import type { OrderKey } from './order.ts';
import { Heap } from './heap.ts';
import type { GraphIndex } from './graph-index.ts';
import type { GraphTask } from '../model/graph.ts';
import type { TaskRecord } from './protocol.ts';

const STALE_MIN = 64;

interface Ready {
  readonly index: number;
  readonly readyAt: number;
  readonly class: number;
  readonly key: OrderKey;
}

interface Ageing {
  readonly index: number;
  readonly readyAt: number;
  readonly due: number;
}

export class Frontier {
  readonly #index: GraphIndex;
  readonly #records: readonly TaskRecord[];
  readonly #ageingMs: number;
  readonly #ready: Heap<Ready>;
  readonly #ageing = new Heap<Ageing>((a, b) => a.due < b.due || (a.due === b.due && a.index < b.index));
  /** The class under which each task stands in the heap now. */
  readonly #class: number[] = [];
  /** At most this many entries of the heap are stale: ageing leaves one behind with every lift. */
  #stale = 0;

  constructor(options: { readonly index: GraphIndex; readonly records: readonly TaskRecord[]; readonly ageingMs: number }) {
    this.#index = options.index;
    this.#records = options.records;
    this.#ageingMs = options.ageingMs;
    this.#ready = new Heap<Ready>((a, b) => a.class < b.class || (a.class === b.class && compareKeys(a.key, b.key) < 0));
  }

  add(index: number, now: number): void {
    const readyAt = this.#records[index]?.readyAt ?? now;
    this.#file({ index, readyAt }, now);
  }

  /** The next task to start, taken out; undefined when none is ready. */
  take(now: number): number | undefined {
    this.#age(now);
    for (let entry = this.#ready.pop(); entry; entry = this.#ready.pop()) {
      if (this.#isCurrent(entry)) return entry.index;
    }
    return undefined;
  }

  /** Ready tasks in starting order, none taken out. O(ready · log ready): for people, not for scheduling. */
  list(now: number): number[] {
    const ready = new Map<number, Ready>();
    for (const entry of this.#ready.items) {
      if (this.#isReady(entry.index, entry.readyAt)) ready.set(entry.index, this.#entry(entry, now));
    }
    return [...ready.values()].sort((a, b) => a.class - b.class || compareKeys(a.key, b.key)).map((entry) => entry.index);
  }

  /** What the order is made of has changed, or too much of the heap is stale. */
  reorder(): void {
    const current = this.#ready.items.filter((entry) => this.#isCurrent(entry));
    this.#ready.replace(current.map((entry) => ({ ...entry, key: orderKey(this.#index, entry.index) })));
    this.#stale = 0;
  }

  #entry(task: { readonly index: number; readonly readyAt: number }, now: number): Ready {
    const { index, readyAt } = task;
    const current = ageClass(this.#index.tasks[index] as GraphTask, readyAt, now, this.#ageingMs);
    return { index, readyAt, class: current, key: orderKey(this.#index, index) };
  }

  #file(task: { readonly index: number; readonly readyAt: number }, now: number): void {
    const entry = this.#entry(task, now);
    this.#class[entry.index] = entry.class;
    this.#ready.push(entry);
    if (!ages(this.#ageingMs)) return;
    const lifts = Math.floor(Math.max(0, now - task.readyAt) / this.#ageingMs) + 1;
    this.#ageing.push({ index: task.index, readyAt: task.readyAt, due: task.readyAt + lifts * this.#ageingMs });
  }

  #age(now: number): void {
    for (let next = this.#ageing.peek(); next && next.due <= now; next = this.#ageing.peek()) {
      this.#ageing.pop();
      if (!this.#isReady(next.index, next.readyAt)) continue;
      this.#file(next, now);
      this.#stale += 1;
    }
    if (this.#stale > STALE_MIN && this.#stale > this.#ready.size / 2) this.reorder();
  }

  #isReady(index: number, readyAt: number): boolean {
    const record = this.#records[index];
    return record?.state === 'READY' && !record.parked && record.readyAt === readyAt;
  }

  #isCurrent(entry: Ready): boolean {
    return this.#isReady(entry.index, entry.readyAt) && this.#class[entry.index] === entry.class;
  }
}
