/** What holds of a draft as the work that the rules finish: features with evidence, tasks with parts. */
import { MAX_FEATURES } from '../../breakdown/extract-features.ts';
import type { FeatureDraft } from '../../breakdown/extract-features.ts';
import { MIN_HOURS } from '../../breakdown/normalise.ts';
import type { TaskDraft } from '../../breakdown/task-draft.ts';
import type { RequirementUnit } from '../../requirements/unit.ts';
import { asClause } from '../../wording/clause.ts';
import { Likeness } from '../../wording/likeness.ts';
import { shorten } from '../../wording/shorten.ts';
import { slug } from '../../wording/slug.ts';
import type { Findings } from './findings.ts';
import { named } from './findings.ts';
import type { HeldFeature, HeldTask } from './held.ts';

const MAX_EVIDENCE = 5;

/** Nested requirements go where what they stand under goes, unless a task cites them. */
export const withNested = (tasks: readonly HeldTask[], units: readonly RequirementUnit[]): readonly HeldTask[] => {
  const homes = new Map<string, number>();
  for (const [at, task] of tasks.entries()) for (const { id } of task.units) if (!homes.has(id)) homes.set(id, at);
  const nested = new Map<number, RequirementUnit[]>();
  for (const unit of units) {
    const home = unit.parent === undefined || homes.has(unit.id) ? undefined : homes.get(unit.parent);
    if (home === undefined) continue;
    homes.set(unit.id, home);
    const own = nested.get(home);
    if (own) own.push(unit);
    else nested.set(home, [unit]);
  }
  return tasks.map((task, at) => ({ ...task, units: [...task.units, ...(nested.get(at) ?? [])].sort((a, b) => a.start - b.start) }));
};

export interface AssembledFeatures {
  readonly drafts: readonly FeatureDraft[];
  /** By the drafter's id. */
  readonly homes: ReadonlyMap<string, FeatureDraft>;
}

/** Those with tasks, in the drafter's order; the tasks of more than there may be go to the likeliest of the others. */
export const assembleFeatures = (features: readonly HeldFeature[], tasks: readonly HeldTask[], findings: Findings): AssembledFeatures => {
  const used = features.filter((feature) => {
    const hasTasks = tasks.some((task) => task.feature === feature.id);
    if (!hasTasks) findings.add('dropped', named('feature', feature.id, feature.title), 'no task is left of it');
    return hasTasks;
  });
  const slugs = new Set<string>();
  const kept = used.slice(0, MAX_FEATURES);
  const moved = moves(used, kept, findings);
  const drafts = kept.map((feature, at): FeatureDraft => {
    const id = `F${String(at + 1).padStart(3, '0')}`;
    const own = tasks.filter((task) => (moved.get(task.feature) ?? task.feature) === feature.id);
    const units = [...new Set([...feature.units, ...own.flatMap((task) => task.units)])].sort((a, b) => a.start - b.start);
    const cited = [...feature.evidence, ...units.map(({ evidence }) => evidence), ...own.flatMap(({ evidence }) => evidence)];
    const evidence = cited.filter((each, place) => cited.findIndex(({ loc }) => loc.start === each.loc.start && loc.end === each.loc.end) === place).slice(0, MAX_EVIDENCE);
    const name = slug(feature.title, id.toLowerCase());
    const unique = slugs.has(name) ? `${name}-${at + 1}` : name;
    slugs.add(unique);
    const description = feature.description === '' ? shorten(units[0]?.text ?? feature.title, 240) : feature.description;
    return {
      feature: { id, title: feature.title, description, priority: feature.priority, source_evidence: evidence.toSorted((a, b) => a.loc.start - b.loc.start).map((each) => ({ ...each })) },
      slug: unique,
      units,
    };
  });
  const byId = new Map(kept.map(({ id }, at) => [id, drafts[at]]));
  return { drafts, homes: new Map(used.flatMap(({ id }) => {
    const draft = byId.get(moved.get(id) ?? id);
    return draft ? [[id, draft] as const] : [];
  })) };
};

const moves = (all: readonly HeldFeature[], kept: readonly HeldFeature[], findings: Findings): ReadonlyMap<string, string> => {
  const moved = new Map<string, string>();
  const likeness = new Likeness(all.map(({ title, description }) => `${title}\n${description}`));
  for (const feature of all.slice(kept.length)) {
    const own = likeness.weigh(`${feature.title}\n${feature.description}`);
    const rated = kept.map((each, at) => ({ each, at, alike: Likeness.cosine(own, likeness.weigh(`${each.title}\n${each.description}`)) }));
    const home = rated.sort((a, b) => b.alike - a.alike || a.at - b.at)[0]?.each;
    if (!home) continue;
    moved.set(feature.id, home.id);
    findings.add('merged', named('feature', feature.id, feature.title), `there are more than ${MAX_FEATURES} features: its tasks go to ${home.id}`);
  }
  return moved;
};

/** Less than half an hour is merged with its neighbour later, unless others wait for it or it waits for others. */
export const assembleTask = (task: HeldTask, feature: FeatureDraft, isTied: boolean): TaskDraft => {
  const { units } = task;
  const hours = isTied ? Math.max(MIN_HOURS, task.hours) : task.hours;
  return {
    kind: task.kind,
    feature,
    title: task.title,
    units,
    parts: units.length < 2 ? [{ title: task.title, hours, units }] : units.map((unit) => ({ title: shorten(asClause(unit.text), 90), hours: hours / units.length, units: [unit] })),
    hours,
    isUncertain: false,
    writes: task.writes,
    reads: task.reads,
    produces: task.produces,
    consumes: task.consumes,
    extends: task.extends,
    imports: task.imports,
    rationale: task.rationale,
    checks: task.checks,
    // With requirements these say it.
    ...((task.description !== '' || units.length === 0) && { description: task.description || `${task.title}.` }),
    evidence: task.evidence,
    ...(task.spread && { spread: task.spread }),
  };
};
