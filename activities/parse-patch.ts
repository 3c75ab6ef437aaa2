/** Checks a hot update from anybody against its schema, and stores the parts of the tasks that it brings or changes where workers find them. */
import type { ParsePatchRequest } from '../model/activity.ts';
import type { ParsedPatch } from '../model/patch.ts';
import { ok } from '../model/problem.ts';
import type { Result } from '../model/problem.ts';
import { parsePatch } from '../planner/read/parse-patch.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { presentTasks } from '../store/present-tasks.ts';
import { putPatch } from '../store/put-patch.ts';

export const createParsePatch =
  ({ store }: { readonly store: PlanStore }) =>
  async ({ payload, fallbackId, sources = [] }: ParsePatchRequest): Promise<Result<ParsedPatch>> => {
    const parsed = parsePatch(payload, { fallbackId, present: await presentTasks(store, sources) });
    return parsed.ok ? ok(await putPatch(store, parsed.value)) : parsed;
  };
