/** A refused request as the failure that an update answers with, and as the event that a signal leaves. */
import { ApplicationFailure } from '@temporalio/workflow';
import type { EventBody } from '../../model/event.ts';
import type { Problem } from '../../model/problem.ts';

/** An update handler may throw nothing else: any other error blocks the workflow task. */
export const refusal = (problems: readonly Problem[]): ApplicationFailure =>
  ApplicationFailure.create({
    type: problems[0]?.code ?? 'TASKS3011',
    message: problems.map((problem) => `[${problem.code}] ${problem.message}`).join('\n'),
    details: [problems],
    nonRetryable: true,
  });

export const rejectedEvent = (request: string, problems: readonly Problem[]): EventBody => ({
  type: 'request_rejected',
  request,
  code: problems[0]?.code ?? 'TASKS3011',
  reason: problems.map((problem) => problem.message).join('; '),
});
