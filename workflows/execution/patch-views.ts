/** What clients ask before they send a patch, or to make a plan of the live graph. */
import type { GraphTask } from '../../model/graph.ts';
import type { ContentHash } from '../../model/ids.ts';
import type { PageRequest, SkeletonPage, TaskSource } from '../../model/message.ts';
import { readParsedPatch } from '../../model/patch-guard.ts';
import type { ParsedPatch, PatchPreview } from '../../model/patch.ts';
import { idlePreview, previewPatch } from '../../scheduler/preview-patch.ts';
import { assigned } from './carry.ts';
import type { Driver } from './driver.ts';
import { page } from './views.ts';

/** A patch whose tasks all have an executor. */
export const withExecutors = (patch: ParsedPatch, executor: string): ParsedPatch => ({
  ...patch,
  tasks: patch.tasks.map((task) => assigned(task, executor)),
  ...(patch.updates && { updates: patch.updates.map((update) => (update.set ? { ...update, set: assigned(update.set, executor) } : update)) }),
});

/** Of a parsed patch, from anybody. */
export const patchPreview = (driver: Driver, payload: unknown): PatchPreview => {
  const parsed = readParsedPatch(payload);
  if (!parsed.ok) return idlePreview(driver.carried.scheduler.version, parsed.error);
  return previewPatch(driver.carried.scheduler, withExecutors(parsed.value, driver.carried.executor), Date.now());
};

/** Of those of the tasks that there are. */
export const sourcesOf = (driver: Driver, tasks: readonly string[]): readonly TaskSource[] => {
  const { graph } = driver.carried.scheduler;
  return tasks.flatMap((id) => {
    const task = graph.tasks[driver.scheduler.index.indexOf.get(id) ?? -1];
    return task ? [{ task: task.id, source: graph.sources[task.source ?? 0] as ContentHash }] : [];
  });
};

export const skeletonPage = (driver: Driver, request: Required<PageRequest>): SkeletonPage => {
  const { graph, version } = driver.carried.scheduler;
  const { tasks, ...beside } = graph;
  return { ...page(request, tasks.length, (index) => tasks[index] as GraphTask), version, ...(request.from === 0 && { beside }) };
};
