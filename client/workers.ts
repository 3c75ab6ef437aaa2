/** The workers of a queue, as its pool knows them. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { poolWorkflowId } from '../model/ids.ts';
import { POOL_QUERY } from '../model/pool.ts';
import type { PoolView } from '../model/pool.ts';
import { TasksError } from '../model/problem.ts';
import { isServerGone } from './failures.ts';

const ANSWER_MS = 10_000;

export interface WorkerOperations {
  /** Who lives, by name; nobody where there is no pool, which the first worker of a queue starts. */
  list(): Promise<PoolView>;
}

/** @throws TasksError TASKS2007 when no worker answers for the pool: whom it knows may all be dead. TASKS2001 without a server. */
export const workerOperations = ({ client, taskQueue }: { readonly client: Client; readonly taskQueue: string }): WorkerOperations => ({
  list: async () => {
    const nobody: PoolView = { name: taskQueue, workers: [], executions: 0 };
    const pool = client.workflow.getHandle(poolWorkflowId(taskQueue));
    const ask = async (): Promise<PoolView> => {
      // One that somebody ended would still answer, with who lived then.
      const { status } = await pool.describe();
      return status.name === 'RUNNING' ? await pool.query<PoolView>(POOL_QUERY.state) : nobody;
    };
    try {
      return await client.withDeadline(Date.now() + ANSWER_MS, ask);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return nobody;
      if (!isServerGone(error)) throw error;
      throw new TasksError(
        { code: 'TASKS2007', message: `no worker answers for the pool of the queue ${taskQueue}: those it knows may all have ended`, hint: '`tasks worker` starts one.' },
        { cause: error },
      );
    }
  },
});
