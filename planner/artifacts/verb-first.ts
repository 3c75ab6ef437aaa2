/**
 * Whether a title says what is to be done. The rule is closed and small, so that writers of titles and those who judge them
 * agree: the first word is the base form of a verb from {@link VERBS}, in any case. An id in front (`P1.T001: `), quotes and
 * Markdown marks do not count; `re-`, `pre-`, `un-`, `de-`, `auto-` and `co-` may stand before the verb, with or without their hyphen
 * where the word is in the list. No tagger: what a model of English thinks of "Test results" would change with its version.
 */
import { VERBS } from './verbs.ts';

const ID_IN_FRONT = /^[A-Za-z]{1,8}[A-Za-z0-9._-]{0,24}\d[A-Za-z0-9._-]{0,8}(?::|\s[-–—])\s+/;
const MARKS = /^[\s"'`*_([{<>#-]+/;
const FIRST_WORD = /^[A-Za-z]+(?:-[A-Za-z]+)*(?![\w.:/(-])/;
const PREFIXES: ReadonlySet<string> = new Set(['re', 'pre', 'un', 'de', 'auto', 'co']);

/** The first word of a title, in lower case; undefined where it begins with none. */
export const firstWord = (title: string): string | undefined => {
  const text = title.slice(0, 200).replace(MARKS, '').replace(ID_IN_FRONT, '').replace(MARKS, '');
  return FIRST_WORD.exec(text.replace(/^([A-Za-z-]+)[,;:](?=\s|$)/, '$1'))?.[0].toLowerCase();
};

/** @example isVerbFirst('Implement the login endpoint') // true */
export const isVerbFirst = (title: string): boolean => {
  const word = firstWord(title);
  if (word === undefined) return false;
  if (VERBS.has(word)) return true;
  const [prefix = '', ...rest] = word.split('-');
  return PREFIXES.has(prefix) && VERBS.has(rest.join('-'));
};
