/**
 * What a line of Markdown begins. Every pattern is anchored, looks at a bounded number of characters or at one run of them,
 * and longer lines than {@link MAX_SHAPE} are text: so a line costs what it is long.
 */
export const MAX_SHAPE = 1_000;

const HEADING = /^(#{1,6})(?:[ \t]+|$)/;
const FENCE = /^(`{3,}|~{3,})([^`]*)$/;
const RULE = /^([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const UNDERLINE = /^(?:=+|-+)[ \t]*$/;
const MARKER = /^(?:[-*+•]|(\d{1,9})[.)])(?=[ \t]|$)/;
const CHECKBOX = /^\[([ xX])\][ \t]+/;
/** A tag and nothing else, such as `<PRD>`. */
const TAG_LINE = /^<\/?[A-Za-z][\w:-]{0,63}(?:[ \t][^<>]*)?>[ \t]*$/;
const RAW_OPEN = /^<(script|style|pre|textarea)\b/i;
const DEFINITION = /^\[[^\]^][^\]]{0,255}\]:[ \t]*\S+/;
const DELIMITER = /^\|?[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)*[ \t]*\|?$/;

export type Shape =
  | { readonly is: 'heading'; readonly depth: number; readonly width: number }
  | { readonly is: 'fence'; readonly fence: string }
  | { readonly is: 'rule' }
  | { readonly is: 'marker'; readonly width: number; readonly ordinal?: number; readonly type: string }
  | { readonly is: 'comment' }
  | { readonly is: 'tag' }
  | { readonly is: 'raw'; readonly tag: string }
  | { readonly is: 'definition' }
  | { readonly is: 'text' };

const TEXT: Shape = { is: 'text' };

const shapeOfStart = (rest: string): Shape => {
  const [heading, hashes = ''] = HEADING.exec(rest) ?? [];
  if (heading !== undefined) return { is: 'heading', depth: hashes.length, width: heading.length };
  const [marker, digits] = MARKER.exec(rest) ?? [];
  if (marker !== undefined) return { is: 'marker', width: marker.length, type: marker.slice(-1), ...(digits === undefined ? {} : { ordinal: Number(digits) }) };
  return TEXT;
};

/** `rest` is the line without its indentation. */
export const shapeOf = (rest: string): Shape => {
  if (rest.startsWith('<!--')) return { is: 'comment' };
  const [, tag] = RAW_OPEN.exec(rest) ?? [];
  if (tag !== undefined) return { is: 'raw', tag: tag.toLowerCase() };
  if (rest.length > MAX_SHAPE) return shapeOfStart(rest.slice(0, MAX_SHAPE));
  const [, fence] = FENCE.exec(rest) ?? [];
  if (fence !== undefined) return { is: 'fence', fence };
  if (RULE.test(rest)) return { is: 'rule' };
  if (TAG_LINE.test(rest)) return { is: 'tag' };
  if (DEFINITION.test(rest)) return { is: 'definition' };
  return shapeOfStart(rest);
};

export const isUnderline = (rest: string): boolean => rest.length <= MAX_SHAPE && UNDERLINE.test(rest);
export const isDelimiterRow = (rest: string): boolean => rest.length <= MAX_SHAPE && rest.includes('|') && DELIMITER.test(rest.trim());

export interface Checkbox {
  readonly isChecked: boolean;
  readonly width: number;
}
export const checkboxOf = (rest: string): Checkbox | undefined => {
  const [all, mark] = CHECKBOX.exec(rest) ?? [];
  return all === undefined ? undefined : { isChecked: mark !== ' ', width: all.length };
};
