/**
 * Identifiers: what they may look like, and how Temporal workflow ids are made of them.
 *
 * Every id that reaches a path, a workflow id or a template has passed a check of this file; the pattern is what
 * keeps `../`, `/`, shell metacharacters and `__proto__` out of all of them.
 */

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Id of a task inside one graph, such as `P1.T001a`, `AUTO.INSTALL.DEPS` or `T-SPEC-API`. */
export type TaskId = Branded<string, 'TaskId'>;
/** Id of one execution, unique within a Temporal namespace. */
export type ExecutionId = Branded<string, 'ExecutionId'>;
/** Lower-case hex sha256 of an object in the plan store. */
export type ContentHash = Branded<string, 'ContentHash'>;

export const ID_MAX_LENGTH = 128;
/** Of tasks: a letter or digit, then letters, digits, `.`, `_`, `-`; at most 128 characters. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** Of executions `:` as well: a Temporal Schedule ends the ids of what it starts with the time. */
const EXECUTION_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const HASH_PATTERN = /^[0-9a-f]{64}$/;

export const isTaskId = (text: string): text is TaskId => ID_PATTERN.test(text);
export const isExecutionId = (text: string): text is ExecutionId => EXECUTION_ID_PATTERN.test(text);
export const isContentHash = (text: string): text is ContentHash => HASH_PATTERN.test(text);

const EXECUTION_PREFIX = 'tasks/';

export const executionWorkflowId = (execution: ExecutionId): string => `${EXECUTION_PREFIX}${execution}`;

/** Workflow id of one attempt; `attempt` counts from 1 and never restarts within an execution id. */
export const attemptWorkflowId = (execution: ExecutionId, task: TaskId, attempt: number): string =>
  `${EXECUTION_PREFIX}${execution}/t/${task}/${attempt}`;

export interface AttemptKey {
  readonly execution: ExecutionId;
  readonly task: TaskId;
  readonly attempt: number;
}

/** The inverse of {@link attemptWorkflowId}; undefined for any other workflow id. */
export const parseAttemptWorkflowId = (workflowId: string): AttemptKey | undefined => {
  const [root, execution, kind, task, attempt, ...rest] = workflowId.split('/');
  if (root !== 'tasks' || kind !== 't' || rest.length > 0) return undefined;
  if (!execution || !task || !attempt || !isExecutionId(execution) || !isTaskId(task)) return undefined;
  if (!/^[1-9][0-9]*$/.test(attempt)) return undefined;
  return { execution, task, attempt: Number(attempt) };
};

/** The execution a workflow id names, or undefined when it is not the workflow of an execution. */
export const parseExecutionWorkflowId = (workflowId: string): ExecutionId | undefined => {
  if (!workflowId.startsWith(EXECUTION_PREFIX)) return undefined;
  const id = workflowId.slice(EXECUTION_PREFIX.length);
  return isExecutionId(id) ? id : undefined;
};

const MUTEX_PREFIX = 'mutex/';

/** Lock domains are named like tasks. */
export const isLockDomain = (text: string): boolean => ID_PATTERN.test(text);
export const mutexWorkflowId = (domain: string): string => `${MUTEX_PREFIX}${domain}`;

/** The lock domain whose mutex a workflow id names; undefined for any other. */
export const parseMutexWorkflowId = (workflowId: string): string | undefined => {
  if (!workflowId.startsWith(MUTEX_PREFIX)) return undefined;
  const domain = workflowId.slice(MUTEX_PREFIX.length);
  return isLockDomain(domain) ? domain : undefined;
};

const POOL_PREFIX = 'pool/';

/** One pool for each task queue on which workers and executions meet. */
export const poolWorkflowId = (taskQueue: string): string => `${POOL_PREFIX}${taskQueue}`;

/** The task queue whose pool a workflow id names; undefined for any other. */
export const parsePoolWorkflowId = (workflowId: string): string | undefined =>
  workflowId.startsWith(POOL_PREFIX) && workflowId.length > POOL_PREFIX.length ? workflowId.slice(POOL_PREFIX.length) : undefined;

const QUARANTINE_PREFIX = 'quarantine/';

/** One register of quarantined tasks for each task queue. */
export const quarantineWorkflowId = (taskQueue: string): string => `${QUARANTINE_PREFIX}${taskQueue}`;

/** Whether a workflow id is that of a register. */
export const isQuarantineWorkflowId = (workflowId: string): boolean => workflowId.startsWith(QUARANTINE_PREFIX) && workflowId.length > QUARANTINE_PREFIX.length;

/** Of workers: process, host and a random part. It becomes part of a queue's name. */
const WORKER_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,254}$/;
export const isWorkerName = (text: string): boolean => WORKER_PATTERN.test(text);

/** Of capabilities and affinities: printable text that neither begins nor ends with a space, at most 128 characters. */
const PLAIN_NAME_PATTERN = /^(?!\s)[^\p{C}]{1,128}(?<!\s)$/u;
export const isPlainName = (text: string): boolean => PLAIN_NAME_PATTERN.test(text);

/** Queue of workflows and of activities that any worker may take. */
export const TASK_QUEUE = 'tasks';

/** Queue of the activities that are no commands, of the workflows on a queue. */
export const controlQueueOf = (taskQueue: string): string => `${taskQueue}/control`;

/** Queue of the commands of one chosen worker. */
export const workerQueueOf = (taskQueue: string, worker: string): string => `${taskQueue}@${worker}`;
