/** Which units a unit names: by their keys, or by their numbers within the same list. */
import type { Found } from './found.ts';
import { canonicalKey, keysWithin, numbersWithin, rangesWithin } from './keys.ts';

/** A range that names more is taken by its ends. */
const MAX_RANGE = 200;

export interface Mentions {
  /** Indices, in order, each once, never the unit's own. */
  readonly of: (index: number) => readonly number[];
}

export const mentionsAmong = (units: readonly Found[]): Mentions => {
  const byKey = new Map<string, number>();
  const byOrdinal = new Map<string, number>();
  for (const [index, { key, list, ordinal }] of units.entries()) {
    if (key !== undefined && !byKey.has(canonicalKey(key))) byKey.set(canonicalKey(key), index);
    const place = `${String(list)} ${String(ordinal)}`;
    if (list !== undefined && ordinal !== undefined && !byOrdinal.has(place)) byOrdinal.set(place, index);
  }
  const range = (from: string, to: string): readonly number[] => {
    const low = byKey.get(canonicalKey(from));
    const high = byKey.get(canonicalKey(to));
    if (low === undefined || high === undefined || high - low > MAX_RANGE) return [];
    return Array.from({ length: high - low + 1 }, (_, at) => low + at).filter((index) => units[index]?.key !== undefined);
  };
  const of = (index: number): readonly number[] => {
    const unit = units[index];
    if (!unit) return [];
    const named = byKey.size === 0 ? [] : keysWithin(unit.plain).flatMap((key) => byKey.get(canonicalKey(key)) ?? []);
    const ranged = byKey.size === 0 ? [] : rangesWithin(unit.plain).flatMap(([from, to]) => range(from, to));
    const numbered = unit.list === undefined ? [] : numbersWithin(unit.plain).flatMap((number) => byOrdinal.get(`${String(unit.list)} ${String(number)}`) ?? []);
    return [...new Set([...named, ...ranged, ...numbered])].filter((other) => other !== index).toSorted((a, b) => a - b);
  };
  return { of };
};
