/**
 * The workflow of one attempt, `tasks/<executionId>/t/<taskId>/<attempt>`. It always ends with a result: a
 * command that fails is one, and so are a lost worker and a cancellation.
 *
 * It outlives the run of the execution that started it. Once told so (`reportTo`), it also sends its result
 * to the execution by signal. An attempt that waits for a person looks every 30 s whether its execution is
 * still there.
 */
import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import type { Activities } from '../model/activity.ts';
import type { AttemptInput, AttemptResult } from '../model/attempt.ts';
import { executionWorkflowId } from '../model/ids.ts';
import { INTERNAL_SIGNAL } from '../model/message.ts';
import type { CompleteTaskRequest } from '../model/message.ts';
import { readCompleteRequest } from '../model/request-guard.ts';
import { runOptions } from './activity-options.ts';
import { interrupted, resultOfError } from './attempt-error.ts';
import { control } from './control.ts';
import { holding } from './grants/hold.ts';

const OWNER_CHECK = '30s';
/** Of a person who holds what others may be waiting for. */
const OWNER_CHECK_HOLDING = '10s';

/** What a waiting attempt knows when it continues as new. */
interface Waiting {
  readonly report: boolean;
  readonly startedAt: number;
}

export async function task(input: AttemptInput, waiting?: Waiting): Promise<AttemptResult> {
  let report = waiting?.report ?? false;
  let completion: CompleteTaskRequest | undefined;
  setHandler(defineSignal(INTERNAL_SIGNAL.reportTo), () => {
    report = true;
  });
  setHandler(defineSignal<[unknown]>(INTERNAL_SIGNAL.complete), (payload) => {
    const request = readCompleteRequest(payload);
    if (request.ok) completion ??= request.value;
  });
  const startedAt = waiting?.startedAt ?? Date.now();
  const { cancelRequested } = CancellationScope.current();
  let cancelled = false;
  cancelRequested.catch(() => {
    cancelled = true;
  });

  const run = async (): Promise<AttemptResult> => {
    if (input.executor !== 'human') return runCommand(input);
    const isCompleted = (): boolean => completion !== undefined;
    while (!(await condition(isCompleted, input.grants ? OWNER_CHECK_HOLDING : OWNER_CHECK))) {
      const open = await control({ startToCloseTimeout: '10s' }).ownerIsOpen(input);
      if (isCompleted()) break;
      if (!open) return closed(input, { startedAt, outcome: 'orphaned' });
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof task>(input, { report, startedAt });
    }
    const { by, reason } = completion as CompleteTaskRequest;
    const completedBy = by === undefined ? {} : { completedBy: by };
    if (completion?.outcome === 'failed') {
      const message = `rejected${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : `: ${reason}`}`;
      return { ...closed(input, { startedAt, outcome: 'failed' }), ...completedBy, failure: { reason: 'rejected', class: 'logic', message } };
    }
    return { ...(await runCommand(input)), startedAt, ...completedBy };
  };

  const attempt = async (): Promise<AttemptResult> => {
    const result = await run().catch((error: unknown): AttemptResult => {
      if (!isCancellation(error) && error instanceof Error && error.name === 'ContinueAsNew') throw error;
      return resultOfError({ task: input.task, attempt: input.attempt, error, cancelled, startedAt });
    });
    return interrupted(result, cancelled);
  };
  const final = await holding(input, attempt);
  if (report) await CancellationScope.nonCancellable(() => tellOwner(input, final));
  return final;
}

const runCommand = (input: AttemptInput): Promise<AttemptResult> => {
  const { runAttempt } = proxyActivities<Activities>({
    ...runOptions(input),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  return runAttempt(input);
};

const closed = (input: AttemptInput, how: Pick<AttemptResult, 'startedAt' | 'outcome'>): AttemptResult => ({
  task: input.task,
  attempt: input.attempt,
  ...how,
  finishedAt: Date.now(),
  worker: '',
  host: '',
  tail: '',
});

const tellOwner = async (input: AttemptInput, result: AttemptResult): Promise<void> => {
  // An execution that has closed has no use for it; the result stays this workflow's own.
  await getExternalWorkflowHandle(executionWorkflowId(input.execution))
    .signal(INTERNAL_SIGNAL.attemptEnded, result)
    .catch(() => undefined);
};
