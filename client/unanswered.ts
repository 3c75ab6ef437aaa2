/** Why an execution does not answer: no worker, or one whose workflow task fails over and over. */
import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { executionWorkflowId } from '../model/ids.ts';
import type { ExecutionId } from '../model/ids.ts';
import { TasksError } from '../model/problem.ts';
import { FAILED_PRECONDITION, isLate } from '../temporal/grpc.ts';
import { grpcErrorIn } from './failures.ts';

/** The server keeps the first of several failures in a row as an event; it is the last but for what follows it. */
const LAST_EVENTS = 10;

export interface Unanswered {
  readonly client: Client;
  readonly execution: ExecutionId;
  /** How long it was waited for, in milliseconds. */
  readonly limitMs: number;
}

/**
 * The reason in place of an error that says only that nobody answered; any other error as it is. Asks the server,
 * never a worker.
 */
export const whyUnanswered = async (unexplained: unknown, unanswered: Unanswered): Promise<unknown> => {
  const code = grpcErrorIn(unexplained)?.code;
  if (!isLate(code) && code !== FAILED_PRECONDITION) return unexplained;
  const failing = await failingWorkflowTask(unanswered).catch((cause: unknown) => {
    // What is wrong is said by the first error: this was only to explain it.
    if (isGrpcServiceError(cause)) return undefined;
    throw cause;
  });
  const { execution, limitMs } = unanswered;
  if (failing) {
    const message = `the workflow task of execution ${execution} fails, attempt ${failing.attempt}: ${failing.reason}`;
    const hint = `\`temporal workflow show --workflow-id ${executionWorkflowId(execution)}\` shows where; it goes on by itself when a worker of the right version takes it`;
    return new TasksError({ code: 'TASKS2010', message, hint }, { cause: unexplained });
  }
  if (!isLate(code)) return unexplained;
  const message = `no worker has answered for execution ${execution} in ${limitMs / 1_000} s`;
  return new TasksError({ code: 'TASKS2007', message, hint: 'Start one with `tasks worker`; `tasks ledger` needs none.' }, { cause: unexplained });
};

/** Undefined when none is pending, or the one that is has not failed: then it only waits for a worker. */
const failingWorkflowTask = async ({ client, execution }: Unanswered): Promise<{ readonly attempt: number; readonly reason: string } | undefined> => {
  const { raw } = await client.workflow.getHandle(executionWorkflowId(execution)).describe();
  const attempt = raw.pendingWorkflowTask?.attempt ?? 1;
  const runId = raw.workflowExecutionInfo?.execution?.runId;
  if (attempt <= 1 || !runId) return undefined;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId: executionWorkflowId(execution), runId },
    maximumPageSize: LAST_EVENTS,
  });
  // A task that timed out was lost with its worker: nobody has taken it since.
  const last = history?.events?.find((event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskTimedOutEventAttributes);
  const failure = last?.workflowTaskFailedEventAttributes?.failure;
  return failure ? { attempt, reason: failure.message ?? 'no reason given' } : undefined;
};
