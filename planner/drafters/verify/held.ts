/** Features and tasks of a draft that hold: still by the drafter's ids. */
import type { WrittenCheck } from '../../../model/check.schema.ts';
import type { PlanPriority } from '../../artifacts/scalars.schema.ts';
import type { TaskDraft, TaskKind } from '../../breakdown/task-draft.ts';
import type { Cited } from './view.ts';

export interface HeldFeature extends Cited {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly priority: PlanPriority;
}

export interface HeldTask extends Cited {
  readonly id: string;
  readonly feature: string;
  readonly kind: TaskKind;
  readonly title: string;
  readonly description: string;
  readonly hours: number;
  readonly spread?: TaskDraft['spread'];
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  readonly produces: readonly string[];
  readonly consumes: readonly string[];
  readonly extends: readonly string[];
  readonly imports: readonly string[];
  readonly rationale: string;
  readonly checks: readonly WrittenCheck[];
}
