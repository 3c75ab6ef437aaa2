/** Cells of a table's row. */
import type { Span } from './document.ts';
import { trimmed } from './lines.ts';

/** A wider table is none: its row is text. */
export const MAX_CELLS = 64;

/** Between unescaped bars; bars at the ends of the row are its frame. */
export const cellsOf = (text: string, row: Span): readonly Span[] => {
  const { start, end } = trimmed(text, row);
  const cells: Span[] = [];
  let from = text[start] === '|' ? start + 1 : start;
  for (let at = from; at < end && cells.length <= MAX_CELLS; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '|') {
      cells.push(trimmed(text, { start: from, end: at }));
      from = at + 1;
    }
  }
  if (from < end) cells.push(trimmed(text, { start: from, end }));
  return cells;
};
