/**
 * Who lives of a queue's workers: what a pool knows, and when it must tell. A worker lives from its first
 * announcement until it leaves, or has not been heard of for {@link UNHEARD_MS}. Pure: time comes with every call.
 *
 * - Every announcement says all; of several the last one counts. One that changes nothing but when it was heard of
 *   is not worth telling.
 * - Names are unique for ever: who has left does not come back, so an announcement that its departure overtook is
 *   dropped. Who was merely not heard of is taken in again.
 * - A table that would be too large to be told takes nobody in, and nobody's longer profile.
 * - Time never goes back: a clock that does changes nothing.
 */
import { MAX_WORKERS, UNHEARD_MS } from '../model/pool.ts';
import type { WorkerProfile, WorkerTable, WorkerView } from '../model/pool.ts';

/** Departures that are remembered; a message that comes later than so many others is none that was overtaken. */
const MAX_DEPARTED = 2_000;
/** Of a table as JSON, in UTF-16 units of three bytes at most: what is told must stay below 2 MB. */
const MAX_LENGTH = 500_000;

interface Departure {
  readonly worker: string;
  readonly at: number;
}

/** Plain data: it survives JSON, and is carried over continue-as-new. */
export interface RegistryState {
  readonly epoch: number;
  version: number;
  /** Time of the last message, in milliseconds. */
  now: number;
  workers: readonly WorkerView[];
  /** Oldest first. */
  departed: readonly Departure[];
}

/** @param epoch - start of the pool's first run, in milliseconds. */
export const createRegistryState = (epoch: number): RegistryState => ({ epoch, version: 0, now: epoch, workers: [], departed: [] });

export class Registry {
  readonly #epoch: number;
  #version: number;
  #now: number;
  readonly #workers: Map<string, WorkerView>;
  /** Of all profiles as JSON. */
  #length: number;
  /** When, by name; oldest first. */
  readonly #departed: Map<string, number>;

  constructor({ epoch, version, now, workers, departed }: RegistryState) {
    this.#epoch = epoch;
    this.#version = version;
    this.#now = now;
    this.#workers = new Map(workers.map((view) => [view.worker, view]));
    this.#length = workers.reduce((sum, view) => sum + lengthOf(view), 0);
    this.#departed = new Map(departed.map(({ worker, at }) => [worker, at]));
  }

  get state(): RegistryState {
    return {
      epoch: this.#epoch,
      version: this.#version,
      now: this.#now,
      workers: this.views(),
      departed: [...this.#departed].map(([worker, at]) => ({ worker, at })),
    };
  }

  /** What executions are told. */
  get table(): WorkerTable {
    return { epoch: this.#epoch, version: this.#version, workers: this.views().map(profileOf) };
  }

  /** Of what executions are told, in UTF-16 units of JSON. */
  get tableLength(): number {
    return this.#length;
  }

  /** When the first worker will not have been heard of for too long; undefined when there is none. */
  get nextExpiry(): number | undefined {
    let first: number | undefined;
    for (const { heardAt } of this.#workers.values()) first = Math.min(first ?? heardAt, heardAt);
    return first === undefined ? undefined : first + UNHEARD_MS;
  }

  /** By name. */
  views(): readonly WorkerView[] {
    return [...this.#workers.values()].sort((one, other) => (one.worker < other.worker ? -1 : 1));
  }

  /** True when executions must be told, as of the next two. */
  announce(announced: WorkerProfile, at: number): boolean {
    const now = this.#tick(at);
    const profile = profileOf(announced);
    if (this.#departed.has(profile.worker)) return false;
    const known = this.#workers.get(profile.worker);
    const grown = lengthOf(profile) - (known ? lengthOf(known) : 0);
    const isTaken = grown <= 0 || (this.#length + grown <= MAX_LENGTH && (known !== undefined || this.#workers.size < MAX_WORKERS));
    if (!isTaken) {
      if (known) this.#workers.set(profile.worker, { ...known, heardAt: now });
      return false;
    }
    this.#length += grown;
    this.#workers.set(profile.worker, { ...profile, since: known?.since ?? now, heardAt: now });
    return this.#changed(!known || !isSame(known, profile));
  }

  leave(worker: string, at: number): boolean {
    const now = this.#tick(at);
    this.#departed.delete(worker);
    this.#departed.set(worker, now);
    for (const [oldest] of this.#departed) {
      if (this.#departed.size <= MAX_DEPARTED) break;
      this.#departed.delete(oldest);
    }
    return this.#changed(this.#remove(worker));
  }

  /** Takes off the table who has not been heard of for too long. */
  expire(at: number): boolean {
    const now = this.#tick(at);
    for (const [worker, since] of this.#departed) if (now - since >= UNHEARD_MS) this.#departed.delete(worker);
    const silent = [...this.#workers.values()].filter(({ heardAt }) => now - heardAt >= UNHEARD_MS);
    for (const { worker } of silent) this.#remove(worker);
    return this.#changed(silent.length > 0);
  }

  #remove(worker: string): boolean {
    const known = this.#workers.get(worker);
    if (!known) return false;
    this.#length -= lengthOf(known);
    return this.#workers.delete(worker);
  }

  #tick(at: number): number {
    this.#now = Math.max(this.#now, at);
    return this.#now;
  }

  #changed(isChanged: boolean): boolean {
    if (isChanged) this.#version += 1;
    return isChanged;
  }
}

/** A copy, key by key: nothing else that came with an announcement is kept or told. */
const profileOf = ({ worker, host, capabilities, slots, cpus, memoryMb, version, pressure }: WorkerProfile): WorkerProfile => ({
  worker,
  host,
  capabilities: [...capabilities],
  slots,
  cpus,
  memoryMb,
  version,
  pressure,
});

const isSame = (one: WorkerProfile, other: WorkerProfile): boolean => JSON.stringify(profileOf(one)) === JSON.stringify(profileOf(other));

const lengthOf = (profile: WorkerProfile): number => JSON.stringify(profileOf(profile)).length;
