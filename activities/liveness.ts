/** Whether workflows are still open: short look-ups that children and executions make of one another. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { ClosedAttemptsRequest, OwnerRequest } from '../model/activity.ts';
import { attemptWorkflowId, executionWorkflowId } from '../model/ids.ts';

interface Description {
  readonly open: boolean;
  readonly firstRunId: string | undefined;
}

const look = async (client: Client, workflowId: string): Promise<Description> => {
  try {
    const description = await client.workflow.getHandle(workflowId).describe();
    const firstRunId = description.raw.workflowExecutionInfo?.firstRunId ?? undefined;
    return { open: description.status.name === 'RUNNING', firstRunId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { open: false, firstRunId: undefined };
    throw error;
  }
};

/** An execution under the same id that began later is not the owner. */
export const createOwnerIsOpen =
  ({ client }: { readonly client: Client }) =>
  async ({ execution, firstRunId }: OwnerRequest): Promise<boolean> => {
    const found = await look(client, executionWorkflowId(execution));
    return found.open && (!found.firstRunId || found.firstRunId === firstRunId);
  };

export const createClosedAttempts =
  ({ client }: { readonly client: Client }) =>
  async ({ execution, attempts }: ClosedAttemptsRequest): Promise<number[]> => {
    const closed: number[] = [];
    for (const [position, { task, attempt }] of attempts.entries()) {
      const { open } = await look(client, attemptWorkflowId(execution, task, attempt));
      if (!open) closed.push(position);
    }
    return closed;
  };
