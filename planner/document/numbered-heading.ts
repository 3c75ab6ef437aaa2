/**
 * Headings of text that is not Markdown: `3.2 Title`, `1. INTRODUCTION`, a line in capitals. Only a line between blank lines
 * is one, and only in a document without a Markdown heading: there a number begins a list.
 */
const NUMBERED = /^(?:(?:chapter|section|part|appendix)[ \t]+)?(\d{1,3}(?:\.\d{1,3}){0,5})[.):]?[ \t]+(\p{Lu}[^\n]{1,79})$/iu;
const SENTENCE_END = /[.!?;:,]$/;
const MAX_WORDS = 10;
const MODAL = /\b(?:shall|must|should|will|may|can)\b/i;

export interface PlainHeading {
  readonly depth: number;
  /** Of the number, such as `3.2`; empty for a line in capitals. */
  readonly number: string;
}

const isTitle = (title: string): boolean => !SENTENCE_END.test(title) && title.split(/\s+/).length <= MAX_WORDS && !MODAL.test(title);

const isCapitals = (line: string): boolean => line.length <= 80 && /\p{Lu}{3}/u.test(line) && !/\p{Ll}/u.test(line) && isTitle(line);

export const plainHeadingOf = (line: string): PlainHeading | undefined => {
  if (line.length > 100) return undefined;
  const [, number, title] = NUMBERED.exec(line) ?? [];
  if (number !== undefined && title !== undefined && /^\p{Lu}/u.test(title) && isTitle(title)) return { depth: Math.min(6, number.split('.').length), number };
  return isCapitals(line) ? { depth: 1, number: '' } : undefined;
};
