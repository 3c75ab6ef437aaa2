/** Checks a hot update from anybody against its schema, and stores the parts of its tasks where workers find them. */
import type { ParsePatchRequest } from '../model/activity.ts';
import type { ParsedPatch } from '../model/patch.ts';
import { ok } from '../model/problem.ts';
import type { Result } from '../model/problem.ts';
import { parsePatch } from '../planner/read/parse-patch.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { putPatch } from '../store/put-patch.ts';

export const createParsePatch =
  ({ store }: { readonly store: PlanStore }) =>
  async ({ payload, fallbackId }: ParsePatchRequest): Promise<Result<ParsedPatch>> => {
    const parsed = parsePatch(payload, { fallbackId });
    return parsed.ok ? ok(await putPatch(store, parsed.value)) : parsed;
  };
