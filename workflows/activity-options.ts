/** Options of the activities that run commands. */
import type { ActivityOptions } from '@temporalio/workflow';
import { workflowInfo } from '@temporalio/workflow';
import type { AttemptInput } from '../model/attempt.ts';
import { workerQueueOf } from '../model/ids.ts';
import { PLACED_MS, SEAT_MS } from '../model/pool.ts';

/** The worker ends a command at its limit itself; this is for a worker that does not. It may wait for a seat there first. */
const MARGIN_MS = 60_000 + SEAT_MS;

/** For a worktree's files before the command, and for merging it after others. Whether the task has one, its input does not say; a dead worker is found by heartbeats. */
const WORKTREE_MS = 10 * 60_000;

/** For bringing a checkpoint back before the command, and finishing one after it. */
const CHECKPOINTS_MS = 5 * 60_000;

/** An attempt that may be suspended: as long as its machine may be over its limit. A dead worker is found by heartbeats all the same. */
const SUSPENDED_MS = 24 * 60 * 60_000;

const compensationMs = ({ compensation, graceMs }: AttemptInput): number => {
  if (!compensation) return 0;
  const { timeoutMs, pausesMs } = compensation;
  return (pausesMs.length + 1) * (timeoutMs + graceMs) + pausesMs.reduce((sum, pause) => sum + pause, 0);
};

/**
 * Never retried by Temporal: the scheduler decides on attempts. Cancellation and a dead worker are noticed
 * through heartbeats.
 */
export const runOptions = (input: AttemptInput): ActivityOptions => ({
  startToCloseTimeout: input.timeoutMs + input.graceMs + MARGIN_MS + WORKTREE_MS + (input.checkpoints ? CHECKPOINTS_MS : 0) + (input.pausable ? SUSPENDED_MS : 0) + compensationMs(input),
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 1 },
  // Whoever does not take it in time may be gone: it is placed anew.
  ...(input.placedOn !== undefined && { taskQueue: workerQueueOf(workflowInfo().taskQueue, input.placedOn), scheduleToStartTimeout: PLACED_MS }),
});
