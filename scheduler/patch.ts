/** What a patch would do to the live graph: checked whole, then applied whole. */
import { BUILT_IN_EXECUTORS, isBuiltInExecutor } from '../model/executor.ts';
import { DEFAULT_ESTIMATE_MS, MAX_TASKS, UNASSIGNED } from '../model/graph.ts';
import type { Ask, Graph, GraphTask } from '../model/graph.ts';
import type { ParsedPatch } from '../model/patch.ts';
import { fail, ok } from '../model/problem.ts';
import type { Problem, Result } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import { withWhole } from '../resources/catalogue.ts';
import { canEverFit, emptyOccupancy } from '../resources/occupancy.ts';
import type { GraphIndex } from './graph-index.ts';
import { planEdges } from './patch-edges.ts';
import type { PlannedEdges } from './patch-edges.ts';
import { planTasks } from './patch-tasks.ts';
import type { PlannedTasks } from './patch-tasks.ts';
import type { SchedulerState } from './protocol.ts';
import { applyResources, planResources } from './resource-change.ts';
import type { PlannedResources } from './resource-change.ts';

/** From here on the index is derived anew instead of change by change, which each may touch the whole graph. */
const MANY_CHANGES = 16;

/** A patch in terms of indices: new tasks take the next ones, in their order. */
export interface PlannedPatch extends PlannedEdges, PlannedTasks {
  readonly resources: PlannedResources;
  readonly warnings: readonly string[];
}

const refusedAtOnce = (state: SchedulerState, patch: ParsedPatch): Problem | undefined => {
  if (patch.expectedVersion === undefined || patch.expectedVersion === state.version) return undefined;
  return {
    code: 'TASKS3008',
    message: `patch ${patch.id} expects version ${patch.expectedVersion} of the graph, which is at version ${state.version}`,
    hint: 'Look at the graph as it is now, and send the patch with its version.',
  };
};

/** Checks a patch against the live graph. Nothing is changed. O(tasks and edges that the new edges reach). */
export const planPatch = (state: SchedulerState, index: GraphIndex, patch: ParsedPatch): Result<PlannedPatch> => {
  const refused = refusedAtOnce(state, patch);
  if (refused) return fail([refused]);
  const problems: Problem[] = [];
  const reject = (message: string, hint?: string): void => {
    problems.push({ code: 'TASKS3007', message, ...(hint && { hint }) });
  };
  if (state.mode === 'aborting' || state.mode === 'stopping' || state.mode === 'finished') {
    reject(`the execution is ${state.mode}: its graph no longer changes`);
  }
  const base = index.tasks.length;
  const injected = new Map<string, number>();
  for (const task of patch.tasks) {
    if (index.indexOf.has(task.id) || injected.has(task.id)) reject(`task ${task.id} exists already`, 'Inject it under another id, or change it with update_task.');
    else injected.set(task.id, base + injected.size);
  }
  const planned = planResources(state, index, patch);
  if (!planned.ok) return fail([...problems, ...planned.error]);
  const resources = planned.value;
  const warnings = [...resources.warnings];
  const tasks = planTasks({ state, index, patch, resources: resources.resources, asks: resources.asks, problems, warnings });
  for (const reason of refusedAsks([...patch.tasks, ...newlyAsking(index, tasks.updates)], resources.resources)) reject(reason);
  refuseExecutors([...patch.tasks, ...tasks.updates.values()], state.graph.executors, reject);
  for (const reason of refusedWindows([...patch.tasks, ...tasks.updates.values()], state.graph.calendars)) reject(reason);
  if (base + injected.size > MAX_TASKS) reject(`more than ${MAX_TASKS} tasks`);
  const edges = planEdges({ state, index, patch, injected, problems, warnings });
  return problems.length > 0 ? fail(problems) : ok({ ...edges, ...tasks, resources, warnings });
};

type Asking = Pick<GraphTask, 'id' | 'asks' | 'preferredWindow'>;

/** Changed tasks with what they did not ask for before: what they did, they may wait for. */
const newlyAsking = (index: GraphIndex, updates: PlannedTasks['updates']): readonly Asking[] =>
  [...updates].map(([at, { id, asks = [] }]) => {
    const before = new Set(index.tasks[at]?.asks?.map((ask) => JSON.stringify(ask)));
    return { id, asks: asks.filter((ask) => !before.has(JSON.stringify(ask))) };
  });

/** Asks for what the execution does not have, or for more than there is. */
const refusedAsks = (tasks: readonly Asking[], resources: readonly Resource[]): string[] => {
  const known = new Map(resources.map((resource) => [resource.name, resource]));
  return tasks.flatMap((task) =>
    (task.asks ?? []).flatMap((ask) => {
      const resource = known.get(ask.resource);
      if (!resource) return [`task ${task.id} asks for the resource ${JSON.stringify(ask.resource)}, which this execution does not have`];
      if (canEverFit(emptyOccupancy(resource), ask)) return [];
      return [`task ${task.id} asks for ${ask.units} of ${JSON.stringify(ask.resource)}, of which there are ${resource.capacity}`];
    }),
  );
};

/** Only the plan brings executors. */
const refuseExecutors = (tasks: readonly Pick<GraphTask, 'id' | 'executor'>[], own: Graph['executors'] = [], reject: (message: string, hint: string) => void): void => {
  for (const { id, executor } of tasks) {
    if (executor === undefined || executor === UNASSIGNED || isBuiltInExecutor(executor) || own.includes(executor)) continue;
    reject(`task ${id} names the executor ${JSON.stringify(executor)}, which this execution does not have`, `There are: ${[...BUILT_IN_EXECUTORS, ...own].join(', ')}.`);
  }
};

/** When a calendar is open is computed for those of the plan. */
const refusedWindows = (tasks: readonly Asking[], calendars: Graph['calendars'] = []): string[] =>
  tasks.flatMap(({ id, preferredWindow }) =>
    preferredWindow === undefined || calendars.some(({ name }) => name === preferredWindow) ? [] : [`task ${id} prefers the window ${JSON.stringify(preferredWindow)}, a calendar that this execution does not have`],
  );

/** Whoever asks for all of a resource asks for as many units as there are. */
const wholeAsks = (asks: readonly Ask[], resources: readonly Resource[]): readonly Ask[] =>
  asks.some((ask) => ask.whole) ? withWhole(asks, new Map(resources.map(({ name, capacity }) => [name, capacity]))) : asks;

/**
 * Changes graph, records and index: resources, the patch's tasks, edges, what becomes of tasks that there are.
 * Answers whether the starting order may have changed, as far as it does not follow from the tasks alone.
 */
export const applyToGraph = (
  state: SchedulerState,
  index: GraphIndex,
  change: { readonly patch: ParsedPatch; readonly plan: PlannedPatch },
): boolean => {
  const { patch, plan } = change;
  applyResources(state, plan.resources);
  const source = patch.source === undefined ? undefined : state.graph.sources.push(patch.source) - 1;
  const stored = source !== undefined && { source };
  const criticalPath = index.criticalPathMs;
  for (const task of patch.tasks) {
    const { estimateMs = DEFAULT_ESTIMATE_MS, asks, ...rest } = task;
    const node: GraphTask = { ...rest, ...(asks && { asks: wholeAsks(asks, plan.resources.resources) }), estimateMs, ...stored };
    const at = state.graph.tasks.push(node) - 1;
    state.records.push({ state: 'PENDING', attempt: 0, failures: 0 });
    index.addTask(at);
  }
  // One by one is quicker while they are few.
  const anew = plan.removed.length + plan.added.length + plan.updates.size > MANY_CHANGES;
  for (const [at, task] of plan.updates) {
    const before = index.estimate(at);
    state.graph.tasks[at] = { ...task, ...stored };
    if (!anew && index.estimate(at) !== before) index.reestimate(at);
  }
  for (const [at, priority] of plan.priorities) state.graph.tasks[at] = { ...(state.graph.tasks[at] as GraphTask), priority };
  for (const edge of plan.removed) {
    const { deps, soft, ...task } = state.graph.tasks[edge.to] as GraphTask;
    const [left, leftSoft] = [edge.hard ? without(deps, edge.from) : deps, edge.hard ? soft : without(soft, edge.from)];
    state.graph.tasks[edge.to] = { ...task, ...(left && { deps: left }), ...(leftSoft && { soft: leftSoft }) };
    if (!anew) index.removeEdge(edge);
  }
  for (const edge of plan.added) {
    const task = state.graph.tasks[edge.to] as GraphTask;
    const key = edge.hard ? 'deps' : 'soft';
    state.graph.tasks[edge.to] = { ...task, [key]: [...(task[key] ?? []), edge.from] };
    if (!anew) index.addEdge(edge);
  }
  if (anew) index.rebuild();
  return plan.removed.length + plan.added.length > 0 || index.criticalPathMs !== criticalPath;
};

const without = (list: readonly number[] = [], gone: number): readonly number[] | undefined => {
  const left = list.filter((each) => each !== gone);
  return left.length > 0 ? left : undefined;
};
