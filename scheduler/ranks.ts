/**
 * Places in starting order, each with units, that know whether too many units stand before any place. Kept in
 * short blocks, so that neither a change nor an answer walks through all of them.
 */
import { comparePlaces } from './place.ts';
import type { Place } from './place.ts';

const BLOCK_MAX = 128;

interface Entry {
  readonly place: Place;
  readonly units: number;
}

interface Block {
  readonly entries: Entry[];
  units: number;
}

export class Ranks {
  #blocks: Block[] = [];

  get first(): Place | undefined {
    return this.#blocks[0]?.entries[0]?.place;
  }

  add(place: Place, units: number): void {
    const at = Math.min(this.#blockOf(place), Math.max(0, this.#blocks.length - 1));
    const block = (this.#blocks[at] ??= { entries: [], units: 0 });
    block.entries.splice(positionOf(block, place), 0, { place, units });
    block.units += units;
    if (block.entries.length > BLOCK_MAX) this.#split(at);
  }

  /** @throws RangeError when it was not added: what it reserves would be lost. */
  delete(place: Place): void {
    const at = this.#blockOf(place);
    const block = this.#blocks[at];
    const position = block ? positionOf(block, place) : 0;
    const entry = block?.entries[position];
    if (!block || entry?.place !== place) throw new RangeError(`task ${place.index} is not here`);
    block.entries.splice(position, 1);
    block.units -= entry.units;
    if (block.entries.length === 0) this.#blocks.splice(at, 1);
  }

  /** Whether more units than these stand before a place. */
  isMoreBefore(place: Place, units: number): boolean {
    let left = units;
    for (const block of this.#blocks) {
      const last = block.entries.at(-1);
      if (last && comparePlaces(last.place, place) < 0) {
        left -= block.units;
        if (left < 0) return true;
        continue;
      }
      for (const entry of block.entries) {
        if (comparePlaces(entry.place, place) >= 0) return false;
        left -= entry.units;
        if (left < 0) return true;
      }
    }
    return false;
  }

  clear(): void {
    this.#blocks = [];
  }

  /** The block whose last place is not before this one; one past the end when all are. */
  #blockOf(place: Place): number {
    return firstIndex(this.#blocks.length, (at) => {
      const last = this.#blocks[at]?.entries.at(-1);
      return last !== undefined && comparePlaces(last.place, place) >= 0;
    });
  }

  #split(at: number): void {
    const entries = (this.#blocks[at] as Block).entries;
    const halves = [entries.slice(0, BLOCK_MAX / 2), entries.slice(BLOCK_MAX / 2)];
    const blocks = halves.map((half): Block => ({ entries: half, units: half.reduce((sum, { units }) => sum + units, 0) }));
    this.#blocks.splice(at, 1, ...blocks);
  }
}

const positionOf = ({ entries }: Block, place: Place): number =>
  firstIndex(entries.length, (at) => comparePlaces((entries[at] as Entry).place, place) >= 0);

/** The first of so many indices for which it is true; from there on it must be true for all. */
const firstIndex = (count: number, isTrue: (at: number) => boolean): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};
