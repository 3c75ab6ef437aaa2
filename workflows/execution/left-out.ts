/** The tasks that an execution leaves out from its beginning, because earlier ones have quarantined them. */
import type { CarriedTask, LoadedGraph } from '../../model/activity.ts';
import type { EventBody } from '../../model/event.ts';
import type { Graph } from '../../model/graph.ts';

export interface LeftOut {
  /** Of tasks. */
  readonly indices: ReadonlySet<number>;
  /** What there is to tell of it. */
  readonly events: readonly EventBody[];
}

/** What has succeeded in the execution that is resumed needs not run, and is not left out. */
export const leftOut = ({ quarantined = [], quarantineUnknown }: LoadedGraph, { tasks, carried }: { readonly tasks: Graph['tasks']; readonly carried: ReadonlyMap<number, CarriedTask> }): LeftOut => {
  const entries = new Map(quarantined.map((entry) => [entry.task, entry]));
  const indices = new Set<number>();
  const events: EventBody[] = quarantineUnknown === undefined ? [] : [{ type: 'quarantine_unknown', reason: quarantineUnknown }];
  for (const [index, { id }] of tasks.entries()) {
    const entry = entries.get(id);
    const before = carried.get(index);
    if (!entry || before?.succeeded) continue;
    const { task, by, execution, since, reason = entry.message } = entry;
    indices.add(index);
    events.push({ type: 'task_quarantined', task, attempt: before?.attempts ?? 0, by, execution, since, ...(reason !== undefined && { reason }) });
  }
  return { indices, events };
};
