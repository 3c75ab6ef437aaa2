/** What keeps a task from running beside others: groups, scopes and amounts, before they become resources. */
import type { WrittenTask } from '../../model/task.schema.ts';
import type { Exclusions, Quantities } from './draft.ts';
import { present } from './optional.ts';
import type { Where } from './source.ts';
import { inside } from './source.ts';

const quantities = (written: Quantities | undefined): Quantities | undefined =>
  written && { cpu_cores: written.cpu_cores, memory_mb: written.memory_mb, disk_io_mbps: written.disk_io_mbps };

/** Aliases count together; the flat form of spec/003 comes before `concurrency_hint`. */
export const mapExclusions = (task: WrittenTask, where: Where): Exclusions => {
  const { files_scope: scope, concurrency_hint: hint, resource_requirements: needs } = task;
  return present({
    alone: (task.parallel_ok ?? hint?.parallel_ok) === false || undefined,
    conflictGroup: task.conflict_group ?? hint?.conflict_group,
    apart: task.antiAffinity,
    avoids: task.scheduling_hints?.avoid_concurrent_with?.map((id, index) => ({
      task: id,
      where: inside(where, 'scheduling_hints', 'avoid_concurrent_with', index),
    })),
    reads: scope && [...(scope.reads ?? []), ...(scope.read ?? [])],
    writes: scope && [...(scope.writes ?? []), ...(scope.write ?? [])],
    estimated: quantities(needs?.estimated),
    peak: quantities(needs?.peak),
    workspace: task.directory ?? task.workspace,
  });
};
