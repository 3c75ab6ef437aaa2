/** Edges of v3 plans and coordinator files: which gate, which only order, which are asks on a resource. */
import { edgeSchema, edgeStrength, isResourceEdge } from '../../model/edge.schema.ts';
import type { WrittenEdge } from '../../model/edge.schema.ts';
import type { DraftAsk, DraftEdge, DraftTask, Findings } from './draft.ts';
import { isRecord } from './read-task.ts';
import { schemaProblems } from './schema-problems.ts';
import type { Where } from './source.ts';
import { inside, problemAt } from './source.ts';
import { quote } from './words.ts';

export interface ReadEdges {
  readonly edges: readonly DraftEdge[];
  /** What resource edges make each task ask for. */
  readonly asks: ReadonlyMap<string, readonly DraftAsk[]>;
}

/** Which end of an edge to point at: the one that is more often wrong is the first that does not exist. */
const pointAt = (where: Where, edge: WrittenEdge, known: ReadonlySet<string>): Where =>
  inside(where, known.has(edge.from) && !known.has(edge.to) ? 'to' : 'from');

export const readEdges = (options: {
  readonly raw: readonly unknown[];
  readonly where: Where;
  readonly minConfidence: number;
  readonly ids: ReadonlySet<string>;
  readonly findings: Findings;
}): ReadEdges => {
  const { raw, where, minConfidence, ids, findings } = options;
  const edges: DraftEdge[] = [];
  const asks = new Map<string, DraftAsk[]>();
  for (const [index, item] of raw.entries()) {
    const at = inside(where, index);
    const parsed = edgeSchema.safeParse(item);
    if (!parsed.success) {
      findings.problems.push(...schemaProblems({ schema: edgeSchema, issues: parsed.error.issues, value: item, where: at }));
      continue;
    }
    const edge = parsed.data;
    const type = edgeStrength(edge, minConfidence);
    edges.push({ from: edge.from, to: edge.to, type, where: pointAt(at, edge, ids) });
    if (!isResourceEdge(edge)) continue;
    const resource = edge.shared_resource;
    if (resource === undefined) {
      const message = `the ${edge.type ?? ''} edge of ${quote(edge.from)} and ${quote(edge.to)} names no shared_resource: only the order is kept`;
      findings.warnings.push(problemAt({ code: 'TASKS1006', message, where: inside(at, 'type') }));
      continue;
    }
    for (const id of [edge.from, edge.to]) {
      const list = asks.get(id) ?? [];
      list.push({ resource, units: 1, declares: true, where: inside(at, 'shared_resource') });
      asks.set(id, list);
    }
  }
  return { edges, asks };
};

export const withAsks = (tasks: readonly DraftTask[], asks: ReadEdges['asks']): readonly DraftTask[] =>
  tasks.map((task) => {
    const more = asks.get(task.id);
    return more ? { ...task, asks: [...task.asks, ...more] } : task;
  });

/** Ids as written, of tasks that have one. */
export const idsOf = (raw: readonly unknown[]): ReadonlySet<string> =>
  new Set(raw.flatMap((task) => (isRecord(task) && typeof task['id'] === 'string' ? [task['id']] : [])));
