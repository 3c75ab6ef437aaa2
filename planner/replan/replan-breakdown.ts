/**
 * From the plan before and a document to features and tasks: `breakDown` for a plan that goes on. What stayed in the document
 * stays in the plan, under its ids and as it is; only what was added, reworded or taken out makes tasks new, other or
 * superfluous; what is finished is never touched. Pure.
 */
import type { Breakdown } from '../breakdown/break-down.ts';
import type { DraftingContext } from '../breakdown/draft-tasks.ts';
import { draftTasks } from '../breakdown/draft-tasks.ts';
import { extractFeatures } from '../breakdown/extract-features.ts';
import { withEndpoints, withIntegration } from '../breakdown/integrate.ts';
import { Layout } from '../breakdown/layout.ts';
import { piecesOf } from '../breakdown/normalise.ts';
import { reuseChoices } from '../breakdown/reuse-choices.ts';
import { Reuse } from '../breakdown/reuse.ts';
import { rolesOf } from '../breakdown/roles.ts';
import { divideWork } from '../breakdown/work-items.ts';
import type { CodebaseAnalysis } from '../codebase/analysis.ts';
import type { SpecDocument } from '../document/document.ts';
import type { Requirements } from '../requirements/unit.ts';
import { findAdaptations } from './adaptations.ts';
import type { Adaptation } from './adaptations.ts';
import { assignIds } from './assign-ids.ts';
import { carryFeatures } from './carry-features.ts';
import { decideTasks } from './decide-tasks.ts';
import { draftRest } from './draft-rest.ts';
import { existingTasks } from './existing-tasks.ts';
import { FreshIds } from './fresh-ids.ts';
import { matchRequirements } from './match-requirements.ts';
import { matchTasks } from './match-tasks.ts';
import { numberRequirements } from './number-requirements.ts';
import { oldEvidence } from './old-evidence.ts';
import { oldTasks } from './old-task.ts';
import { planTasks } from './plan-tasks.ts';
import type { PreviousPlan } from './previous-plan.ts';
import { replanNormalizations } from './replan-normalizations.ts';
import type { ReplanRecord } from '../artifacts/meta.schema.ts';
import { replanRecord } from './replan-record.ts';
import type { RequirementMatches } from './requirement-match.ts';
import { uncoveredReasons } from './uncovered-reasons.ts';

export interface ReplanBreakdownOptions {
  readonly document: SpecDocument;
  readonly requirements: Requirements;
  readonly codebase: CodebaseAnalysis;
  readonly previous: PreviousPlan;
  /** Draft unfinished tasks anew also where the document asks for what it did: the code base may have more to offer. */
  readonly isRefreshing?: boolean;
}

export interface ReplannedBreakdown extends Breakdown {
  /** Under the ids that they have in the plan: what all that comes after goes by. */
  readonly requirements: Requirements;
  readonly matches: RequirementMatches;
  /** New tasks that adapt what is finished, by id. */
  readonly adaptations: ReadonlyMap<string, Pick<Adaptation, 'adapts' | 'reason'>>;
  /** For `.tasks-meta.json`. */
  readonly record: ReplanRecord;
}

export const replanBreakdown = ({ document, requirements: found, codebase, previous, isRefreshing = false }: ReplanBreakdownOptions): ReplannedBreakdown => {
  const fresh = new FreshIds(previous);
  const { requirements, matches } = numberRequirements(found, matchRequirements({ before: previous.coverage, after: found }), fresh);
  const units = new Map(requirements.units.map((unit) => [unit.id, unit]));
  const tasks = oldTasks(previous);
  const evidence = oldEvidence({ coverage: previous.coverage, document, units });
  const covered = new Set(tasks.flatMap((old) => old.requirements));
  const reasonless = uncoveredReasons({ matches, coverage: previous.coverage, covered });
  const open = reasonless.open;
  const kindOf = new Map(matches.matches.map((match) => [match.after.id, match]));
  const roles = rolesOf(document);
  const features = carryFeatures({
    drafts: extractFeatures(document, requirements.units, roles),
    features: previous.features.features,
    tasks,
    evidence,
    units,
    isChanged: (id) => kindOf.get(id)?.kind !== 'same',
    open,
    fresh,
  });
  const work = divideWork(features.drafts, roles);
  const reuse = new Reuse(codebase);
  const context: DraftingContext = { layout: new Layout(codebase), reuse, commands: codebase.commands };
  const whole = withIntegration(withEndpoints(work.features.flatMap((feature) => draftTasks(feature, context))), context);
  const pieces = piecesOf(whole);
  const touched = new Set(matches.matches.flatMap(({ kind, isRenumbered, after }) => (kind === 'reworded' || isRenumbered ? [after.id] : [])));
  const matched = matchTasks(pieces, tasks.filter((old) => old.adapts.length === 0));
  const decided = decideTasks({ tasks, matched, units, touched, open, work: work.features, draftOf: features.draftOf, context, isRefreshing });
  const adaptations = findAdaptations(matches.matches, { tasks, draftOf: features.draftOf });
  const rest = draftRest({ work: work.features, open, claimed: decided.claimed, ...existingTasks(decided.decisions), context });
  const ids = assignIds({ decided, pieces, matched, adaptations, rest, matches: matches.matches, tasks, draftOf: features.draftOf, fresh });
  const planned = planTasks({ ids, units, evidence, requirements, previous, codebase, draftOf: features.draftOf });
  const inUse = features.inUse(new Set(planned.tasks.map((task) => task.feature_id)));
  return {
    features: inUse.map(({ feature }) => feature),
    tasks: planned.tasks,
    resources: planned.resources,
    normalizations: replanNormalizations({ tasks: planned.tasks, whole, matched, previous }),
    reuse: reuseChoices(inUse, planned.drafts, reuse),
    reasons: reasonless.reasons(work.reasons),
    requirements,
    matches,
    adaptations: new Map(ids.flatMap(({ id, adaptation }) => (adaptation ? [[id, adaptation] as const] : []))),
    record: replanRecord(previous, fresh.largest),
  };
};
