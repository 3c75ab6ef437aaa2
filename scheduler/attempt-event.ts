/** The events that tell of an attempt's end. */
import type { AttemptFailure, AttemptResult, CompensationResult } from '../model/attempt.ts';
import type { EventBody } from '../model/event.ts';
import type { TaskId } from '../model/ids.ts';
import type { CompleteTaskRequest } from '../model/message.ts';
import type { Resolution } from '../model/self-heal.ts';

export interface FailedAttempt {
  readonly task: TaskId;
  readonly attempt: number;
  readonly error: AttemptFailure;
  readonly tail: string;
  readonly exitCode?: number;
  /** Of an attempt that has undone what it did, or tried to. */
  readonly compensation?: CompensationResult;
}

export const succeeded = (result: AttemptResult, resolution?: Resolution): EventBody => {
  const { task, attempt, artifacts, worker, startedAt, finishedAt } = result;
  return { type: 'task_succeeded', task, attempt, artifacts, worker, durationMs: finishedAt - startedAt, ...(resolution && { resolution }) };
};

/** Neither `retryAt` nor `heldBy`: the task is not tried again by itself. */
export const failed = (end: FailedAttempt, next: { readonly retryAt?: number; readonly heldBy?: string } = {}): EventBody => {
  const { task, attempt, error, tail, exitCode } = end;
  return {
    type: 'task_failed',
    task,
    attempt,
    error,
    canRetry: next.retryAt !== undefined || next.heldBy !== undefined,
    tail,
    ...next,
    ...(exitCode !== undefined && { exitCode }),
  };
};

/** A person's word about a lost attempt that it did its work: nobody measured it. */
export const declaredSucceeded = (task: TaskId, attempt: number, request: CompleteTaskRequest, resolution?: Resolution): EventBody => ({
  type: 'task_succeeded',
  task,
  attempt,
  artifacts: undefined,
  worker: request.by ?? '',
  durationMs: 0,
  ...(resolution && { resolution }),
});

/** A person's word about a lost attempt that it failed. */
export const declaredFailed = (task: TaskId, attempt: number, request: CompleteTaskRequest): FailedAttempt => {
  const message = request.reason ?? 'a person completed the task as failed';
  return { task, attempt, error: { reason: 'rejected', class: 'logic', message }, tail: '' };
};
