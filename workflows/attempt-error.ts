/** What an attempt's result is when Temporal, and not the attempt itself, says how it ended. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  TimeoutFailure,
  rootCause,
} from '@temporalio/workflow';
import type { AttemptFailure, AttemptResult } from '../model/attempt.ts';
import type { TaskId } from '../model/ids.ts';

const LOST = 'nobody knows how the attempt ended';

export const resultOfError = (options: {
  readonly task: TaskId;
  readonly attempt: number;
  readonly error: unknown;
  /** We had asked for its cancellation. */
  readonly cancelled: boolean;
  readonly startedAt?: number;
}): AttemptResult => {
  const { task, attempt, error, cancelled } = options;
  const now = Date.now();
  const base = { task, attempt, startedAt: options.startedAt ?? now, finishedAt: now, worker: '', host: '', tail: '' };
  if (isCancellation(error) && cancelled) return { ...base, outcome: 'cancelled' };
  return { ...base, outcome: 'failed', failure: failureOfError(error) };
};

/** A worker that shuts down cancels its activities: without a request of ours that is a lost attempt, not a cancelled one. */
export const interrupted = (result: AttemptResult, cancelled: boolean): AttemptResult => {
  if (result.outcome !== 'cancelled' || cancelled) return result;
  const failure: AttemptFailure = { reason: 'lost', class: 'transient', message: 'the worker shut down while the attempt ran' };
  return { ...result, outcome: 'failed', failure };
};

const failureOfError = (error: unknown): AttemptFailure => {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') {
    return { reason: 'unplaced', class: 'transient', message: 'the worker that it was placed on did not take it in time' };
  }
  if (cause instanceof TimeoutFailure) {
    return { reason: 'lost', class: 'transient', message: `${LOST}: its worker has not been heard from` };
  }
  if (cause instanceof CancelledFailure || isCancellation(error)) {
    return { reason: 'lost', class: 'transient', message: `${LOST}: it was interrupted` };
  }
  if (cause instanceof ApplicationFailure) return { reason: 'internal', class: 'logic', message: cause.message };
  return { reason: 'lost', class: 'transient', message: `${LOST}: ${rootCause(error) ?? 'it was terminated'}` };
};
