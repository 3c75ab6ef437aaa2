/** The hot update that an attempt answers with. It comes from a program: hostile until checked. */
import { open } from 'node:fs/promises';
import { constants } from 'node:fs';
import type { Client } from '@temporalio/client';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { INTERNAL_QUERY } from '../../model/message.ts';
import type { SourcesQuery, TaskSource } from '../../model/message.ts';
import { MAX_PATCH_LENGTH } from '../../model/patch.ts';
import type { ParsedPatch } from '../../model/patch.ts';
import { tasksToUpdate } from '../../model/patch-payload.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import { parsePatch } from '../../planner/read/parse-patch.ts';
import type { PlanStore } from '../../store/plan-store.ts';
import { presentTasks } from '../../store/present-tasks.ts';
import { putPatch } from '../../store/put-patch.ts';
import { onceLoaded } from '../../temporal/once-loaded.ts';

const PATIENCE_MS = 60_000;

/** Turns what an answer says into a patch whose tasks are stored; or into why it is none. */
export type PatchReader = (request: { readonly execution: ExecutionId; readonly payload: unknown; readonly fallbackId: string }) => Promise<Result<ParsedPatch, string>>;

export const createPatchReader =
  ({ store, client }: { readonly store: PlanStore; readonly client: Client }): PatchReader =>
  async ({ execution, payload, fallbackId }) => {
    const wanted: SourcesQuery = { tasks: tasksToUpdate(payload) };
    const handle = client.workflow.getHandle(executionWorkflowId(execution));
    // What an agent has worked on for long is not thrown away because the execution goes over to another run just now.
    const sources = wanted.tasks.length > 0 ? await onceLoaded(() => handle.query<readonly TaskSource[], [SourcesQuery]>(INTERNAL_QUERY.sources, wanted), PATIENCE_MS) : [];
    const parsed = parsePatch(payload, { fallbackId, present: await presentTasks(store, sources) });
    return parsed.ok ? ok(await putPatch(store, parsed.value)) : fail(parsed.error.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`)).join('; '));
  };

/** Its text; undefined when nothing was written. */
const readText = async (path: string): Promise<Result<string | undefined, string>> => {
  // Non-blocking: opening a named pipe must not wait for a writer; no link leads elsewhere.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch(() => undefined);
  if (!file) return ok(undefined);
  try {
    const entry = await file.stat();
    const { size } = entry;
    if (!entry.isFile()) return fail('it is no regular file');
    if (size > MAX_PATCH_LENGTH) return fail(`it has ${size.toLocaleString('en')} bytes, more than ${MAX_PATCH_LENGTH.toLocaleString('en')}`);
    const text = await file.readFile('utf8');
    return ok(text.trim() === '' ? undefined : text);
  } finally {
    await file.close();
  }
};

const parseJson = (text: string): Result<unknown, string> => {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return fail(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** The answer in the file; undefined when there is none, or it changes nothing. */
export const readAnswer = async (request: { readonly path: string; readonly execution: ExecutionId; readonly fallbackId: string; readonly read: PatchReader }): Promise<Result<ParsedPatch | undefined, string>> => {
  const text = await readText(request.path);
  if (!text.ok) return text;
  if (text.value === undefined) return ok(undefined);
  const payload = parseJson(text.value);
  if (!payload.ok) return payload;
  if (Array.isArray(payload.value) && payload.value.length === 0) return ok(undefined);
  return request.read({ execution: request.execution, payload: payload.value, fallbackId: request.fallbackId });
};
