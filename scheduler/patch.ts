/** What a patch would do to the live graph: checked whole, then applied whole. */
import { DEFAULT_ESTIMATE_MS, MAX_DEPENDENCIES, MAX_TASKS } from '../model/graph.ts';
import type { GraphTask } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import type { ParsedPatch } from '../model/patch.ts';
import { fail, ok } from '../model/problem.ts';
import type { Problem, Result } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import { isSettled, occupiesSlot, satisfiesHard } from '../model/state.ts';
import { canEverFit, emptyOccupancy } from '../resources/occupancy.ts';
import type { GraphIndex } from './graph-index.ts';
import type { SchedulerState, TaskRecord } from './protocol.ts';
import { applyResources, planResources } from './resource-change.ts';
import type { PlannedResources } from './resource-change.ts';

/** From here on the index is derived anew instead of edge by edge, which each may touch the whole graph. */
const MANY_EDGES = 16;

export interface PlannedEdge {
  readonly from: number;
  readonly to: number;
  readonly hard: boolean;
}

/** A patch in terms of indices: new tasks take the next ones, in their order. */
export interface PlannedPatch {
  readonly edges: readonly PlannedEdge[];
  readonly resources: PlannedResources;
  readonly warnings: readonly string[];
}

/** Checks a patch against the live graph. Nothing is changed. O(tasks and edges that the new edges reach). */
export const planPatch = (state: SchedulerState, index: GraphIndex, patch: ParsedPatch): Result<PlannedPatch> => {
  const problems: Problem[] = [];
  const reject = (message: string, hint?: string): void => {
    problems.push({ code: 'TASKS3007', message, ...(hint && { hint }) });
  };
  if (patch.expectedVersion !== undefined && patch.expectedVersion !== state.version) {
    return fail([
      {
        code: 'TASKS3008',
        message: `patch ${patch.id} expects version ${patch.expectedVersion} of the graph, which is at version ${state.version}`,
        hint: 'Look at the graph as it is now, and send the patch with its version.',
      },
    ]);
  }
  if (state.mode === 'aborting' || state.mode === 'stopping' || state.mode === 'finished') {
    reject(`the execution is ${state.mode}: its graph no longer changes`);
  }
  const base = index.tasks.length;
  const added = new Map<string, number>();
  for (const task of patch.tasks) {
    if (index.indexOf.has(task.id) || added.has(task.id)) reject(`task ${task.id} exists already`, 'Inject it under another id.');
    else added.set(task.id, base + added.size);
  }
  const planned = planResources(state, index, patch);
  if (!planned.ok) return fail([...problems, ...planned.error]);
  const resources = planned.value;
  for (const reason of refusedAsks(patch, resources.resources)) reject(reason);
  if (base + added.size > MAX_TASKS) reject(`more than ${MAX_TASKS} tasks`);

  const edges: PlannedEdge[] = [];
  const warnings = [...resources.warnings];
  /** `from>to` for a hard edge, which makes a soft one between the same tasks superfluous; `from~to` for a soft one. */
  const seen = new Set<string>();
  for (const edge of patch.edges) {
    const from = added.get(edge.from) ?? index.indexOf.get(edge.from);
    const to = added.get(edge.to) ?? index.indexOf.get(edge.to);
    const name = `${edge.from} -> ${edge.to}`;
    const sign = edge.type === 'hard' ? '>' : '~';
    if (from === undefined || to === undefined) {
      problems.push({ code: 'TASKS3004', message: `edge ${name}: no task ${from === undefined ? edge.from : edge.to}` });
    } else if (from === to) reject(`edge ${name}: a task cannot depend on itself`);
    else if (hasEdge(index, from, to, edge.type) || seen.has(`${from}>${to}`) || seen.has(`${from}${sign}${to}`)) {
      warnings.push(`edge ${name} exists already`);
    } else {
      const reason = refusedEnd(state.records, { from, to, hard: edge.type === 'hard' });
      if (reason) reject(`edge ${name}: ${reason}`);
      seen.add(`${from}${sign}${to}`);
      edges.push({ from, to, hard: edge.type === 'hard' });
    }
  }
  if (index.edges + edges.length > MAX_DEPENDENCIES) reject(`more than ${MAX_DEPENDENCIES} dependencies`);
  if (problems.length > 0) return fail(problems);

  const nameOf = (at: number): string => index.tasks[at]?.id ?? patch.tasks[at - base]?.id ?? '?';
  const hard = edges.filter((edge) => edge.hard);
  const cycle = findCycle(index, hard);
  if (cycle) {
    return fail([{ code: 'TASKS3007', message: `the patch closes a cycle: ${cycle.map(nameOf).join(' -> ')}` }]);
  }
  if (!findCycle(index, edges)) return ok({ edges, resources, warnings });
  const kept = [...hard];
  for (const edge of edges) {
    if (edge.hard) continue;
    if (findCycle(index, [...kept, edge])) warnings.push(`soft edge ${nameOf(edge.from)} -> ${nameOf(edge.to)} would close a cycle and was left out`);
    else kept.push(edge);
  }
  return ok({ edges: kept, resources, warnings });
};

/** Asks for what the execution does not have, or for more than there is. */
const refusedAsks = ({ tasks }: ParsedPatch, resources: readonly Resource[]): string[] => {
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

const hasEdge = (index: GraphIndex, from: number, to: number, type: 'hard' | 'soft'): boolean => {
  const task = index.tasks[to];
  return (task?.deps?.includes(from) ?? false) || (type === 'soft' && (task?.soft?.includes(from) ?? false));
};

const refusedEnd = (records: readonly TaskRecord[], edge: PlannedEdge): string | undefined => {
  const to = records[edge.to]?.state;
  if (to && isSettled(to)) return `its target has ended (${to})`;
  if (to && (occupiesSlot(to) || to === 'CHECKPOINTED')) return `its target is already under way (${to})`;
  const from = records[edge.from]?.state;
  if (edge.hard && from && isSettled(from) && !satisfiesHard(from)) return `its source has ended as ${from}: the target could never run`;
  return undefined;
};

/** A cycle through at least one of the new edges, as a closed path; undefined when there is none. Iterative. */
const findCycle = (index: GraphIndex, edges: readonly PlannedEdge[]): number[] | undefined => {
  const extra = new Map<number, number[]>();
  for (const { from, to } of edges) {
    const list = extra.get(from);
    if (list) list.push(to);
    else extra.set(from, [to]);
  }
  const next = (at: number): number[] => [...(index.hard[at] ?? []), ...(index.soft[at] ?? []), ...(extra.get(at) ?? [])];
  const done = new Set<number>();
  const onPath = new Set<number>();
  for (const { to } of edges) {
    if (done.has(to)) continue;
    const path = [{ at: to, next: next(to), i: 0 }];
    onPath.add(to);
    while (path.length > 0) {
      const top = path[path.length - 1] as (typeof path)[number];
      const successor = top.next[top.i];
      top.i += 1;
      if (successor === undefined) {
        path.pop();
        onPath.delete(top.at);
        done.add(top.at);
      } else if (onPath.has(successor)) {
        const start = path.findIndex((step) => step.at === successor);
        return [...path.slice(start).map((step) => step.at), successor];
      } else if (!done.has(successor)) {
        path.push({ at: successor, next: next(successor), i: 0 });
        onPath.add(successor);
      }
    }
  }
  return undefined;
};

/** Changes resources, and appends the patch's tasks and edges to graph, records and index. Answers whether the starting order may have changed. */
export const applyToGraph = (
  state: SchedulerState,
  index: GraphIndex,
  change: { readonly patch: ParsedPatch; readonly plan: PlannedPatch },
): boolean => {
  const { patch, plan } = change;
  applyResources(state, plan.resources);
  let source: number | undefined;
  if (patch.source) source = state.graph.sources.push(patch.source) - 1;
  const criticalPath = index.criticalPathMs;
  for (const task of patch.tasks) {
    const { estimateMs = DEFAULT_ESTIMATE_MS, ...rest } = task;
    const node: GraphTask = { ...rest, estimateMs, ...(source !== undefined && { source }) };
    const at = state.graph.tasks.push(node) - 1;
    state.records.push({ state: 'PENDING', attempt: 0, failures: 0 });
    index.addTask(at);
  }
  const many = plan.edges.length > MANY_EDGES;
  for (const { from, to, hard } of plan.edges) {
    const task = state.graph.tasks[to] as GraphTask;
    const key = hard ? 'deps' : 'soft';
    state.graph.tasks[to] = { ...task, [key]: [...(task[key] ?? []), from] };
    if (!many) index.addEdge({ from, to, hard });
  }
  if (many) index.rebuild();
  return plan.edges.length > 0 || index.criticalPathMs !== criticalPath;
};

export const injectedIds = (patch: ParsedPatch): readonly TaskId[] => patch.tasks.map((task) => task.id);
