/** Features of the new document under the ids that they had: by the requirements that they cite, that their tasks cover, by title. */
import type { Feature } from '../artifacts/features.schema.ts';
import type { FeatureDraft } from '../breakdown/extract-features.ts';
import type { OldEvidence } from './old-evidence.ts';
import type { OldTask } from './old-task.ts';

export interface MatchFeaturesOptions {
  readonly drafts: readonly FeatureDraft[];
  readonly features: readonly Feature[];
  readonly tasks: readonly OldTask[];
  readonly evidence: OldEvidence;
}

/** By place of the draft the feature that it is. One to one; ties by document order. */
export const matchFeatures = ({ drafts, features, tasks, evidence }: MatchFeaturesOptions): ReadonlyMap<number, Feature> => {
  const cited = new Map(features.map((feature) => [feature.id, new Set(feature.source_evidence.flatMap((each) => evidence.requirementOf(each) ?? []))]));
  const covered = new Map<string, Set<string>>();
  for (const { task, requirements } of tasks) {
    const own = covered.get(task.feature_id) ?? new Set<string>();
    for (const id of requirements) own.add(id);
    covered.set(task.feature_id, own);
  }
  const pairs = drafts.flatMap((draft, at) =>
    features.map((feature, place) => ({
      at,
      place,
      feature,
      cites: shared(draft, cited.get(feature.id)),
      covers: shared(draft, covered.get(feature.id)),
      isNamed: draft.feature.title === feature.title,
    })),
  );
  const found = new Map<number, Feature>();
  const taken = new Set<string>();
  const order = pairs.filter(({ cites, covers, isNamed }) => cites > 0 || covers > 0 || isNamed).sort((a, b) => b.cites - a.cites || Number(b.isNamed) - Number(a.isNamed) || b.covers - a.covers || a.place - b.place || a.at - b.at);
  for (const { at, feature } of order) {
    if (found.has(at) || taken.has(feature.id)) continue;
    found.set(at, feature);
    taken.add(feature.id);
  }
  return found;
};

const shared = ({ units }: FeatureDraft, ids: ReadonlySet<string> | undefined): number => (ids === undefined ? 0 : units.filter(({ id }) => ids.has(id)).length);
