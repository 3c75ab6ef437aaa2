/** What became of an attempt whose child cannot, or does not, report. */
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { FetchAttemptRequest, FetchedAttempt } from '../model/activity.ts';
import type { AttemptResult } from '../model/attempt.ts';
import { attemptWorkflowId } from '../model/ids.ts';

export const createFetchAttempt =
  ({ client }: { readonly client: Client }) =>
  async ({ execution, task, attempt }: FetchAttemptRequest): Promise<FetchedAttempt> => {
    const handle = client.workflow.getHandle(attemptWorkflowId(execution, task, attempt));
    try {
      const { status } = await handle.describe();
      if (status.name === 'RUNNING') return { status: 'running' };
      return { status: 'ended', result: (await handle.result()) as AttemptResult };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { status: 'lost', reason: 'its workflow does not exist' };
      if (error instanceof WorkflowFailedError) return { status: 'lost', reason: error.cause?.message ?? error.message };
      throw error;
    }
  };
