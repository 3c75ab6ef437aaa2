/** What is kept of a task's last attempt, and what the next one is told of it. */
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import type { EventBody } from '../../model/event.ts';
import type { Policies } from '../../model/graph.ts';
import type { AttemptSummary } from './carry.ts';

type FailedEvent = Extract<EventBody, { readonly type: 'task_failed' }>;

/** One that was not taken does not say how the one before it ended. */
const lostAfter = ({ attempt, failure }: AttemptResult, before: number | undefined): number | undefined => {
  if (failure?.reason === 'lost') return before ?? attempt;
  return failure?.reason === 'unplaced' ? before : undefined;
};

const lost = (since: number | undefined): Pick<AttemptSummary, 'lostSince'> => (since === undefined ? {} : { lostSince: since });

export const summaryAtStart = (readyAt: number, before: AttemptSummary | null | undefined): AttemptSummary => ({ readyAt, ...lost(before?.lostSince) });

export const summaryAfter = (result: AttemptResult, before: AttemptSummary | null | undefined): AttemptSummary => {
  const { startedAt, finishedAt, worker, exitCode, failure, tail, log } = result;
  const { readyAt, dispatchedAt } = before ?? {};
  return {
    ...(readyAt !== undefined && { readyAt }),
    ...(dispatchedAt !== undefined && { dispatchedAt }),
    startedAt,
    finishedAt,
    worker,
    ...(exitCode !== undefined && { exitCode }),
    ...(failure && { failure, tail, ...(log !== undefined && { log }) }),
    ...lost(lostAfter(result, before?.lostSince)),
  };
};

/** A task has failed although its attempt had done its work: what it answered with was refused, say. That is its failure. */
export const summaryOfFailure = (before: AttemptSummary | null | undefined, { error, tail }: Pick<FailedEvent, 'error' | 'tail'>): AttemptSummary => (before?.failure ? before : { ...before, failure: error, tail });

/** Whether an attempt that nobody has heard of was merged is a question of worktrees only. */
export const workspaceInput = ({ workspaceTerms }: Policies, last: AttemptSummary | null | undefined): Pick<AttemptInput, 'workspaceTerms' | 'lostSince'> => ({
  ...(workspaceTerms && { workspaceTerms }),
  ...lost(last?.lostSince),
});
