/** A hot update as it arrived to a patch the scheduler can apply: checked, several merged into one. */
import { edgeStrength } from '../../model/edge.schema.ts';
import { DEFAULT_MIN_CONFIDENCE } from '../../model/edge.schema.ts';
import type { WrittenEdge } from '../../model/edge.schema.ts';
import type { TaskSpec } from '../../model/graph.ts';
import { isTaskId } from '../../model/ids.ts';
import type { TaskId } from '../../model/ids.ts';
import type { InjectedTask, ParsedPatch, PatchEdge } from '../../model/patch.ts';
import { hotUpdateSchema } from '../../model/patch.schema.ts';
import type { WrittenHotUpdate } from '../../model/patch.schema.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { pathsOutside } from './check-paths.ts';
import { EXECUTORS } from './compile.ts';
import { askOf, mergeAsks, namedAsks } from './map-asks.ts';
import { compensationProblem } from './map-compensation.ts';
import { mapNode, mapSpec } from './map-task.ts';
import { capabilityTooMany, TOO_MANY_CAPABILITIES } from './map-workers.ts';
import { MAX_DEPTH } from './limits.ts';
import { resourceChanges } from './patch-resources.ts';
import { isRecord } from './read-task.ts';
import { findings } from './schema-problems.ts';
import { didYouMean, pathText, quote } from './words.ts';

/** Patches in one payload, and the edges they may bring in all. */
const MAX_PATCHES = 1_000;
const MAX_PATCH_EDGES = 50_000;

export interface ParsePatchOptions {
  /** Stands in for a patch without an id of its own. */
  readonly fallbackId: string;
  readonly executors?: readonly string[];
}

export interface PatchParts {
  readonly patch: Omit<ParsedPatch, 'source'>;
  /** The injected tasks' own parts, in the order of `patch.tasks`. */
  readonly specs: readonly TaskSpec[];
}

const problem = (message: string, hint?: string): Problem => ({
  code: 'TASKS3006',
  message,
  ...(hint === undefined ? {} : { hint }),
});

const isNestedTooDeep = (payload: unknown): boolean => {
  const pending: { value: unknown; depth: number }[] = [{ value: payload, depth: 0 }];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    if (typeof entry.value !== 'object' || entry.value === null) continue;
    if (entry.depth >= MAX_DEPTH) return true;
    for (const value of Object.values(entry.value)) pending.push({ value, depth: entry.depth + 1 });
  }
  return false;
};

interface Item {
  /** `` or `[3].`, for messages. */
  readonly label: string;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly written: WrittenHotUpdate;
}

const readItem = (raw: unknown, label: string, problems: Problem[]): Item | undefined => {
  const parsed = hotUpdateSchema.safeParse(raw);
  if (parsed.success) return { label, raw: isRecord(raw) ? raw : {}, written: parsed.data };
  for (const found of findings(parsed.error.issues, raw)) {
    problems.push(problem(`${label}${pathText(found.path) || 'the patch'}: ${found.message}`, found.hint));
  }
  return undefined;
};

const dependencyEdges = (task: WrittenTask): readonly WrittenEdge[] => {
  const one = (item: string | { id: string; type?: 'hard' | 'soft' | undefined }, type: 'hard' | 'soft'): WrittenEdge =>
    typeof item === 'string' ? { from: item, to: task.id, type } : { from: item.id, to: task.id, type: item.type ?? type };
  return [
    ...[...(task.deps ?? []), ...(task.depends_on ?? [])].map((item) => one(item, 'hard')),
    ...(task.soft_deps ?? []).map((item) => one(item, 'soft')),
  ];
};

const edgesOf = (written: WrittenHotUpdate): readonly WrittenEdge[] => [
  ...('task' in written ? dependencyEdges(written.task) : []),
  ...('edges' in written ? (written.edges ?? []) : []),
];

const checkTask = (task: WrittenTask, label: string, executors: readonly string[], problems: Problem[]): void => {
  if (!isTaskId(task.id)) problems.push(problem(`${label}task.id: ${quote(task.id)} cannot be an id`));
  const { executor } = task;
  if (executor !== undefined && !executors.includes(executor)) {
    const hint = didYouMean(executor, executors) ?? `There are: ${executors.join(', ')}.`;
    problems.push(problem(`${label}task.executor: there is no executor ${quote(executor)}`, hint));
  }
  if (executor === 'command' && task.cmd === undefined) {
    problems.push(problem(`${label}task.executor: the executor "command" needs a cmd`));
  }
  const twofold = compensationProblem(task);
  if (twofold !== undefined) problems.push(problem(`${label}task: ${twofold}`));
  const tooMany = capabilityTooMany(task);
  if (tooMany) problems.push(problem(`${label}${pathText(['task', ...tooMany])}: ${TOO_MANY_CAPABILITIES}`));
  for (const { at, text } of pathsOutside(task)) {
    problems.push(problem(`${label}${pathText(['task', ...at])}: the path ${quote(text)} leads out of the workspace`));
  }
};

/** Each pair once, the hard one of two. */
const mergeEdges = (items: readonly Item[], problems: Problem[]): readonly PatchEdge[] => {
  const merged = new Map<string, PatchEdge>();
  for (const { label, written } of items) {
    for (const edge of edgesOf(written)) {
      const { from, to } = edge;
      if (!isTaskId(from) || !isTaskId(to)) {
        problems.push(problem(`${label}edges: ${quote(isTaskId(from) ? to : from)} cannot be an id`));
      } else if (from === to) problems.push(problem(`${label}edges: ${quote(to)} would depend on itself`));
      else {
        const key = `${from} ${to}`;
        const type = edgeStrength(edge, DEFAULT_MIN_CONFIDENCE);
        if (type === 'hard' || !merged.has(key)) merged.set(key, { from, to, type });
      }
    }
  }
  if (merged.size > MAX_PATCH_EDGES) problems.push(problem(`a patch may bring ${MAX_PATCH_EDGES} edges, not ${merged.size}`));
  return [...merged.values()];
};

const injected = (items: readonly Item[], locksOf: ReadonlyMap<string, readonly string[]>, problems: Problem[]): { tasks: InjectedTask[]; specs: TaskSpec[] } => {
  const tasks = new Map<string, { task: InjectedTask; spec: TaskSpec }>();
  for (const { label, raw, written } of items) {
    if (!('task' in written)) continue;
    const id = written.task.id as TaskId;
    if (tasks.has(id)) problems.push(problem(`${label}task.id: ${quote(id)} is injected twice`));
    const fields = isRecord(raw['task']) ? raw['task'] : {};
    // Only what it names: groups and scopes are compiled with the whole plan.
    const locks = (locksOf.get(id) ?? []).map((resource) => ({ resource, access: 'write' as const }));
    const asks = mergeAsks([...namedAsks(written.task), ...locks].map(askOf));
    tasks.set(id, { task: { id, ...mapNode(written.task), ...(asks && { asks }) }, spec: { id, ...mapSpec(written.task, fields) } });
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
 * the scheduler's to judge.
 *
 * @returns TASKS3006 problems, all of them, when anything is wrong with the payload itself.
 */
export const parsePatch = (payload: unknown, options: ParsePatchOptions): Result<PatchParts> => {
  const { fallbackId, executors = EXECUTORS } = options;
  if (isNestedTooDeep(payload)) return fail([problem(`the patch is nested deeper than ${MAX_DEPTH} levels`)]);
  const list: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  if (list.length === 0) return fail([problem('an empty list of patches changes nothing')]);
  if (list.length > MAX_PATCHES) return fail([problem(`${list.length} patches at once are more than ${MAX_PATCHES}`)]);
  const problems: Problem[] = [];
  const items = list.flatMap((raw, at) => readItem(raw, Array.isArray(payload) ? `[${at}].` : '', problems) ?? []);
  for (const { label, written } of items) if ('task' in written) checkTask(written.task, label, executors, problems);
  const edges = mergeEdges(items, problems);
  const ids = new Set(items.flatMap(({ written }) => ('task' in written ? [written.task.id] : [])));
  const written = items.flatMap(({ label, written }) => (written.op === 'modify_resource' ? [{ label, changes: written.resources, tasks: written.tasks ?? [] }] : []));
  const resources = resourceChanges(written, ids, (message, hint) => problems.push(problem(message, hint)));
  const { tasks, specs } = injected(items, resources.injected, problems);
  const versions = new Set(items.flatMap(({ written }) => written.expected_version ?? []));
  if (versions.size > 1) problems.push(problem(`the patches expect different versions: ${[...versions].join(', ')}`));
  if (problems.length > 0) return fail(problems);
  const [expectedVersion] = versions;
  const by = joined(items.map(({ written }) => written.by), ', ');
  const reason = joined(items.map(({ written }) => written.reason), '; ');
  const patch = {
    id: joined(items.map(({ written }) => written.id), '+') ?? fallbackId,
    ...(expectedVersion === undefined ? {} : { expectedVersion }),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    tasks,
    edges,
    ...(resources.changes === undefined ? {} : { resources: resources.changes }),
  };
  return ok({ patch, specs });
};
