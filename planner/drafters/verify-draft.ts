/**
 * What a drafter answered, held against the document, its requirements and the code base. What does not hold is dropped or
 * repaired, and told; what is left out is added from the rules. So the outcome is as valid as a plan that no model has seen.
 */
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import type { Dependency } from '../artifacts/tasks.schema.ts';
import { finishWork } from '../breakdown/break-down.ts';
import type { Breakdown, DraftedWork } from '../breakdown/break-down.ts';
import { idAt } from '../breakdown/normalise.ts';
import type { TaskDraft } from '../breakdown/task-draft.ts';
import type { Requirements } from '../requirements/unit.ts';
import { assembleFeatures, assembleTask, withNested } from './verify/assemble.ts';
import { checkDeclined } from './verify/check-declined.ts';
import { checkDependencies } from './verify/check-dependencies.ts';
import type { HeldDependency } from './verify/check-dependencies.ts';
import { checkFeatures } from './verify/check-features.ts';
import type { CheckedFeatures } from './verify/check-features.ts';
import { checkInterfaces } from './verify/check-interfaces.ts';
import { checkTask } from './verify/check-task.ts';
import { fillGaps } from './verify/fill-gaps.ts';
import { named } from './verify/findings.ts';
import type { HeldFeature, HeldTask } from './verify/held.ts';
import { makeView } from './verify/make-view.ts';
import type { MakeViewOptions } from './verify/make-view.ts';
import { mergeTasks } from './verify/merge-tasks.ts';
import { OrderGraph } from './verify/order-graph.ts';
import { readDraft } from './verify/read-draft.ts';
import type { ReadDraft } from './verify/read-draft.ts';
import type { View } from './verify/view.ts';

/** Of the drafted tasks as many must hold for the draft to be used. */
const ENOUGH = 0.5;

export interface VerifyDraftOptions extends MakeViewOptions {
  readonly answer: unknown;
  /** What the rules make of the same document. */
  readonly offline: DraftedWork;
}

export interface VerifiedDraft {
  readonly breakdown: Breakdown;
  readonly dependencies: readonly Dependency[];
  /** All that did not hold, and what became of it. */
  readonly report: readonly string[];
  /** Of these, what the drafter could mend. */
  readonly open: readonly string[];
  readonly tasks: { readonly drafted: number; readonly held: number };
}

export interface UnusableDraft {
  readonly report: readonly string[];
  readonly open: readonly string[];
}

/** Fails when less than half of what was drafted holds. */
export const verifyDraft = ({ answer, offline, ...against }: VerifyDraftOptions): Result<VerifiedDraft, UnusableDraft> => {
  const view = makeView(against);
  const { findings } = view;
  const read = readDraft(answer, findings);
  if (!read.ok) return fail({ report: [read.error], open: [read.error] });
  const checked = checkFeatures(read.value.features, view);
  const tasks = heldTasks(read.value, checked, view);
  const { drafted } = read.value;
  if (tasks.length === 0 || tasks.length < drafted * ENOUGH) {
    const why = drafted === 0 ? 'the draft has no tasks' : `only ${tasks.length} of ${drafted} tasks hold`;
    return fail({ report: [why, ...findings.lines], open: [why, ...findings.open] });
  }
  const merged = mergeTasks(tasks, findings);
  const order = new OrderGraph<number>();
  const interfaced = checkInterfaces(merged.tasks, order, findings);
  const places = new Map([...merged.homes].map(([id, task]) => [id, merged.tasks.indexOf(task)]));
  const held = checkDependencies({ drafted: read.value.dependencies, tasks: interfaced, places, order, view });
  const work = assemble({ features: checked.features, tasks: withNested(interfaced, against.requirements.units), held, declined: checkDeclined(read.value.declined, view), view, offline, requirements: against.requirements });
  const breakdown = finishWork(work.drafted, against.requirements, against.codebase);
  return ok({
    breakdown,
    dependencies: withIds(held, work, breakdown),
    report: findings.lines,
    open: findings.open,
    tasks: { drafted, held: tasks.length },
  });
};

const heldTasks = ({ tasks }: ReadDraft, { features, homes }: CheckedFeatures, view: View): readonly HeldTask[] => {
  const byId = new Map(features.map((feature) => [feature.id, feature]));
  return tasks.flatMap((draft) => {
    const feature = byId.get(homes.get(draft.feature.trim()) ?? '') ?? citing(features, draft.requirements);
    if (!feature) view.findings.add('dropped', named('task', draft.id.slice(0, 40), draft.title.slice(0, 200)), 'there is no such feature, and none that cites the same requirement');
    const task = feature && checkTask(draft, feature, view);
    return task ? [task] : [];
  });
};

const citing = (features: readonly HeldFeature[], requirements: readonly string[]): HeldFeature | undefined =>
  features.find(({ units }) => units.some(({ id, key }) => requirements.includes(id) || (key !== undefined && requirements.includes(key))));

interface Assembled {
  readonly drafted: DraftedWork;
  /** Of each held task its place among the drafts. */
  readonly places: readonly number[];
}

interface AssembleOptions {
  readonly features: readonly HeldFeature[];
  readonly tasks: readonly HeldTask[];
  readonly held: readonly HeldDependency[];
  readonly declined: ReadonlyMap<string, string>;
  readonly view: View;
  readonly offline: DraftedWork;
  readonly requirements: Requirements;
}

const assemble = ({ features, tasks, held, declined, view, offline, requirements }: AssembleOptions): Assembled => {
  const assembled = assembleFeatures(features, tasks, view.findings);
  const waited = new Set(held.flatMap(({ from, to }) => [from, to]));
  const drafts = tasks.flatMap((task, at): readonly TaskDraft[] => {
    const feature = assembled.homes.get(task.feature);
    const isTied = waited.has(at) || task.produces.length > 0 || task.consumes.length > 0;
    return feature ? [assembleTask(task, feature, isTied)] : [];
  });
  const drafted = fillGaps({ features: assembled.drafts, tasks: drafts, units: requirements.units, offline, declined, findings: view.findings });
  const places = new Map(drafted.tasks.map((draft, at) => [draft, at]));
  return { drafted, places: drafts.map((draft) => places.get(draft) ?? -1) };
};

/** From the last piece of a task that was split, to the first one of the next. Tasks that others wait for are never merged. */
const withIds = (held: readonly HeldDependency[], { drafted, places }: Assembled, { normalizations }: Breakdown): readonly Dependency[] => {
  const pieces = new Map(normalizations.flatMap(({ kind, before, after }) => (kind === 'split' ? [[before[0]?.id ?? '', after.map(({ id }) => id)] as const] : [])));
  const idOf = (task: number): string => idAt(places[task] ?? -1, drafted.tasks.length);
  return held.map(({ from, to, evidence, ...rest }) => ({
    from: pieces.get(idOf(from))?.at(-1) ?? idOf(from),
    to: pieces.get(idOf(to))?.[0] ?? idOf(to),
    ...rest,
    evidence: evidence.map((each) => ({ ...each })),
  }));
};
