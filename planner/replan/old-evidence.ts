/** Which requirement of the plan before a piece of evidence quotes, and where that stands now. */
import type { Coverage } from '../artifacts/coverage.schema.ts';
import type { SourceEvidence } from '../artifacts/scalars.schema.ts';
import type { SpecDocument } from '../document/document.ts';
import type { RequirementUnit } from '../requirements/unit.ts';

export interface OldEvidence {
  readonly requirementOf: (evidence: SourceEvidence) => string | undefined;
  /** The same words where they stand in the new document; as it is where they do not. */
  readonly relocate: (evidence: SourceEvidence) => SourceEvidence;
}

export interface OldEvidenceOptions {
  readonly coverage: Pick<Coverage, 'requirements'>;
  readonly document: Pick<SpecDocument, 'text' | 'sections'>;
  /** Of the new document, by the ids that they have in the plan. */
  readonly units: ReadonlyMap<string, RequirementUnit>;
}

/** Each reads the whole document. */
const MAX_SEARCHES = 1_000;

const placeOf = ({ loc }: SourceEvidence): string => `${loc.start}:${loc.end}`;

export const oldEvidence = ({ coverage, document, units }: OldEvidenceOptions): OldEvidence => {
  const byPlace = new Map(coverage.requirements.map(({ id, evidence }) => [placeOf(evidence), id]));
  let searches = 0;
  const requirementOf = (evidence: SourceEvidence): string | undefined => byPlace.get(placeOf(evidence));
  return {
    requirementOf,
    relocate: (evidence) => {
      const unit = units.get(requirementOf(evidence) ?? '');
      if (unit) return { ...evidence, ...unit.evidence };
      if (document.text.slice(evidence.loc.start, evidence.loc.end) === evidence.quote || searches >= MAX_SEARCHES) return evidence;
      searches += 1;
      return found(evidence, document);
    },
  };
};

const found = (evidence: SourceEvidence, { text, sections }: OldEvidenceOptions['document']): SourceEvidence => {
  const { quote } = evidence;
  const start = text.indexOf(quote);
  if (start === -1) return evidence;
  const end = start + quote.length;
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const section = sections.find((each) => each.start <= start && start < each.end);
  return { ...evidence, loc: { start, end }, section: section?.label ?? evidence.section, startLine: lineAt(start), endLine: lineAt(Math.max(start, end - 1)) };
};
