/** What mends the findings, as a hot update that `tasks patch` takes. */
import { createHash } from 'node:crypto';
import type { TaskId } from '../../model/ids.ts';
import type { Finding, SuggestedEdge, Suggestion } from './finding.ts';

export type Operation = Suggestion & { readonly id: string; readonly reason: string };

/** Each pair once, the hard one of two. */
const distinct = (edges: readonly SuggestedEdge[]): readonly SuggestedEdge[] => {
  const byPair = new Map<string, SuggestedEdge>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to}`;
    if (edge.type === 'hard' || !byPair.has(key)) byPair.set(key, edge);
  }
  return [...byPair.values()];
};

/** Empty when nothing is suggested. The same suggestions have the same id: an execution takes them once. */
export const patchOf = (findings: readonly Finding[]): readonly Operation[] => {
  const all = findings.flatMap(({ suggestion = [] }) => suggestion);
  const tasks = new Map<TaskId, Suggestion>(all.flatMap((one) => (one.op === 'inject_task' ? [[one.task.id, one]] : [])));
  const edges = distinct(all.flatMap((one) => (one.op === 'add_edge' ? one.edges : [])));
  const operations: readonly Suggestion[] = [...tasks.values(), ...(edges.length > 0 ? [{ op: 'add_edge' as const, edges }] : [])];
  const id = `preflight-${createHash('sha256').update(JSON.stringify(operations)).digest('hex').slice(0, 12)}`;
  return operations.map((operation) => ({ ...operation, id, reason: 'found by tasks preflight' }));
};
