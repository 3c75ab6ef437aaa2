/** Lines of a text, by offset. `\n`, `\r\n` and a lone `\r` end one. */
import type { Span } from './document.ts';

const EOL = /\r\n|\n|\r/g;

/** Each without its end. */
export const linesOf = (text: string): readonly Span[] => {
  const lines: Span[] = [];
  let start = 0;
  for (const { index, 0: end } of text.matchAll(EOL)) {
    lines.push({ start, end: index });
    start = index + end.length;
  }
  lines.push({ start, end: text.length });
  return lines;
};

/** Index of the last of some spans, in order, that begins at or before an offset; -1 before the first. */
export const indexAt = (spans: readonly Span[], offset: number): number => {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/** The span without white space at its ends. */
export const trimmed = (text: string, { start, end }: Span): Span => {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text[from] ?? '')) from += 1;
  while (to > from && /\s/.test(text[to - 1] ?? '')) to -= 1;
  return { start: from, end: to };
};
