/** Resources that a plan waits for: what they cost, and what could be done about it, by the forecast's numbers. */
import type { Dag } from '../artifacts/dag.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { BuiltDag } from '../dag/built-dag.ts';
import { orderOf } from '../../scheduler/graph/order.ts';
import type { Forecast } from '../simulate/forecast.ts';

/** Below it more of a resource makes no difference that could be told from chance. */
export const NOTICEABLE = 0.01;

type Compared = Forecast['byResource'][number];

export const hoursText = (hours: number): string => `${Math.round(hours * 10) / 10} h`;

/** Share of the time that it takes which something else would save; 0 where that is not noticeable. */
export const savedShare = (now: number, otherwise: number): number => {
  const share = now > 0 ? (now - otherwise) / now : 0;
  return share >= NOTICEABLE ? share : 0;
};

const isPool = (capacity: number): boolean => capacity > 1;

export const mitigationOf = ({ capacity, hours, twice, unlimited }: Compared): string => {
  if (savedShare(hours, unlimited) === 0) return `More of it would not end the plan sooner than in ${hoursText(hours)}`;
  const gain = `${hoursText(twice)} instead of ${hoursText(hours)}`;
  const most = `without it ${hoursText(unlimited)}`;
  if (savedShare(hours, twice) === 0) return `Twice as much of it would not help, ${most}: let fewer tasks need it`;
  return isPool(capacity) ? `Raise its capacity from ${capacity} to ${capacity * 2}: ${gain}; ${most}` : `Let two tasks have it at once, or combine tasks that need it: ${gain}; ${most}`;
};

/** Tasks that ask for it by name, or that an exclusion orders because of it; of CPU and memory those that use any. */
export const tasksNeeding = (resource: string, tasks: readonly PlannedTask[], { exclusions }: Pick<BuiltDag, 'exclusions'>): string[] => {
  const ordered = new Set(exclusions.flatMap(({ from, to, shared_resource: shared }) => (shared === resource ? [from, to] : [])));
  return tasks.flatMap(({ id, resource_requirements: { estimated } }) => {
    const uses = resource === 'cpu_cores' ? estimated.cpu_cores > 0 : resource === 'memory_gb' ? estimated.memory_mb > 0 : resource === 'disk_io_mbps' && estimated.disk_io_mbps > 0;
    return uses || ordered.has(id) || estimated.exclusive_resources.includes(resource) || Object.hasOwn(estimated.shared_resources, resource) ? [id] : [];
  });
};

/** The resources that people have named, CPU and memory among them, the longest waited for first. */
export const describeBottlenecks = ({ forecast, tasks, built }: { readonly forecast: Forecast; readonly tasks: readonly PlannedTask[]; readonly built: BuiltDag }): Dag['resource_bottlenecks'] => {
  const compared = new Map(forecast.byResource.map((each) => [each.resource, each]));
  return forecast.rolling.waits
    .filter(({ resource }) => !resource.includes(':'))
    .map(({ resource, tasks: waiting, hours }) => {
      const known = compared.get(resource);
      const extends_ = known !== undefined && savedShare(known.hours, known.unlimited) > 0;
      const waited = `${waiting} ${waiting === 1 ? 'task waits' : 'tasks wait'} ${hoursText(hours)} for it`;
      return {
        resource,
        impact: extends_ ? 'critical_path_extension' : 'waiting_without_delay',
        affected_tasks: tasksNeeding(resource, tasks, built),
        mitigation: known ? `${waited}. ${mitigationOf(known)}` : `${waited}: less than for others`,
      };
    });
};

/** Tasks on the longest chain, with and without the order that the exclusions of one resource give. */
export const addedToChain = (resource: string, tasks: readonly PlannedTask[], { hard, exclusions }: Pick<BuiltDag, 'hard' | 'exclusions'>): number => {
  const places = new Map(tasks.map(({ id }, index) => [id, index]));
  const chain = (edges: readonly { readonly from: string; readonly to: string }[]): number => {
    const preds = tasks.map(() => new Set<number>());
    for (const { from, to } of edges) preds[places.get(to) ?? 0]?.add(places.get(from) ?? 0);
    return orderOf(preds.map((set) => [...set])).level.reduce((most, level) => Math.max(most, level + 1), 0);
  };
  return chain([...hard, ...exclusions]) - chain([...hard, ...exclusions.filter(({ shared_resource: shared }) => shared !== resource)]);
};
