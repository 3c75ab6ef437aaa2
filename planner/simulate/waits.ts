/** Who waited for what in a walk: what the scheduler said, and the order that mutual exclusions gave. */
import type { Graph } from '../../model/graph.ts';
import type { Walk } from './forecast.ts';
import { toHours } from './durations.ts';
import type { ObservedWait } from './observe-waits.ts';
import type { Timeline } from './timeline.ts';
import { endOf } from './timeline.ts';
import { shownName } from './variants.ts';
import type { ResourceOrder } from './variants.ts';

interface Wait {
  readonly resource: string;
  readonly task: number;
  readonly ms: number;
}

/** A task that could have started but for the one before it in the order of a resource has waited for that. */
const waitsInOrder = (graph: Graph, timeline: Timeline, order: ResourceOrder): readonly Wait[] =>
  graph.tasks.flatMap((task, index): readonly Wait[] => {
    const endAt = (from: number): number => (timeline.tasks[from] && endOf(timeline.tasks[from])) ?? 0;
    let otherwise = 0;
    let last: { readonly resource: string; readonly end: number } | undefined;
    for (const from of task.deps ?? []) otherwise = Math.max(otherwise, endAt(from));
    for (const from of task.soft ?? []) {
      const [resource] = order.of(graph.tasks[from], task) ?? [];
      const end = endAt(from);
      if (resource === undefined) otherwise = Math.max(otherwise, end);
      else if (!last || end > last.end) last = { resource, end };
    }
    return last && last.resource !== '' && last.end > otherwise ? [{ resource: last.resource, task: index, ms: last.end - otherwise }] : [];
  });

/** Less is what it takes to ask and be answered. */
const LEAST_MS = 60_000;

/** By the graph's own name of the resource, the longest first. */
export const waitsByResource = (options: { readonly graph: Graph; readonly timeline: Timeline; readonly observed: readonly ObservedWait[]; readonly order: ResourceOrder }): readonly { readonly name: string; readonly tasks: ReadonlySet<number>; readonly ms: number }[] => {
  const { graph, timeline, observed, order } = options;
  const waited = observed.flatMap(({ task, kind, resource, from, to }): readonly Wait[] => (kind === 'resource' && resource !== undefined ? [{ resource, task, ms: to - from }] : []));
  const byName = new Map<string, { readonly tasks: Set<number>; ms: number }>();
  for (const { resource, task, ms } of [...waited, ...waitsInOrder(graph, timeline, order)]) {
    const known = byName.get(resource) ?? { tasks: new Set(), ms: 0 };
    known.tasks.add(task);
    known.ms += ms;
    byName.set(resource, known);
  }
  return [...byName].filter(([, { ms }]) => ms >= LEAST_MS).map(([name, wait]) => ({ name, ...wait })).sort((a, b) => b.ms - a.ms || (a.name < b.name ? -1 : 1));
};

export const shownWaits = (waits: ReturnType<typeof waitsByResource>): Walk['waits'] => waits.map(({ name, tasks, ms }) => ({ resource: shownName(name), tasks: tasks.size, hours: toHours(ms) }));
