/** Features under the ids that they had: as they were where what they cite is what it was, else as the document has them now. */
import type { Feature } from '../artifacts/features.schema.ts';
import type { FeatureDraft } from '../breakdown/extract-features.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import type { FreshIds } from './fresh-ids.ts';
import { matchFeatures } from './match-features.ts';
import type { OldEvidence } from './old-evidence.ts';
import type { OldTask } from './old-task.ts';

export interface CarryFeaturesOptions {
  readonly drafts: readonly FeatureDraft[];
  readonly features: readonly Feature[];
  readonly tasks: readonly OldTask[];
  readonly evidence: OldEvidence;
  readonly units: ReadonlyMap<string, RequirementUnit>;
  /** Requirements that are not as they were: reworded, moved or gone. */
  readonly isChanged: (requirement: string) => boolean;
  readonly open: ReadonlySet<string>;
  readonly fresh: FreshIds;
}

export interface CarriedFeatures {
  /** In the order of the document: what the work is divided among. */
  readonly drafts: readonly FeatureDraft[];
  /** Of any feature, also of one that the document does not have any more. */
  readonly draftOf: (feature: string) => FeatureDraft;
  /** Those that tasks are of, and those that never had any and are in the document still: in order, what the document has not any more last. */
  readonly inUse: (used: ReadonlySet<string>) => readonly FeatureDraft[];
}

const MAX_EVIDENCE = 5;
/** Of what is no feature of the plan. */
const NONE = '';

export const carryFeatures = ({ drafts, features, tasks, evidence, units, isChanged, open, fresh }: CarryFeaturesOptions): CarriedFeatures => {
  const matched = matchFeatures({ drafts, features, tasks, evidence });
  const now = drafts.map((draft, at): FeatureDraft => {
    const old = matched.get(at);
    if (old) return { ...draft, feature: carried(old, draft.feature, evidence, isChanged) };
    // Requirements of none that was before make one of their own; without any it is another one's.
    return { ...draft, feature: { ...draft.feature, id: draft.units.some(({ id }) => open.has(id)) ? fresh.feature() : NONE } };
  });
  const hadTasks = new Set(tasks.map(({ task }) => task.feature_id));
  const isKnown = new Set([...matched.values()].map(({ id }) => id));
  const gone = features
    .filter(({ id }) => !isKnown.has(id))
    .map((feature): FeatureDraft => ({ feature: { ...feature, source_evidence: lasting(feature, tasks, evidence, units) }, slug: feature.id.toLowerCase(), units: [] }));
  const named = now.filter(({ feature: { id } }) => id !== NONE);
  const byId = new Map([...named, ...gone].map((draft) => [draft.feature.id, draft]));
  return {
    drafts: now,
    draftOf: (id) => byId.get(id) ?? unknown(id),
    inUse: (used) => [...named.filter(({ feature: { id } }) => used.has(id) || (isKnown.has(id) && !hadTasks.has(id))), ...gone.filter(({ feature: { id } }) => used.has(id))],
  };
};

/** What it cites and the document still has; else what its tasks are about; of a feature that is done with what it cited. */
const lasting = (feature: Feature, tasks: readonly OldTask[], evidence: OldEvidence, units: ReadonlyMap<string, RequirementUnit>): Feature['source_evidence'] => {
  const isThere = (id: string | undefined): boolean => id === undefined || units.has(id);
  const cited = feature.source_evidence.filter((each) => isThere(evidence.requirementOf(each))).map(evidence.relocate);
  if (cited.length > 0) return cited;
  const own = tasks.filter(({ task, isFinished }) => task.feature_id === feature.id && !isFinished).flatMap(({ requirements }) => requirements);
  const said = [...new Set(own)].flatMap((id) => units.get(id)?.evidence ?? []);
  return said.length > 0 ? said.slice(0, MAX_EVIDENCE) : feature.source_evidence;
};

/** A plan that somebody has edited may name one that it does not have. */
const unknown = (id: string): FeatureDraft => ({ feature: { id, title: id, description: '', priority: 'medium', source_evidence: [] }, slug: id.toLowerCase(), units: [] });

const carried = (old: Feature, now: Feature, evidence: OldEvidence, isChanged: (requirement: string) => boolean): Feature => {
  const cites = old.source_evidence.map(evidence.requirementOf);
  const isTouched = cites.some((id) => id !== undefined && isChanged(id));
  return isTouched ? { ...now, id: old.id } : { ...old, source_evidence: old.source_evidence.map(evidence.relocate) };
};
