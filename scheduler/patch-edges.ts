/** The edges that a patch takes out and brings, judged against the live graph. Nothing is changed here. */
import { MAX_DEPENDENCIES } from '../model/graph.ts';
import type { ParsedPatch, PatchEdge, RemovedEdge } from '../model/patch.ts';
import type { Problem } from '../model/problem.ts';
import { isSettled, occupiesSlot, satisfiesHard } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import type { GraphIndex } from './graph-index.ts';
import type { SchedulerState } from './protocol.ts';

export interface PlannedEdge {
  readonly from: number;
  readonly to: number;
  readonly hard: boolean;
}

export interface PlannedEdges {
  readonly removed: readonly PlannedEdge[];
  readonly added: readonly PlannedEdge[];
}

export interface EdgeContext {
  readonly state: SchedulerState;
  readonly index: GraphIndex;
  readonly patch: ParsedPatch;
  /** Tasks that the patch brings, with the indices they will have. */
  readonly injected: ReadonlyMap<string, number>;
  readonly problems: Problem[];
  readonly warnings: string[];
}

const keyOf = ({ from, to, hard }: PlannedEdge): string => `${from}${hard ? '>' : '~'}${to}`;
const nameOf = ({ from, to }: Pick<PatchEdge, 'from' | 'to'>): string => `edge ${from} -> ${to}`;

const reject = ({ problems }: EdgeContext, message: string, hint?: string): void => {
  problems.push({ code: 'TASKS3007', message, ...(hint !== undefined && { hint }) });
};

/** The ends of an edge; undefined, with the reason told, when one is not there. */
const endsOf = ({ index, injected, problems }: EdgeContext, edge: RemovedEdge): { readonly from: number; readonly to: number } | undefined => {
  const [from, to] = [edge.from, edge.to].map((id) => injected.get(id) ?? index.indexOf.get(id));
  if (from !== undefined && to !== undefined) return { from, to };
  problems.push({ code: 'TASKS3004', message: `${nameOf(edge)}: no task ${from === undefined ? edge.from : edge.to}` });
  return undefined;
};

const hasEdge = (index: GraphIndex, { from, to, hard }: PlannedEdge): boolean => (hard ? index.tasks[to]?.deps : index.tasks[to]?.soft)?.includes(from) ?? false;

/** What it ran by is not rewritten, and what is undone is undone in that order. */
const keepsDependencies = (state: TaskState): boolean => occupiesSlot(state) || state === 'CHECKPOINTED' || state === 'SUCCEEDED' || state === 'ROLLED_BACK';

const planRemoved = (context: EdgeContext): readonly PlannedEdge[] => {
  const { state, index, patch, warnings } = context;
  const found = new Map<string, PlannedEdge>();
  for (const edge of patch.removed ?? []) {
    const ends = endsOf(context, edge);
    if (!ends) continue;
    const kinds = edge.type === undefined ? [true, false] : [edge.type === 'hard'];
    const there = kinds.map((hard): PlannedEdge => ({ ...ends, hard })).filter((each) => hasEdge(index, each));
    if (there.length === 0) warnings.push(`${nameOf(edge)} is not there`);
    const is = state.records[ends.to]?.state;
    if (is && there.length > 0 && keepsDependencies(is)) reject(context, `${nameOf(edge)} cannot be taken out: its target is ${is}, and that is what it ran by`);
    for (const each of there) found.set(keyOf(each), each);
  }
  return [...found.values()];
};

const refusedEnd = ({ state, patch }: EdgeContext, edge: PlannedEdge): readonly [message: string, hint: string] | undefined => {
  const to = state.records[edge.to]?.state;
  if (to && isSettled(to)) return [`its target has ended (${to})`, 'Inject what must come after as a task of its own.'];
  if (to && (occupiesSlot(to) || to === 'CHECKPOINTED')) return [`its target is already under way (${to})`, 'It cannot wait any more: make what depends on it wait, or cancel it in a patch.'];
  const from = state.records[edge.from]?.state;
  if (edge.hard && from && isSettled(from) && !satisfiesHard(from)) return [`its source has ended as ${from}: the target could never run`, 'Retry or skip the source first, or make the edge soft.'];
  const source = state.graph.tasks[edge.from]?.id;
  if (edge.hard && patch.cancelled?.some(({ task, skip }) => task === source && !skip)) return ['its source is cancelled by the same patch: the target could never run', 'Cancel it with "skip": true, or make the edge soft.'];
  return undefined;
};

/** Edges that there are when those taken out have gone are left out, with a warning. */
const planAdded = (context: EdgeContext, removed: ReadonlySet<string>): readonly PlannedEdge[] => {
  const { index, patch, warnings } = context;
  const added = new Map<string, PlannedEdge>();
  const isThere = (edge: PlannedEdge): boolean => added.has(keyOf(edge)) || (hasEdge(index, edge) && !removed.has(keyOf(edge)));
  for (const edge of patch.edges) {
    const ends = endsOf(context, edge);
    if (!ends) continue;
    const hard = { ...ends, hard: true };
    const planned = { ...ends, hard: edge.type === 'hard' };
    if (ends.from === ends.to) reject(context, `${nameOf(edge)}: a task cannot depend on itself`);
    // A hard edge makes a soft one between the same tasks superfluous.
    else if (isThere(hard) || isThere(planned)) warnings.push(`${nameOf(edge)} exists already`);
    else {
      const refused = refusedEnd(context, planned);
      if (refused) reject(context, `${nameOf(edge)}: ${refused[0]}`, refused[1]);
      added.set(keyOf(planned), planned);
    }
  }
  return [...added.values()];
};

/** A hard edge takes the place of a soft one between the same tasks. */
const replaced = (index: GraphIndex, taken: readonly PlannedEdge[], added: readonly PlannedEdge[]): readonly PlannedEdge[] => {
  const gone = new Set(taken.map(keyOf));
  return added.map((edge): PlannedEdge => ({ ...edge, hard: false })).filter((soft, at) => added[at]?.hard && hasEdge(index, soft) && !gone.has(keyOf(soft)));
};

/** First those taken out go, then those that come must close no cycle; a soft one that would is left out, with a warning. O(tasks and edges that the new edges reach). */
export const planEdges = (context: EdgeContext): PlannedEdges => {
  const { index, patch, problems, warnings } = context;
  const taken = planRemoved(context);
  const added = planAdded(context, new Set(taken.map(keyOf)));
  const removed = [...taken, ...replaced(index, taken, added)];
  const gone = new Set(removed.map(keyOf));
  if (index.edges + added.length - removed.length > MAX_DEPENDENCIES) reject(context, `more than ${MAX_DEPENDENCIES} dependencies`);
  if (problems.length > 0) return { removed, added };
  const idOf = (at: number): string => index.tasks[at]?.id ?? patch.tasks[at - index.tasks.length]?.id ?? '?';
  const kept = added.filter((edge) => edge.hard);
  const cycle = findCycle(index, kept, gone);
  if (cycle) {
    reject(context, `the patch closes a cycle: ${cycle.map(idOf).join(' -> ')}`, 'Take one of these edges out in the same patch, or make a new one soft.');
    return { removed, added };
  }
  if (!findCycle(index, added, gone)) return { removed, added };
  for (const edge of added) {
    if (edge.hard) continue;
    if (findCycle(index, [...kept, edge], gone)) warnings.push(`soft edge ${idOf(edge.from)} -> ${idOf(edge.to)} would close a cycle and was left out`);
    else kept.push(edge);
  }
  return { removed, added: kept };
};

/** A cycle through at least one of the new edges, as a closed path; undefined when there is none. Iterative. */
const findCycle = (index: GraphIndex, edges: readonly PlannedEdge[], gone: ReadonlySet<string>): number[] | undefined => {
  const extra = new Map<number, number[]>();
  for (const { from, to } of edges) {
    const list = extra.get(from);
    if (list) list.push(to);
    else extra.set(from, [to]);
  }
  const next = (at: number): number[] => {
    const kept = (list: readonly number[] = [], hard: boolean): readonly number[] => (gone.size === 0 ? list : list.filter((to) => !gone.has(keyOf({ from: at, to, hard }))));
    return [...kept(index.hard[at], true), ...kept(index.soft[at], false), ...(extra.get(at) ?? [])];
  };
  const done = new Set<number>();
  const onPath = new Set<number>();
  for (const { to } of edges) {
    if (done.has(to)) continue;
    const path = [{ at: to, next: next(to), i: 0 }];
    onPath.add(to);
    while (path.length > 0) {
      const top = path[path.length - 1] as (typeof path)[number];
      const successor = top.next[top.i];
      top.i += 1;
      if (successor === undefined) {
        path.pop();
        onPath.delete(top.at);
        done.add(top.at);
      } else if (onPath.has(successor)) {
        const start = path.findIndex((step) => step.at === successor);
        return [...path.slice(start).map((step) => step.at), successor];
      } else if (!done.has(successor)) {
        path.push({ at: successor, next: next(successor), i: 0 });
        onPath.add(successor);
      }
    }
  }
  return undefined;
};
