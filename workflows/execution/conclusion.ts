/** The end of an execution that is a rollback: what it has done is recorded, and whom it undid is told. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { INTERNAL_SIGNAL } from '../../model/message.ts';
import type { RollbackRecord, RollbackSummary } from '../../model/rollback.ts';
import { undoResultsOf } from '../../model/undo-results.ts';
import { control } from '../control.ts';
import type { ControlOptions } from '../control.ts';
import type { Driver } from './driver.ts';
import { standingOf } from './standing-view.ts';

/** What was done can be had from the history at any time: an end that cannot look at the workspace is still an end. */
const CONCLUDING: ControlOptions = { startToCloseTimeout: '5m', scheduleToCloseTimeout: '10m', retry: { maximumAttempts: 3 } };
const SHOWN = 50;

/** Undefined for an execution that rolls nothing back, and where nothing could be recorded. */
export const conclude = async (driver: Driver): Promise<RollbackSummary | undefined> => {
  const { rollbackOf, plan, workspace } = driver.carried;
  if (!rollbackOf) return undefined;
  const results = undoResultsOf(driver.scheduler.index.tasks.map((_, index) => standingOf(driver, index)));
  const record = await control(CONCLUDING).concludeRollback({ of: rollbackOf.execution, plan, workspace, results }).catch(() => undefined);
  return record && summaryOf(record);
};

const summaryOf = ({ undone, notUndone, left, tree, ...rest }: RollbackRecord): RollbackSummary => ({
  ...rest,
  undone: undone.length,
  notUndone: notUndone.slice(0, SHOWN),
  notUndoneTotal: notUndone.length,
  left: left.slice(0, SHOWN),
  leftTotal: left.length,
  ...(tree && { tree: { ...tree, ...(tree.changed && { changed: tree.changed.slice(0, SHOWN) }), ...(tree.artifacts && { artifacts: tree.artifacts.slice(0, SHOWN) }) } }),
});

/** An execution that has closed has no use for it. */
export const tellUndone = async (rollbackOf: { readonly execution: ExecutionId; readonly number: number }): Promise<void> => {
  await getExternalWorkflowHandle(executionWorkflowId(rollbackOf.execution))
    .signal(INTERNAL_SIGNAL.rollbackEnded, rollbackOf.number)
    .catch(() => undefined);
};
