/** The own parts of all tasks of a live graph, from the plan and from whatever patches brought. */
import type { GraphTask, TaskSpec } from '../model/graph.ts';
import type { ContentHash } from '../model/ids.ts';
import type { PlanStore } from './plan-store.ts';

/** In the order of the tasks. @throws TasksError as {@link PlanStore.get} does. */
export const taskSpecs = async (store: PlanStore, graph: { readonly tasks: readonly GraphTask[]; readonly sources: readonly ContentHash[] }): Promise<readonly TaskSpec[]> => {
  const stored = await Promise.all(graph.sources.map((hash) => store.get(hash)));
  const bySource = stored.map(({ tasks }) => new Map(tasks.map((spec) => [spec.id, spec])));
  return graph.tasks.map(({ id, source = 0 }) => bySource[source]?.get(id) ?? { id, fields: {} });
};
