/** A draft of any format to the plan that is stored: the last checks, and the only place that builds a graph. */
import { DEFAULT_POLICIES, MAX_DEPENDENCIES, MAX_TASKS, UNASSIGNED } from '../../model/graph.ts';
import type { Graph, GraphTask, StoredPlan, TaskSpec } from '../../model/graph.ts';
import { BUILT_IN_EXECUTORS } from '../../model/executor.ts';
import type { TaskFiles } from '../../model/late-edge.ts';
import type { TaskId } from '../../model/ids.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { mergePolicies } from '../../scheduler/policies.ts';
import { checkErrorPolicies } from '../healing/check-error-policies.ts';
import { checkAlertResources } from '../alerts/check-resources.ts';
import { compileHealing } from '../healing/compile-healing.ts';
import { areaOf } from '../healing/area.ts';
import { graphFiles } from '../late-edges/graph-files.ts';
import { compileResources } from '../resources/compile-resources.ts';
import type { CompiledResources } from '../resources/compile-resources.ts';
import { warnWorktrees } from './check-worktrees.ts';
import { withSentinels } from '../sentinels/insert.ts';
import type { Draft, DraftTask, Findings } from './draft.ts';
import { without } from './envelope.ts';
import { MAX_PROBLEMS } from './limits.ts';
import { present } from './optional.ts';
import { breakCycles, indexIds, resolveEdges } from './resolve.ts';
import type { Preds } from './resolve.ts';
import { inside, placeOf, problemAt } from './source.ts';
import { counted, didYouMean, quote } from './words.ts';

/** At most {@link MAX_PROBLEMS}, in the order of the source; the rest as a number. */
export const bounded = (problems: readonly Problem[]): readonly Problem[] => {
  const files = [...new Set(problems.map((problem) => problem.place?.file))];
  const rank = new Map(files.map((file, at) => [file, at]));
  const fileRank = (problem: Problem): number => rank.get(problem.place?.file) ?? 0;
  const byPlace = [...problems].sort(
    (a, b) =>
      fileRank(a) - fileRank(b) ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0),
  );
  const rest = byPlace[MAX_PROBLEMS];
  if (!rest) return byPlace;
  const more: Problem = { code: rest.code, message: `${counted(problems.length - MAX_PROBLEMS, 'more problem')} are not listed` };
  return [...byPlace.slice(0, MAX_PROBLEMS), more];
};

const tooMany = (draft: Draft, what: string, limit: number): Problem =>
  problemAt({
    code: 'TASKS1207',
    message: `the plan has ${what}, more than the ${limit.toLocaleString('en')} of one graph`,
    where: draft.where,
    hint: draft.policies.sentinels?.enabled || draft.policies.canaries?.enabled ? 'Sentinels and canaries count, too: name fewer levels or checks, or split the plan.' : 'Split it into several plans.',
  });

const checkSize = (draft: Draft, findings: Findings): void => {
  const { tasks, where } = draft;
  if (tasks.length === 0 && findings.problems.length === 0) {
    const hint = 'A plan needs at least one task.';
    findings.problems.push(problemAt({ code: 'TASKS1206', message: 'the plan has no tasks', where, hint }));
  }
  if (tasks.length > MAX_TASKS) findings.problems.push(tooMany(draft, counted(tasks.length, 'task'), MAX_TASKS));
};

const hasTooManyEdges = (draft: Draft, dependencies: number, findings: Findings): boolean => {
  if (dependencies <= MAX_DEPENDENCIES) return false;
  findings.problems.push(tooMany(draft, `${dependencies.toLocaleString('en')} dependencies`, MAX_DEPENDENCIES));
  return true;
};

/** Sentinels and canaries count like any other task. */
const isTooLarge = (draft: Draft, { hard, soft }: Preds, findings: Findings): boolean => {
  checkSize(draft, findings);
  const dependencies = [...hard, ...soft].reduce((sum, list) => sum + list.length, 0);
  return hasTooManyEdges(draft, dependencies, findings) || draft.tasks.length > MAX_TASKS;
};

const checkExecutors = (tasks: readonly DraftTask[], executors: readonly string[], findings: Findings): void => {
  for (const task of tasks) {
    const { executor } = task.node;
    if (executor === undefined || executor === UNASSIGNED || executors.includes(executor)) continue;
    findings.problems.push(
      problemAt({
        code: 'TASKS1208',
        message: `task ${quote(task.id)}: there is no executor ${quote(executor)}`,
        where: inside(task.where, 'executor'),
        hint: didYouMean(executor, executors) ?? `There are: ${executors.join(', ')}.`,
      }),
    );
  }
};

const graphTasks = (tasks: readonly DraftTask[], preds: Preds, { asks, calendars, isScoped, files }: CompiledResources & { readonly isScoped: boolean; readonly files: readonly (TaskFiles | undefined)[] }): readonly GraphTask[] => {
  const isKnown = (window: string | undefined): boolean => calendars.some(({ name }) => name === window);
  return tasks.map((task, index) => {
    const wanted = asks[index];
    const deps = preds.hard[index] ?? [];
    const soft = preds.soft[index] ?? [];
    const area = isScoped ? areaOf(task.spec.fields) : undefined;
    return {
      id: task.id as TaskId,
      ...(deps.length > 0 ? { deps } : {}),
      ...(soft.length > 0 ? { soft } : {}),
      ...(isKnown(task.node.preferredWindow) ? task.node : (without(task.node, 'preferredWindow') as DraftTask['node'])),
      ...(wanted ? { asks: wanted } : {}),
      ...(area ? { area } : {}),
      ...(files[index] ? { files: files[index] } : {}),
    };
  });
};

/** Places name the file as the plan knows it, so that a plan has one hash wherever it lies. */
const specOf = (task: DraftTask): TaskSpec => ({
  id: task.id as TaskId,
  ...task.spec,
  place: { ...placeOf(task.where), file: task.where.doc.name },
});

export interface ReadPlan {
  readonly plan: StoredPlan;
  /** What was dropped, or is kept for parts that do not act on it yet. */
  readonly warnings: readonly Problem[];
  /** Where it lies: also of a path that stood on standard input. */
  readonly path?: string;
}

export const compile = (options: {
  readonly draft: Draft;
  readonly findings: Findings;
  /** What the plan is called unless it says so itself. */
  readonly name: string;
  readonly executors?: readonly string[] | undefined;
  readonly profile?: string | undefined;
}): Result<ReadPlan> => {
  const { draft: written, findings, name, executors = BUILT_IN_EXECUTORS, profile } = options;
  const { problems, warnings } = findings;
  checkSize(written, findings);
  if (written.tasks.length > MAX_TASKS) return fail(bounded(problems));
  const indices = indexIds(written.tasks, findings);
  const edges = resolveEdges({ edges: written.edges, indices, findings });
  if (hasTooManyEdges(written, edges.hard.length + edges.soft.length, findings)) return fail(bounded(problems));
  const { draft, preds } = withSentinels(written, breakCycles({ tasks: written.tasks, edges, findings }), findings);
  if (draft !== written && isTooLarge(draft, preds, findings)) return fail(bounded(problems));
  const { executors: own = [] } = draft.policies;
  const known = [...executors, ...own.map((executor) => executor.name)];
  checkExecutors(draft.tasks, known, findings);
  checkErrorPolicies(draft, known, findings);
  warnWorktrees(draft, findings);
  const compiled = compileResources({ draft, profile, findings });
  const { breakers, healing, hasFailureRules } = compileHealing(draft.policies.healing, findings);
  checkAlertResources(draft, compiled.resources, findings);
  if (problems.length > 0) return fail(bounded(problems));
  // Limits and quotas have become resources, and what a machine bears is the workers' to know.
  const { limits: _limits, quotas: _quotas, healing: _healing, sentinels: _sentinels, canaries: _canaries, executors: _executors, machine, backpressure, ...policies } = draft.policies;
  const graph: Graph = {
    schema: 1,
    name: draft.name ?? name,
    tasks: graphTasks(draft.tasks, preds, { ...compiled, isScoped: breakers.some(({ scope }) => scope !== undefined), files: graphFiles(draft, findings) }),
    sources: [],
    policies: mergePolicies(DEFAULT_POLICIES, { ...policies, breakers, ...(backpressure && { backpressure: present(backpressure) }) }),
    ...(compiled.resources.length > 0 ? { resources: compiled.resources } : {}),
    ...(compiled.profiles.length > 0 ? { profiles: compiled.profiles } : {}),
    ...(compiled.calendars.length > 0 ? { calendars: compiled.calendars } : {}),
    ...(hasFailureRules ? { hasFailureRules } : {}),
    ...(own.length > 0 ? { executors: own.map((executor) => executor.name) } : {}),
  };
  const plan: StoredPlan = {
    schema: 1,
    format: draft.format,
    graph,
    tasks: draft.tasks.map(specOf),
    fields: draft.fields,
    ...(compiled.catalogue ? { catalogue: compiled.catalogue } : {}),
    ...(draft.codebasePath === undefined ? {} : { codebasePath: draft.codebasePath }),
    ...(machine ? { machine } : {}),
    ...(healing ? { healing } : {}),
    ...(own.length > 0 ? { executors: own } : {}),
  };
  return ok({ plan, warnings: bounded(warnings) });
};
