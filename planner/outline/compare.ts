/** What has changed from one plan to another: tasks by id, dependencies, estimates, resources. */
import canonicalize from 'canonicalize';
import type { StoredPlan } from '../../model/graph.ts';
import { outlineOf } from './outline.ts';
import type { OutlineTask } from './outline.ts';

export interface FieldChange {
  readonly field: string;
  /** Undefined where it was not, or is no more. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface EdgeOf {
  readonly from: string;
  readonly to: string;
  readonly type: 'hard' | 'soft';
}

export interface PlanDifference {
  readonly tasks: {
    readonly added: readonly { readonly id: string; readonly title: string }[];
    readonly removed: readonly { readonly id: string; readonly title: string }[];
    readonly changed: readonly { readonly id: string; readonly fields: readonly FieldChange[] }[];
  };
  readonly edges: { readonly added: readonly EdgeOf[]; readonly removed: readonly EdgeOf[]; readonly changed: readonly (EdgeOf & { readonly before: EdgeOf['type'] })[] };
  /** Hours, of tasks that are in both. */
  readonly estimates: readonly { readonly id: string; readonly before: number; readonly after: number }[];
  readonly hours: { readonly before: number; readonly after: number };
  readonly resources: { readonly added: readonly string[]; readonly removed: readonly string[]; readonly changed: readonly { readonly name: string; readonly fields: readonly FieldChange[] }[] };
  readonly isSame: boolean;
}

/** Follows from what else is there, or is shown apart. */
const DERIVED: ReadonlySet<string> = new Set(['contentHash', 'deps', 'depends_on', 'soft_deps']);

const text = (value: unknown): string => {
  try {
    return canonicalize(value) ?? '';
  } catch {
    return JSON.stringify(value);
  }
};

/** In the order of their names. */
const fieldChanges = (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, ignored: ReadonlySet<string>): readonly FieldChange[] => {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !ignored.has(key)).sort();
  return keys.flatMap((field): FieldChange[] => {
    const [old, now] = [before, after].map((each) => (Object.hasOwn(each, field) ? each[field] : undefined));
    if (text(old) === text(now)) return [];
    return [{ field, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) }];
  });
};

const edgesOf = (tasks: readonly OutlineTask[]): ReadonlyMap<string, EdgeOf> =>
  new Map(tasks.flatMap(({ id, after, afterSoft }) => [...afterSoft.map((from) => ({ from, to: id, type: 'soft' as const })), ...after.map((from) => ({ from, to: id, type: 'hard' as const }))]).map((edge) => [`${edge.from} ${edge.to}`, edge]));

/** Those of a map that another one lacks. */
const lacking = <T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, unknown>): readonly T[] => [...one].flatMap(([key, value]) => (other.has(key) ? [] : [value]));

const compareEdges = (before: readonly OutlineTask[], after: readonly OutlineTask[]): PlanDifference['edges'] => {
  const [old, now] = [edgesOf(before), edgesOf(after)];
  const changed = [...now].flatMap(([key, edge]) => {
    const was = old.get(key);
    return was && was.type !== edge.type ? [{ ...edge, before: was.type }] : [];
  });
  return { added: lacking(now, old), removed: lacking(old, now), changed };
};

/** Locks of files follow from what the tasks say that they write. */
const resourcesOf = ({ graph }: StoredPlan) => new Map((graph.resources ?? []).filter(({ name }) => !name.startsWith('files:')).map((resource) => [resource.name, resource]));

const compareResources = (before: StoredPlan, after: StoredPlan): PlanDifference['resources'] => {
  const [old, now] = [resourcesOf(before), resourcesOf(after)];
  const changed = [...now].flatMap(([name, resource]) => {
    const fields = fieldChanges({ ...old.get(name) }, { ...resource }, new Set());
    return old.has(name) && fields.length > 0 ? [{ name, fields }] : [];
  });
  return { added: lacking(now, old).map(({ name }) => name), removed: lacking(old, now).map(({ name }) => name), changed };
};

export const comparePlans = (before: StoredPlan, after: StoredPlan): PlanDifference => {
  const [one, other] = [outlineOf(before), outlineOf(after)];
  const [old, now] = [one, other].map(({ tasks }) => new Map(tasks.map((task) => [task.id, task])));
  const [oldSpecs, newSpecs] = [before, after].map(({ tasks }) => new Map<string, Readonly<Record<string, unknown>>>(tasks.map(({ id, fields }) => [id, fields])));
  const both = other.tasks.filter(({ id }) => old?.has(id));
  const changed = both.flatMap(({ id }) => {
    const fields = fieldChanges(oldSpecs?.get(id) ?? {}, newSpecs?.get(id) ?? {}, DERIVED);
    return fields.length > 0 ? [{ id, fields }] : [];
  });
  const named = (tasks: readonly OutlineTask[]) => tasks.map(({ id, title }) => ({ id, title }));
  const tasks = { added: named(lacking(now ?? new Map(), old ?? new Map())), removed: named(lacking(old ?? new Map(), now ?? new Map())), changed };
  const edges = compareEdges(one.tasks, other.tasks);
  const estimates = both.flatMap(({ id, hours }) => {
    const was = old?.get(id)?.hours ?? hours;
    return was === hours ? [] : [{ id, before: was, after: hours }];
  });
  const resources = compareResources(before, after);
  const isSame = [tasks.added, tasks.removed, changed, edges.added, edges.removed, edges.changed, estimates, resources.added, resources.removed, resources.changed].every((list) => list.length === 0);
  return { tasks, edges, estimates, hours: { before: one.hours, after: other.hours }, resources, isSame };
};
