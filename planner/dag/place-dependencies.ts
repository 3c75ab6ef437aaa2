/** Dependencies by the places of their tasks, told apart by what they do: gate, exclude, or only order. */
import { edgeStrength, isResourceEdge } from '../../model/edge.schema.ts';
import type { Problem } from '../../model/problem.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Dependency } from '../artifacts/tasks.schema.ts';
import type { Placed } from './pairs.ts';

export interface PlacedDependencies {
  /** Hard and certain enough. */
  readonly gates: readonly Placed[];
  readonly exclusions: readonly Placed[];
  /** Not hard, or not certain enough. */
  readonly soft: readonly Placed[];
  /** Of a task on itself: they say nothing. */
  readonly onItself: readonly Dependency[];
  readonly problems: readonly Problem[];
}

const unknownTask = ({ from, to }: Dependency, id: string): Problem => ({
  code: 'TASKS1311',
  message: `the dependency of ${JSON.stringify(to)} on ${JSON.stringify(from)} names ${JSON.stringify(id)}, which is no task of the plan`,
  hint: 'Name a task of the plan, or take the dependency out.',
});

const placesOf = (tasks: readonly Pick<PlannedTask, 'id'>[]): { readonly places: ReadonlyMap<string, number>; readonly problems: readonly Problem[] } => {
  const places = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [index, { id }] of tasks.entries()) {
    if (places.has(id)) problems.push({ code: 'TASKS1202', message: `two tasks have the id ${JSON.stringify(id)}`, hint: 'Ids are unique within the whole plan.' });
    else places.set(id, index);
  }
  return { places, problems };
};

export const placeDependencies = (tasks: readonly Pick<PlannedTask, 'id'>[], dependencies: readonly Dependency[], minConfidence: number): PlacedDependencies => {
  const { places, problems: twice } = placesOf(tasks);
  const problems = [...twice];
  const [gates, exclusions, soft, onItself]: [Placed[], Placed[], Placed[], Dependency[]] = [[], [], [], []];
  for (const dependency of dependencies) {
    const from = places.get(dependency.from);
    const to = places.get(dependency.to);
    if (from === undefined || to === undefined) problems.push(unknownTask(dependency, from === undefined ? dependency.from : dependency.to));
    else if (from === to) onItself.push(dependency);
    else if (isResourceEdge(dependency)) exclusions.push({ from, to, dependency });
    else if (edgeStrength(dependency, minConfidence) === 'hard') gates.push({ from, to, dependency });
    else soft.push({ from, to, dependency });
  }
  return { gates, exclusions, soft, onItself, problems };
};
