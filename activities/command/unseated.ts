/** The result of an attempt that ended before a slot of its worker came free: no process was started, no log written. */
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import { attemptResult } from './attempt-result.ts';
import type { StopReason, Verdict } from './attempt-verdict.ts';

export interface UnseatedRequest {
  readonly input: AttemptInput;
  readonly worker: string;
  readonly host: string;
  readonly arrivedAt: number;
  /** `late`: none came free in time. */
  readonly why: StopReason | 'late';
}

export const unseated = ({ input, worker, host, arrivedAt, why }: UnseatedRequest): AttemptResult =>
  attemptResult({ input, worker, host, arrivedAt, parts: { verdict: verdictOf(why, worker) } });

/** A worker that stops has done nothing for it: nobody need ask what it may have left behind. */
const verdictOf = (why: UnseatedRequest['why'], worker: string): Verdict => {
  if (why === 'cancelled' || why === 'orphaned') return { outcome: why };
  const message = why === 'late' ? `No slot of the worker ${worker} came free in time.` : `The worker ${worker} was shut down before one of its slots came free.`;
  return { outcome: 'failed', reason: 'unplaced', message };
};
