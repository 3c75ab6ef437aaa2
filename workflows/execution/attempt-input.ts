/** What an attempt is given, from what is known of its task and its execution. */
import type { AttemptInput, HeldGrant } from '../../model/attempt.ts';
import type { CheckpointOrders } from '../../model/checkpoint.ts';
import type { Dispatch, GraphTask } from '../../model/graph.ts';
import type { ContentHash } from '../../model/ids.ts';
import { isPreemptible } from '../../scheduler/background.ts';
import { executorOf, timeoutOf } from '../../scheduler/dispatch.ts';
import type { TaskRecord } from '../../scheduler/protocol.ts';
import { compensationTerms } from '../../scheduler/rollback/terms.ts';
import type { workspaceInput } from './attempt-summary.ts';
import type { Carried } from './carry.ts';

export interface Launching {
  readonly carried: Carried;
  readonly task: GraphTask;
  readonly record: TaskRecord;
  readonly source: ContentHash;
  readonly dispatch: Dispatch;
  readonly workspace: ReturnType<typeof workspaceInput>;
  readonly grants: readonly HeldGrant[];
  readonly checkpoints: CheckpointOrders | undefined;
}

/** What does not apply is left out. */
export const attemptInput = ({ carried, task, record, source, dispatch, workspace, grants, checkpoints }: Launching): AttemptInput => {
  const { attempt, placedOn, mendContext } = record;
  const { graph } = carried.scheduler;
  return {
    execution: carried.execution,
    task: task.id,
    attempt,
    source,
    ...(graph.hasFailureRules && { rules: carried.plan }),
    ...(graph.executors && { plan: carried.plan }),
    executor: executorOf(task),
    ...(mendContext && { repairContext: true }),
    workspace: carried.workspace,
    timeoutMs: timeoutOf(task, dispatch),
    graceMs: carried.graceMs,
    firstRunId: carried.firstRunId,
    ...(carried.git && { git: true }),
    ...workspace,
    ...(task.priority !== undefined && { priority: task.priority }),
    ...(isPreemptible(task) && { preemptible: true }),
    ...(task.pausable && { pausable: true }),
    ...(placedOn !== undefined && { placedOn }),
    ...(task.compensation && { compensation: compensationTerms(task, { attempt, state: carried.scheduler }) }),
    ...(grants.length > 0 && { grants }),
    ...(checkpoints && { checkpoints }),
  };
};
