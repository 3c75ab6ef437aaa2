/** A task in parts: the hot update that puts them in its place. It stays as what they join in, so that whatever depends on it waits for all of them. */
import { isRecord } from '../read/read-task.ts';

/** Operations of a patch; `parts` is what the task says it is split into, as it was written. */
export const splitPatch = (task: string, parts: unknown): readonly Readonly<Record<string, unknown>>[] => {
  const listed: readonly unknown[] = Array.isArray(parts) ? parts : [];
  const ids = listed.flatMap((part) => (isRecord(part) && typeof part['id'] === 'string' ? [part['id']] : []));
  const reason = `${task} is split`;
  return [
    ...listed.map((part) => ({ op: 'inject_task', task: part, by: 'tasks', reason })),
    ...(ids.length > 0 ? [{ op: 'add_edge', edges: ids.map((from) => ({ from, to: task, type: 'hard' })), by: 'tasks', reason }] : []),
  ];
};

/** What is left of the task itself. */
export const joinChanges = (task: string): Readonly<Record<string, unknown>> => ({
  op: 'update_task',
  task,
  // Its smoke test and its checks are of the whole.
  changes: { executor: 'command', cmd: ':', split_into: null },
  by: 'tasks',
  reason: `${task} is split`,
});
