/** Writes the ledger of an execution that is about to end, from its own history, and takes away what its workers have left. */
import type { Client } from '@temporalio/client';
import type { WriteLedgerRequest } from '../model/activity.ts';
import { isAttemptLine } from '../model/ledger.ts';
import { readLedger, writeLedgerFile } from '../temporal/ledger.ts';
import { sweepWorktrees } from './workspace/sweep.ts';

export const createWriteLedger =
  ({ client }: { readonly client: Client }) =>
  async ({ execution, workspace }: WriteLedgerRequest): Promise<{ readonly path: string }> => {
    await sweepWorktrees({ execution, workspace });
    const lines = await readLedger({ client, execution });
    const first = lines.find(isAttemptLine);
    const startedAt = first ? new Date(first.started) : new Date();
    return { path: await writeLedgerFile({ lines, workspace, startedAt }) };
  };
