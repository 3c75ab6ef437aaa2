/** What a document says, and where. */
import type { SourceEvidence } from '../artifacts/scalars.schema.ts';
import type { Inline } from './markdown/nodes.ts';
import { text } from './markdown/nodes.ts';

const MAX_QUOTE = 200;

export const where = ({ section, startLine, endLine }: SourceEvidence): readonly Inline[] => [
  ...(section.trim() === '' ? [] : [text(section, 80), ', ']),
  startLine === endLine ? `line ${startLine}` : `lines ${startLine} to ${endLine}`,
];

/** “Users must sign in” (H2: Login, line 12) */
export const quoted = (evidence: SourceEvidence): readonly Inline[] => ['“', text(evidence.quote, MAX_QUOTE), '” (', ...where(evidence), ')'];
