/** A document as a drafter sees it, and the way back: where in the document something of it stands. */
import { REDACTED, replaceSpans, secretNeedles, secretSpans } from '../../model/redact.ts';
import type { Span } from '../document/document.ts';

export interface RedactedText {
  readonly text: string;
  /** The span of the document of a span of the text. One that begins or ends within `[REDACTED]` has all of the secret. */
  readonly toDocument: (span: Span) => Span;
}

interface Hole {
  /** In the text: of the mark. */
  readonly at: number;
  readonly end: number;
  /** In the document: of the secret. */
  readonly from: number;
  readonly to: number;
}

export const redactedText = (document: string, secrets: readonly string[] = []): RedactedText => {
  const { spans } = secretSpans(document, secretNeedles(secrets));
  const holes: Hole[] = [];
  let moved = 0;
  for (const [from, to] of spans) {
    const at = from + moved;
    holes.push({ at, end: at + REDACTED.length, from, to });
    moved += REDACTED.length - (to - from);
  }
  /** The last hole that begins before an offset of the text. */
  const before = (offset: number): Hole | undefined => {
    let low = 0;
    let high = holes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((holes[middle]?.at ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return holes[low - 1];
  };
  const start = (offset: number): number => {
    const hole = before(offset);
    if (!hole) return offset;
    return offset < hole.end ? hole.from : hole.to + (offset - hole.end);
  };
  const end = (offset: number): number => {
    const hole = before(offset);
    if (!hole) return offset;
    return offset <= hole.end ? hole.to : hole.to + (offset - hole.end);
  };
  return { text: replaceSpans(document, spans), toDocument: (span) => ({ start: start(span.start), end: end(span.end) }) };
};
