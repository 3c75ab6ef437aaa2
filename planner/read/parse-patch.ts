/** A hot update as it arrived to a patch the scheduler can apply: checked, several merged into one. */
import type { TaskSpec } from '../../model/graph.ts';
import { isTaskId } from '../../model/ids.ts';
import type { TaskId } from '../../model/ids.ts';
import { MAX_PATCH_LENGTH } from '../../model/patch.ts';
import type { InjectedTask, ParsedPatch, PresentTask, TaskDifference } from '../../model/patch.ts';
import { hotUpdateSchema } from '../../model/patch.schema.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { askOf, mergeAsks, namedAsks } from './map-asks.ts';
import { mapPatchNode, mapSpec } from './map-task.ts';
import { MAX_DEPTH } from './limits.ts';
import { present } from './optional.ts';
import { addedEdges, removedEdges } from './patch-edges.ts';
import { checkPatchTask, patchProblem } from './patch-item.ts';
import type { PatchItem, Report } from './patch-item.ts';
import { resourceChanges } from './patch-resources.ts';
import { cancellations, priorities } from './patch-targets.ts';
import { readUpdates } from './patch-updates.ts';
import { isRecord } from './read-task.ts';
import { findings } from './schema-problems.ts';
import { pathText, quote } from './words.ts';

/** Patches in one payload. */
const MAX_PATCHES = 1_000;

export interface ParsePatchOptions {
  /** Stands in for a patch without an id of its own. */
  readonly fallbackId: string;
  /** Those there are. Undefined where only the execution knows: it refuses what it does not have. */
  readonly executors?: readonly string[] | undefined;
  /** The tasks that `tasksToUpdate` (`model/patch-payload.ts`) names, those of them that exist. */
  readonly present?: ReadonlyMap<string, PresentTask>;
}

export interface PatchParts {
  readonly patch: Omit<ParsedPatch, 'source'>;
  /** The tasks' own parts: of the injected ones, in the order of `patch.tasks`, then of the updated ones. */
  readonly specs: readonly TaskSpec[];
  /** What the updates change, for people. */
  readonly differences: readonly TaskDifference[];
}

const isNestedTooDeep = (payload: unknown): boolean => {
  const pending: { value: unknown; depth: number }[] = [{ value: payload, depth: 0 }];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    if (typeof entry.value !== 'object' || entry.value === null) continue;
    if (entry.depth >= MAX_DEPTH) return true;
    for (const value of Object.values(entry.value)) pending.push({ value, depth: entry.depth + 1 });
  }
  return false;
};

const readItem = (raw: unknown, label: string, report: Report): PatchItem | undefined => {
  const parsed = hotUpdateSchema.safeParse(raw);
  if (parsed.success) return { label, raw: isRecord(raw) ? raw : {}, written: parsed.data };
  for (const found of findings(parsed.error.issues, raw)) report(`${label}${pathText(found.path) || 'the patch'}: ${found.message}`, found.hint);
  return undefined;
};

const injected = (items: readonly PatchItem[], locksOf: ReadonlyMap<string, readonly string[]>, executors: readonly string[] | undefined, report: Report): { tasks: InjectedTask[]; specs: TaskSpec[] } => {
  const tasks = new Map<string, { task: InjectedTask; spec: TaskSpec }>();
  for (const { label, raw, written } of items) {
    if (written.op !== 'inject_task') continue;
    const id = written.task.id as TaskId;
    if (!isTaskId(id)) report(`${label}task.id: ${quote(id)} cannot be an id`);
    checkPatchTask(written.task, `${label}task.`, executors, report);
    if (tasks.has(id)) report(`${label}task.id: ${quote(id)} is injected twice`);
    const fields = isRecord(raw['task']) ? raw['task'] : {};
    // Only what it names: groups and scopes are compiled with the whole plan.
    const locks = (locksOf.get(id) ?? []).map((resource) => ({ resource, access: 'write' as const }));
    const asks = mergeAsks([...namedAsks(written.task), ...locks].map(askOf));
    tasks.set(id, { task: { id, ...mapPatchNode(written.task), ...(asks && { asks }) }, spec: { id, ...mapSpec(written.task, fields) } });
  }
  const parts = [...tasks.values()];
  return { tasks: parts.map((part) => part.task), specs: parts.map((part) => part.spec) };
};

const joined = (texts: readonly (string | undefined)[], separator: string): string | undefined => {
  const distinct = [...new Set(texts.filter((text) => text !== undefined))];
  return distinct.length > 0 ? distinct.join(separator) : undefined;
};

/**
 * Several patches become one, applied whole or not at all: its id is theirs, joined by `+` where they differ,
 * and their expected versions must agree. Says nothing of the live graph: unknown tasks, cycles and states are
 * the scheduler's to judge, but for the tasks that are updated, which must be there to be changed.
 *
 * @returns all problems, when anything is wrong: TASKS3006 with the payload itself, TASKS3004 with tasks to update.
 */
export const parsePatch = (payload: unknown, options: ParsePatchOptions): Result<PatchParts> => {
  const { fallbackId, executors, present: tasksNow = new Map<string, PresentTask>() } = options;
  if (isNestedTooDeep(payload)) return fail([patchProblem(`the patch is nested deeper than ${MAX_DEPTH} levels`)]);
  const list: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  if (list.length === 0) return fail([patchProblem('an empty list of patches changes nothing')]);
  if (list.length > MAX_PATCHES) return fail([patchProblem(`${list.length} patches at once are more than ${MAX_PATCHES}`)]);
  const problems: Problem[] = [];
  const report: Report = (message, hint) => void problems.push(patchProblem(message, hint));
  const items = list.flatMap((raw, at) => readItem(raw, Array.isArray(payload) ? `[${at}].` : '', report) ?? []);
  const ids = new Set(items.flatMap(({ written }) => (written.op === 'inject_task' ? [written.task.id] : [])));
  const written = items.flatMap(({ label, written }) => (written.op === 'modify_resource' ? [{ label, changes: written.resources, tasks: written.tasks ?? [] }] : []));
  const resources = resourceChanges(written, ids, report);
  const { tasks, specs } = injected(items, resources.injected, executors, report);
  const edges = addedEdges(items, report);
  const changed = readUpdates(items, {
    present: tasksNow,
    injected: ids,
    executors,
    report,
    reportUnknown: (task) => void problems.push({ code: 'TASKS3004', message: `no task ${quote(task)} to update in this execution` }),
  });
  const versions = new Set(items.flatMap(({ written }) => written.expected_version ?? []));
  if (versions.size > 1) report(`the patches expect different versions: ${[...versions].join(', ')}`);
  const [expectedVersion] = versions;
  const patch = present({
    id: joined(items.map(({ written }) => written.id), '+') ?? fallbackId,
    expectedVersion,
    by: joined(items.map(({ written }) => written.by), ', '),
    reason: joined(items.map(({ written }) => written.reason), '; '),
    tasks,
    edges,
    removed: removedEdges(items, report),
    updates: changed.updates.length > 0 ? changed.updates : undefined,
    priorities: priorities(items, report),
    cancelled: cancellations(items, report),
    resources: resources.changes,
  });
  const { length } = JSON.stringify(patch);
  if (length > MAX_PATCH_LENGTH) report(`the patch comes to ${length.toLocaleString('en')} characters, more than the ${MAX_PATCH_LENGTH.toLocaleString('en')} of one`, 'Send it in several.');
  if (problems.length > 0) return fail(problems);
  return ok({ patch, specs: [...specs, ...changed.specs], differences: changed.differences });
};
