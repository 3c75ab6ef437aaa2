/** Whether a quote stands in the document, and where: word for word, else with other white space. */
import { replaceSpans, secretSpans } from '../../../model/redact.ts';
import type { Span as SecretSpan } from '../../../model/redact.ts';
import type { SourceEvidence } from '../../artifacts/scalars.schema.ts';
import type { Span, SpecDocument } from '../../document/document.ts';
import { LineIndex } from '../../read/line-index.ts';
import type { RedactedText } from '../redacted-text.ts';

/** Longer ones are no quotes, shorter ones say nothing. */
const MAX_LENGTH = 2_000;
const MIN_LENGTH = 10;
/** Looked for at most: whoever sends more than these gets none of them. */
const MAX_SEARCHES = 4_000;
/** A quote that stands in so many places is looked at no further. */
const MAX_PLACES = 50;

export interface FoundQuote {
  readonly evidence: SourceEvidence;
  /** Its white space was not the document's. */
  readonly isRepaired: boolean;
}

interface Collapsed {
  readonly text: string;
  /** Of each character of it the offset in what it was made of; one more for the end. */
  readonly offsets: Int32Array;
}

const collapse = (text: string): Collapsed => {
  const offsets = new Int32Array(text.length + 1);
  let collapsed = '';
  let length = 0;
  for (const { index, 0: run } of text.matchAll(/\s+|\S+/g)) {
    const isSpace = /^\s/.test(run);
    const kept = isSpace ? ' ' : run;
    for (let at = 0; at < kept.length; at += 1) offsets[length + at] = index + at;
    length += kept.length;
    collapsed += kept;
  }
  offsets[length] = text.length;
  return { text: collapsed, offsets };
};

export class QuoteFinder {
  readonly #document: SpecDocument;
  readonly #seen: RedactedText;
  readonly #lines: LineIndex;
  readonly #secrets: readonly SecretSpan[];
  #collapsed: Collapsed | undefined;
  #searches = 0;

  /** `seen` is the document as the drafter has seen it. */
  constructor(document: SpecDocument, seen: RedactedText) {
    this.#document = document;
    this.#seen = seen;
    this.#lines = new LineIndex(document.text);
    this.#secrets = secretSpans(document.text, []).spans;
  }

  /** Of several places the one within a span of `near` counts, else the first. */
  find(quote: string, near: readonly Span[] = []): FoundQuote | undefined {
    const wanted = quote.trim();
    this.#searches += 1;
    if (wanted.length < MIN_LENGTH || wanted.length > MAX_LENGTH || this.#searches > MAX_SEARCHES) return undefined;
    const exact = this.#place(this.#seen.text, wanted, near, (span) => span);
    if (exact) return { evidence: this.#evidence(exact), isRepaired: false };
    this.#collapsed ??= collapse(this.#seen.text);
    const { text, offsets } = this.#collapsed;
    const repaired = this.#place(text, wanted.replace(/\s+/g, ' '), near, ({ start, end }) => ({ start: offsets[start] ?? 0, end: (offsets[end - 1] ?? 0) + 1 }));
    return repaired && { evidence: this.#evidence(repaired), isRepaired: true };
  }

  #place(text: string, wanted: string, near: readonly Span[], back: (span: Span) => Span): Span | undefined {
    let first: Span | undefined;
    let places = 0;
    for (let at = text.indexOf(wanted); at !== -1 && places < MAX_PLACES; at = text.indexOf(wanted, at + 1)) {
      const span = this.#seen.toDocument(back({ start: at, end: at + wanted.length }));
      if (near.length === 0 || near.some(({ start, end }) => span.start >= start && span.end <= end)) return span;
      first ??= span;
      places += 1;
    }
    return first;
  }

  #evidence({ start, end }: Span): SourceEvidence {
    const { text, sections } = this.#document;
    const secrets = this.#secrets.flatMap(([from, to]): readonly SecretSpan[] => (to > start && from < end ? [[Math.max(from, start) - start, Math.min(to, end) - start]] : []));
    return {
      quote: replaceSpans(text.slice(start, end), secrets),
      loc: { start, end },
      section: sections.findLast((section) => section.start <= start)?.label ?? '',
      startLine: this.#lines.position(start).line,
      endLine: this.#lines.position(Math.max(start, end - 1)).line,
    };
  }
}
