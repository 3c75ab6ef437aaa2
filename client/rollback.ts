/**
 * Rolling an execution back from outside. One that is open does it itself, when it is asked. Of one that has ended this reads
 * how it stands, plans, and starts the execution that undoes; from then on nobody needs this process.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { attemptWorkflowId, executionWorkflowId, parseExecutionWorkflowId } from '../model/ids.ts';
import type { ContentHash, ExecutionId } from '../model/ids.ts';
import { MEMO, WORKFLOW } from '../model/message.ts';
import { TasksError } from '../model/problem.ts';
import type { Problem } from '../model/problem.ts';
import { rollbackIdOf, targetOf } from '../model/rollback.ts';
import type { RollbackOutline, RollbackReceipt, RollbackRequest, RollbackTarget, Standing } from '../model/rollback.ts';
import { planRollback } from '../planner/rollback/plan-rollback.ts';
import type { PlannedRollback } from '../planner/rollback/plan-rollback.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { taskSpecs } from '../store/task-specs.ts';
import { laterRollbacks } from '../temporal/later-rollbacks.ts';

export interface RollbackServices {
  readonly client: Client;
  readonly store: PlanStore;
  readonly standing: (execution: ExecutionId) => Promise<Standing>;
  /** Asks an open execution to roll itself back. */
  readonly ask: (execution: ExecutionId, request: RollbackRequest) => Promise<RollbackReceipt>;
  /** Starts the execution of a stored rollback. */
  readonly start: (rollback: StartedRollback) => Promise<void>;
}

export interface StartedRollback {
  readonly of: ExecutionId;
  readonly number: number;
  readonly rollback: ExecutionId;
  readonly plan: ContentHash;
  readonly standing: Standing;
}

/** Commands notice within 5 s that their execution has been ended by force; then they have its grace. */
const NOTICED_MS = 10_000;
const POLL_MS = 500;

export const rollBack = async (services: RollbackServices, execution: ExecutionId, request: RollbackRequest): Promise<RollbackReceipt> => {
  targetFrom(request);
  if (await isOpen(services.client, execution)) return services.ask(execution, request);
  const { standing, planned, number } = await prepare(services, execution, request);
  const rollback = rollbackIdOf(execution, number);
  if (!rollback) throw new TasksError({ code: 'TASKS3105', message: `the id ${execution} is too long for that of a rollback` });
  await untilQuiet(services.client, standing);
  const plan = await services.store.put(planned.plan);
  await services.start({ of: execution, number, rollback, plan, standing });
  const { steps } = planned.outline;
  return { rollback, steps: steps.length, byHand: steps.flatMap(({ task, how }) => (how === 'hand' ? [task] : [])) };
};

export const rollbackOutline = async (services: RollbackServices, execution: ExecutionId, request: RollbackRequest): Promise<RollbackOutline> => (await prepare(services, execution, request)).planned.outline;

interface Prepared {
  readonly standing: Standing;
  readonly planned: PlannedRollback;
  readonly number: number;
}

const prepare = async ({ client, store, standing: ask }: RollbackServices, execution: ExecutionId, request: RollbackRequest): Promise<Prepared> => {
  const target = targetFrom(request);
  const before = await ask(execution);
  if (before.rollbackOf) throw new TasksError({ code: 'TASKS3105', message: `${execution} is a rollback itself, of ${before.rollbackOf}`, hint: 'Run the plan again to have done what it has undone.' });
  const { next: number, open, undone } = await laterRollbacks(client, execution, before.rollbacks);
  if (open) throw new TasksError({ code: 'TASKS3103', message: `execution ${execution} is being rolled back by ${open}`, hint: `Follow it: tasks watch ${open}` });
  const heir = await heirOf(client, execution);
  if (heir) throw new TasksError({ code: 'TASKS3105', message: `execution ${heir} has taken over what ${execution} did, and goes on from it`, hint: `Roll that back: tasks rollback ${heir}` });
  const standing = { ...before, tasks: before.tasks.map((each) => (undone.has(each.task.id) ? { ...each, acted: false } : each)) };
  const specs = await taskSpecs(store, { tasks: standing.tasks.map(({ task }) => task), sources: standing.sources });
  const planned = planRollback({ standing, specs, target, number });
  if (!planned.ok) throw new TasksError(planned.error);
  return { standing, planned: planned.value, number };
};

const targetFrom = ({ to, failed }: RollbackRequest): RollbackTarget => {
  const target = targetOf({ to, failed });
  if (target) return target;
  const message = failed === true ? 'the failed tasks and a point cannot both be rolled back to' : `${JSON.stringify(to)} is no point to roll back to`;
  throw new TasksError({ code: 'TASKS3010', message, hint: 'A task, a checkpoint label, or depth:N with a whole number.' });
};

const isOpen = async (client: Client, execution: ExecutionId): Promise<boolean> => (await client.workflow.getHandle(executionWorkflowId(execution)).describe()).status.name === 'RUNNING';

/** An execution that has gone on from what this one did: it stands on it. */
const heirOf = async (client: Client, execution: ExecutionId): Promise<string | undefined> => {
  const { startTime } = await client.workflow.getHandle(executionWorkflowId(execution)).describe();
  const query = `WorkflowType = '${WORKFLOW.execution}' AND StartTime > '${startTime.toISOString()}'`;
  for await (const info of client.workflow.list({ query })) {
    if (info.memo?.[MEMO.resumeFrom] === execution) return parseExecutionWorkflowId(info.workflowId);
  }
  return undefined;
};

/** Nothing is undone beside commands that are still being ended. */
const untilQuiet = async (client: Client, { execution, graceMs, tasks }: Standing): Promise<void> => {
  const underWay = tasks.filter(({ state }) => state === 'RUNNING' || state === 'ASSIGNED');
  if (underWay.length === 0) return;
  const { closeTime } = await client.workflow.getHandle(executionWorkflowId(execution)).describe();
  const until = (closeTime?.getTime() ?? Date.now()) + NOTICED_MS + graceMs;
  const stillOpen = async (): Promise<readonly string[]> => {
    const found = await Promise.all(underWay.map(async ({ task, attempt }) => ((await isAttemptOpen(client, attemptWorkflowId(execution, task.id, attempt))) ? [task.id] : [])));
    return found.flat();
  };
  for (;;) {
    const [open] = await stillOpen();
    // An attempt without a workflow of its own says nothing of its end.
    if (Date.now() >= until && open === undefined) return;
    if (Date.now() >= until) throw new TasksError(stillBusy(execution, open as string));
    await delay(POLL_MS);
  }
};

const stillBusy = (execution: ExecutionId, task: string): Problem => ({
  code: 'TASKS3103',
  message: `the attempt of ${task} has not ended, although execution ${execution} has`,
  hint: 'Is a worker running? It ends what is left of it; then ask again.',
});

const isAttemptOpen = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
};
