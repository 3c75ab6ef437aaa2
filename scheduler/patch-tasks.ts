/** What a patch makes of tasks that there are: changes, priorities, cancellations. Nothing is changed here. */
import { DEFAULT_PRIORITY } from '../model/graph.ts';
import type { Ask, GraphTask } from '../model/graph.ts';
import type { CancelledTask, ParsedPatch, TaskUpdate } from '../model/patch.ts';
import type { Problem } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import { isSettled, occupiesSlot, satisfiesHard } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import { withWhole } from '../resources/catalogue.ts';
import type { GraphIndex } from './graph-index.ts';
import type { SchedulerState } from './protocol.ts';
import { refuseTaskRequest } from './request.ts';

export interface PlannedTasks {
  /** Tasks as they are from now on, but for their source, by index. */
  readonly updates: ReadonlyMap<number, GraphTask>;
  readonly priorities: ReadonlyMap<number, number>;
  /** What runs is among them; deepest first, so that nobody fails upstream who is cancelled as well. */
  readonly cancelled: readonly { readonly index: number; readonly skip: boolean }[];
}

export interface TaskContext {
  readonly state: SchedulerState;
  readonly index: GraphIndex;
  readonly patch: ParsedPatch;
  /** What there is of resources with the patch in it, and what tasks ask for by its changes of them. */
  readonly resources: readonly Resource[];
  readonly asks: ReadonlyMap<number, readonly Ask[]>;
  readonly problems: Problem[];
  readonly warnings: string[];
}

const unknown = (task: string): Problem => ({ code: 'TASKS3004', message: `no task ${task}` });

/** Its attempt has what it needs, or nobody knows what it still does; and what has succeeded is not done again. */
const mayChange = (state: TaskState): boolean => !occupiesSlot(state) && state !== 'SUCCEEDED';

const refusedUpdate = (state: SchedulerState, index: number, { task, from }: TaskUpdate): Problem | undefined => {
  const is = state.records[index]?.state as TaskState;
  if (!mayChange(is)) {
    const hint = is === 'SUCCEEDED' ? 'Inject another task that does what is missing.' : is === 'PAUSED' ? 'Decide first: retry, skip or complete it.' : 'Wait for its end, or cancel it; a failed one can be changed and retried.';
    return { code: 'TASKS3007', message: `task ${task} is ${is}: it cannot be changed now`, hint };
  }
  const source = state.graph.sources[state.graph.tasks[index]?.source ?? 0];
  if (source === from) return undefined;
  return { code: 'TASKS3008', message: `task ${task} has been changed by another patch meanwhile`, hint: 'Look at it as it is now, and send the change again.' };
};

/** In the order of what was asked before, what is new at the end. */
const updatedAsks = (before: readonly Ask[], update: TaskUpdate, known: ReadonlyMap<string, Resource>): readonly Ask[] => {
  const { drop = [], asks = [], asksIfThere = [], asksIfAsked = [] } = update;
  const asked = new Set(before.map((ask) => ask.resource));
  const set = new Map(
    [...asks, ...asksIfThere.filter((ask) => known.has(ask.resource)), ...asksIfAsked.filter((ask) => asked.has(ask.resource))].map((ask) => [ask.resource, ask]),
  );
  const kept = before.flatMap((ask) => (drop.includes(ask.resource) && !set.has(ask.resource) ? [] : [set.get(ask.resource) ?? ask]));
  return [...kept, ...[...set.values()].filter((ask) => !asked.has(ask.resource))];
};

const updatedTask = (task: GraphTask, asks: readonly Ask[], { set = {}, unset = [] }: TaskUpdate): GraphTask => {
  const gone = new Set<string>(unset);
  const kept = Object.fromEntries(Object.entries(task).filter(([key]) => key !== 'asks' && !gone.has(key))) as unknown as GraphTask;
  return { ...kept, ...set, ...(asks.length > 0 && { asks }) };
};

const planUpdates = ({ state, index, patch, resources, asks, problems, warnings }: TaskContext): PlannedTasks['updates'] => {
  const updates = new Map<number, GraphTask>();
  if (!patch.updates) return updates;
  const known = new Map(resources.map((resource) => [resource.name, resource]));
  const capacities = new Map(resources.map(({ name, capacity }) => [name, capacity]));
  for (const update of patch.updates) {
    const at = index.indexOf.get(update.task);
    const problem = at === undefined ? unknown(update.task) : refusedUpdate(state, at, update);
    if (problem) problems.push(problem);
    const task = at === undefined ? undefined : (updates.get(at) ?? index.tasks[at]);
    if (at === undefined || !task || problem) continue;
    const is = state.records[at]?.state;
    if (is && isSettled(is) && is !== 'UPSTREAM_FAILED') warnings.push(`task ${update.task} is ${is}: the change counts when it is retried`);
    const before = updates.get(at)?.asks ?? asks.get(at) ?? task.asks ?? [];
    updates.set(at, updatedTask(task, withWhole(updatedAsks(before, update, known), capacities), update));
  }
  return updates;
};

const planPriorities = ({ state, index, patch, problems, warnings }: TaskContext, updates: PlannedTasks['updates']): PlannedTasks['priorities'] => {
  const priorities = new Map<number, number>();
  for (const { task, priority } of patch.priorities ?? []) {
    const at = index.indexOf.get(task);
    const is = at === undefined ? undefined : state.records[at]?.state;
    if (at === undefined || is === undefined) problems.push(unknown(task));
    // Of a list of tasks some may have ended since it was made.
    else if (satisfiesHard(is)) warnings.push(`task ${task} is ${is}: its priority no longer counts`);
    else if (((updates.get(at) ?? index.tasks[at])?.priority ?? DEFAULT_PRIORITY) !== priority) priorities.set(at, priority);
  }
  return priorities;
};

const refusedCancel = (state: SchedulerState, at: number, { task, skip }: CancelledTask): Problem | undefined =>
  refuseTaskRequest({ kind: skip ? 'skip' : 'cancel', task, mode: state.mode, record: state.records[at], executor: '', approval: false, byHand: state.graph.tasks[at]?.byHand !== undefined });

const planCancelled = ({ state, index, patch, problems }: TaskContext): PlannedTasks['cancelled'] => {
  const cancelled = new Map<number, boolean>();
  for (const each of patch.cancelled ?? []) {
    const at = index.indexOf.get(each.task);
    const problem = at === undefined ? unknown(each.task) : refusedCancel(state, at, each);
    if (problem) problems.push(problem);
    if (at !== undefined) cancelled.set(at, each.skip ?? false);
  }
  const depth = (at: number): number => index.depth[at] as number;
  return [...cancelled].map(([at, skip]) => ({ index: at, skip })).sort((a, b) => depth(b.index) - depth(a.index) || a.index - b.index);
};

export const planTasks = (context: TaskContext): PlannedTasks => {
  const updates = planUpdates(context);
  return { updates, priorities: planPriorities(context, updates), cancelled: planCancelled(context) };
};
