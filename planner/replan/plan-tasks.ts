/** The tasks of the plan to come: those that stay, and those that are made of drafts, with what they take turns at. */
import { taskHash } from '../artifacts/content-hash.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { SharedResource } from '../artifacts/tasks.schema.ts';
import type { FeatureDraft } from '../breakdown/extract-features.ts';
import { plannedTask } from '../breakdown/planned-task.ts';
import type { Sibling } from '../breakdown/planned-task.ts';
import { findTaskResources } from '../breakdown/shared-resources.ts';
import type { NamedDraft } from '../breakdown/task-draft.ts';
import type { CodebaseAnalysis } from '../codebase/analysis.ts';
import type { Requirements, RequirementUnit } from '../requirements/unit.ts';
import { describeAdaptation } from './adaptations.ts';
import type { AssignedTask } from './assign-ids.ts';
import { asDraft } from './as-draft.ts';
import { carryTask } from './carry-task.ts';
import type { OldEvidence } from './old-evidence.ts';
import type { OldTask } from './old-task.ts';
import { placeTasks } from './place-tasks.ts';
import type { PreviousPlan } from './previous-plan.ts';
import { comparableText } from './requirement-text.ts';

export interface PlanTasksOptions {
  readonly ids: readonly AssignedTask[];
  readonly units: ReadonlyMap<string, RequirementUnit>;
  readonly evidence: OldEvidence;
  readonly requirements: Requirements;
  readonly previous: PreviousPlan;
  readonly codebase: CodebaseAnalysis;
  readonly draftOf: (feature: string) => FeatureDraft;
}

export interface PlannedTasks {
  readonly tasks: readonly PlannedTask[];
  /** All of them as drafts, also those that stay; the order is that of the tasks. */
  readonly drafts: readonly NamedDraft[];
  readonly resources: Readonly<Record<string, SharedResource>>;
}

export const planTasks = ({ ids, units, evidence, requirements: { excludes }, previous, codebase, draftOf }: PlanTasksOptions): PlannedTasks => {
  const placed = placeTasks(ids, ({ old, draft }) => draft?.feature.feature.id ?? old?.task.feature_id ?? '');
  const drafts = placed.map(({ draft, old }) => draft ?? asDraft(old as OldTask, units, draftOf));
  const siblingsOf = siblings(drafts);
  const titles = titlesByFeature(previous);
  const hasOtherExcludes = wordsOf(previous.coverage.excludes.map(({ quote }) => quote)) !== wordsOf(excludes.map((each) => each.evidence.quote));
  const produced = new Set(drafts.flatMap(({ produces }) => produces));
  const gone = new Set(previous.tasks.tasks.flatMap(({ interfaces_produced: own }) => own).filter((name) => !produced.has(name)));
  const resources = findTaskResources(codebase.resources, drafts);
  const tasks = placed.map(({ old, draft, adaptation }): PlannedTask => {
    if (draft) {
      const known = new Set(old?.task.interfaces_consumed);
      const consumes = draft.consumes.filter((name) => (produced.has(name) ? !draft.produces.includes(name) : known.has(name) && !gone.has(name)));
      const task = plannedTask({ draft: { ...draft, consumes }, resources: resources.of(draft), excludes, siblings: siblingsOf(draft), isPausable: false });
      return adaptation ? rehashed(describeAdaptation(task, adaptation)) : task;
    }
    const { task, isFinished } = old as OldTask;
    if (isFinished) return task;
    return carryTask({ task, evidence, siblings: siblingsOf(asDraft(old as OldTask, units, draftOf)), titles: titles.get(task.feature_id) ?? new Map(), excludes, hasOtherExcludes, gone });
  });
  return { tasks, drafts, resources: withOld(resources.resources, tasks, previous) };
};

const rehashed = (task: PlannedTask): PlannedTask => ({ ...task, contentHash: taskHash(task) });
const wordsOf = (quotes: readonly string[]): string => quotes.map(comparableText).join('\n');

const siblings = (drafts: readonly NamedDraft[]): ((draft: NamedDraft) => readonly Sibling[]) => {
  const byFeature = new Map<string, NamedDraft[]>();
  for (const draft of drafts) {
    const own = byFeature.get(draft.feature.feature.id);
    if (own) own.push(draft);
    else byFeature.set(draft.feature.feature.id, [draft]);
  }
  return (draft) => byFeature.get(draft.feature.feature.id) ?? [];
};

const titlesByFeature = ({ tasks: { tasks } }: PreviousPlan): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const found = new Map<string, Map<string, string>>();
  for (const { id, title, feature_id: feature } of tasks) {
    const own = found.get(feature) ?? new Map<string, string>();
    found.set(feature, own.set(id, title));
  }
  return found;
};

/** Tasks that stay take turns at what they did, whatever the code base has now. */
const withOld = (found: Readonly<Record<string, SharedResource>>, tasks: readonly PlannedTask[], { tasks: { meta } }: PreviousPlan): Readonly<Record<string, SharedResource>> => {
  const needed = new Set(tasks.flatMap(({ resource_requirements: { estimated } }) => [...estimated.exclusive_resources, ...Object.keys(estimated.shared_resources)]));
  const all = new Map(Object.entries(found));
  for (const [name, resource] of Object.entries(meta.codebase_analysis.shared_resources)) if (needed.has(name) && !all.has(name)) all.set(name, resource);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
};
