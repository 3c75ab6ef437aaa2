/** From an offset in a text to line, column and the line to show. Lines and columns count from 1. */
const EXCERPT_WIDTH = 160;
const LEAD = 60;

export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface Excerpt {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Characters that a terminal would obey rather than show; each is replaced by one that it shows. */
const isControl = (code: number): boolean => (code < 0x20 && code !== 0x09) || (code >= 0x7f && code < 0xa0);

/** The same number of characters, none of them a control character. */
export const printable = (text: string): string => {
  let shown = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!isControl(text.charCodeAt(at))) continue;
    shown += `${text.slice(from, at)}\uFFFD`;
    from = at + 1;
  }
  return from === 0 ? text : shown + text.slice(from);
};

export class LineIndex {
  readonly #text: string;
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  position(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.#lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** The line of the span's start, cut around the span when it is long; a span over several lines ends with it. */
  excerpt(span: Span): Excerpt {
    const { line, column } = this.position(span.start);
    const start = this.#lineStarts()[line - 1] ?? 0;
    const end = this.#lineEnd(start);
    const cut = end - start > EXCERPT_WIDTH ? Math.max(start, start + column - 1 - LEAD) : start;
    const stop = Math.min(end, cut + EXCERPT_WIDTH);
    const text = printable(this.#text.slice(cut, stop));
    const from = span.start - cut + 1;
    const to = Math.min(Math.max(span.end, span.start + 1), stop) - cut + 1;
    return { text, from, to: Math.max(to, from + 1) };
  }

  #lineEnd(start: number): number {
    const newline = this.#text.indexOf('\n', start);
    const end = newline === -1 ? this.#text.length : newline;
    return this.#text[end - 1] === '\r' ? end - 1 : end;
  }

  #lineStarts(): readonly number[] {
    if (this.#starts) return this.#starts;
    const starts = [0];
    for (let at = this.#text.indexOf('\n'); at !== -1; at = this.#text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }
}
