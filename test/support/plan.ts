/** Plans for tests, without a file: tasks by id, edges by id. */
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import type { GraphTask, Policies, StoredPlan, TaskSpec } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';

export interface PlanTask extends Partial<Omit<GraphTask, 'id' | 'deps' | 'soft'>> {
  readonly id: string;
  readonly deps?: readonly string[];
  readonly soft?: readonly string[];
  readonly spec?: Partial<TaskSpec>;
}

/** Quick retries unless stated: tests do not wait for seconds. */
const POLICIES: Policies = { ...DEFAULT_POLICIES, retry: { ...DEFAULT_POLICIES.retry, initialDelayMs: 10, maxDelayMs: 50 } };

export const makePlan = (tasks: readonly PlanTask[], policies: Partial<Policies> = {}, name = 'test'): StoredPlan => {
  const at = new Map(tasks.map((task, index) => [task.id, index]));
  const indices = (ids: readonly string[] = []): number[] =>
    ids.map((id) => {
      const index = at.get(id);
      if (index === undefined) throw new Error(`no task ${id}`);
      return index;
    });
  return {
    schema: 1,
    format: 'flowops',
    graph: {
      schema: 1,
      name,
      sources: [],
      policies: { ...POLICIES, ...policies },
      tasks: tasks.map(({ id, deps, soft, spec: _spec, ...rest }) => ({
        estimateMs: 1_000,
        ...rest,
        id: id as TaskId,
        ...(deps && { deps: indices(deps) }),
        ...(soft && { soft: indices(soft) }),
      })),
    },
    tasks: tasks.map(({ id, spec }) => ({ id: id as TaskId, command: 'true', fields: {}, ...spec })),
    fields: {},
  };
};
