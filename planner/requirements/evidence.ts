/** Evidence of a span of the document. */
import type { SourceEvidence } from '../artifacts/scalars.schema.ts';
import type { Section, Span, SpecDocument } from '../document/document.ts';
import { indexAt, linesOf } from '../document/lines.ts';
import { redactQuote, secretSpansOf } from './redact-quote.ts';

export interface EvidenceReader {
  readonly sectionAt: (offset: number) => Section;
  readonly evidenceOf: (span: Span) => SourceEvidence;
}

export const evidenceReader = ({ text, sections }: SpecDocument): EvidenceReader => {
  const lines = linesOf(text);
  const secrets = secretSpansOf(text);
  const lineAt = (offset: number): number => Math.max(1, indexAt(lines, offset) + 1);
  const sectionAt = (offset: number): Section => {
    const section = sections[Math.max(0, indexAt(sections, offset))];
    if (!section) throw new Error('a document has at least one section');
    return section;
  };
  const evidenceOf = ({ start, end }: Span): SourceEvidence => ({
    quote: redactQuote({ text, secrets, start, end }),
    loc: { start, end },
    section: sectionAt(start).label,
    startLine: lineAt(start),
    endLine: lineAt(Math.max(start, end - 1)),
  });
  return { sectionAt, evidenceOf };
};
