/** What mutexes and those who need one ask of the server: is it there, and who of its holders and waiters still is? */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { EnsureMutexRequest, GoneRequest } from '../model/activity.ts';
import { executionWorkflowId, mutexWorkflowId } from '../model/ids.ts';
import { WORKFLOW } from '../model/message.ts';
import type { MutexInput } from '../model/mutex.ts';

/** An attempt learns from its next heartbeat that its workflow was ended; a second more is for a busy machine. */
const NOTICE_MS = 3_000;
/** Look-ups at once. */
const BATCH = 20;

const describe = async (client: Client, workflowId: string): Promise<WorkflowExecutionDescription | undefined> => {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
};

/**
 * A mutex that was there and is no longer was ended by somebody: holders may have their grants from it, so the
 * new one begins on probation. Of two who start it at once one does.
 */
export const createEnsureMutex =
  ({ client }: { readonly client: Client }) =>
  async ({ domain, taskQueue }: EnsureMutexRequest): Promise<void> => {
    const workflowId = mutexWorkflowId(domain);
    const earlier = await describe(client, workflowId);
    if (earlier?.status.name === 'RUNNING') return;
    const input: MutexInput = earlier ? { probation: true } : {};
    try {
      await client.workflow.start(WORKFLOW.mutex, { args: [input], workflowId, taskQueue, staticSummary: `resources of the lock domain ${domain}` });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };

/**
 * A holder is gone when its workflow has completed, when it was ended in another way and its process has had its
 * grace since, and when it never came to be and its execution has closed or has forgotten it. A waiter goes with its
 * execution.
 */
export const createGoneRequests =
  ({ client }: { readonly client: Client }) =>
  async ({ holders, waiters }: GoneRequest): Promise<string[]> => {
    const executions = new Map<string, Promise<boolean>>();
    const isOpen = (execution: GoneRequest['waiters'][number]['execution']): Promise<boolean> => {
      const known = executions.get(execution);
      if (known) return known;
      const asked = describe(client, executionWorkflowId(execution)).then((found) => found?.status.name === 'RUNNING');
      executions.set(execution, asked);
      return asked;
    };
    const isHolderGone = async ({ holder, execution, graceMs, forgotten = false }: GoneRequest['holders'][number]): Promise<boolean> => {
      const found = await describe(client, holder);
      if (!found) return forgotten || !(await isOpen(execution));
      if (found.status.name === 'RUNNING') return false;
      if (found.status.name === 'COMPLETED') return true;
      return Date.now() >= (found.closeTime?.getTime() ?? 0) + graceMs + NOTICE_MS;
    };
    const checks = [
      ...holders.map((holder) => ({ id: holder.id, isGone: () => isHolderGone(holder) })),
      ...waiters.map((waiter) => ({ id: waiter.id, isGone: async () => !(await isOpen(waiter.execution)) })),
    ];
    const gone: string[] = [];
    for (let from = 0; from < checks.length; from += BATCH) {
      const batch = checks.slice(from, from + BATCH);
      const answers = await Promise.all(batch.map(({ isGone }) => isGone()));
      for (const [at, { id }] of batch.entries()) if (answers[at]) gone.push(id);
    }
    return gone;
  };
