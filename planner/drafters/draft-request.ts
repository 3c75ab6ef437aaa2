/**
 * What a drafter is asked: the document, its requirements and the code base, secrets taken out, of bounded size. The same input
 * gives the same request, byte by byte: answers are cached by it.
 */
import type { RequirementUnit, Requirements } from '../requirements/unit.ts';
import { redact, secretNeedles } from '../../model/redact.ts';
import type { CodebaseAnalysis } from '../codebase/analysis.ts';
import type { SpecDocument } from '../document/document.ts';
import { counted } from '../read/words.ts';
import { describeCodebase } from './describe-codebase.ts';
import type { DescribedCodebase } from './describe-codebase.ts';
import { DRAFT_JSON_SCHEMA } from './draft.schema.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { redactedText } from './redacted-text.ts';

export const MAX_DOCUMENT_CHARACTERS = 200_000;
export const MAX_REQUIREMENTS = 800;
const MAX_REQUIREMENT_CHARACTERS = 300;
const MAX_EXCLUSIONS = 50;

export interface DescribedRequirement {
  readonly id: string;
  readonly key?: string;
  readonly kind: RequirementUnit['kind'];
  readonly strength: RequirementUnit['strength'];
  readonly parent?: string;
  readonly section: string;
  readonly text: string;
}

/** Asked again: the answer before, and what did not hold of it. */
export interface Repair {
  /** 1 or 2. */
  readonly round: number;
  readonly findings: readonly string[];
  readonly answer: unknown;
}

export interface DraftRequest {
  readonly version: 1;
  readonly instructions: string;
  readonly document: { readonly name: string; readonly title: string; readonly text: string };
  readonly requirements: readonly DescribedRequirement[];
  /** What the document says is not to be done. */
  readonly excludes: readonly string[];
  readonly codebase: DescribedCodebase;
  /** What was left out because it is too much, one sentence each. */
  readonly cut: readonly string[];
  /** JSON Schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly repair?: Repair;
}

export interface MakeRequestOptions {
  readonly document: SpecDocument;
  readonly requirements: Requirements;
  readonly codebase: CodebaseAnalysis;
  /** Values that must not leave the machine, beside whatever looks like a secret. */
  readonly secrets?: readonly string[];
}

const cutText = (text: string, limit: number): string => (text.length <= limit ? text : `${text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')}…`);

/** At the end of a line, if there is one in the last tenth. */
const cutDocument = (text: string): string => {
  if (text.length <= MAX_DOCUMENT_CHARACTERS) return text;
  const at = text.lastIndexOf('\n', MAX_DOCUMENT_CHARACTERS);
  return at > MAX_DOCUMENT_CHARACTERS * 0.9 ? text.slice(0, at + 1) : text.slice(0, MAX_DOCUMENT_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '');
};

export const makeRequest = ({ document, requirements, codebase, secrets = [] }: MakeRequestOptions): DraftRequest => {
  const needles = secretNeedles(secrets);
  const clean = (text: string): string => redact(text, needles);
  const whole = redactedText(document.text, secrets).text;
  const text = cutDocument(whole);
  const units = chosen(requirements.units);
  const described = describeCodebase({ codebase, about: [document.title, ...units.map((unit) => unit.text)], clean });
  const sectionOf = ({ section }: RequirementUnit): string => clean(cutText(document.sections[section]?.title ?? '', 120));
  return {
    version: 1,
    instructions: INSTRUCTIONS,
    document: { name: clean(document.name), title: clean(cutText(document.title, 200)), text },
    requirements: units.map((unit) => ({
      id: unit.id,
      ...(unit.key !== undefined && { key: unit.key }),
      kind: unit.kind,
      strength: unit.strength,
      ...(unit.parent !== undefined && { parent: unit.parent }),
      section: sectionOf(unit),
      text: cutText(clean(unit.text), MAX_REQUIREMENT_CHARACTERS),
    })),
    excludes: requirements.excludes.slice(0, MAX_EXCLUSIONS).map((each) => cutText(clean(each.text), MAX_REQUIREMENT_CHARACTERS)),
    codebase: described.codebase,
    cut: [
      ...(text.length < whole.length ? [`The document ends after ${counted(text.length, 'character')} of ${whole.length}`] : []),
      ...left('requirement', units.length, requirements.units.length),
      ...left('exclusion', MAX_EXCLUSIONS, requirements.excludes.length),
      ...described.cut,
    ],
    schema: DRAFT_JSON_SCHEMA,
  };
};

const left = (what: string, kept: number, all: number): readonly string[] => (all > kept ? [`${counted(all - kept, what)} of ${all} left out`] : []);

/** Binding ones first where there are too many; in the order of the document. */
const chosen = (units: readonly RequirementUnit[]): readonly RequirementUnit[] => {
  if (units.length <= MAX_REQUIREMENTS) return units;
  const rank: Readonly<Record<RequirementUnit['strength'], number>> = { must: 0, should: 1, stated: 2, may: 3 };
  return units
    .toSorted((a, b) => rank[a.strength] - rank[b.strength] || a.start - b.start)
    .slice(0, MAX_REQUIREMENTS)
    .sort((a, b) => a.start - b.start);
};
