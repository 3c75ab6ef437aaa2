/** What has become of a rollback, for the execution that waits for it. */
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { FetchedRollback, FetchRollbackRequest } from '../../model/activity.ts';
import { executionWorkflowId } from '../../model/ids.ts';
import { undoResultsOf } from '../../model/undo-results.ts';
import { readStanding } from '../../temporal/standing.ts';

/** Between its word and its end there is one workflow task. */
const ENDING_MS = 10_000;
const POLL_MS = 100;

export const createFetchRollback =
  ({ client }: { readonly client: Client }) =>
  async ({ rollback, isEnding }: FetchRollbackRequest): Promise<FetchedRollback> => {
    const handle = client.workflow.getHandle(executionWorkflowId(rollback));
    for (const until = Date.now() + (isEnding ? ENDING_MS : 0); ; await delay(POLL_MS)) {
      const description = await handle.describe().catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      });
      // Nothing of it was ever begun, or its history is gone: what it did not say is not undone.
      if (!description) return { status: 'ended', outcome: 'terminated', results: [] };
      const { name } = description.status;
      if (name === 'RUNNING' && Date.now() >= until) return { status: 'running' };
      if (name === 'RUNNING') continue;
      const { tasks, status } = await readStanding(client, rollback);
      const isForced = name === 'TERMINATED' || name === 'TIMED_OUT';
      const outcome = isForced || (status !== 'succeeded' && status !== 'failed' && status !== 'aborted') ? 'terminated' : status;
      return { status: 'ended', outcome, results: undoResultsOf(tasks) };
    }
  };
