/** What an execution takes over from the one that it resumes. */
import { ApplicationFailure } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { LoadGraphRequest } from '../model/activity.ts';
import type { Graph } from '../model/graph.ts';
import { executionWorkflowId } from '../model/ids.ts';
import type { ExecutionId } from '../model/ids.ts';
import { QUERY } from '../model/message.ts';
import type { Page, TaskView } from '../model/message.ts';
import { planTakeOver } from '../store/checkpoint/plan-take-over.ts';
import type { PlannedTakeOver } from '../store/checkpoint/plan-take-over.ts';
import type { PlanStore } from '../store/plan-store.ts';
import type { LeftTask } from '../temporal/take-over.ts';

const PAGE = 500;

interface Requested extends Pick<LoadGraphRequest, 'runAgain' | 'resumeAt'> {
  readonly from: ExecutionId;
  readonly graph: Graph;
  readonly workspace: string | undefined;
}

const leftBy = async (client: Client, execution: ExecutionId): Promise<readonly LeftTask[]> => {
  const handle = client.workflow.getHandle(executionWorkflowId(execution));
  const left: LeftTask[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: Page<TaskView> = await handle.query(QUERY.timeline, { from, limit: PAGE });
    left.push(...page.items);
    from = page.next;
  }
  return left;
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
  return planTakeOver({ client, store, from, left: await leftBy(client, from), tasks: graph.tasks, workspace, ...(runAgain && { runAgain }) });
};
