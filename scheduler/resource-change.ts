/** What a patch does to the resources of a live graph: checked whole, then applied whole. Nobody who holds something is interrupted. */
import type { Ask, GraphTask } from '../model/graph.ts';
import type { CapacityChange, ParsedPatch, ResourceChanges } from '../model/patch.ts';
import { fail, ok } from '../model/problem.ts';
import type { Problem, Result } from '../model/problem.ts';
import { DEFAULT_DOMAIN } from '../model/resource.ts';
import type { Resource } from '../model/resource.ts';
import { isSettled } from '../model/state.ts';
import { applyProfile, withWhole } from '../resources/catalogue.ts';
import { canEverFit, emptyOccupancy } from '../resources/occupancy.ts';
import type { GraphIndex } from './graph-index.ts';
import type { SchedulerState } from './protocol.ts';
import { holdsAsks } from './rollback/holding.ts';

const MAX_WARNINGS = 20;

export interface PlannedResources {
  readonly resources: readonly Resource[];
  readonly capacities: readonly CapacityChange[];
  /** Capacities of shared resources that were stated. */
  readonly told: readonly { readonly domain: string; readonly resource: string; readonly capacity: number }[];
  /** Tasks that ask for something else now, by index. */
  readonly asks: ReadonlyMap<number, readonly Ask[]>;
  readonly warnings: readonly string[];
}

const quoted = (name: string): string => JSON.stringify(name);

/** Capacities by name as they come to be, and what is wrong with that. */
const newCapacities = (changes: ResourceChanges, before: ReadonlyMap<string, Resource>, problems: Problem[]): ReadonlyMap<string, number> => {
  const reject = (message: string, hint?: string): void => void problems.push({ code: 'TASKS3007', message, ...(hint !== undefined && { hint }) });
  const after = new Map([...before].map(([name, { capacity }]) => [name, capacity]));
  for (const [name, capacity] of Object.entries(changes.capacities ?? {})) {
    if (before.has(name)) after.set(name, capacity);
    else reject(`this execution has no resource ${quoted(name)}`, known(before));
  }
  for (const [name, units] of Object.entries(changes.quotas ?? {})) {
    const resource = before.get(name);
    const capacity = (after.get(name) ?? 0) + units;
    if (!resource) reject(`this execution has no resource ${quoted(name)}`, known(before));
    else if (resource.scope === 'global') reject(`executions share ${quoted(name)}: what there is of it now, its mutex knows`, 'State the new capacity with set_capacity.');
    else if (capacity < 0) reject(`there are ${capacity - units} of ${quoted(name)}: ${-units} cannot be taken away`);
    else after.set(name, capacity);
  }
  return after;
};

const known = (resources: ReadonlyMap<string, Resource>): string => {
  const names = [...resources.keys()].filter((name) => !name.includes(':'));
  return names.length > 0 ? `There are: ${names.join(', ')}.` : 'Its plan declares none; add_locks adds some.';
};

const withLocks = (resources: readonly Resource[], locks: readonly string[], problems: Problem[]): readonly Resource[] => {
  const all = new Map(resources.map((resource) => [resource.name, resource]));
  for (const name of locks) {
    const before = all.get(name);
    if (before && before.mode !== 'exclusive') problems.push({ code: 'TASKS3007', message: `${quoted(name)} is a ${before.mode}, and cannot be a lock` });
    if (!before) all.set(name, { name, mode: 'exclusive', capacity: 1, scope: 'global' });
  }
  return [...all.values()];
};

const refusedTask = (state: SchedulerState, index: number | undefined, task: string): Problem | undefined => {
  if (index === undefined) return { code: 'TASKS3004', message: `no task ${task}` };
  const record = state.records[index];
  const is = record?.state;
  if (!record || is === undefined || (!holdsAsks(record) && (!isSettled(is) || is === 'FAILED' || is === 'UPSTREAM_FAILED'))) return undefined;
  return { code: 'TASKS3007', message: `task ${task} is ${is}: what it asks for no longer changes` };
};

const newAsks = (state: SchedulerState, index: GraphIndex, changes: ResourceChanges, problems: Problem[]): Map<number, readonly Ask[]> => {
  const asks = new Map<number, readonly Ask[]>();
  for (const { task, locks } of changes.asks ?? []) {
    const at = index.indexOf.get(task);
    const problem = refusedTask(state, at, task);
    if (problem) problems.push(problem);
    if (at === undefined || problem) continue;
    const before = asks.get(at) ?? index.tasks[at]?.asks ?? [];
    const others = before.filter((ask) => !locks.includes(ask.resource));
    asks.set(at, [...others, ...locks.map((resource): Ask => ({ resource, units: 1, access: 'write' }))]);
  }
  return asks;
};

/** Checks it against the live graph. Nothing is changed. */
export const planResources = (state: SchedulerState, index: GraphIndex, { resources: changes }: ParsedPatch): Result<PlannedResources> => {
  const present = state.graph.resources ?? [];
  if (!changes) return ok({ resources: present, capacities: [], told: [], asks: new Map(), warnings: [] });
  const problems: Problem[] = [];
  const profiled = changes.profile === undefined ? ok(present) : applyProfile(present, state.graph.profiles ?? [], changes.profile);
  if (!profiled.ok) return profiled;
  const all = withLocks(profiled.value, changes.locks ?? [], problems);
  const capacities = newCapacities(changes, new Map(all.map((resource) => [resource.name, resource])), problems);
  const asks = newAsks(state, index, changes, problems);
  if (problems.length > 0) return fail(problems);

  const resources = all.map((resource) => ({ ...resource, capacity: capacities.get(resource.name) as number }));
  const before = new Map(present.map(({ name, capacity }) => [name, capacity]));
  const changed = resources.flatMap(({ name, capacity }): readonly CapacityChange[] => {
    const from = before.get(name) ?? 0;
    return from === capacity ? [] : [{ resource: name, from, to: capacity }];
  });
  const warnings: string[] = [];
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  for (const [at, task] of index.tasks.entries()) {
    const record = state.records[at];
    if (record && (isSettled(record.state) || holdsAsks(record))) continue;
    const wanted = asks.get(at) ?? task.asks ?? [];
    if (wanted.some((ask) => ask.whole)) asks.set(at, withWhole(wanted, capacities));
    warnings.push(...unmet(task, asks.get(at) ?? wanted, byName));
  }
  const stated = new Set(Object.keys(changes.capacities ?? {}));
  const told = resources.filter(({ name, scope }) => scope === 'global' && stated.has(name));
  return ok({
    resources,
    capacities: changed,
    told: told.map(({ name, domain = DEFAULT_DOMAIN, capacity }) => ({ domain, resource: name, capacity })),
    asks,
    warnings: warnings.length > MAX_WARNINGS ? [...warnings.slice(0, MAX_WARNINGS), `and ${warnings.length - MAX_WARNINGS} more`] : warnings,
  });
};

const unmet = ({ id }: GraphTask, asks: readonly Ask[], resources: ReadonlyMap<string, Resource>): readonly string[] =>
  asks.flatMap((ask) => {
    const resource = resources.get(ask.resource);
    if (!resource || canEverFit(emptyOccupancy(resource), ask)) return [];
    return [`task ${id} asks for ${ask.units} of ${quoted(ask.resource)}, of which there are ${resource.capacity} now: it ${resource.scope === 'global' ? 'cannot start' : 'waits until there are more'}`];
  });

/** Changes the graph. Whoever derives something from its resources must derive it anew. */
export const applyResources = (state: SchedulerState, { resources, asks }: PlannedResources): void => {
  if (resources.length > 0) state.graph.resources = resources;
  for (const [index, wanted] of asks) state.graph.tasks[index] = { ...(state.graph.tasks[index] as GraphTask), asks: wanted };
};
