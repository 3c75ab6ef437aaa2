/** What a requirement says, apart from how it is laid out: white space, case, list markers, emphasis, its own id. */

const MARKERS = /^(?:[-*+>#|]+|\d{1,9}[.)]|\[[ xX]\])\s+/;
const KEY = /^([A-Z]{1,6}-\d{1,9}[a-z]?)(?![\w-])\s*[:.)|–—-]?\s*/;
const MAX_MARKERS = 8;

/** On one line, without what stands before it in a list, and without emphasis. */
export const plain = (quote: string): string => {
  let text = quote.replace(/[*_`~]+/g, '').replace(/\s+/g, ' ').trim();
  for (let at = 0; at < MAX_MARKERS; at += 1) {
    const next = text.replace(MARKERS, '');
    if (next === text) break;
    text = next;
  }
  return text;
};

/** The id that it has in its document, such as `FR-009a`. */
export const ownKey = (quote: string): string | undefined => KEY.exec(plain(quote))?.[1];

/** The id that a section's title gives to what stands in it: `H3: US-1: Basic loop`. */
export const sectionKey = (label: string): string | undefined => KEY.exec(label.replace(/^H\d: /, ''))?.[1];

/** Of two requirements that differ in nothing else the same. */
export const comparableText = (quote: string): string =>
  plain(quote)
    .replace(KEY, '')
    .replace(/[\s.;:,]+$/, '')
    .toLowerCase();
