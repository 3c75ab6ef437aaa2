/** Checks a hot update from anybody against its schema, and stores the parts of its tasks where workers find them. */
import type { ParsePatchRequest } from '../model/activity.ts';
import { DEFAULT_POLICIES } from '../model/graph.ts';
import type { ParsedPatch } from '../model/patch.ts';
import { ok } from '../model/problem.ts';
import type { Result } from '../model/problem.ts';
import { parsePatch } from '../planner/read/parse-patch.ts';
import type { PlanStore } from '../store/plan-store.ts';

export const createParsePatch =
  ({ store }: { readonly store: PlanStore }) =>
  async ({ payload, fallbackId }: ParsePatchRequest): Promise<Result<ParsedPatch>> => {
    const parsed = parsePatch(payload, { fallbackId });
    if (!parsed.ok) return parsed;
    const { patch, specs } = parsed.value;
    if (specs.length === 0) return ok(patch);
    const source = await store.put({
      schema: 1,
      format: 'patch',
      graph: { schema: 1, name: patch.id, tasks: patch.tasks, sources: [], policies: DEFAULT_POLICIES },
      tasks: specs,
      fields: {},
    });
    return ok({ ...patch, source });
  };
