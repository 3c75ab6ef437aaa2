/** Sets of characters as `?`, `[abc]` and literals make them: sorted ranges of code points, never `/`. */

export type CharSet = readonly (readonly [from: number, to: number])[];

const SLASH = 0x2f;
const LAST = 0x10_ff_ff;

export const ANY_CHAR: CharSet = [
  [0, SLASH - 1],
  [SLASH + 1, LAST],
];

export const oneChar = (char: string): CharSet => {
  const code = char.codePointAt(0) ?? 0;
  return [[code, code]];
};

/** Everything but `set`, and but the slash. */
export const otherChars = (set: CharSet): CharSet => {
  const rest: [number, number][] = [];
  let from = 0;
  for (const [first, last] of [...set, [SLASH, SLASH] as const].sort(([a], [b]) => a - b)) {
    if (first > from) rest.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  if (from <= LAST) rest.push([from, LAST]);
  return rest;
};

export const haveCommonChar = (one: CharSet, other: CharSet): boolean =>
  one.some(([from, to]) => other.some(([first, last]) => from <= last && first <= to));
