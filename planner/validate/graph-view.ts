/** The dependencies of `tasks.json` as a graph: what gates, and what only keeps tasks apart. */
import { isRecord } from '../read/read-task.ts';
import type { Preds } from '../../scheduler/graph/order.ts';
import type { Item } from './item.ts';
import { member, numberOf, textOf } from './item.ts';

export interface EdgeView {
  readonly item: Item;
  readonly from: number;
  readonly to: number;
  readonly type: string | undefined;
  /** Hard, and certain enough. */
  readonly gates: boolean;
  /** Two tasks that merely want the same thing. */
  readonly isResource: boolean;
}

export interface GraphView {
  /** In the order of the file; of an id that stands twice, the first. */
  readonly index: ReadonlyMap<string, number>;
  readonly ids: readonly string[];
  /** Of known tasks only. */
  readonly edges: readonly EdgeView[];
  /** Predecessors by what gates, each once, without mutual exclusions. */
  readonly hard: Preds;
  /** And with them, in the order that they state. */
  readonly directed: Preds;
}

const RESOURCE_TYPES: ReadonlySet<string | undefined> = new Set(['mutual_exclusion', 'resource_limited']);

export const isResourceType = (type: string | undefined): boolean => RESOURCE_TYPES.has(type);

const predsOf = (size: number, edges: readonly EdgeView[]): Preds => {
  const sets = Array.from({ length: size }, () => new Set<number>());
  for (const { from, to } of edges) sets[to]?.add(from);
  return sets.map((set) => [...set].sort((a, b) => a - b));
};

/** `deps`, `depends_on`: fields of the common shape, which the reader takes here too. They always gate. */
const ownDeps = (task: Item): readonly string[] =>
  ['deps', 'depends_on'].flatMap((key) => {
    const list = member(task, key).value;
    if (!Array.isArray(list)) return [];
    return list.flatMap((each: unknown) => {
      if (typeof each === 'string') return [each];
      return isRecord(each) && typeof each['id'] === 'string' && each['type'] !== 'soft' ? [each['id']] : [];
    });
  });

export const graphView = (options: { readonly tasks: readonly Item[]; readonly dependencies: readonly Item[]; readonly minConfidence: number }): GraphView => {
  const { tasks, dependencies, minConfidence } = options;
  const index = new Map<string, number>();
  for (const [at, task] of tasks.entries()) {
    const id = textOf(member(task, 'id'));
    if (id !== undefined && !index.has(id)) index.set(id, at);
  }
  const edge = (item: Item, ends: { readonly from: string | undefined; readonly to: string | undefined }, type: string | undefined, gates: boolean): readonly EdgeView[] => {
    const from = index.get(ends.from ?? '');
    const to = index.get(ends.to ?? '');
    return from === undefined || to === undefined ? [] : [{ item, from, to, type, gates, isResource: isResourceType(type) }];
  };
  const listed = dependencies.flatMap((item) => {
    const type = textOf(member(item, 'type'));
    const isHard = member(item, 'isHard').value !== false && type !== 'soft';
    const gates = isHard && (type === 'hard' || (numberOf(member(item, 'confidence')) ?? 1) >= minConfidence);
    return edge(item, { from: textOf(member(item, 'from')), to: textOf(member(item, 'to')) }, type, gates);
  });
  const own = tasks.flatMap((task) => ownDeps(task).flatMap((from) => edge(task, { from, to: textOf(member(task, 'id')) }, undefined, true)));
  const edges = [...listed, ...own];
  const gating = edges.filter(({ gates }) => gates);
  return {
    index,
    ids: tasks.map((task) => textOf(member(task, 'id')) ?? ''),
    edges,
    hard: predsOf(tasks.length, gating.filter(({ isResource }) => !isResource)),
    directed: predsOf(tasks.length, gating),
  };
};
