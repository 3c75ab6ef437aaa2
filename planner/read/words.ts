/** Small pieces of wording that every message of the reader shares. */
import { distance } from 'fastest-levenshtein';
import { printable } from './line-index.ts';

const QUOTED_LENGTH = 80;

/** Text of a plan within a message: in quotes, on one line, of bounded length. */
export const quote = (text: string): string => {
  const flat = printable(text.replaceAll('\t', ' '));
  return flat.length > QUOTED_LENGTH ? `"${flat.slice(0, QUOTED_LENGTH)}…"` : `"${flat}"`;
};

/** The candidate most like `word`, if any is like it. */
export const suggestion = (word: string, candidates: Iterable<string>): string | undefined => {
  const limit = Math.max(word.length > 3 ? 2 : 1, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < least) {
      best = candidate;
      least = d;
    }
  }
  return best;
};

export const didYouMean = (word: string, candidates: Iterable<string>): string | undefined => {
  const found = suggestion(word, candidates);
  return found === undefined ? undefined : `Did you mean ${quote(found)}?`;
};

/** `a.b[3].c`; the top of the document is empty. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = String(step);
    const plain = /^[A-Za-z_][\w.-]*$/.test(name) ? name : quote(name);
    return text === '' ? plain : `${text}.${plain}`;
  }, '');

export const counted = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${one}s`);
