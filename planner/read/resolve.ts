/** Ids and edges of a draft, checked: what remains is a graph of indices. */
import type { Problem } from '../../model/problem.ts';
import { ID_MAX_LENGTH, isTaskId } from '../../model/ids.ts';
import { findCycles } from '../graph/cycles.ts';
import { softEdgesToDrop } from '../graph/soft-edges.ts';
import type { IndexEdge } from '../../scheduler/graph/growing-order.ts';
import type { DraftEdge, DraftTask, Findings } from './draft.ts';
import { MAX_PROBLEMS } from './limits.ts';
import { inside, placeOf, problemAt } from './source.ts';
import { didYouMean, quote } from './words.ts';

/** Index of each id; of an id that stands twice, the first. */
export const indexIds = (tasks: readonly DraftTask[], findings: Findings): ReadonlyMap<string, number> => {
  const indices = new Map<string, number>();
  for (const [index, task] of tasks.entries()) {
    const first = tasks[indices.get(task.id) ?? -1];
    if (first) {
      findings.problems.push(
        problemAt({
          code: 'TASKS1202',
          message: `two tasks have the id ${quote(task.id)}`,
          where: inside(task.where, 'id'),
          hint: 'Ids are unique within the whole plan.',
          related: [{ message: `${quote(task.id)} first stands here`, place: placeOf(inside(first.where, 'id')) }],
        }),
      );
      continue;
    }
    indices.set(task.id, index);
    if (isTaskId(task.id)) continue;
    findings.problems.push(
      problemAt({
        code: 'TASKS1201',
        message: `${quote(task.id)} cannot be an id`,
        where: inside(task.where, 'id'),
        hint: `An id starts with a letter or a digit and holds letters, digits, ".", "_" and "-", at most ${ID_MAX_LENGTH} characters.`,
      }),
    );
  }
  return indices;
};

/** An edge between tasks that exist, with what asked for it. */
export interface ResolvedEdge extends IndexEdge {
  readonly draft: DraftEdge;
}

export interface ResolvedEdges {
  readonly hard: readonly ResolvedEdge[];
  readonly soft: readonly ResolvedEdge[];
}

/** Each pair once; where it is both hard and soft, hard. Unknown ids and self-dependencies are problems. */
export const resolveEdges = (options: {
  readonly edges: readonly DraftEdge[];
  readonly indices: ReadonlyMap<string, number>;
  readonly findings: Findings;
}): ResolvedEdges => {
  const { edges, indices, findings } = options;
  const unknown = new Set<string>();
  const report = (problem: Problem): number => findings.problems.push(problem);
  const reportUnknown = (id: string, edge: DraftEdge): void => {
    const key = `${id} ${edge.from} ${edge.to}`;
    if (unknown.has(key)) return;
    unknown.add(key);
    // Looking for a likely id takes time in proportion to the plan: not for thousands of them.
    const hint = unknown.size <= MAX_PROBLEMS / 10 ? didYouMean(id, indices.keys()) : undefined;
    const whose = id === edge.from ? `${quote(edge.to)} depends on ${quote(id)}` : `an edge leads to ${quote(id)}`;
    report(problemAt({ code: 'TASKS1203', message: `${whose}, which does not exist`, where: edge.where, hint }));
  };
  const pairs = { hard: new Map<number, ResolvedEdge>(), soft: new Map<number, ResolvedEdge>() };
  for (const edge of edges) {
    const from = indices.get(edge.from);
    const to = indices.get(edge.to);
    if (edge.from === edge.to) {
      report(problemAt({ code: 'TASKS1204', message: `${quote(edge.to)} depends on itself`, where: edge.where }));
      continue;
    }
    if (from === undefined) reportUnknown(edge.from, edge);
    if (to === undefined) reportUnknown(edge.to, edge);
    if (from !== undefined && to !== undefined) {
      const key = to * indices.size * 2 + from;
      if (!pairs[edge.type].has(key)) pairs[edge.type].set(key, { from, to, draft: edge });
    }
  }
  const hard = [...pairs.hard.values()];
  return { hard, soft: [...pairs.soft].filter(([key]) => !pairs.hard.has(key)).map(([, edge]) => edge) };
};

const predsOf = (count: number, edges: readonly IndexEdge[]): number[][] => {
  const preds: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of edges) preds[to]?.push(from);
  return preds;
};

const cycleProblem = (cycle: readonly number[], tasks: readonly DraftTask[], hard: readonly ResolvedEdge[]): Problem => {
  const id = (index: number | undefined): string => tasks[index ?? -1]?.id ?? '?';
  const wanted = new Map(cycle.map((from, at) => [`${from} ${cycle[(at + 1) % cycle.length]}`, at]));
  const edges: ResolvedEdge[] = [];
  for (const edge of hard) {
    const at = wanted.get(`${edge.from} ${edge.to}`);
    if (at !== undefined) edges[at] = edge;
  }
  const path = [...cycle, cycle[0]].map(id).join(' → ');
  const message = `the dependencies form a cycle: ${path}`;
  const related = edges.map((edge) => ({
    message: `${id(edge.to)} depends on ${id(edge.from)}`,
    place: placeOf(edge.draft.where),
  }));
  const hint = 'Take one of these dependencies out, or make it soft.';
  const where = edges[0]?.draft.where;
  return where ? problemAt({ code: 'TASKS1205', message, where, hint, related }) : { code: 'TASKS1205', message, hint, related };
};

export interface Preds {
  readonly hard: readonly (readonly number[])[];
  readonly soft: readonly (readonly number[])[];
}

/** Refuses hard cycles; drops, with a warning, each soft edge that would close one. */
export const breakCycles = (options: {
  readonly tasks: readonly DraftTask[];
  readonly edges: ResolvedEdges;
  readonly findings: Findings;
}): Preds => {
  const { tasks, edges, findings } = options;
  const hard = predsOf(tasks.length, edges.hard);
  const cycles = findCycles(hard);
  if (cycles.length > 0) {
    findings.problems.push(...cycles.map((cycle) => cycleProblem(cycle, tasks, edges.hard)));
    return { hard, soft: [] };
  }
  const dropped = softEdgesToDrop({ hard, soft: edges.soft });
  for (const [at, edge] of edges.soft.entries()) {
    if (!dropped.has(at)) continue;
    const { from, to, where } = edge.draft;
    const message = `the soft dependency of ${quote(to)} on ${quote(from)} would close a cycle and is dropped`;
    findings.warnings.push(problemAt({ code: 'TASKS1205', message, where }));
  }
  return { hard, soft: predsOf(tasks.length, edges.soft.filter((_, at) => !dropped.has(at))) };
};
