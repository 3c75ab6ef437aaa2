/**
 * What waits for workers of one queue, from Temporal: tasks that lie on the queue for generic workers, and tasks
 * that executions keep back because no worker is there for them.
 */
import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { QUERY, WORKFLOW } from '../../model/message.ts';
import type { DemandView } from '../../model/message.ts';
import type { Demand, DemandSource, Waiting } from './demand.ts';

const ACTIVITIES = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
/** For one question; a look asks all executions at once. */
const ANSWER_MS = 5_000;
/** Of executions asked in one look, the newest first. */
const MAX_EXECUTIONS = 50;

const textOf = (name: string): string => `'${name.replaceAll("'", "''")}'`;

export const temporalDemand = (client: Client, taskQueue: string): DemandSource => {
  const bounded = <T>(ask: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + ANSWER_MS, ask);

  const backlog = async (): Promise<Waiting> => {
    const { namespace } = client.options;
    const { stats } = await bounded(() => client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: ACTIVITIES, reportStats: true }));
    return { capabilities: [], tasks: Number(stats?.approximateBacklogCount ?? 0), shared: true };
  };

  const openExecutions = (): Promise<readonly string[]> =>
    bounded(async () => {
      const query = `WorkflowType = '${WORKFLOW.execution}' AND ExecutionStatus = 'Running' AND TaskQueue = ${textOf(taskQueue)}`;
      const found: string[] = [];
      for await (const { workflowId } of client.workflow.list({ query, pageSize: MAX_EXECUTIONS })) {
        found.push(workflowId);
        if (found.length >= MAX_EXECUTIONS) break;
      }
      return found;
    });

  /** Undefined when it does not answer: its worker is busy, or is only starting. */
  const demandOf = async (workflowId: string): Promise<readonly Waiting[] | undefined> => {
    try {
      const { waiting } = await bounded(() => client.workflow.getHandle(workflowId).query<DemandView>(QUERY.demand));
      return waiting;
    } catch (error) {
      // Of a version that keeps nothing back; ended meanwhile.
      return error instanceof QueryNotRegisteredError || error instanceof WorkflowNotFoundError ? [] : undefined;
    }
  };

  return {
    look: async (): Promise<Demand> => {
      const [shared, executions] = await Promise.all([backlog(), openExecutions()]);
      const answers = await Promise.all(executions.map(demandOf));
      return { waiting: [shared, ...answers.flatMap((answer) => answer ?? [])], complete: answers.every((answer) => answer !== undefined) };
    },
  };
};
