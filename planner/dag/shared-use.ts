/** Which tasks need which shared resource, and how much of it: by their own word, or because of an exclusion. */
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { SharedResource } from '../artifacts/tasks.schema.ts';
import type { DagMetrics } from '../artifacts/dag.schema.ts';
import type { Problem } from '../../model/problem.ts';
import type { Placed } from './pairs.ts';

export interface SharedUse {
  readonly resource: string;
  /** Of `shared_limited`; 1 of `exclusive`, and of what nobody declares, which is taken to be so. */
  readonly capacity: number;
  readonly isLimited: boolean;
  /** Units by the task's place, in the order of the tasks. */
  readonly units: ReadonlyMap<number, number>;
}

/** Those that somebody needs: the declared ones first, in their order. */
export const sharedUse = (tasks: readonly PlannedTask[], exclusions: readonly Placed[], resources: Readonly<Record<string, SharedResource>>): readonly SharedUse[] => {
  const uses = new Map<string, Map<number, number>>(Object.keys(resources).map((name) => [name, new Map()]));
  const use = (name: string, task: number, units: number): void => {
    const known = uses.get(name) ?? new Map<number, number>();
    uses.set(name, known);
    known.set(task, Math.max(units, known.get(task) ?? 0));
  };
  for (const [index, { resource_requirements: { estimated } }] of tasks.entries()) {
    for (const name of estimated.exclusive_resources) use(name, index, 1);
    for (const [name, units] of Object.entries(estimated.shared_resources)) use(name, index, units);
  }
  for (const { from, to, dependency } of exclusions) {
    const name = dependency.shared_resource;
    if (name === undefined) continue;
    use(name, from, 1);
    use(name, to, 1);
  }
  const declared = new Map(Object.entries(resources));
  return [...uses].flatMap(([resource, units]): readonly SharedUse[] => {
    if (units.size === 0) return [];
    const known = declared.get(resource);
    const isLimited = known?.type === 'shared_limited';
    return [{ resource, isLimited, capacity: isLimited ? known.capacity : 1, units: new Map([...units].sort(([a], [b]) => a - b)) }];
  });
};

/** Tasks that ask for more of a resource than there is: whatever the order, they cannot run. */
export const excessProblems = (uses: readonly SharedUse[], tasks: readonly PlannedTask[]): readonly Problem[] =>
  uses.flatMap(({ resource, capacity, units }) =>
    [...units].flatMap(([index, asked]): readonly Problem[] =>
      asked <= capacity
        ? []
        : [{ code: 'TASKS1606', message: `${tasks[index]?.id ?? ''} needs ${asked} of ${JSON.stringify(resource)}, and there are ${capacity}`, hint: 'Ask for less, or raise its capacity in meta.codebase_analysis.shared_resources.' }],
    ),
  );

/** The least number of waves in which no wave needs more than there is. */
const wavesFor = ({ capacity, units }: SharedUse): number => Math.ceil([...units.values()].reduce((sum, each) => sum + each, 0) / capacity);

export const utilizationOf = (uses: readonly SharedUse[]): DagMetrics['resourceUtilization'] =>
  Object.fromEntries(uses.map((use) => [use.resource, { total_tasks: use.units.size, ...(use.isLimited && { capacity: use.capacity }), waves_required: wavesFor(use) }]));
