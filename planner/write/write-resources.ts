/**
 * Resources as plans write them, from those of a graph. What the system has made of groups, phases and limits is
 * declared like any other, under a name that a plan may use: so a task asks for the same, whatever the plan's format
 * was. What it has made of file scopes is left out: the scopes stay with the tasks, and say it again.
 */
import type { Graph } from '../../model/graph.ts';
import { ID_MAX_LENGTH, ID_PATTERN } from '../../model/ids.ts';
import type { Resource } from '../../model/resource.ts';
import type { WrittenResource } from '../../model/resources.schema.ts';
import { present } from '../read/optional.ts';

const FILES = 'files:';

/** `conflict:db` becomes `conflict.db`; numbered when that is taken. */
const legalName = (name: string, taken: ReadonlySet<string>): string => {
  const plain = name.replaceAll(':', '.').replaceAll(/[^A-Za-z0-9._-]+/gu, '-').replace(/^[^A-Za-z0-9]+/u, '').slice(0, ID_MAX_LENGTH - 6) || 'resource';
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? plain : `${plain}.${number}`;
    if (!taken.has(candidate)) return candidate;
  }
};

/** The name of each resource that is written, by its name in the graph. */
export const writtenNames = (resources: readonly Resource[]): ReadonlyMap<string, string> => {
  const names = new Map(resources.flatMap(({ name }) => (ID_PATTERN.test(name) ? [[name, name]] : [])));
  const taken = new Set(names.values());
  for (const { name } of resources) {
    if (names.has(name) || name.startsWith(FILES)) continue;
    const legal = legalName(name, taken);
    names.set(name, legal);
    taken.add(legal);
  }
  return names;
};

const writtenOf = ({ mode, capacity, scope, domain, order, class: kind, window }: Resource): WrittenResource =>
  present({ mode, capacity, scope, class: kind, lock_order: order, lock_domain: scope === 'global' ? domain : undefined, window });

export const writeResources = ({ resources = [], profiles = [] }: Pick<Graph, 'resources' | 'profiles'>, names: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> => {
  const declared = resources.flatMap((resource) => {
    const name = names.get(resource.name);
    return name === undefined ? [] : [[name, writtenOf(resource)] as const];
  });
  const written = profiles.map(({ name, capacities }) => [name, Object.fromEntries(Object.entries(capacities).flatMap(([resource, capacity]) => (names.has(resource) ? [[names.get(resource), capacity]] : [])))] as const);
  return {
    ...(declared.length > 0 && { resources: Object.fromEntries(declared) }),
    ...(written.length > 0 && { profiles: Object.fromEntries(written) }),
  };
};
