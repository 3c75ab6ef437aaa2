/** What an execution would take over from the one that it resumes: what that had finished and is still so, and how far the rest had come. */
import type { Client } from '@temporalio/client';
import type { CarriedTask, TakenOver } from '../../model/activity.ts';
import type { GraphTask } from '../../model/graph.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import type { LedgerLine } from '../../model/ledger.ts';
import { passedPoints } from '../../model/passed-points.ts';
import { readLedger } from '../../temporal/ledger.ts';
import { lineageOf } from '../../temporal/lineage.ts';
import { recordedArtifacts } from '../../temporal/recorded-artifacts.ts';
import { takeOver } from '../../temporal/take-over.ts';
import type { LeftTask } from '../../temporal/take-over.ts';
import type { PlanStore } from '../plan-store.ts';
import { changedArtifacts } from './changed-artifacts.ts';

export interface PlanTakeOverRequest {
  readonly client: Client;
  readonly store: PlanStore;
  /** The execution that is resumed, and its tasks as it left them. */
  readonly from: ExecutionId;
  readonly left: readonly LeftTask[];
  /** Of the plan that is executed. */
  readonly tasks: readonly Pick<GraphTask, 'id' | 'deps'>[];
  readonly workspace: string | undefined;
  /** Run again whatever became of them. */
  readonly runAgain?: readonly TaskId[];
}

export interface PlannedTakeOver {
  readonly carried: readonly CarriedTask[];
  readonly takenOver: TakenOver;
}

/** Of all generations, the oldest first. A history that is gone says nothing, and that is said. */
const ledgersOf = async (client: Client, executions: readonly ExecutionId[]): Promise<{ readonly lines: readonly LedgerLine[]; readonly missing?: string }> => {
  const ledgers: (readonly LedgerLine[])[] = [];
  let missing: string | undefined;
  for (const execution of executions.toReversed()) {
    try {
      ledgers.push(await readLedger({ client, execution }));
    } catch (error) {
      missing = error instanceof Error ? error.message : String(error);
    }
  }
  return { lines: ledgers.flat(), ...(missing !== undefined && { missing }) };
};

const AS_ASKED = 'that was asked for';

export const planTakeOver = async ({ client, store, from, left, tasks, workspace, runAgain = [] }: PlanTakeOverRequest): Promise<PlannedTakeOver> => {
  const lineage = await lineageOf({ client, execution: from, codebasePath: async (plan) => (await store.get(plan)).codebasePath });
  const { lines, missing } = await ledgersOf(client, lineage.length > 0 ? lineage.map(({ execution }) => execution) : [from]);
  const succeeded = new Set(left.flatMap(({ task, state }) => (state === 'SUCCEEDED' ? [task] : [])));
  const looked = workspace === undefined ? { unchecked: 'no workspace is known' } : await changedArtifacts({ workspace, recorded: recordedArtifacts(lines), tasks: succeeded });
  const changed = 'changed' in looked ? looked.changed : new Map<TaskId, string>();
  const again = new Map([...changed, ...runAgain.map((task): [TaskId, string] => [task, AS_ASKED])]);
  const unchecked = 'unchecked' in looked ? looked.unchecked : missing;
  return {
    carried: takeOver({ tasks, left, again, points: passedPoints(lines) }),
    takenOver: { from, lineage, ...(unchecked !== undefined && { unchecked }) },
  };
};
