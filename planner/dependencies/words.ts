/** Words of titles and requirements, so that they can be compared: lower case, singular, without those that say nothing. */

/** `ShortenAPI` is `Shorten API`, `shortCode` is `short Code`. */
const CAMEL = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const MAX_LENGTH = 4_000;

const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are as at be been but by can could do does each every for from had has have how i if in into is it its may might more most must ' +
    'no not of on once one only or other our shall should so some such system than that the their them then there these they this those to up use ' +
    'used user using via was we were what when where which while who will with within would you your'
  ).split(' '),
);

export const singular = (word: string): string => {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/u.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ch|sh|x|ss|z)es$/u.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
};

/** All words, in order. */
export const allWords = (text: string): readonly string[] =>
  (text.slice(0, MAX_LENGTH).replaceAll(CAMEL, ' ').match(WORD) ?? []).map((word) => singular(word.toLowerCase()));

/** Words that say something, in order. */
export const wordsOf = (text: string): readonly string[] => allWords(text).filter((word) => word.length > 1 && !STOP_WORDS.has(word));

/** At most so many characters, whole code points, on one line. */
export const shortened = (text: string, most = 100): string => {
  const line = text.slice(0, most * 20).replaceAll(/\s+/gu, ' ').trim();
  const points = Array.from(line);
  return points.length > most ? `${points.slice(0, most - 1).join('').trimEnd()}…` : line;
};

/** Code units, whatever the locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** `1, 2 and 3`; beyond `most` only how many more there are. */
export const listed = (items: readonly string[], most = 3): string => {
  if (items.length > most) return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
};
