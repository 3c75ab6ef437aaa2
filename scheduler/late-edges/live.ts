/** Late edges as they are now: those that nobody has taken out. */
import type { GraphTask } from '../../model/graph.ts';
import type { LateEdge } from '../../model/late-edge.ts';
import type { GraphNode } from '../../model/message.ts';
import { isSettled, satisfiesHard } from '../../model/state.ts';
import type { TaskState } from '../../model/state.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { TaskRecord } from '../protocol.ts';

export const liveLateEdges = ({ late = [], deps = [], soft = [] }: Pick<GraphTask, 'late' | 'deps' | 'soft'>): readonly LateEdge[] => late.filter(({ from }) => soft.includes(from) || deps.includes(from));

/** As graphs are shown: the member is left out where there are none. */
export const lateOf = (index: GraphIndex, task: GraphTask): Pick<GraphNode, 'late'> => {
  const late = liveLateEdges(task).map(({ from, produces, seen }) => ({ from: index.id(from), produces, seen }));
  return late.length > 0 ? { late } : {};
};

/** Whether it would be ready but for the files of others. */
export const waitsOnlyForFiles = (index: GraphIndex, records: readonly TaskRecord[], at: number): boolean => {
  const task = index.tasks[at];
  if (!task?.late || records[at]?.state !== 'PENDING') return false;
  const late = new Set(task.late.map(({ from }) => from));
  const stateOf = (from: number): TaskState => records[from]?.state ?? 'PENDING';
  return (task.deps ?? []).every((from) => late.has(from) || satisfiesHard(stateOf(from))) && (task.soft ?? []).every((from) => late.has(from) || isSettled(stateOf(from)));
};

const MAX_NAMED = 3;

/** What a task that waits for its dependencies waits for because of files, for people; undefined when it does for none. */
export const waitsForFiles = (index: GraphIndex, records: readonly TaskRecord[], at: number): string | undefined => {
  const task = index.tasks[at];
  if (!task?.late) return undefined;
  const open = liveLateEdges(task).filter(({ from }) => !isSettled(records[from]?.state ?? 'PENDING'));
  if (open.length === 0) return undefined;
  const named = open.slice(0, MAX_NAMED).map(({ from, produces }) => `${index.id(from)}: it produces ${produces}`);
  return `waits for ${named.join(', and for ')}${open.length > MAX_NAMED ? `, and ${open.length - MAX_NAMED} more` : ''}`;
};
