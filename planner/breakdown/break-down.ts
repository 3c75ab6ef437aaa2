/** From requirements to features and tasks: what spec/001 calls phases 2 and 3. Pure; the same input gives the same tasks. */
import type { Feature } from '../artifacts/features.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { SharedResource } from '../artifacts/tasks.schema.ts';
import type { CodebaseAnalysis } from '../codebase/analysis.ts';
import type { SpecDocument } from '../document/document.ts';
import type { Normalization, ReuseChoice } from '../prose/prose-input.ts';
import type { Requirements } from '../requirements/unit.ts';
import { withEndpoints, withIntegration } from './integrate.ts';
import { draftTasks } from './draft-tasks.ts';
import { extractFeatures } from './extract-features.ts';
import type { FeatureDraft } from './extract-features.ts';
import { Layout } from './layout.ts';
import { normalise } from './normalise.ts';
import { plannedTask } from './planned-task.ts';
import { reuseChoices } from './reuse-choices.ts';
import { Reuse } from './reuse.ts';
import { rolesOf } from './roles.ts';
import { findTaskResources } from './shared-resources.ts';
import type { TaskDraft } from './task-draft.ts';
import { divideWork } from './work-items.ts';
import type { DividedWork } from './work-items.ts';

export interface Breakdown {
  readonly features: readonly Feature[];
  readonly tasks: readonly PlannedTask[];
  readonly resources: Readonly<Record<string, SharedResource>>;
  readonly normalizations: readonly Normalization[];
  readonly reuse: readonly ReuseChoice[];
  /** Why no task covers a requirement, by its id. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** Features and tasks before sizes are put right, ids are given and everything else about them is filled in. */
export interface DraftedWork {
  readonly features: readonly FeatureDraft[];
  /** By feature, in the order of features. */
  readonly tasks: readonly TaskDraft[];
  readonly reasons: Breakdown['reasons'];
}

export const breakDown = (document: SpecDocument, requirements: Requirements, codebase: CodebaseAnalysis): Breakdown => finishWork(draftWork(document, requirements, codebase), requirements, codebase);

/** By rules alone. */
export const draftWork = (document: SpecDocument, requirements: Requirements, codebase: CodebaseAnalysis): DraftedWork => {
  const roles = rolesOf(document);
  const work = withoutEmpty(divideWork(extractFeatures(document, requirements.units, roles), roles));
  const context = { layout: new Layout(codebase), reuse: new Reuse(codebase), commands: codebase.commands };
  const tasks = withIntegration(withEndpoints(work.features.flatMap((feature) => draftTasks(feature, context))), context);
  return { features: work.features.map(({ draft }) => draft), tasks, reasons: work.reasons };
};

/** Whoever drafted it. */
export const finishWork = ({ features, tasks: drafts, reasons }: DraftedWork, requirements: Requirements, codebase: CodebaseAnalysis): Breakdown => {
  const { tasks: named, normalizations } = normalise(drafts);
  const resources = findTaskResources(codebase.resources, named);
  const tasks = named.map((draft) =>
    plannedTask({ draft, resources: resources.of(draft), excludes: requirements.excludes, siblings: named.filter(({ feature }) => feature === draft.feature), isPausable: false }),
  );
  return { features: features.map(({ feature }) => feature), tasks, resources: resources.resources, normalizations, reuse: reuseChoices(features, named, new Reuse(codebase)), reasons };
};

/** Features whose requirements are all part of others' work are none; the rest is numbered anew. */
const withoutEmpty = ({ features, reasons }: DividedWork): DividedWork => ({
  features: features
    .filter(({ items, declarations, scenarios, qualities }) => items.length + declarations.length + scenarios.length + qualities.length > 0)
    .map((work, at) => {
      const id = `F${String(at + 1).padStart(3, '0')}`;
      return { ...work, draft: { ...work.draft, feature: { ...work.draft.feature, id } } };
    }),
  reasons,
});
