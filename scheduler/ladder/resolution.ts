/** How a task that met an error came out of it (spec/003 section 3.2). */
import type { Resolution } from '../../model/self-heal.ts';
import type { TaskRecord } from '../protocol.ts';

/** Undefined while that is open, where it failed, and of tasks that never failed. */
export const resolutionOf = ({ state, erred, helped }: Pick<TaskRecord, 'state' | 'erred' | 'helped'>): Resolution | undefined => {
  if (!erred) return undefined;
  if (state === 'QUARANTINED') return 'QUARANTINED';
  if (state === 'SUCCEEDED') return helped ? 'RESOLVED_HUMAN' : 'RESOLVED_AUTO';
  return state === 'SKIPPED' && helped ? 'RESOLVED_HUMAN' : undefined;
};

/** A person has a hand in what becomes of a task. Before an attempt of it has failed there is nothing to help it out of. */
export const noteHelp = (record: TaskRecord): void => {
  if (record.erred) record.helped = true;
};
