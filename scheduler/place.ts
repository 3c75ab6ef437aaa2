/**
 * The place of a ready task in the line of all ready tasks: one total, deterministic order.
 *
 * 1. Whoever has a grant of a mutex in hand, oldest request first: others wait for what it was given.
 *    Then whoever others are being stopped for.
 * 2. Priority class, lifted by age (`order.ts`). Outside the window it prefers a task comes after all others, and a
 *    background task after these, of whatever age.
 * 3. Whoever has waited {@link RESERVE_AFTER_MS} for a resource, longest first.
 * 4. The rest of the order (`order.ts`).
 *
 * Those of 1 and 3 reserve what they ask for against everybody behind them.
 */
import { isBackground } from '../model/graph.ts';
import type { GraphTask } from '../model/graph.ts';
import { RESERVE_AFTER_MS } from '../model/resource.ts';
import type { GraphIndex } from './graph-index.ts';
import { ageClass, ages, compareKeys, orderKey } from './order.ts';
import type { OrderKey } from './order.ts';
import type { TaskRecord } from './protocol.ts';

/** Never changed: a task that moves in the line gets a new place. */
export interface Place {
  readonly index: number;
  readonly class: number;
  /** Since when it waits, if it reserves what it asks for; else `Infinity`. */
  readonly reservedSince: number;
  readonly key: OrderKey;
}

const FIRST = Number.NEGATIVE_INFINITY;
const AHEAD = -Number.MAX_VALUE;
const NEVER = Number.POSITIVE_INFINITY;
/** Classes that a task goes back outside the window it prefers, */
const YIELD = 1_000;
/** and a background task for good. */
const BACKGROUND = 100_000;

/** A background task that has no grant of a mutex in hand. */
export const isBehindAll = (place: Place): boolean => place.class >= BACKGROUND;

export const reserves = (place: Place): boolean => place.reservedSince !== NEVER;

/** Below 0 when `a` comes first; 0 only for places of the same task. */
export const comparePlaces = (a: Place, b: Place): number => {
  if (a.class !== b.class) return a.class < b.class ? -1 : 1;
  if (a.reservedSince !== b.reservedSince) return a.reservedSince < b.reservedSince ? -1 : 1;
  return compareKeys(a.key, b.key);
};

export const isBefore = (a: Place, b: Place): boolean => comparePlaces(a, b) < 0;

/** A task whose request is out, or about to be, does not stand in line until it is answered. */
export const isInLine = ({ request }: TaskRecord): boolean => request?.state !== 'asked' && request?.state !== 'queued';

/** Where tasks stand, by their records. */
export class Places {
  readonly #index: GraphIndex;
  readonly #records: readonly TaskRecord[];
  readonly #ageingMs: number;
  readonly #mayReserve: (index: number) => boolean;
  readonly #yields: (index: number) => boolean;

  constructor(options: {
    readonly index: GraphIndex;
    readonly records: readonly TaskRecord[];
    readonly ageingMs: number;
    /** Whether what the task asks for can ever be granted: else it would reserve in vain. */
    readonly mayReserve: (index: number) => boolean;
    /** Whether it is not the time that the task prefers. */
    readonly yields: (index: number) => boolean;
  }) {
    this.#index = options.index;
    this.#records = options.records;
    this.#ageingMs = options.ageingMs;
    this.#mayReserve = options.mayReserve;
    this.#yields = options.yields;
  }

  /** The place of a READY task at the time `now`. */
  of(index: number, now: number): Place {
    const record = this.#record(index);
    const key = orderKey(this.#index, index);
    if (record.request?.state === 'granted') return { index, class: FIRST, reservedSince: record.request.since, key };
    if (record.roomMadeAt !== undefined) return { index, class: AHEAD, reservedSince: record.roomMadeAt, key };
    const task = this.#index.tasks[index] as GraphTask;
    const away = this.#yields(index) ? YIELD : 0;
    if (isBackground(task)) return { index, class: BACKGROUND + (task.priority ?? 0) + away, reservedSince: NEVER, key };
    const from = this.#reservesFrom(record, index);
    const lifted = ageClass(task, record.readyAt ?? now, now, this.#ageingMs);
    return {
      index,
      class: lifted + away,
      reservedSince: from <= now ? (record.blockedAt ?? NEVER) : NEVER,
      key,
    };
  }

  /** When the place will be another one although nothing happens; `Infinity` for never. */
  changesAt(place: Place, now: number): number {
    if (place.class <= AHEAD || isBehindAll(place)) return NEVER;
    const { index } = place;
    const record = this.#record(index);
    const reserving = reserves(place) ? NEVER : this.#reservesFrom(record, index);
    if (!ages(this.#ageingMs)) return reserving;
    const readyAt = record.readyAt ?? now;
    const lifts = Math.floor(Math.max(0, now - readyAt) / this.#ageingMs) + 1;
    return Math.min(reserving, readyAt + lifts * this.#ageingMs);
  }

  #reservesFrom({ blockedAt }: TaskRecord, index: number): number {
    return blockedAt !== undefined && this.#mayReserve(index) ? blockedAt + RESERVE_AFTER_MS : NEVER;
  }

  #record(index: number): TaskRecord {
    return this.#records[index] as TaskRecord;
  }
}
