/** Profiles over a catalogue, and what they leave impossible. */
import type { Catalogue } from '../model/catalogue.ts';
import type { Ask, Graph } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import type { Result } from '../model/problem.ts';
import { fail, ok } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import { canEverFit, emptyOccupancy } from './occupancy.ts';

/**
 * The resources with the capacities of a profile; those that it does not name keep their own.
 *
 * @returns TASKS1213 when there is no such profile.
 */
export const applyProfile = (resources: readonly Resource[], profiles: Catalogue['profiles'], name: string): Result<readonly Resource[]> => {
  const profile = profiles.find((each) => each.name === name);
  if (!profile) {
    const names = profiles.map((each) => each.name).join(', ');
    const hint = names === '' ? 'The plan has no profiles.' : `There are: ${names}.`;
    return fail([{ code: 'TASKS1213', message: `the plan has no profile ${JSON.stringify(name)}`, hint }]);
  }
  const capacities = new Map(Object.entries(profile.capacities));
  return ok(resources.map((resource) => ({ ...resource, capacity: capacities.get(resource.name) ?? resource.capacity })));
};

/** Those who ask for all of a resource ask for as many units as there are. */
export const withWhole = (asks: readonly Ask[], capacities: ReadonlyMap<string, number>): readonly Ask[] =>
  asks.map((ask) => (ask.whole ? { ...ask, units: Math.max(1, capacities.get(ask.resource) ?? 1) } : ask));

/** An ask that could not be granted if nobody held anything. */
export interface Impossible {
  readonly index: number;
  readonly task: TaskId;
  readonly ask: Ask;
  /** 0: the resource is not here at all. */
  readonly capacity: number;
}

/** By task and ask, in the order of the graph. Asks for resources that are not among `resources` are not looked at. */
export const tasksThatCannotRun = (graph: Pick<Graph, 'tasks'>, resources: readonly Resource[]): readonly Impossible[] => {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  return graph.tasks.flatMap(({ id, asks = [] }, index) =>
    asks.flatMap((ask): readonly Impossible[] => {
      const resource = byName.get(ask.resource);
      if (!resource || canEverFit(emptyOccupancy(resource), ask)) return [];
      return [{ index, task: id, ask, capacity: resource.capacity }];
    }),
  );
};
