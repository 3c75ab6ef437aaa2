/** What tasks must take turns at: which, who, and how long somebody waits. */
import type { PlannedTask } from '../../artifacts/task.schema.ts';
import type { Dependency, ResourceConflict, SharedResource, Tasks } from '../../artifacts/tasks.schema.ts';
import type { Forecast } from '../../simulate/forecast.ts';

export interface Shared {
  readonly name: string;
  readonly resource: SharedResource;
  /** 1 of what is exclusive. */
  readonly capacity: number;
  /** Units of it, by the task that needs them; in the order of the plan. */
  readonly units: ReadonlyMap<string, number>;
  readonly conflict?: ResourceConflict | undefined;
  /** Undefined when nobody waits for it. */
  readonly cost?: Forecast['byResource'][number] | undefined;
  readonly wait?: Forecast['rolling']['waits'][number] | undefined;
}

export const isExclusion = ({ type }: Pick<Dependency, 'type'>): boolean => type === 'mutual_exclusion' || type === 'resource_limited';

/** Of a record that users choose the keys of. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);

/** Units of each shared resource that a task says it needs. */
const asksOf = ({ resource_requirements: { estimated } }: PlannedTask): readonly (readonly [string, number])[] => [...estimated.exclusive_resources.map((name) => [name, 1] as const), ...Object.entries(estimated.shared_resources)];

const unitsByResource = ({ tasks, dependencies }: Tasks): ReadonlyMap<string, ReadonlyMap<string, number>> => {
  const tied = new Map<string, (readonly [string, number])[]>();
  for (const { from, to, shared_resource: name } of dependencies) {
    if (name === undefined) continue;
    for (const task of [from, to]) {
      const names = tied.get(task);
      if (names) names.push([name, 1]);
      else tied.set(task, [[name, 1]]);
    }
  }
  const all = new Map<string, Map<string, number>>();
  for (const task of tasks) {
    for (const [name, units] of [...(tied.get(task.id) ?? []), ...asksOf(task)]) {
      const of = all.get(name) ?? new Map<string, number>();
      all.set(name, of.set(task.id, Math.max(units, of.get(task.id) ?? 0)));
    }
  }
  return all;
};

/** Those that some task needs, the one that costs the most hours first, then by how many tasks need it, then by name. */
export const sharedResources = ({ tasks, forecast }: { readonly tasks: Tasks; readonly forecast: Forecast }): readonly Shared[] => {
  const units = unitsByResource(tasks);
  return Object.entries(tasks.meta.codebase_analysis.shared_resources)
    .flatMap(([name, resource]): readonly Shared[] => {
      const of = units.get(name);
      if (!of) return [];
      return [
        {
          name,
          resource,
          capacity: resource.type === 'exclusive' ? 1 : resource.capacity,
          units: of,
          conflict: own(tasks.resource_conflicts, name),
          cost: forecast.byResource.find((each) => each.resource === name),
          wait: forecast.rolling.waits.find((each) => each.resource === name),
        },
      ];
    })
    .sort((a, b) => costOf(b) - costOf(a) || b.units.size - a.units.size || (a.name < b.name ? -1 : 1));
};

/** Hours by which an execution is longer than it would be with any amount of it. */
export const costOf = ({ cost }: Pick<Shared, 'cost'>): number => (cost ? Math.max(0, cost.hours - cost.unlimited) : 0);

/** Whether somebody waits for it in the forecast, or the plan says how its tasks take turns. */
export const isContended = ({ cost, wait, conflict, units }: Shared): boolean => cost !== undefined || wait !== undefined || (conflict !== undefined && units.size > 1);
