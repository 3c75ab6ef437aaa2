/** Hot updates as a client sends them, or looks at them before: parsed here, judged by the execution. */
import { randomUUID } from 'node:crypto';
import type { ExecutionId } from '../model/ids.ts';
import { INTERNAL_QUERY, INTERNAL_UPDATE } from '../model/message.ts';
import type { SourcesQuery, TaskSource } from '../model/message.ts';
import { tasksToUpdate } from '../model/patch-payload.ts';
import type { PatchPreview, PatchReceipt, TaskDifference } from '../model/patch.ts';
import { TasksError } from '../model/problem.ts';
import { parsePatch } from '../planner/read/parse-patch.ts';
import type { PatchParts } from '../planner/read/parse-patch.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { presentTasks } from '../store/present-tasks.ts';
import { asIfPut, putPatch } from '../store/put-patch.ts';

/** What a patch would do, and what it changes of tasks, field by field. */
export interface PatchDifference extends PatchPreview {
  readonly patchId: string;
  readonly changes: readonly TaskDifference[];
}

export interface PatchOperations {
  /** @throws TasksError with all that is wrong; nothing has changed then. */
  patch(execution: ExecutionId, payload: unknown): Promise<PatchReceipt>;
  /** Nothing is changed or stored. What the execution would refuse is in the answer. @throws TasksError when the payload is no patch. */
  previewPatch(execution: ExecutionId, payload: unknown): Promise<PatchDifference>;
}

export interface PatchContext {
  readonly store: PlanStore;
  readonly query: <T>(execution: ExecutionId, name: string, argument: unknown) => Promise<T>;
  readonly update: <T>(execution: ExecutionId, name: string, argument: unknown) => Promise<T>;
}

export const patchOperations = ({ store, query, update }: PatchContext): PatchOperations => {
  /** The parts that tasks have now go into the patch: whether they still have them is judged when it is applied. */
  const parse = async (execution: ExecutionId, payload: unknown): Promise<PatchParts> => {
    const tasks = tasksToUpdate(payload);
    const wanted: SourcesQuery = { tasks };
    const sources = tasks.length > 0 ? await query<readonly TaskSource[]>(execution, INTERNAL_QUERY.sources, wanted) : [];
    const parsed = parsePatch(payload, { fallbackId: randomUUID(), present: await presentTasks(store, sources) });
    if (!parsed.ok) throw new TasksError(parsed.error);
    return parsed.value;
  };
  return {
    patch: async (execution, payload) => {
      const patch = await putPatch(store, await parse(execution, payload));
      return update<PatchReceipt>(execution, INTERNAL_UPDATE.applyParsedPatch, patch);
    },
    previewPatch: async (execution, payload) => {
      const parts = await parse(execution, payload);
      const preview = await query<PatchPreview>(execution, INTERNAL_QUERY.previewPatch, asIfPut(parts));
      return { patchId: parts.patch.id, ...preview, changes: parts.differences };
    },
  };
};
