/** Where the tasks that a patch brings or changes find their own parts: a plan store object of their own. */
import { DEFAULT_POLICIES } from '../model/graph.ts';
import type { StoredPlan, TaskSpec } from '../model/graph.ts';
import type { ParsedPatch } from '../model/patch.ts';
import { contentHash } from './hash.ts';
import type { PlanStore } from './plan-store.ts';

interface Parts {
  readonly patch: Omit<ParsedPatch, 'source'>;
  /** Of the injected tasks, then of the updated ones. */
  readonly specs: readonly TaskSpec[];
}

const objectOf = ({ patch, specs }: Parts): StoredPlan => {
  const updated = (patch.updates ?? []).map(({ task, set }) => ({ ...set, id: task }));
  return {
    schema: 1,
    format: 'patch',
    graph: { schema: 1, name: patch.id, tasks: [...patch.tasks, ...updated], sources: [], policies: DEFAULT_POLICIES },
    tasks: specs,
    fields: {},
  };
};

/** Stores what there is to store; the patch with its source. The same patch twice is the same object. */
export const putPatch = async (store: PlanStore, parts: Parts): Promise<ParsedPatch> =>
  parts.specs.length === 0 ? parts.patch : { ...parts.patch, source: await store.put(objectOf(parts)) };

/** The patch with the source that it would have; nothing is stored. */
export const asIfPut = (parts: Parts): ParsedPatch => (parts.specs.length === 0 ? parts.patch : { ...parts.patch, source: contentHash(objectOf(parts)) });
