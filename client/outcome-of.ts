/** How an execution ended, from what waiting for its result throws. */
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import type { ExecutionState } from '../model/message.ts';
import type { ExecutionOutcome } from '../model/outcome.ts';

/** Undefined for an error that says nothing of it. */
export const outcomeOf = (error: unknown): { outcome: ExecutionOutcome | 'terminated'; state?: ExecutionState } | undefined => {
  if (error instanceof WorkflowNotFoundError || !(error instanceof WorkflowFailedError)) return undefined;
  const { cause } = error;
  const state = (details: unknown): { state?: ExecutionState } => (details ? { state: details as ExecutionState } : {});
  if (cause instanceof TerminatedFailure || cause instanceof TimeoutFailure) return { outcome: 'terminated' };
  if (cause instanceof CancelledFailure) return { outcome: 'aborted', ...state(cause.details[0]) };
  if (cause instanceof ApplicationFailure && cause.type === 'ExecutionAborted') return { outcome: 'aborted', ...state(cause.details?.[0]) };
  if (cause instanceof ApplicationFailure && cause.type === 'ExecutionFailed') return { outcome: 'failed', ...state(cause.details?.[0]) };
  return undefined;
};
