/**
 * Changes of tasks that there are already: the task's part as it was stored with the changes in it, and what that
 * comes to in the graph. Only what the changes bear on differs, so that what a task has from elsewhere (its phase, an
 * edge, an earlier patch) stays.
 */
import { isDeepStrictEqual } from 'node:util';
import type { TaskSpec } from '../../model/graph.ts';
import { isTaskId } from '../../model/ids.ts';
import type { PresentTask, TaskDifference, TaskFields, TaskUpdate } from '../../model/patch.ts';
import { taskSchema } from '../../model/task.schema.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { differenceOf, withChanges } from './field-changes.ts';
import type { Fields } from './field-changes.ts';
import { mapPatchNode, mapSpec } from './map-task.ts';
import { present } from './optional.ts';
import { changedAsks } from './patch-asks.ts';
import { checkPatchTask } from './patch-item.ts';
import type { PatchItem, Report } from './patch-item.ts';
import { isRecord } from './read-task.ts';
import { findings } from './schema-problems.ts';
import { pathText, quote } from './words.ts';

export interface PatchUpdates {
  readonly updates: readonly TaskUpdate[];
  /** The tasks' own parts from then on, in the order of the updates. */
  readonly specs: readonly TaskSpec[];
  readonly differences: readonly TaskDifference[];
}

interface Options {
  /** Of every task that is updated, if it exists. */
  readonly present: ReadonlyMap<string, PresentTask>;
  /** Tasks that the same patch brings. */
  readonly injected: ReadonlySet<string>;
  readonly executors: readonly string[] | undefined;
  readonly report: Report;
  readonly reportUnknown: (task: string) => void;
}

interface Change {
  readonly label: string;
  readonly changes: Fields;
}

/** By task: several updates of one are one, unless they contradict each other. */
const changesByTask = (items: readonly PatchItem[], report: Report): ReadonlyMap<string, Change> => {
  const byTask = new Map<string, Change>();
  for (const { label, raw, written } of items) {
    if (written.op !== 'update_task') continue;
    const changes = isRecord(raw['changes']) ? raw['changes'] : {};
    const before = byTask.get(written.task);
    for (const [key, value] of Object.entries(changes)) {
      if (before && Object.hasOwn(before.changes, key) && !isDeepStrictEqual(before.changes[key], value)) report(`${label}changes.${key}: another update of ${quote(written.task)} in this patch says otherwise`);
    }
    byTask.set(written.task, { label: before?.label ?? label, changes: { ...before?.changes, ...changes } });
  }
  return byTask;
};

/** As the common shape reads it; a format's own shape may hold what that does not know, and is then left out. */
const writtenOf = (id: string, fields: Fields): WrittenTask => {
  const parsed = taskSchema.safeParse({ ...fields, id });
  return parsed.success ? parsed.data : { id };
};

/** Compiled with the whole plan, but part of a field that can change otherwise. */
const checkCompiled = (before: WrittenTask, after: WrittenTask, label: string, report: Report): void => {
  if (!isDeepStrictEqual(before.scheduling_hints?.avoid_concurrent_with, after.scheduling_hints?.avoid_concurrent_with)) {
    report(`${label}changes.scheduling_hints.avoid_concurrent_with: what a task must not run beside is compiled with the whole plan`, 'State it as it was.');
  }
  if (!isDeepStrictEqual(before.resource_requirements?.peak, after.resource_requirements?.peak)) {
    report(`${label}changes.resource_requirements.peak: the room that is kept for peaks is computed with the whole plan`, 'State it as it was.');
  }
};

/** Keys that the changes bear on: also those that come out as they were written, where something else has changed them meanwhile. */
const touched = <T extends object>(before: T, base: T, after: T): readonly (keyof T & string)[] =>
  [...new Set([...Object.keys(before), ...Object.keys(base), ...Object.keys(after)] as (keyof T & string)[])].filter(
    (key) => !isDeepStrictEqual(after[key], before[key]) || !isDeepStrictEqual(after[key], base[key]),
  );

const updatedSpec = (spec: TaskSpec, before: Omit<TaskSpec, 'id'>, after: Omit<TaskSpec, 'id'>): TaskSpec => {
  const keys = touched(before, before, after);
  const kept = Object.entries(spec).filter(([key]) => !keys.some((each) => each === key));
  const set = keys.flatMap((key) => (after[key] === undefined ? [] : [[key, after[key]] as const]));
  return Object.fromEntries([...kept, ...set]) as unknown as TaskSpec;
};

const updateOf = (task: string, { label, changes }: Change, found: PresentTask, { executors, report }: Options): { readonly update: TaskUpdate; readonly spec: TaskSpec; readonly difference: TaskDifference } | undefined => {
  const { spec, source } = found;
  if (!isTaskId(task)) return undefined;
  const fields = withChanges(spec.fields, changes);
  const parsed = taskSchema.safeParse({ ...fields, id: task });
  if (!parsed.success) {
    for (const each of findings(parsed.error.issues, fields)) report(`${label}changes.${pathText(each.path)}: ${each.message}`, each.hint);
    return undefined;
  }
  const after = parsed.data;
  const before = writtenOf(task, spec.fields);
  const base = writtenOf(task, withChanges(spec.fields, Object.fromEntries(Object.keys(changes).map((key) => [key, null]))));
  checkPatchTask(after, `${label}changes.`, executors, report);
  checkCompiled(before, after, label, report);
  const node = mapPatchNode(after);
  const keys = touched(mapPatchNode(before), mapPatchNode(base), node);
  const set = Object.fromEntries(keys.flatMap((key) => (node[key] === undefined ? [] : [[key, node[key]]]))) as TaskFields;
  const unset = keys.filter((key) => node[key] === undefined) as (keyof TaskFields)[];
  const update: TaskUpdate = {
    task,
    from: source,
    ...present({ set: Object.keys(set).length > 0 ? set : undefined, unset: unset.length > 0 ? unset : undefined }),
    ...changedAsks(before, after),
  };
  return { update, spec: updatedSpec(spec, mapSpec(before, spec.fields), mapSpec(after, fields)), difference: differenceOf(task, spec.fields, fields) };
};

export const readUpdates = (items: readonly PatchItem[], options: Options): PatchUpdates => {
  const { injected, report, reportUnknown } = options;
  const read = [...changesByTask(items, report)].flatMap(([task, change]) => {
    const found = options.present.get(task);
    if (injected.has(task)) report(`${change.label}task: ${quote(task)} is injected by the same patch`, 'State all of it there.');
    else if (!found) reportUnknown(task);
    else return updateOf(task, change, found, options) ?? [];
    return [];
  });
  return { updates: read.map(({ update }) => update), specs: read.map(({ spec }) => spec), differences: read.map(({ difference }) => difference) };
};
