/** Text from outside, on one line and of bounded length. */
export const MAX_TITLE = 120;
const MAX_TEXT = 400;

/** Line breaks and controls, and the marks that turn the direction of text: what is read must be what is there. */
const HIDDEN = /[\s\p{Cc}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]+/gu;

const isHigh = (text: string): boolean => /[\uD800-\uDBFF]$/.test(text);
const cut = (text: string, max: number): string => {
  const head = text.slice(0, max);
  return `${(isHigh(head) ? head.slice(0, -1) : head).trimEnd()}…`;
};

/** Halves of a pair that stand alone have no place in UTF-8. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\u{FFFD}');

/** Never empty. */
export const flat = (value: string, max = MAX_TEXT): string => {
  // What is cut anyway need not be looked at: a document may be one long line.
  const line = value.slice(0, max * 8).replaceAll(HIDDEN, ' ').trim();
  const bounded = wellFormed(line.length > max || value.length > max * 8 ? cut(line, max) : line);
  return bounded === '' ? '(blank)' : bounded;
};
