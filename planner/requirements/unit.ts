/** One thing that a document asks for: the unit that features, tasks and coverage are counted in. */
import type { Strength } from '../artifacts/coverage.schema.ts';
import type { SourceEvidence } from '../artifacts/scalars.schema.ts';
import type { Span } from '../document/document.ts';

export type UnitKind =
  /** A behaviour or capability: modal sentences, user stories, imperatives, checkboxes, FR- ids. */
  | 'functional'
  /** Numbers with units, NFR- ids, qualities. */
  | 'quality'
  /** Given, when, then: it says how to check another one. */
  | 'scenario'
  /** An endpoint, a command's flag, a configuration key, an environment variable, an entity or a type. */
  | 'interface'
  /** What must not be, within what is asked for ("must not log passwords"). */
  | 'prohibition';

export interface RequirementUnit extends Span {
  /** `R001`, by the order of the document; digits grow with the count. */
  readonly id: string;
  /** Its own id in the document, such as `FR-009a`. */
  readonly key?: string;
  readonly kind: UnitKind;
  readonly strength: Strength;
  /** Id of the rule that found it (`planner/requirements/rules`), such as `modal-must`. */
  readonly rule: string;
  /** Index of its section. */
  readonly section: number;
  /** The quote without Markdown, on one line, secrets redacted. */
  readonly text: string;
  readonly evidence: SourceEvidence;
  /** Nested under another unit (a list below a sentence): the outer one's id. */
  readonly parent?: string;
  /** Units of the same document that it names: by key, or as "depends on 3 & 4" within its list. */
  readonly mentions: readonly string[];
}

/** Something that the document says is not to be done, and where. */
export interface Exclusion extends Span {
  readonly text: string;
  readonly evidence: SourceEvidence;
}

/** An alternative that the document considered and did not choose. */
export type Alternative = Exclusion;

export interface Clarification {
  readonly kind: 'vague' | 'open_question';
  readonly rule: string;
  readonly message: string;
  readonly evidence: SourceEvidence;
}

export interface Requirements {
  /** In the order of the document. */
  readonly units: readonly RequirementUnit[];
  readonly excludes: readonly Exclusion[];
  readonly alternatives: readonly Alternative[];
  /** At most {@link MAX_CLARIFICATIONS}, the gravest first. */
  readonly clarifications: readonly Clarification[];
}

export const MAX_CLARIFICATIONS = 10;
