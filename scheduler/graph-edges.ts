/** Edges that come to a live graph, whoever brings them: tasks and index change, and all that waits by them follows. */
import type { TaskState } from '../model/state.ts';
import type { GraphTask } from '../model/graph.ts';
import type { Admission } from './admission.ts';
import type { Board } from './board.ts';
import type { GraphIndex } from './graph-index.ts';
import type { PlannedEdge } from './patch-edges.ts';
import type { SchedulerState } from './protocol.ts';

/** From here on the index is derived anew instead of change by change, which each may touch the whole graph. */
export const MANY_CHANGES = 16;

/** Those that dependencies keep where they are, or have blocked. */
export const WAITING: ReadonlySet<TaskState> = new Set<TaskState>(['PENDING', 'READY', 'UPSTREAM_FAILED']);

/** The tasks have these edges; the index as well, unless it is derived anew afterwards. */
export const linkEdges = (state: SchedulerState, index: GraphIndex, { edges, anew }: { readonly edges: readonly PlannedEdge[]; readonly anew: boolean }): void => {
  for (const edge of edges) {
    const task = state.graph.tasks[edge.to] as GraphTask;
    const key = edge.hard ? 'deps' : 'soft';
    state.graph.tasks[edge.to] = { ...task, [key]: [...(task[key] ?? []), edge.from] };
    if (!anew) index.addEdge(edge);
  }
};

/** The scheduler's parts that new edges bear on. */
export interface Attachable {
  readonly state: SchedulerState;
  readonly index: GraphIndex;
  readonly board: Board;
  readonly admission: Admission;
  readonly now: number;
}

/** Edges that close no cycle, into tasks that have not begun. */
export const attachEdges = ({ state, index, board, admission, now }: Attachable, edges: readonly PlannedEdge[]): void => {
  const anew = edges.length > MANY_CHANGES;
  linkEdges(state, index, { edges, anew });
  if (anew) index.rebuild();
  const touched = new Set(edges.map(({ to }) => to));
  for (const at of touched) board.recount(at);
  admission.reorder(now);
  admission.gates.patched(touched);
  for (const at of touched) if (WAITING.has(board.at(at).state)) board.place(at);
};
