/**
 * The workflow of one execution, `tasks/<executionId>`: it walks the graph as a rolling frontier, one child
 * workflow (or light activity) an attempt. It decides nothing itself: it drives the scheduler.
 *
 * Its first activity loads the graph's skeleton by the plan's hash. When Temporal suggests it, it continues
 * as new without draining: attempts in flight go on and report to the next run.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  makeContinueAsNewFunc,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { isBuiltInExecutor } from '../model/executor.ts';
import { readExecutionInput } from '../model/input-guard.ts';
import { parseExecutionWorkflowId } from '../model/ids.ts';
import type { LoadGraphRequest } from '../model/activity.ts';
import { SEARCH_ATTRIBUTE } from '../model/message.ts';
import type { ExecutionInput, ExecutionState } from '../model/message.ts';
import { control } from './control.ts';
import type { ControlOptions } from './control.ts';
import { beginState, checkpointsOf, migrate } from './execution/carry.ts';
import type { Carried } from './execution/carry.ts';
import { conclude, tellUndone } from './execution/conclusion.ts';
import { DepthTags } from './execution/depth-tags.ts';
import { Driver } from './execution/driver.ts';
import { setHandlers } from './execution/handlers.ts';
import type { Slot } from './execution/handlers.ts';
import { refusal } from './execution/rejection.ts';
import { details, stateView } from './execution/views.ts';

const LOADING: ControlOptions = {
  startToCloseTimeout: '5m',
  retry: { maximumInterval: '30s', nonRetryableErrorTypes: ['TASKS1005', 'TASKS4001', 'TASKS4002', 'TASKS3004'] },
};
/** The ledger can be had from the history at any time: an end that cannot write it is still an end. */
const WRITING_LEDGER: ControlOptions = { startToCloseTimeout: '5m', scheduleToCloseTimeout: '10m', retry: { maximumAttempts: 3 } };
/** What is left can be removed at any time (`tasks checkpoints`). */
const PRUNING: ControlOptions = { startToCloseTimeout: '5m', scheduleToCloseTimeout: '10m', retry: { maximumAttempts: 3 } };

/**
 * @returns the state at the end of an execution that succeeded.
 * @throws ApplicationFailure `ExecutionFailed` or `ExecutionAborted`, the state as its detail, so that
 * Temporal's own tools show such an execution as failed; CancelledFailure when it was cancelled by Temporal.
 */
export async function execution(input: ExecutionInput, carried?: Carried): Promise<ExecutionState> {
  const slot: Slot = {};
  setHandlers(slot);
  const driver = new Driver(carried ? migrate(carried) : await load(input));
  slot.driver = driver;
  setCurrentDetails(details(driver));
  let cancelled = false;
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
    driver.push({ type: 'abort', by: 'temporal', reason: 'the workflow was cancelled' });
  });
  return CancellationScope.nonCancellable(async () => {
    const tags = driver.carried.git ? new DepthTags(driver) : undefined;
    driver.onChange = () => {
      setCurrentDetails(details(driver));
      tags?.look();
    };
    driver.begin();
    for (;;) {
      const turn = await driver.untilTurn();
      if (turn === 'finished') break;
      await driver.letShortOnesEnd();
      await driver.tellChildren();
      await condition(allHandlersFinished);
      // What is still in the inbox is applied first: it may be the end.
      const next = driver.snapshot();
      if (driver.outcome !== undefined) continue;
      slot.handingOver = true;
      await makeContinueAsNewFunc<typeof execution>()(input, next);
    }
    await tags?.done();
    return finish(driver, cancelled);
  });
}

const load = async (input: ExecutionInput): Promise<Carried> => {
  const info = workflowInfo();
  const id = parseExecutionWorkflowId(info.workflowId);
  if (id === undefined) {
    throw ApplicationFailure.nonRetryable(`an execution's workflow id is tasks/<id>, not ${info.workflowId}`, 'TASKS3011');
  }
  const checked = readExecutionInput(input);
  if (!checked.ok) throw refusal(checked.error);
  const loaded = await control(LOADING).loadGraph(loadRequest(input));
  const { executor } = input;
  if (executor !== undefined && !isBuiltInExecutor(executor) && !loaded.graph.executors?.includes(executor)) {
    throw ApplicationFailure.nonRetryable(`the plan has no executor ${JSON.stringify(executor)}`, 'TASKS3011');
  }
  const workspace = input.workspace ?? loaded.codebasePath;
  if (workspace === undefined) {
    throw ApplicationFailure.nonRetryable('neither the input nor the plan names a workspace', 'TASKS3011');
  }
  const now = info.startTime.getTime();
  return beginState({ input, loaded, execution: id, firstRunId: info.firstExecutionRunId, workspace, now });
};

const loadRequest = ({ plan, resumeFrom, runAgain, resumeAt, workspace, rollbackOf }: ExecutionInput): LoadGraphRequest => ({
  plan,
  // What was done is undone, also of a task that is quarantined.
  ...(!rollbackOf && { taskQueue: workflowInfo().taskQueue }),
  ...(resumeFrom && { resumeFrom, ...(runAgain && { runAgain }), ...(resumeAt && { resumeAt }), ...(workspace !== undefined && { workspace }) }),
});

/** Of itself and of those that it resumed, by policy; answers whether they went. Without any there is nothing to ask for. */
const prune = async ({ carried, progress, scheduler }: Driver, outcome: ExecutionState['status']): Promise<boolean> => {
  const { prune: when } = scheduler.state.graph.policies.checkpoints;
  const isOver = when === 'on_end' || (when === 'on_success' && outcome === 'succeeded');
  if (!isOver || !progress.hasPoints) return false;
  const own = { execution: carried.execution, directory: checkpointsOf(carried) };
  return control(PRUNING).pruneCheckpoints({ sources: [own, ...(carried.resume?.lineage ?? [])] }).then(() => true, () => false);
};

const finish = async (driver: Driver, cancelled: boolean): Promise<ExecutionState> => {
  const { carried } = driver;
  const outcome = driver.outcome ?? 'failed';
  const finished = stateView(driver, Date.now());
  if (carried.searchAttributes) {
    upsertSearchAttributes([{ key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.state, 'KEYWORD'), value: outcome }]);
  }
  const checkpointsPruned = await prune(driver, outcome);
  const rollback = await conclude(driver);
  await driver.quarantines.told();
  const ledger = await control(WRITING_LEDGER).writeLedger({ execution: carried.execution, workspace: carried.workspace }).catch(() => undefined);
  const state: ExecutionState = { ...finished, ...(checkpointsPruned && { checkpointsPruned }), ...(rollback && { rollback }), ...(ledger && { ledger: ledger.path }) };
  if (carried.rollbackOf) await tellUndone(carried.rollbackOf);
  await condition(allHandlersFinished);
  if (cancelled) throw new CancelledFailure('the execution was cancelled', [state]);
  if (outcome === 'succeeded') return state;
  throw ApplicationFailure.create({
    type: outcome === 'aborted' ? 'ExecutionAborted' : 'ExecutionFailed',
    message: `execution ${outcome}: ${Object.entries(state.counts).map(([name, count]) => `${count} ${name}`).join(', ')}`,
    details: [state],
    nonRetryable: true,
  });
};
