/** All that a plan says of resources to one model: resources with capacities, and each task's asks. */
import type { Calendar } from '../../model/calendar.ts';
import type { Catalogue, Profile } from '../../model/catalogue.ts';
import type { Ask } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';
import type { Resource } from '../../model/resource.ts';
import { applyProfile, withWhole } from '../../resources/catalogue.ts';
import type { Draft, DraftTask, Findings } from '../read/draft.ts';
import { askOf, mergeAsks } from '../read/map-asks.ts';
import { checkBackgroundWrites } from './background-writes.ts';
import { checkAsks, checkCapacities, definitionsFromAsks } from './check-asks.ts';
import { compileCalendars, withKnownWindows } from './compile-calendars.ts';
import { joinDeclared, NOTHING_DECLARED } from './declared.ts';
import { fileAsks } from './file-asks.ts';
import { groupAsks } from './group-asks.ts';
import type { Implicit } from './implicit.ts';
import { limitAsks } from './limit-asks.ts';
import { makeCatalogue } from './make-catalogue.ts';
import { quotaAsks, withHeadroom } from './quota-asks.ts';

export interface CompiledResources {
  /** Undefined when the plan declares nothing. */
  readonly catalogue?: Catalogue;
  /** What an execution has: the declared ones with the capacities of the profile, and the implicit ones. */
  readonly resources: readonly Resource[];
  readonly calendars: readonly Calendar[];
  /** With headroom taken off. */
  readonly profiles: readonly Profile[];
  /** By index of the task. */
  readonly asks: readonly (readonly Ask[] | undefined)[];
}

const mergedAsks = (tasks: readonly DraftTask[], capacities: ReadonlyMap<string, number>, implicit: Implicit['asks']): CompiledResources['asks'] => {
  const asks = tasks.map((task) => [...withWhole(task.asks.map(askOf), capacities)]);
  for (const { task, ask } of implicit) asks[task]?.push(ask);
  return asks.map(mergeAsks);
};

const profiled = (resources: readonly Resource[], { profiles }: Pick<Catalogue, 'profiles'>, profile: string | undefined, findings: Findings): readonly Resource[] => {
  if (profile === undefined) return resources;
  const applied = applyProfile(resources, profiles, profile);
  if (applied.ok) return applied.value;
  findings.problems.push(...applied.error);
  return resources;
};

const capacitiesOf = (resources: readonly Resource[]): Readonly<Record<string, number>> => Object.fromEntries(resources.map(({ name, capacity }) => [name, capacity]));

export const compileResources = (options: {
  readonly draft: Draft;
  /** Whose capacities count; the plan's own unless stated. */
  readonly profile?: string | undefined;
  readonly findings: Findings;
}): CompiledResources => {
  const { draft, profile, findings } = options;
  const { tasks } = draft;
  const use = draft.policies.quotas;
  const names = new Set(draft.declared.definitions.map(({ name }) => name));
  const declared = joinDeclared(draft.declared, { ...NOTHING_DECLARED, definitions: definitionsFromAsks(tasks, names, findings) });
  const { definitions, ...made } = makeCatalogue(declared, findings);
  const byName = new Map(made.resources.map((resource) => [resource.name, resource]));
  checkAsks(tasks, byName, findings);
  checkBackgroundWrites(tasks, findings);
  const calendars = compileCalendars({ declared: declared.calendars, definitions, tasks, findings });
  const catalogue: Catalogue = { ...made, ...(profile === undefined ? {} : { profile }) };
  const implicit = [groupAsks(tasks, findings), limitAsks(tasks, draft.policies.limits), fileAsks(tasks, draft.where, findings)];
  const own = withKnownWindows(withHeadroom(profiled(made.resources, made, profile, findings), tasks, use), calendars);
  const capacities = new Map(own.map(({ name, capacity }) => [name, capacity]));
  const asks = mergedAsks(tasks, capacities, [...quotaAsks(tasks, byName, use), ...implicit.flatMap((each) => each.asks)]);
  const graph = { tasks: tasks.map(({ id }, index) => ({ id: id as TaskId, asks: asks[index] ?? [] })) };
  checkCapacities({ graph, resources: own, catalogue, tasks, findings });
  return {
    ...(declared.definitions.length > 0 || profile !== undefined ? { catalogue } : {}),
    calendars,
    profiles: made.profiles.map(({ name }) => ({ name, capacities: capacitiesOf(withHeadroom(profiled(made.resources, made, name, findings), tasks, use)) })),
    resources: [...own, ...implicit.flatMap((each) => each.resources)],
    asks,
  };
};
