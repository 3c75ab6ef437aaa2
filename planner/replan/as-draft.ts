/** A task of the plan before as a draft: what stages that look at drafts want to know of one that stays. */
import type { FeatureDraft } from '../breakdown/extract-features.ts';
import type { NamedDraft } from '../breakdown/task-draft.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import type { OldTask } from './old-task.ts';

export const asDraft = ({ task, kind, requirements }: OldTask, units: ReadonlyMap<string, RequirementUnit>, draftOf: (feature: string) => FeatureDraft): NamedDraft => ({
  id: task.id,
  kind,
  feature: draftOf(task.feature_id),
  title: task.title,
  units: requirements.flatMap((id) => units.get(id) ?? []),
  parts: [{ title: task.title, hours: task.duration.mostLikely, units: requirements.flatMap((id) => units.get(id) ?? []) }],
  hours: task.duration.mostLikely,
  isUncertain: false,
  writes: task.files_scope?.writes ?? [],
  reads: task.files_scope?.reads ?? [],
  produces: task.interfaces_produced,
  consumes: task.interfaces_consumed,
  extends: task.reuses_existing.extends,
  imports: task.reuses_existing.imports,
  rationale: task.reuses_existing.rationale,
  checks: task.acceptance_checks,
});
