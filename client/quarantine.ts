/** The tasks that are parked until a person revives them: reading the register of a queue, adding to it, reviving. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { executionWorkflowId, quarantineWorkflowId } from '../model/ids.ts';
import type { ExecutionId } from '../model/ids.ts';
import type { ExecutionState, RequestReceipt, TaskRequest, TaskView } from '../model/message.ts';
import { isOpen as isStatusOpen } from '../model/outcome.ts';
import { TasksError } from '../model/problem.ts';
import { bounded, planKey, QUARANTINE_UPDATE } from '../model/quarantine.ts';
import type { QuarantineEntry, ReviveRequest } from '../model/quarantine.ts';
import type { TaskState } from '../model/state.ts';
import { FAILED_PRECONDITION } from '../temporal/grpc.ts';
import { readQuarantined, tellQuarantine } from '../temporal/quarantine.ts';
import type { Quarantined } from '../temporal/quarantine.ts';
import { grpcErrorIn, isServerGone, requestProblems } from './failures.ts';

const ANSWER_MS = 10_000;

export interface ReviveOptions extends ReviveRequest {
  /** Where it is to run again at once; the execution that has quarantined it unless stated. */
  readonly execution?: ExecutionId;
}

export interface Revival {
  /** What it was parked for. */
  readonly revived: QuarantineEntry;
  /** The execution in which it runs again, and its state there; undefined where none is open that leaves it out. */
  readonly runs?: { readonly execution: ExecutionId; readonly state?: TaskState };
  /** Why that execution could not be told. The task is revived all the same. */
  readonly untold?: string;
}

export interface QuarantineOperations {
  /** By plan and task; nothing where none was ever quarantined. */
  list(options?: { readonly plan?: string; readonly answerMs?: number }): Promise<Quarantined>;
  /**
   * Parks a task, in an execution that is open (which must not have it at work or done) and in all later ones of the plan. One
   * that has ended is not changed. The register hears of it at once, or from the execution within moments.
   */
  add(execution: ExecutionId, request: TaskRequest): Promise<RequestReceipt>;
  /** Lets a task run again: in later executions of the plan, and at once in the one that has parked it if that is open. */
  revive(options: ReviveOptions): Promise<Revival>;
}

export interface QuarantineServices {
  readonly client: Client;
  readonly taskQueue: string;
  readonly state: (execution: ExecutionId) => Promise<ExecutionState>;
  readonly task: (execution: ExecutionId, task: string) => Promise<TaskView>;
  /** Requests to an open execution. */
  readonly quarantine: (execution: ExecutionId, request: TaskRequest) => Promise<RequestReceipt>;
  readonly retry: (execution: ExecutionId, request: TaskRequest) => Promise<RequestReceipt>;
}

/** @throws TasksError TASKS3014 for a task that nobody has quarantined, TASKS2007 when no worker answers, TASKS2001 without a server. */
export const quarantineOperations = (services: QuarantineServices): QuarantineOperations => {
  const { client, taskQueue } = services;
  return {
    list: ({ plan, answerMs = ANSWER_MS } = {}) =>
      client.withDeadline(Date.now() + answerMs, () => readQuarantined({ client, taskQueue, ...(plan !== undefined && { plan }) })).catch((error: unknown) => {
        throw unanswered(error, taskQueue);
      }),
    add: async (execution, request) => {
      const state = await services.state(execution);
      if (state.rollbackOf) throw new TasksError({ code: 'TASKS3005', message: `${execution} is a rollback: its tasks undo those of ${state.rollbackOf}`, hint: `Name that execution: tasks quarantine add ${state.rollbackOf} ${request.task}` });
      return isStatusOpen(state.status) ? services.quarantine(execution, request) : addEnded(services, state, request);
    },
    revive: async ({ execution: named, ...request }) => {
      const revived = await revive(services, request);
      const execution = named ?? revived.execution;
      try {
        return { revived, ...(await runAgain(services, execution, request)) };
      } catch (error) {
        return { revived, untold: error instanceof Error ? error.message : String(error) };
      }
    },
  };
};

const isOpen = async (client: Client, execution: ExecutionId): Promise<boolean> => {
  try {
    return (await client.workflow.getHandle(executionWorkflowId(execution)).describe()).status.name === 'RUNNING';
  } catch (error) {
    // Its history is past retention.
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
};

/** What happened in it stays; the plan's later executions leave the task out. */
const addEnded = async ({ client, taskQueue, task }: QuarantineServices, { executionId: execution, name, status }: ExecutionState, { task: id, by = 'unknown', reason }: TaskRequest): Promise<RequestReceipt> => {
  const view = await task(execution, id);
  const { failure } = view;
  const cause = bounded({ by, ...(reason !== undefined && { reason }), ...(failure && { class: failure.class, message: failure.message, ...(failure.kind && { kind: failure.kind }) }) });
  const entry = { plan: planKey(name), task: view.task, since: Date.now(), execution, attempt: view.attempt, ...cause };
  await tellQuarantine({ client, taskQueue, news: [{ type: 'quarantined', ...entry }] });
  await mustBeThere({ client, taskQueue }, entry);
  return { status, state: view.state };
};

/** A signal is not answered: the register may be full, or have heard something later of the task, by another clock. */
const mustBeThere = async ({ client, taskQueue }: Pick<QuarantineServices, 'client' | 'taskQueue'>, { plan, task }: QuarantineEntry): Promise<void> => {
  const { entries, full } = await client.withDeadline(Date.now() + ANSWER_MS, () => readQuarantined({ client, taskQueue, plan })).catch((error: unknown) => {
    throw unanswered(error, taskQueue);
  });
  if (entries.some((entry) => entry.task === task)) return;
  const why = full ? 'the register is full' : 'it was revived in this very moment';
  throw new TasksError({ code: 'TASKS3005', message: `${task} of the plan ${plan} is not quarantined: ${why}`, hint: full ? 'Revive some: `tasks quarantine list`.' : 'Say it again.' });
};

const revive = async ({ client, taskQueue }: QuarantineServices, request: ReviveRequest): Promise<QuarantineEntry> => {
  const register = client.workflow.getHandle(quarantineWorkflowId(taskQueue));
  try {
    return await client.withDeadline(Date.now() + ANSWER_MS, () => register.executeUpdate<QuarantineEntry, [ReviveRequest]>(QUARANTINE_UPDATE.revive, { args: [request] }));
  } catch (error) {
    const problems = requestProblems(error);
    if (problems) throw new TasksError(problems, { cause: error });
    if (error instanceof WorkflowNotFoundError) throw new TasksError({ code: 'TASKS3014', message: `no task was ever quarantined on the queue ${taskQueue}` }, { cause: error });
    throw unanswered(error, taskQueue);
  }
};

/** Only where it is parked: whoever has passed over it meanwhile, or given it up, has not asked for it. */
const runAgain = async ({ client, task, retry }: QuarantineServices, execution: ExecutionId, { task: id, ...who }: ReviveRequest): Promise<Pick<Revival, 'runs'>> => {
  if (!(await isOpen(client, execution)) || (await task(execution, id)).state !== 'QUARANTINED') return {};
  const { by, reason } = who;
  const { state } = await retry(execution, { task: id, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) });
  return { runs: { execution, ...(state && { state }) } };
};

const unanswered = (error: unknown, taskQueue: string): unknown =>
  isServerGone(error) || grpcErrorIn(error)?.code === FAILED_PRECONDITION ? new TasksError({ code: 'TASKS2007', message: `no worker answers for the quarantined tasks of the queue ${taskQueue}`, hint: '`tasks worker` starts one.' }, { cause: error }) : error;
