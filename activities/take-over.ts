/** What an execution takes over from the one that it resumes. */
import { ApplicationFailure } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { LoadGraphRequest } from '../model/activity.ts';
import type { Graph } from '../model/graph.ts';
import type { ExecutionId, TaskId } from '../model/ids.ts';
import { planTakeOver } from '../store/checkpoint/plan-take-over.ts';
import type { PlannedTakeOver } from '../store/checkpoint/plan-take-over.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { laterRollbacks } from '../temporal/later-rollbacks.ts';
import { readStanding } from '../temporal/standing.ts';
import type { LeftTask } from '../temporal/take-over.ts';

interface Requested extends Pick<LoadGraphRequest, 'runAgain' | 'resumeAt'> {
  readonly from: ExecutionId;
  readonly graph: Graph;
  readonly workspace: string | undefined;
}

interface Left {
  readonly tasks: readonly LeftTask[];
  /** Those of which an attempt may have done something that has not been undone. */
  readonly acted: ReadonlySet<TaskId>;
}

/** What has been rolled back since is left as that. */
const leftBy = async (client: Client, execution: ExecutionId): Promise<Left> => {
  const { tasks, rollbacks } = await readStanding(client, execution);
  const { open, undone } = await laterRollbacks(client, execution, rollbacks);
  if (open) throw ApplicationFailure.nonRetryable(`execution ${execution} is being rolled back by ${open}: resume from it when that has ended`, 'TASKS3103');
  return {
    tasks: tasks.map(({ task: { id }, attempt, state }) => ({ task: id, attempt, state: undone.has(id) ? 'ROLLED_BACK' : state })),
    acted: new Set(tasks.flatMap(({ task: { id }, acted }) => (acted && !undone.has(id) ? [id] : []))),
  };
};

/** @throws ApplicationFailure TASKS3004, which no retry mends. */
const checkNames = ({ graph, runAgain = [], resumeAt = [] }: Requested): void => {
  const known = new Set(graph.tasks.map(({ id }) => id));
  const unknown = [...runAgain, ...resumeAt.map(({ task }) => task)].find((task) => !known.has(task));
  if (unknown !== undefined) throw ApplicationFailure.nonRetryable(`the plan has no task ${unknown}`, 'TASKS3004');
};

/** @throws ApplicationFailure TASKS3004 for a task that the plan does not have. */
export const takeOverFrom = async ({ client, store }: { readonly store: PlanStore; readonly client: Client }, requested: Requested): Promise<PlannedTakeOver> => {
  checkNames(requested);
  const { from, graph, workspace, runAgain } = requested;
  const left = await leftBy(client, from);
  const planned = await planTakeOver({ client, store, from, left: left.tasks, tasks: graph.tasks, workspace, ...(runAgain && { runAgain }) });
  return { ...planned, carried: planned.carried.map((task) => ({ ...task, acted: left.acted.has(task.task) })) };
};
