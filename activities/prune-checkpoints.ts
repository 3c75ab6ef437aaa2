/** Removes the checkpoints of executions that are over. */
import type { PruneCheckpointsRequest } from '../model/activity.ts';
import { removeExecution, sweepBlobs } from '../store/checkpoint/prune.ts';

export const pruneCheckpoints = async ({ sources }: PruneCheckpointsRequest): Promise<void> => {
  for (const { directory, execution } of sources) {
    const { freed } = await removeExecution(directory, execution);
    await sweepBlobs(directory, freed);
  }
};
