/**
 * The same wording twice is one unit: the first place stands, with the stronger of the strengths, and with the other's key where
 * it has none. Wording is compared without case, signs and key; two keys are never merged, because the document tells them apart.
 */
import { STRENGTHS } from '../artifacts/coverage.schema.ts';
import type { Found } from './found.ts';
import { canonicalKey } from './keys.ts';

/** Fewer words ("Unit tests") mean different things in different places. */
const MIN_WORDS = 4;

const wordingOf = ({ plain, key, kind }: Found): string | undefined => {
  const bare = (key === undefined ? plain : plain.replace(key, ''))
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}<>=%]+/gu, ' ')
    .trim();
  return (bare.match(/ /g)?.length ?? 0) < MIN_WORDS - 1 ? undefined : `${kind} ${bare}`;
};

export const mergeTwins = (units: readonly Found[]): readonly Found[] => {
  const first = new Map<string, number>();
  const kept: Found[] = [];
  const moved = new Map<Found, Found>();
  for (const unit of units) {
    const wording = wordingOf(unit);
    const at = wording === undefined ? undefined : first.get(wording);
    const twin = at === undefined ? undefined : kept[at];
    if (at === undefined || !twin || (unit.key !== undefined && twin.key !== undefined && canonicalKey(unit.key) !== canonicalKey(twin.key))) {
      if (wording !== undefined && at === undefined) first.set(wording, kept.length);
      kept.push(unit);
      continue;
    }
    const strength = STRENGTHS[Math.min(STRENGTHS.indexOf(unit.strength), STRENGTHS.indexOf(twin.strength))] ?? twin.strength;
    const key = twin.key ?? unit.key;
    const merged: Found = { ...twin, strength, ...(key === undefined ? {} : { key }) };
    kept[at] = merged;
    moved.set(unit, merged);
    moved.set(twin, merged);
  }
  const standing = (one: Found): Found => {
    let now = one;
    for (let next = moved.get(now); next && next !== now; next = moved.get(now)) now = next;
    return now;
  };
  return kept.map((unit) => {
    const parent = unit.parent && standing(unit.parent);
    if (parent) unit.parent = parent;
    return unit;
  });
};
