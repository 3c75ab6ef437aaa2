/** Options of the activities that run commands. */
import type { ActivityOptions } from '@temporalio/workflow';
import { workflowInfo } from '@temporalio/workflow';
import type { AttemptInput } from '../model/attempt.ts';
import { workerQueueOf } from '../model/ids.ts';
import { PLACED_MS, SEAT_MS } from '../model/pool.ts';

/** The worker ends a command at its limit itself; this is for a worker that does not. It may wait for a seat there first. */
const MARGIN_MS = 60_000 + SEAT_MS;

/**
 * Never retried by Temporal: the scheduler decides on attempts. Cancellation and a dead worker are noticed
 * through heartbeats.
 */
export const runOptions = (input: AttemptInput): ActivityOptions => ({
  startToCloseTimeout: input.timeoutMs + input.graceMs + MARGIN_MS,
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 1 },
  ...(input.placedOn !== undefined && { taskQueue: workerQueueOf(workflowInfo().taskQueue, input.placedOn), scheduleToStartTimeout: PLACED_MS }),
});
