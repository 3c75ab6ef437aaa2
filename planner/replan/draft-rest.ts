/** Drafts for what the document asks for and no task of the plan before takes in. */
import { draftTasks } from '../breakdown/draft-tasks.ts';
import type { DraftingContext, ExistingTasks } from '../breakdown/draft-tasks.ts';
import { endpointsIn, withEndpoints, withIntegration } from '../breakdown/integrate.ts';
import type { TaskDraft, TaskKind } from '../breakdown/task-draft.ts';
import type { FeatureWork } from '../breakdown/work-items.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import { restrictItems } from './restrict-work.ts';

export interface DraftRestOptions {
  readonly work: readonly FeatureWork[];
  readonly open: ReadonlySet<string>;
  readonly claimed: ReadonlyMap<TaskKind, ReadonlySet<string>>;
  readonly existingOf: (feature: string) => ExistingTasks;
  /** By tasks that go on. */
  readonly produced: ReadonlySet<string>;
  /** One that is not finished runs the tests of all. */
  readonly hasIntegration: boolean;
  readonly context: DraftingContext;
}

/**
 * A feature that is wholly new has the tasks that it would have in a plan made for the first time. What is new calls the
 * endpoints that others make, and is tested together with them.
 */
export const draftRest = ({ work, open, claimed, existingOf, produced, hasIntegration, context }: DraftRestOptions): readonly TaskDraft[] => {
  const rest = withEndpoints(featureDrafts({ work, open, claimed, existingOf, context })).map((draft) => {
    const called = endpointsIn(draft.units.map(({ text }) => text).join('\n')).filter((name) => produced.has(name));
    return draft.kind === 'contract' || called.length === 0 ? draft : { ...draft, produces: draft.produces.filter((name) => !produced.has(name)), consumes: [...new Set([...draft.consumes, ...called])] };
  });
  return hasIntegration ? rest : withIntegration(rest, context);
};

const featureDrafts = ({ work, open, claimed, existingOf, context }: Pick<DraftRestOptions, 'work' | 'open' | 'claimed' | 'existingOf' | 'context'>): readonly TaskDraft[] =>
  work.flatMap((whole) => {
    const isLeft = (kind: TaskKind) => ({ id }: RequirementUnit): boolean => open.has(id) && claimed.get(kind)?.has(id) !== true;
    const rest: FeatureWork = {
      draft: whole.draft,
      declarations: whole.declarations.filter(isLeft('contract')),
      items: restrictItems(whole.items, isLeft('implementation')),
      scenarios: whole.scenarios.filter(isLeft('verification')),
      qualities: whole.qualities.filter(isLeft('quality')),
      isList: whole.isList,
    };
    const isNothing = rest.declarations.length + rest.items.length + rest.scenarios.length + rest.qualities.length === 0;
    return isNothing ? [] : draftTasks(rest, context, existingOf(whole.draft.feature.id));
  });
