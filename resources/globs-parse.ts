/** A glob as sequences that can be compared: directories of a path, and characters of a directory's name. */
import { expandBraces } from './globs-braces.ts';
import type { CharSet } from './globs-chars.ts';
import { ANY_CHAR, oneChar, otherChars } from './globs-chars.ts';

/** `any` stands for any number of items, none included. */
export type Sequence<T> = readonly (T | 'any')[];

/** Of one directory's or file's name. */
export type Segment = Sequence<CharSet>;

/** One of the alternatives that the braces of a glob make. */
export type GlobPath = Sequence<Segment>;

/** A glob, ready to be compared. */
export interface Glob {
  readonly paths: readonly GlobPath[];
  /** Characters of all its alternatives: comparing two takes at most the product of their sizes. */
  readonly size: number;
}

/** A token, and where the next one begins. */
interface Token {
  readonly part: CharSet | 'any' | 'slash' | 'rest';
  readonly next: number;
}

/** Where the parenthesis that opens at `at` closes. */
const closing = (text: string, at: number): number => {
  let depth = 0;
  for (let i = at; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '(') depth += 1;
    else if (text[i] === ')') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return -1;
};

/** `[abc]`, `[a-z]`, `[!abc]`; a class with a name in it (`[[:alpha:]]`) is any character. */
const classAt = (chars: readonly string[], at: number): Token | undefined => {
  const negated = chars[at + 1] === '!' || chars[at + 1] === '^';
  const first = at + (negated ? 2 : 1);
  const end = chars.indexOf(']', first + 1);
  if (end < 0) return undefined;
  if (chars[first] === '[' && chars[first + 1] === ':') return { part: 'any', next: chars.indexOf(']', end + 1) + 1 || end + 1 };
  const ranges: [number, number][] = [];
  for (let i = first; i < end; i += 1) {
    if (chars[i] === '\\' && i + 1 < end) i += 1;
    const from = chars[i]?.codePointAt(0) ?? 0;
    const isRange = chars[i + 1] === '-' && i + 2 < end;
    ranges.push([from, isRange ? (chars[i + 2]?.codePointAt(0) ?? from) : from]);
    if (isRange) i += 2;
  }
  const next = end + 1;
  if (chars[next] === '+') return { part: 'any', next: next + 1 };
  return { part: negated ? otherChars(ranges) : ranges, next };
};

/** `(…)`, `@(…)` and the like: anything; with a slash in it, anything from here on. */
const groupAt = (chars: readonly string[], open: number): Token | undefined => {
  const text = chars.join('');
  if (chars.length !== text.length) return chars.includes(')') ? { part: 'rest', next: chars.length } : undefined;
  const end = closing(text, open);
  if (end < 0) return undefined;
  return text.slice(open, end).includes('/') ? { part: 'rest', next: chars.length } : { part: 'any', next: end + 1 };
};

const tokenAt = (chars: readonly string[], at: number): Token => {
  const char = chars[at] ?? '';
  const next = at + 1;
  const plain: Token = { part: oneChar(char), next };
  if (char === '/') return { part: 'slash', next };
  if (char === '\\' && chars[next] !== undefined) return { part: oneChar(chars[next] ?? ''), next: next + 1 };
  if ('@!+*?'.includes(char) && chars[next] === '(') return groupAt(chars, next) ?? plain;
  if (char === '*') return { part: 'any', next };
  if (char === '?') return { part: ANY_CHAR, next };
  if (char === '[') return classAt(chars, at) ?? plain;
  if (char === '(') return groupAt(chars, at) ?? plain;
  return plain;
};

const parsePath = (text: string): GlobPath => {
  const path: (Segment | 'any')[] = [];
  let segment: (CharSet | 'any')[] = [];
  let start = 0;
  const chars = Array.from(text);
  const close = (end: number): void => {
    const written = chars.slice(start, end).join('');
    if (written === '**') path.push('any');
    else if (written !== '' && written !== '.') path.push(segment);
    segment = [];
  };
  for (let at = 0; at < chars.length; ) {
    const { part, next } = tokenAt(chars, at);
    if (part === 'slash') {
      close(at);
      start = next;
    } else if (part === 'rest') return [...path, 'any'];
    else segment.push(part);
    at = next;
  }
  close(chars.length);
  return path;
};

/** A longer text, or one with longer alternatives in all, stands for anything: comparing it would take its time. */
const MAX_LENGTH = 1_000;
const MAX_SIZE = 4_000;

const ANYTHING: Glob = { paths: [['any']], size: 1 };

/** A negated glob (`!a`) says what is not meant, and so stands for anything. */
export const parseGlob = (text: string): Glob => {
  const negated = text.startsWith('!') && text[1] !== '(';
  if (negated || text.length > MAX_LENGTH) return ANYTHING;
  const texts = expandBraces(text);
  const size = texts.reduce((sum, each) => sum + each.length, 0);
  return size > MAX_SIZE ? ANYTHING : { paths: texts.map(parsePath), size };
};
