/** Tells an execution how far an attempt of it is. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { AttemptProgress } from '../model/checkpoint.ts';
import { executionWorkflowId } from '../model/ids.ts';
import type { ExecutionId } from '../model/ids.ts';
import { INTERNAL_SIGNAL } from '../model/message.ts';

/** False when it has closed. Rejects when the server does not take it: it may be told later. */
export const createTellProgress =
  ({ client }: { readonly client: Client }) =>
  async (execution: ExecutionId, progress: AttemptProgress): Promise<boolean> => {
    try {
      await client.workflow.getHandle(executionWorkflowId(execution)).signal(INTERNAL_SIGNAL.attemptProgress, progress);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };
