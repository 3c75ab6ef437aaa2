/**
 * The planner: document, code base and options to a whole plan. Every stage is pure and its order fixed, so that the same input
 * gives the same bytes.
 *
 * @example
 * const composed = composePlan({ document, requirements: findRequirements(document), codebase, options: DEFAULT_PLAN_OPTIONS });
 * if (composed.ok) for (const { name, text } of bundleFiles(composed.value.bundle)) console.log(name, text.length);
 */
import type { Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import type { PlanBundle } from '../artifacts/bundle.ts';
import { hashed } from '../artifacts/content-hash.ts';
import type { Features } from '../artifacts/features.schema.ts';
import { planHashOf, planIdOf } from '../artifacts/plan-hash.ts';
import type { Dependency, Tasks } from '../artifacts/tasks.schema.ts';
import { isVerbFirst } from '../artifacts/verb-first.ts';
import { breakDown } from '../breakdown/break-down.ts';
import type { Breakdown } from '../breakdown/break-down.ts';
import type { CodebaseAnalysis } from '../codebase/analysis.ts';
import { buildDag } from '../dag/build-dag.ts';
import { findDependencies } from '../dependencies/find-dependencies.ts';
import type { SpecDocument } from '../document/document.ts';
import type { DraftedPlan } from '../drafters/draft-plan.ts';
import { joinDependencies } from '../drafters/join-dependencies.ts';
import { decisionsMarkdown } from '../prose/decisions-markdown.ts';
import { planMarkdown } from '../prose/plan-markdown.ts';
import type { PreviousPlan } from '../replan/previous-plan.ts';
import { replanBreakdown } from '../replan/replan-breakdown.ts';
import { replanDiscovered } from '../replan/replan-dependencies.ts';
import { summarize } from '../replan/summarize.ts';
import type { ReplanSummary } from '../replan/summary.ts';
import { withSummary } from '../replan/summary-text.ts';
import { coverageOf } from '../requirements/coverage.ts';
import type { Requirements } from '../requirements/unit.ts';
import { forecastPlan } from '../simulate/forecast-plan.ts';
import { finishDag } from './finish-dag.ts';
import { fileHashes, generatedAt, metaOptions, seedOf } from './identity.ts';
import type { PlanOptions } from './options.ts';
import type { OnPhase } from './phase-report.ts';
import { reportBreakdown, reportChanges, reportCodebase, reportDag, reportDependencies, reportDraft, reportFeatures } from './report-phases.ts';
import { resourceLimits } from './resource-limits.ts';
import { writeCoordinator } from './write-coordinator.ts';
import { writeWaves } from './write-waves.ts';

export interface ComposePlanOptions {
  readonly document: SpecDocument;
  readonly requirements: Requirements;
  readonly codebase: CodebaseAnalysis;
  readonly options: PlanOptions;
  /** Of the planner itself, for `.tasks-meta.json`. */
  readonly version: string;
  /** Where the code base lies, relative to the plan's directory: what commands of tasks run in. */
  readonly codebasePath?: string;
  /** The plan that goes on; without it the plan is a new one. */
  readonly previous?: PreviousPlan;
  /** Of a plan that goes on: draft anew also what the document asks for as before. */
  readonly isRefreshing?: boolean;
  readonly onPhase?: OnPhase;
  /** What a drafter made of the same input, checked; by rules unless stated. */
  readonly drafted?: DraftedPlan;
}

export interface ComposedPlan {
  readonly bundle: PlanBundle;
  /** What was decided against the document's letter, or could not be. */
  readonly warnings: readonly string[];
  /** Of a plan that goes on: what has changed, and why. */
  readonly summary?: ReplanSummary;
}

/** Fails with TASKS1604 (nothing to do), TASKS1605 (cycles) and TASKS1606 (resources that cannot be shared out). */
export const composePlan = (input: ComposePlanOptions): Result<ComposedPlan> => {
  const { document, codebase, options, previous, isRefreshing = false, drafted, onPhase = () => undefined } = input;
  onPhase(reportCodebase(codebase));
  const replanned = previous && replanBreakdown({ document, requirements: input.requirements, codebase, previous, isRefreshing });
  const breakdown = replanned ?? drafted?.breakdown ?? breakDown(document, input.requirements, codebase);
  const requirements = replanned?.requirements ?? input.requirements;
  onPhase(reportFeatures(breakdown, requirements));
  if (breakdown.tasks.length === 0) return fail([nothingToDo(document)]);
  onPhase(reportBreakdown(breakdown));
  const discovered = findDependencies({ tasks: breakdown.tasks, features: breakdown.features, requirements, document, codebase });
  const found = discovered.ok && replanned && previous ? ok(replanDiscovered(discovered.value, replanned, previous)) : discovered;
  if (!found.ok) return found;
  const { dependencies, report: contradicted } = joinDependencies(found.value.dependencies, drafted?.dependencies ?? []);
  if (drafted) onPhase(reportDraft(drafted, contradicted));
  onPhase(reportDependencies({ ...found.value, dependencies }));
  const built = buildDag({ tasks: breakdown.tasks, dependencies, minConfidence: options.minConfidence, resources: breakdown.resources, isVerbFirst });
  if (!built.ok) return built;
  onPhase(reportDag(built.value));
  const summary = replanned && previous && summarize({ previous, matches: replanned.matches, tasks: breakdown.tasks, dependencies: built.value.dependencies, excludes: requirements.excludes });
  if (summary) onPhase(reportChanges(summary));
  const generated = generatedAt(options.timestamp);
  const features: Features = hashed({ generated, features: [...breakdown.features] });
  const tasks = tasksFile({ input, breakdown, dependencies: built.value.dependencies, conflicts: found.value.conflicts });
  const meta = metaOptions(options);
  const parts = { tasks: breakdown.tasks, built: built.value, meta: tasks.meta, options, generated };
  const forecasted = forecastPlan({ ...parts, seed: seedOf({ features: features.generated.contentHash, tasks: tasks.generated.contentHash, options: meta }) });
  if (!forecasted.ok) return forecasted;
  const forecast = forecasted.value;
  const unnamed = writeWaves({ ...parts, forecast, planId: UNNAMED });
  const coordinator = writeCoordinator({ ...parts, forecast });
  const dag = finishDag({ ...parts, forecast });
  const coverage = coverageOf({ requirements, tasks: breakdown.tasks, reasons: breakdown.reasons, timestamp: options.timestamp });
  const prose = { document, requirements, codebase, options, features: breakdown.features, tasks, dag, waves: unnamed, forecast, coverage, normalizations: breakdown.normalizations, reuse: breakdown.reuse };
  const written = { features, tasks, dag, waves: unnamed, coordinator, plan: withSummary(planMarkdown(prose), summary), decisions: decisionsMarkdown(prose), coverage };
  const planHash = planHashOf(fileHashes(written));
  const planId = planIdOf(planHash);
  const record = replanned && previous && (planId === previous.planId ? previous.record : replanned.record);
  const artifacts = { ...written, waves: hashed({ ...unnamed, planId }) };
  const bundle: PlanBundle = {
    ...artifacts,
    meta: {
      version: 1,
      generator: { name: 'tasks', version: input.version },
      timestamp: options.timestamp,
      planId,
      planHash,
      document: { name: document.name, hash: document.hash, offsets: 'utf-16' },
      codebase: { hash: codebase.hash },
      options: meta,
      files: fileHashes(artifacts),
      ...(record && { replan: record }),
    },
  };
  return ok({ bundle, warnings: found.value.warnings, ...(summary && { summary }) });
};

const nothingToDo = ({ name }: SpecDocument) =>
  ({
    code: 'TASKS1604',
    message: `nothing in "${name}" says what is to be done`,
    place: { file: name },
    hint: 'Write sentences with "must" or "should", a list that begins with verbs, user stories ("As a …, I want …"), or checkboxes.',
  }) as const;

const tasksFile = (parts: { readonly input: ComposePlanOptions; readonly breakdown: Breakdown; readonly dependencies: readonly Dependency[]; readonly conflicts: Readonly<Tasks['resource_conflicts']> }): Tasks => {
  const { input, breakdown, dependencies, conflicts } = parts;
  const { document, codebase, options, codebasePath } = input;
  const used = new Set(breakdown.tasks.flatMap(({ reuses_existing: { imports } }) => imports));
  return hashed({
    name: document.title,
    meta: {
      execution_model: options.executionModel,
      min_confidence: options.minConfidence,
      ...(codebasePath !== undefined && { codebase_path: codebasePath }),
      resource_limits: resourceLimits(breakdown.tasks, options.maxConcurrent),
      codebase_analysis: {
        existing_apis: codebase.existingApis.slice(0, MAX_LISTED),
        reused_components: [...used].sort(),
        extension_points: codebase.extensionPoints.slice(0, MAX_LISTED),
        shared_resources: { ...breakdown.resources },
      },
      autonormalization: {
        split: breakdown.normalizations.flatMap((each) => (each.kind === 'split' ? [`${idsOf(each.before)}->${idsOf(each.after)} (${each.reason.replaceAll(' ', '')})`] : [])),
        merged: breakdown.normalizations.flatMap((each) => (each.kind === 'merge' ? [`${idsOf(each.before)} (${each.reason.replaceAll(' ', '')} combined)`] : [])),
      },
    },
    generated: generatedAt(options.timestamp),
    tasks: [...breakdown.tasks],
    dependencies: [...dependencies],
    resource_conflicts: { ...conflicts },
  });
};

const MAX_LISTED = 100;
/** Until the hash of all else is known. */
const UNNAMED = 'PLAN-00000000';
const idsOf = (tasks: readonly { readonly id: string }[]): string => tasks.map(({ id }) => id).join(',');
