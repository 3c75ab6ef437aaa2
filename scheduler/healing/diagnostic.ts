/** Which tasks tell what is wrong: those that are labelled so, or have a smoke test. */
import { DEFAULT_PRIORITY, PRIORITY } from '../../model/graph.ts';
import type { GraphTask } from '../../model/graph.ts';
import { isSettled } from '../../model/state.ts';
import type { SchedulerState } from '../protocol.ts';

const LABELS: ReadonlySet<string> = new Set(['diagnostic', 'smoke']);

export const isDiagnostic = ({ diagnostic, labels = [] }: GraphTask): boolean => diagnostic === true || labels.some((label) => LABELS.has(label));

/** Those that are not done get the most urgent class; the line must be made anew. */
export const hurryDiagnostics = ({ graph, records }: SchedulerState): void => {
  for (const [index, task] of graph.tasks.entries()) {
    const isDone = isSettled(records[index]?.state ?? 'PENDING');
    if (isDiagnostic(task) && !isDone && (task.priority ?? DEFAULT_PRIORITY) > PRIORITY.critical) graph.tasks[index] = { ...task, priority: PRIORITY.critical };
  }
};
