/** Tells an execution that one of its attempts is undoing what it did, so that it is seen. */
import type { Client } from '@temporalio/client';
import type { AttemptInput } from '../model/attempt.ts';
import { executionWorkflowId } from '../model/ids.ts';
import { INTERNAL_SIGNAL } from '../model/message.ts';

export const createTellCompensating =
  ({ client }: { readonly client: Client }) =>
  ({ execution, task, attempt }: AttemptInput): Promise<void> =>
    client.workflow.getHandle(executionWorkflowId(execution)).signal(INTERNAL_SIGNAL.compensating, { task, attempt });
