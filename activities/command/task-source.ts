/** A task's own part, read from the plan store once per plan and worker. */
import { LRUCache } from 'lru-cache';
import type { ContentHash, TaskId } from '../../model/ids.ts';
import type { TaskSpec } from '../../model/graph.ts';
import type { PlanStore } from '../../store/plan-store.ts';

const MAX_PLANS = 16;

export interface TaskSource {
  /** @throws TasksError as {@link PlanStore.get} does. Undefined when the plan has no such task. */
  get(request: { readonly source: ContentHash; readonly task: TaskId }): Promise<TaskSpec | undefined>;
}

export const createTaskSource = (store: PlanStore): TaskSource => {
  // Promises are kept, so that fifty attempts that start at once read the plan once.
  const plans = new LRUCache<ContentHash, Promise<ReadonlyMap<string, TaskSpec>>>({ max: MAX_PLANS });

  const load = async (source: ContentHash): Promise<ReadonlyMap<string, TaskSpec>> => {
    const plan = await store.get(source);
    return new Map(plan.tasks.map((task) => [task.id, task]));
  };

  return {
    get: async ({ source, task }) => {
      const known = plans.get(source);
      if (known) return (await known).get(task);
      const loading = load(source);
      plans.set(source, loading);
      try {
        return (await loading).get(task);
      } catch (error) {
        if (plans.peek(source) === loading) plans.delete(source);
        throw error;
      }
    },
  };
};
