/** Temporal's errors as ours: every one a user meets has a code and a way out. */
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { ExecutionId } from '../model/ids.ts';
import { PROBLEMS, TasksError } from '../model/problem.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { FAILED_PRECONDITION, isLate, UNAVAILABLE } from '../temporal/grpc.ts';

export const unknownExecution = (execution: string): TasksError =>
  new TasksError({
    code: 'TASKS3001',
    message: `there is no execution ${execution} in this namespace`,
    hint: '`tasks list` shows the executions there are.',
  });

const ended = (execution: string): TasksError =>
  new TasksError({
    code: 'TASKS3002',
    message: `execution ${execution} has ended`,
    hint: '`tasks execute PLAN --resume-from-checkpoint` goes on from what it has finished.',
  });

/** The same error with a code, or the error itself when nothing is known of it. */
export const translated = (error: unknown, execution: ExecutionId): unknown => {
  if (error instanceof TasksError) return error;
  if (error instanceof WorkflowFailedError) return fromFailed(error, execution);
  if (error instanceof WorkflowUpdateFailedError) return fromUpdate(error, execution) ?? error;
  if (error instanceof WorkflowNotFoundError) {
    return /already completed/i.test(error.message) ? ended(execution) : unknownExecution(execution);
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    const hint = 'Choose another --execution-id, or leave it out.';
    return new TasksError({ code: 'TASKS3009', message: `there is an execution ${execution} already`, hint }, { cause: error });
  }
  if (error instanceof QueryNotRegisteredError) return fromQuery(error, execution);
  const answer = grpcErrorIn(error);
  const code = answer?.code;
  const noWorker = (message: string): TasksError => new TasksError({ code: 'TASKS2007', message, hint: '`tasks worker` starts one.' }, { cause: error });
  if (code === UNAVAILABLE) {
    const hint = '`tasks dev` starts a development server; TEMPORAL_ADDRESS names another one.';
    return new TasksError({ code: 'TASKS2001', message: `the Temporal server does not answer: ${answer?.details}`, hint }, { cause: error });
  }
  if (code === FAILED_PRECONDITION && /no poller|not.*running/i.test(answer?.details ?? '')) return noWorker(`no worker answers for execution ${execution}`);
  // The server takes every request at once; what takes long is a worker.
  if (isLate(code) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return noWorker(`no worker has answered for execution ${execution} in time; a request that was received is carried out when one does`);
  }
  return error;
};

/** Our queries say the code of what they refuse, in front; the client takes every query that throws for one that is not there. */
const fromQuery = (error: QueryNotRegisteredError, execution: ExecutionId): unknown => {
  const [, code, message = ''] = /\[(TASKS\d{4})\] (.*)/su.exec(error.message) ?? [];
  return code !== undefined && code in PROBLEMS ? new TasksError({ code: code as ProblemCode, message: `${execution}: ${message}` }, { cause: error }) : error;
};

/** What the server (or the way to it) said, however deep Temporal's client has wrapped it. */
export const grpcErrorIn = (error: unknown): { readonly code: number; readonly details: string } | undefined => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return { code: cause.code, details: cause.details };
  }
  return undefined;
};

/** Nothing has been decided: the server is away, or has not answered in time. */
export const isServerGone = (error: unknown): boolean => {
  const code = grpcErrorIn(error)?.code;
  return code === UNAVAILABLE || isLate(code);
};

const PASSING: ReadonlySet<ProblemCode> = new Set(['TASKS2001', 'TASKS2007', 'TASKS2010', 'TASKS3012']);

/** The server restarts, no worker answers, one of the wrong version does, or one that cannot tell yet: what was asked for may be had in a while. */
export const isPassing = (error: unknown): boolean => {
  if (error instanceof TasksError) return error.problems.some(({ code }) => PASSING.has(code));
  return isServerGone(error) || (error instanceof Error && /failed to query workflow|completed workflow task before it can be queried|deadline|unavailable/iu.test(error.message));
};

const isCode = (type: string): type is ProblemCode => Object.hasOwn(PROBLEMS, type);

/** The problems with which a workflow of ours refused an update; undefined for any other error. */
export const requestProblems = (error: unknown): readonly Problem[] | undefined => {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const problems = error.cause.details?.[0] as readonly Problem[] | undefined;
  return Array.isArray(problems) && problems.length > 0 ? problems : undefined;
};

/** An update is refused with our own problems as its details. */
const fromUpdate = (error: WorkflowUpdateFailedError, execution: ExecutionId): TasksError | undefined => {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  if (cause.type === 'AcceptedUpdateCompletedWorkflow') return ended(execution);
  const problems = requestProblems(error);
  if (problems) return new TasksError(problems, { cause: error });
  if (cause.type && isCode(cause.type)) return new TasksError({ code: cause.type, message: cause.message }, { cause: error });
  return undefined;
};

/** An execution that could not even begin: its plan is not where its worker looks, its input is wrong. */
const fromFailed = (error: WorkflowFailedError, execution: ExecutionId): TasksError => {
  const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  const code = type && isCode(type) ? type : 'TASKS2007';
  return new TasksError({ code, message: `execution ${execution} could not begin: ${cause?.message ?? error.message}` }, { cause: error });
};
