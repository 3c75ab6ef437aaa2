/** In what a task differs from what it was. */
import type { PlannedTask } from '../artifacts/task.schema.ts';
import { comparableText } from './requirement-text.ts';

/** Places in the document and names of other tasks are no part of what a task asks for. */
const essence = (task: PlannedTask): Readonly<Record<string, unknown>> => {
  const { contentHash: _, source_evidence: evidence, boundaries, ...rest } = task;
  const { definition_of_done: done, ...bounds } = boundaries;
  return { ...rest, ...bounds, criteria: done.criteria, source_evidence: evidence.map(({ quote }) => comparableText(quote)) };
};

/** Names of fields that are others; none where the task asks for what it asked for. */
export const changedFields = (before: PlannedTask, after: PlannedTask): readonly string[] => {
  if (before === after) return [];
  const [old, now] = [essence(before), essence(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name])).sort();
};
