/**
 * Whether two globs can match the same path: then tasks that write one and read or write the other must not run
 * at once, whatever files there are.
 *
 * Exact for literals, `*`, `**`, `?`, `[abc]`, `[a-z]`, `[!abc]`, `{a,b}` and escapes, as picomatch reads them with
 * `dot`. Where it is not exact it says yes too often, never too seldom: `{1..9}`, lists of more than 64
 * alternatives, `[[:alpha:]]`, `[ab]+` and everything in parentheses count as anything, as does a negated glob, or
 * one of more than 1,000 characters (4,000 in all its alternatives). `a/**` is the directory `a` as well.
 */
import type { CharSet } from './globs-chars.ts';
import { haveCommonChar } from './globs-chars.ts';
import type { Glob, GlobPath, Segment, Sequence } from './globs-parse.ts';
import { parseGlob } from './globs-parse.ts';

/**
 * Whether some sequence is matched by both, where `any` matches any number of items and two items of the
 * patterns match a common one if `meet` says so. O(length × length).
 */
const sequencesMeet = <T>(one: Sequence<T>, other: Sequence<T>, meet: (a: T, b: T) => boolean): boolean => {
  // after[j]: whether what is left of `one`, and `other` from j on, meet.
  let after: boolean[] = [];
  for (let i = one.length; i >= 0; i -= 1) {
    const a = one[i];
    const row: boolean[] = [];
    for (let j = other.length; j >= 0; j -= 1) {
      const b = other[j];
      if (a === undefined && b === undefined) row[j] = true;
      else if (a === 'any') row[j] = (after[j] ?? false) || (b !== undefined && (row[j + 1] ?? false));
      else if (b === 'any') row[j] = (row[j + 1] ?? false) || (a !== undefined && (after[j] ?? false));
      else row[j] = a !== undefined && b !== undefined && (after[j + 1] ?? false) && meet(a, b);
    }
    after = row;
  }
  return after[0] ?? false;
};

const segmentsMeet = (one: Segment, other: Segment): boolean => sequencesMeet<CharSet>(one, other, haveCommonChar);
const pathsMeet = (one: GlobPath, other: GlobPath): boolean => sequencesMeet<Segment>(one, other, segmentsMeet);

export const globsMeet = (one: Glob, other: Glob): boolean => one.paths.some((path) => other.paths.some((second) => pathsMeet(path, second)));

/** @example globsIntersect('src/*.ts', 'src/{a,b}.*') // true */
export const globsIntersect = (one: string, other: string): boolean => globsMeet(parseGlob(one), parseGlob(other));
