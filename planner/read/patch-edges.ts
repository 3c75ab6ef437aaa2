/** The edges that patches bring and take out. */
import { DEFAULT_MIN_CONFIDENCE, edgeStrength } from '../../model/edge.schema.ts';
import type { WrittenEdge } from '../../model/edge.schema.ts';
import { isTaskId } from '../../model/ids.ts';
import type { PatchEdge, RemovedEdge } from '../../model/patch.ts';
import type { WrittenHotUpdate } from '../../model/patch.schema.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import type { PatchItem, Report } from './patch-item.ts';
import { quote } from './words.ts';

/** Edges that patches in one payload may bring or take out in all. */
const MAX_PATCH_EDGES = 50_000;

const dependencyEdges = (task: WrittenTask): readonly WrittenEdge[] => {
  const one = (item: string | { id: string; type?: 'hard' | 'soft' | undefined }, type: 'hard' | 'soft'): WrittenEdge =>
    typeof item === 'string' ? { from: item, to: task.id, type } : { from: item.id, to: task.id, type: item.type ?? type };
  return [
    ...[...(task.deps ?? []), ...(task.depends_on ?? [])].map((item) => one(item, 'hard')),
    ...(task.soft_deps ?? []).map((item) => one(item, 'soft')),
  ];
};

const edgesOf = (written: WrittenHotUpdate): readonly WrittenEdge[] => {
  if (written.op === 'inject_task') return [...dependencyEdges(written.task), ...(written.edges ?? [])];
  return written.op === 'add_edge' ? written.edges : [];
};

/** Each pair once, the hard one of two. */
export const addedEdges = (items: readonly PatchItem[], report: Report): readonly PatchEdge[] => {
  const merged = new Map<string, PatchEdge>();
  for (const { label, written } of items) {
    for (const edge of edgesOf(written)) {
      const { from, to } = edge;
      if (!isTaskId(from) || !isTaskId(to)) report(`${label}edges: ${quote(isTaskId(from) ? to : from)} cannot be an id`);
      else if (from === to) report(`${label}edges: ${quote(to)} would depend on itself`);
      else {
        const key = `${from} ${to}`;
        const type = edgeStrength(edge, DEFAULT_MIN_CONFIDENCE);
        if (type === 'hard' || !merged.has(key)) merged.set(key, { from, to, type });
      }
    }
  }
  if (merged.size > MAX_PATCH_EDGES) report(`a patch may bring ${MAX_PATCH_EDGES} edges, not ${merged.size}`);
  return [...merged.values()];
};

/** Each once; undefined when there are none. */
export const removedEdges = (items: readonly PatchItem[], report: Report): readonly RemovedEdge[] | undefined => {
  const merged = new Map<string, RemovedEdge>();
  for (const { label, written } of items) {
    if (written.op !== 'remove_edge') continue;
    for (const { from, to, type } of written.edges) {
      if (!isTaskId(from) || !isTaskId(to)) report(`${label}edges: ${quote(isTaskId(from) ? to : from)} cannot be an id`);
      else merged.set(`${from} ${to} ${type ?? ''}`, { from, to, ...(type && { type }) });
    }
  }
  if (merged.size > MAX_PATCH_EDGES) report(`a patch may take out ${MAX_PATCH_EDGES} edges, not ${merged.size}`);
  return merged.size > 0 ? [...merged.values()] : undefined;
};
