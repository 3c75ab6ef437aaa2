/** `dag.json`, with what only the forecast tells: what resources cost, and what could be done about it. */
import { hashed } from '../artifacts/content-hash.ts';
import type { Dag, DagMetrics } from '../artifacts/dag.schema.ts';
import type { Generated } from '../artifacts/scalars.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { BuiltDag } from '../dag/built-dag.ts';
import type { Forecast } from '../simulate/forecast.ts';
import { addedToChain, describeBottlenecks, hoursText, savedShare } from './bottlenecks.ts';

/** By whom and of when an artifact is; its hash is made here. */
export type Stamp = Pick<Generated, 'by' | 'timestamp'>;

export interface FinishDagOptions {
  readonly tasks: readonly PlannedTask[];
  readonly built: BuiltDag;
  readonly forecast: Forecast;
  readonly generated: Stamp;
}

type Utilization = DagMetrics['resourceUtilization'][string];

const impactOf = (resource: string, { tasks, built, forecast }: FinishDagOptions): string => {
  const added = addedToChain(resource, tasks, built);
  const chain = added === 0 ? 'adds nothing to the longest chain' : `adds ${added} ${added === 1 ? 'task' : 'tasks'} to the longest chain`;
  const compared = forecast.byResource.find((each) => each.resource === resource);
  const saved = compared ? savedShare(compared.hours, compared.unlimited) : 0;
  if (!compared || saved === 0) return `${chain}, and no time`;
  return `${chain}, and ${hoursText(compared.hours - compared.unlimited)} to the whole (${hoursText(compared.hours)} instead of ${hoursText(compared.unlimited)})`;
};

const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)}%`;

const utilizationOf = (resource: string, capacity: number, { rolling }: Forecast): string =>
  `${percent(rolling.averageUsage[resource] ?? 0, capacity)} average, ${percent(rolling.peakUsage[resource] ?? 0, capacity)} peak`;

/** An impact is said where tasks have to take turns; how far it is used, where several can have it. */
const finished = (resource: string, before: Utilization, options: FinishDagOptions): Utilization => ({
  ...before,
  ...(before.total_tasks > (before.capacity ?? 1) && { serialization_impact: impactOf(resource, options) }),
  ...(before.capacity !== undefined && { utilization: utilizationOf(resource, before.capacity, options.forecast) }),
});

export const finishDag = (options: FinishDagOptions): Dag => {
  const { built, generated } = options;
  const { dag } = built;
  const { metrics } = dag;
  const resourceUtilization = Object.fromEntries(Object.entries(metrics.resourceUtilization).map(([resource, before]) => [resource, finished(resource, before, options)]));
  const { ok, errors, warnings, ...rest } = dag;
  return hashed({
    ok,
    errors,
    warnings,
    ...rest,
    generated: { by: generated.by, timestamp: generated.timestamp, contentHash: '' },
    metrics: { ...metrics, resourceUtilization },
    resource_bottlenecks: describeBottlenecks(options),
  });
};
