/** A task before it has an id: what it is about, how much it is, and which files it concerns. */
import type { WrittenCheck } from '../../model/check.schema.ts';
import type { SourceEvidence } from '../artifacts/scalars.schema.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import type { FeatureDraft } from './extract-features.ts';

/** Within a feature contract comes first, then implementation, then the others side by side (spec/003). */
export const TASK_KINDS = ['contract', 'implementation', 'quality', 'verification', 'documentation', 'integration'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface TaskDraft {
  readonly kind: TaskKind;
  readonly feature: FeatureDraft;
  readonly title: string;
  /** What it covers, in the order of the document; not empty, unless there is evidence beside it. */
  readonly units: readonly RequirementUnit[];
  /** Of what it consists, with hours each: where it is split if it is too much. */
  readonly parts: readonly { readonly title: string; readonly hours: number; readonly units: readonly RequirementUnit[] }[];
  /** Most likely. */
  readonly hours: number;
  readonly isUncertain: boolean;
  /** Patterns relative to the code base. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  readonly produces: readonly string[];
  readonly consumes: readonly string[];
  /** Names of the code base that it extends, and that it uses. */
  readonly extends: readonly string[];
  readonly imports: readonly string[];
  readonly rationale: string;
  readonly checks: readonly WrittenCheck[];
  /** What it is about, where whoever drafted it says more than its requirements do. */
  readonly description?: string;
  /** Places of the document beside those of its requirements. */
  readonly evidence?: readonly SourceEvidence[];
  /** Optimistic and pessimistic hours as shares of the most likely ones, where they were estimated. */
  readonly spread?: { readonly optimistic: number; readonly pessimistic: number };
}

/** A draft with its id. */
export interface NamedDraft extends TaskDraft {
  readonly id: string;
}
