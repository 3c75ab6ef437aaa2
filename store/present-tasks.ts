/** The parts that tasks have now, for a patch that changes them. */
import type { TaskSpec } from '../model/graph.ts';
import type { ContentHash } from '../model/ids.ts';
import type { TaskSource } from '../model/message.ts';
import type { PresentTask } from '../model/patch.ts';
import type { PlanStore } from './plan-store.ts';

/** By task; each object of the store is read once. @throws TasksError as {@link PlanStore.get} does. */
export const presentTasks = async (store: PlanStore, sources: readonly TaskSource[]): Promise<ReadonlyMap<string, PresentTask>> => {
  const read = new Map<ContentHash, ReadonlyMap<string, TaskSpec>>();
  for (const source of new Set(sources.map((each) => each.source))) read.set(source, new Map((await store.get(source)).tasks.map((spec) => [spec.id, spec])));
  return new Map(
    sources.flatMap(({ task, source }) => {
      const spec = read.get(source)?.get(task);
      return spec ? [[task, { source, spec }] as const] : [];
    }),
  );
};
