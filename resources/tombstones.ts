/** Requests that were given back: an ask or an announcement of one that comes late, or twice, is dropped. */

/** Plain data. */
export interface Tombstone {
  readonly id: string;
  readonly at: number;
}

export const TOMBSTONE_MS = 10 * 60_000;
export const MAX_TOMBSTONES = 5_000;

export class Tombstones {
  /** Oldest first. */
  readonly #list: Tombstone[];
  readonly #ids: Set<string>;

  constructor(list: Tombstone[]) {
    this.#list = list;
    this.#ids = new Set(list.map(({ id }) => id));
  }

  add(id: string, now: number): void {
    if (this.#ids.has(id)) this.#remove(id);
    this.#list.push({ id, at: now });
    this.#ids.add(id);
    if (this.#list.length > MAX_TOMBSTONES) this.#drop(1);
  }

  /** Whether it was given back. Somebody still speaks of it then, so it is remembered anew. */
  meets(id: string, now: number): boolean {
    if (!this.#ids.has(id)) return false;
    this.add(id, now);
    return true;
  }

  expire(now: number): void {
    const kept = this.#list.findIndex(({ at }) => now - at < TOMBSTONE_MS);
    this.#drop(kept === -1 ? this.#list.length : kept);
  }

  #drop(count: number): void {
    for (const { id } of this.#list.splice(0, count)) this.#ids.delete(id);
  }

  #remove(id: string): void {
    const at = this.#list.findIndex((tombstone) => tombstone.id === id);
    this.#list.splice(at, 1);
  }
}
