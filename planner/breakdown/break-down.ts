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
import { Layout } from './layout.ts';
import { normalise } from './normalise.ts';
import { plannedTask } from './planned-task.ts';
import { reuseChoices } from './reuse-choices.ts';
import { Reuse } from './reuse.ts';
import { rolesOf } from './roles.ts';
import { findTaskResources } from './shared-resources.ts';
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

export const breakDown = (document: SpecDocument, requirements: Requirements, codebase: CodebaseAnalysis): Breakdown => {
  const roles = rolesOf(document);
  const work = withoutEmpty(divideWork(extractFeatures(document, requirements.units, roles), roles));
  const features = work.features.map(({ draft }) => draft);
  const reuse = new Reuse(codebase);
  const context = { layout: new Layout(codebase), reuse, commands: codebase.commands };
  const drafts = withIntegration(withEndpoints(work.features.flatMap((feature) => draftTasks(feature, context))), context);
  const { tasks: named, normalizations } = normalise(drafts);
  const resources = findTaskResources(codebase.resources, named);
  const tasks = named.map((draft) =>
    plannedTask({ draft, resources: resources.of(draft), excludes: requirements.excludes, siblings: named.filter(({ feature }) => feature === draft.feature), isPausable: false }),
  );
  return {
    features: features.map(({ feature }) => feature),
    tasks,
    resources: resources.resources,
    normalizations,
    reuse: reuseChoices(features, named, reuse),
    reasons: work.reasons,
  };
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
