/** What executions ask of the pool of their queue: to be told which workers there are. */
import type { Client } from '@temporalio/client';
import type { JoinPoolRequest } from '../model/activity.ts';
import { poolWorkflowId } from '../model/ids.ts';
import { WORKFLOW } from '../model/message.ts';
import { POOL_SIGNAL } from '../model/pool.ts';
import type { JoinRequest } from '../model/pool.ts';

/** Joining twice is no harm: the execution is told once more. */
export const createJoinPool =
  ({ client }: { readonly client: Client }) =>
  async ({ execution, taskQueue }: JoinPoolRequest): Promise<void> => {
    const request: JoinRequest = { execution };
    await client.workflow.signalWithStart(WORKFLOW.pool, {
      workflowId: poolWorkflowId(taskQueue),
      taskQueue,
      args: [],
      signal: POOL_SIGNAL.join,
      signalArgs: [request],
      staticSummary: `workers of the queue ${taskQueue}`,
    });
  };
