/** The register of quarantined tasks, as activities and clients ask and tell it. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { quarantineWorkflowId } from '../model/ids.ts';
import { WORKFLOW } from '../model/message.ts';
import { QUARANTINE_QUERY, QUARANTINE_SIGNAL } from '../model/quarantine.ts';
import type { QuarantineEntry, QuarantineNews, QuarantinePage, QuarantineQuery } from '../model/quarantine.ts';
import { onceLoaded } from './once-loaded.ts';

const PAGE = 200;

export interface Quarantined {
  readonly entries: readonly QuarantineEntry[];
  /** No other task is taken in. */
  readonly full: boolean;
}

/**
 * All of them, or those of one plan, by plan and task; nothing where there is no register. Needs a worker that answers:
 * whatever asking throws is thrown.
 */
export const readQuarantined = async ({ client, taskQueue, plan }: { readonly client: Client; readonly taskQueue: string; readonly plan?: string }): Promise<Quarantined> => {
  const register = client.workflow.getHandle(quarantineWorkflowId(taskQueue));
  const nothing: Quarantined = { entries: [], full: false };
  try {
    // One that somebody ended would still answer, with what was parked then.
    const { status } = await register.describe();
    if (status.name !== 'RUNNING') return nothing;
    const entries: QuarantineEntry[] = [];
    for (let from: number | undefined = 0; ; ) {
      const wanted: QuarantineQuery = { from, limit: PAGE, ...(plan !== undefined && { plan }) };
      const page = await onceLoaded(() => register.query<QuarantinePage, [QuarantineQuery]>(QUARANTINE_QUERY.list, wanted));
      entries.push(...page.items);
      if (page.next === undefined) return { entries, full: page.full };
      from = page.next;
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return nothing;
    throw error;
  }
};

/** Telling twice, or late, is no harm. Needs no worker: what was told is kept until there is one. */
export const tellQuarantine = async ({ client, taskQueue, news }: { readonly client: Client; readonly taskQueue: string; readonly news: readonly QuarantineNews[] }): Promise<void> => {
  await client.workflow.signalWithStart(WORKFLOW.quarantine, {
    workflowId: quarantineWorkflowId(taskQueue),
    taskQueue,
    args: [],
    signal: QUARANTINE_SIGNAL.tell,
    signalArgs: [news],
    staticSummary: `quarantined tasks of the queue ${taskQueue}`,
  });
};
