/** Where the tasks that a patch brings find their own parts: a plan store object of their own. */
import { DEFAULT_POLICIES } from '../model/graph.ts';
import type { TaskSpec } from '../model/graph.ts';
import type { ParsedPatch } from '../model/patch.ts';
import type { PlanStore } from './plan-store.ts';

/** Stores what there is to store; the patch with its source. The same patch twice is the same object. */
export const putPatch = async (store: PlanStore, parts: { readonly patch: Omit<ParsedPatch, 'source'>; readonly specs: readonly TaskSpec[] }): Promise<ParsedPatch> => {
  const { patch, specs } = parts;
  if (specs.length === 0) return patch;
  const source = await store.put({
    schema: 1,
    format: 'patch',
    graph: { schema: 1, name: patch.id, tasks: patch.tasks, sources: [], policies: DEFAULT_POLICIES },
    tasks: specs,
    fields: {},
  });
  return { ...patch, source };
};
