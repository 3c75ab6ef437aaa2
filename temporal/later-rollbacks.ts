/**
 * Rollbacks of an execution that began after it had ended: nobody could tell it of them. Their ids follow from its own, so
 * that they are found without a search.
 */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { executionWorkflowId } from '../model/ids.ts';
import type { ExecutionId, TaskId } from '../model/ids.ts';
import { rollbackIdOf } from '../model/rollback.ts';
import { undoResultsOf } from '../model/undo-results.ts';
import { readStanding } from './standing.ts';

export interface LaterRollbacks {
  /** Number of the next one. */
  readonly next: number;
  /** One that is still under way. */
  readonly open?: ExecutionId;
  /** Tasks that they have undone. */
  readonly undone: ReadonlySet<TaskId>;
}

/** `begun` is how many began while it was open. Asks those that have ended for what they did: that needs a worker. */
export const laterRollbacks = async (client: Client, execution: ExecutionId, begun: number): Promise<LaterRollbacks> => {
  const undone = new Set<TaskId>();
  for (let number = begun + 1; ; number += 1) {
    const rollback = rollbackIdOf(execution, number);
    const status = rollback && (await statusOf(client, rollback));
    if (!rollback || status === undefined) return { next: number, undone };
    if (status === 'RUNNING') return { next: number + 1, open: rollback, undone };
    const { tasks } = await readStanding(client, rollback);
    for (const { task, result } of undoResultsOf(tasks)) if (result === 'undone') undone.add(task);
  }
};

const statusOf = async (client: Client, execution: ExecutionId): Promise<string | undefined> => {
  try {
    return (await client.workflow.getHandle(executionWorkflowId(execution)).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
};
