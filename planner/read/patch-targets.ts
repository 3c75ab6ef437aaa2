/** The tasks that patches cancel, and those that they give another priority. */
import { isTaskId } from '../../model/ids.ts';
import type { TaskId } from '../../model/ids.ts';
import type { CancelledTask, PriorityChange } from '../../model/patch.ts';
import { priorityOf } from '../../model/scalar.schema.ts';
import type { PatchItem, Report } from './patch-item.ts';
import { quote } from './words.ts';

const taskIds = (ids: readonly string[], label: string, report: Report): readonly TaskId[] =>
  ids.flatMap((id) => {
    if (isTaskId(id)) return [id];
    report(`${label}: ${quote(id)} cannot be an id`);
    return [];
  });

/** Each task once; undefined when there are none. */
export const cancellations = (items: readonly PatchItem[], report: Report): readonly CancelledTask[] | undefined => {
  const byTask = new Map<TaskId, CancelledTask>();
  for (const { label, written } of items) {
    if (written.op !== 'cancel_task') continue;
    const { task, tasks = task === undefined ? [] : [task], skip = false } = written;
    for (const id of taskIds(tasks, `${label}tasks`, report)) {
      const before = byTask.get(id);
      if (before && (before.skip ?? false) !== skip) report(`${label}skip: ${quote(id)} is cancelled twice, and differently`);
      byTask.set(id, { task: id, ...(skip && { skip }) });
    }
  }
  return byTask.size > 0 ? [...byTask.values()] : undefined;
};

/** Each task once; undefined when there are none. */
export const priorities = (items: readonly PatchItem[], report: Report): readonly PriorityChange[] | undefined => {
  const byTask = new Map<TaskId, PriorityChange>();
  for (const { label, written } of items) {
    if (written.op !== 'reprioritize') continue;
    const priority = priorityOf(written.priority);
    for (const task of taskIds(written.tasks, `${label}tasks`, report)) {
      const before = byTask.get(task);
      if (before && before.priority !== priority) report(`${label}priority: ${quote(task)} is given two`);
      byTask.set(task, { task, priority });
    }
  }
  return byTask.size > 0 ? [...byTask.values()] : undefined;
};
