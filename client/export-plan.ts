/** The graph of an execution, with all its patches, as a plan again. */
import type { Graph, TaskSpec } from '../model/graph.ts';
import type { ContentHash, ExecutionId } from '../model/ids.ts';
import { INTERNAL_QUERY } from '../model/message.ts';
import type { PageRequest, SkeletonPage, TaskSource } from '../model/message.ts';
import { writePlan } from '../planner/write/write-plan.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { presentTasks } from '../store/present-tasks.ts';

const PAGE = 500;

/** A live graph, and the version it has. */
export interface Skeleton {
  readonly graph: Graph;
  readonly version: number;
}

/** A plan file's content, and what to know of it. */
export interface ExportedPlan {
  readonly executionId: ExecutionId;
  /** Of the graph that it was made of. */
  readonly version: number;
  readonly plan: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** All pages of one version: begun again when a patch comes in between. */
export const readSkeleton = async (page: (name: string, request: PageRequest) => Promise<SkeletonPage>): Promise<Skeleton> => {
  for (;;) {
    const first = await page(INTERNAL_QUERY.skeleton, { from: 0, limit: PAGE });
    const tasks = [...first.items];
    let { next, version } = first;
    while (next !== undefined && version === first.version) {
      const more: SkeletonPage = await page(INTERNAL_QUERY.skeleton, { from: next, limit: PAGE });
      tasks.push(...more.items);
      ({ next, version } = more);
    }
    if (version === first.version && first.beside) return { graph: { ...first.beside, tasks }, version };
  }
};

/** @throws TasksError as {@link PlanStore.get} does: what patches brought may have been collected since. */
export const exportPlan = async (options: { readonly store: PlanStore; readonly execution: ExecutionId; readonly skeleton: Skeleton }): Promise<ExportedPlan> => {
  const { store, execution, skeleton } = options;
  const { graph, version } = skeleton;
  const plan = await store.get(graph.sources[0] as ContentHash);
  const sources = graph.tasks.map((task): TaskSource => ({ task: task.id, source: graph.sources[task.source ?? 0] as ContentHash }));
  const parts = await presentTasks(store, sources);
  const specs = graph.tasks.map(({ id }): TaskSpec => parts.get(id)?.spec ?? { id, fields: {} });
  const written = writePlan({ graph, specs, plan });
  const meta = { ...(written.plan['meta'] as object | undefined), exported_from: { execution, version, plan: graph.sources[0] } };
  return { executionId: execution, version, plan: { ...written.plan, meta }, warnings: written.warnings };
};
