/** A task's own part, read from the plan store once per plan and worker. */
import { LRUCache } from 'lru-cache';
import type { ContentHash, TaskId } from '../../model/ids.ts';
import type { TaskSpec } from '../../model/graph.ts';
import type { PlanExecutor } from '../../model/executor.ts';
import type { Healing } from '../../model/healing.ts';
import type { PlanStore } from '../../store/plan-store.ts';

const MAX_PLANS = 16;

export interface TaskSource {
  /** @throws TasksError as {@link PlanStore.get} does. Undefined when the plan has no such task. */
  get(request: { readonly source: ContentHash; readonly task: TaskId }): Promise<TaskSpec | undefined>;
  /** What a plan says of failures. Fails as {@link get} does. */
  healing(plan: ContentHash): Promise<Healing | undefined>;
  /** Executors that a plan brings. Fails as {@link get} does. */
  executors(plan: ContentHash): Promise<readonly PlanExecutor[]>;
}

interface Loaded {
  readonly tasks: ReadonlyMap<string, TaskSpec>;
  readonly healing: Healing | undefined;
  readonly executors: readonly PlanExecutor[];
}

export const createTaskSource = (store: PlanStore): TaskSource => {
  // Promises are kept, so that fifty attempts that start at once read the plan once.
  const plans = new LRUCache<ContentHash, Promise<Loaded>>({ max: MAX_PLANS });

  const load = async (source: ContentHash): Promise<Loaded> => {
    const plan = await store.get(source);
    return { tasks: new Map(plan.tasks.map((task) => [task.id, task])), healing: plan.healing, executors: plan.executors ?? [] };
  };

  const loaded = async (source: ContentHash): Promise<Loaded> => {
    const known = plans.get(source);
    if (known) return known;
    const loading = load(source);
    plans.set(source, loading);
    try {
      return await loading;
    } catch (error) {
      if (plans.peek(source) === loading) plans.delete(source);
      throw error;
    }
  };

  return {
    get: async ({ source, task }) => (await loaded(source)).tasks.get(task),
    healing: async (plan) => (await loaded(plan)).healing,
    executors: async (plan) => (await loaded(plan)).executors,
  };
};
