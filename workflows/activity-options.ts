/** Options of the activities that run commands. */
import type { ActivityOptions } from '@temporalio/workflow';
import type { AttemptInput } from '../model/attempt.ts';

/** The worker ends a command at its limit itself; this is for a worker that does not. */
const MARGIN_MS = 60_000;

/**
 * Never retried by Temporal: the scheduler decides on attempts. Cancellation and a dead worker are noticed
 * through heartbeats.
 */
export const runOptions = (input: AttemptInput): ActivityOptions => ({
  startToCloseTimeout: input.timeoutMs + input.graceMs + MARGIN_MS,
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 1 },
});
