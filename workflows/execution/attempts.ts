/**
 * The attempts in flight, behind one interface whichever way they were dispatched: as a child workflow, as
 * an activity straight from the execution, or by an earlier run whose children are still at work.
 *
 * Children are abandoned by design: closing a run (continue-as-new) must not end them. So cancelling one
 * always goes by its workflow id, and a child of an earlier run reports by signal.
 */
import {
  ActivityCancellationType,
  CancellationScope,
  ChildWorkflowCancellationType,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  proxyActivities,
  sleep,
  startChild,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import type { Activities, FetchedAttempt } from '../../model/activity.ts';
import type { AttemptInput, AttemptResult, HeldGrant } from '../../model/attempt.ts';
import type { Dispatch } from '../../model/graph.ts';
import { attemptWorkflowId } from '../../model/ids.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { INTERNAL_SIGNAL, SEARCH_ATTRIBUTE, WORKFLOW } from '../../model/message.ts';
import type { CompleteTaskRequest } from '../../model/message.ts';
import { interrupted, resultOfError } from '../attempt-error.ts';
import { runOptions } from '../activity-options.ts';
import { control, LOOKING } from '../control.ts';
import type { ForeignAttempt } from './carry.ts';

/** How long a child of an earlier run may be silent before it is looked for. */
const SILENCE = '30s';

export interface AttemptListener {
  started(index: number, attempt: number, dispatch: Dispatch): void;
  ended(index: number, result: AttemptResult): void;
  /** Temporal refused to start it: nobody else will give its grants back. */
  refused(grants: readonly HeldGrant[]): void;
}

interface InFlight {
  readonly index: number;
  readonly task: TaskId;
  readonly attempt: number;
  kind: 'child' | 'activity' | 'foreign';
  /** Temporal has not yet confirmed the start. */
  starting: boolean;
  closed?: boolean;
  cancelRequested?: boolean;
  completion?: CompleteTaskRequest;
  scope?: CancellationScope;
}

export interface Launch {
  readonly index: number;
  readonly input: AttemptInput;
  readonly dispatch: Dispatch;
  readonly summary: string;
}

export class Attempts {
  readonly #execution: ExecutionId;
  readonly #listener: AttemptListener;
  readonly #searchAttributes: boolean;
  readonly #inFlight = new Map<number, InFlight>();
  #watching = false;
  starting = 0;
  light = 0;

  constructor(options: { readonly execution: ExecutionId; readonly searchAttributes: boolean; readonly listener: AttemptListener }) {
    this.#execution = options.execution;
    this.#searchAttributes = options.searchAttributes;
    this.#listener = options.listener;
  }

  get size(): number {
    return this.#inFlight.size;
  }

  launch(launch: Launch): void {
    const { index, input, dispatch } = launch;
    const attempt: InFlight = { index, task: input.task, attempt: input.attempt, kind: dispatch, starting: dispatch === 'child' };
    this.#inFlight.set(index, attempt);
    if (dispatch === 'child') {
      this.starting += 1;
      void this.#child(launch, attempt);
    } else {
      this.light += 1;
      void this.#activity(launch, attempt);
    }
  }

  /** Takes over an attempt of an earlier run. */
  adopt(foreign: ForeignAttempt, task: TaskId): void {
    const { index, attempt: number, closed, cancel, completion } = foreign;
    const attempt: InFlight = { index, attempt: number, closed, task, kind: 'foreign', starting: false };
    this.#inFlight.set(index, attempt);
    if (closed) void this.#fetch(attempt);
    // Asking twice is no harm to either.
    else if (cancel) this.cancel(index);
    else if (completion) void this.complete(index, completion);
    void this.#watch();
  }

  /** The result of a child that reported by signal. Twice, late or unknown is no harm: the scheduler drops it. */
  reported(index: number, result: AttemptResult): void {
    const attempt = this.#inFlight.get(index);
    if (attempt?.attempt === result.attempt) this.#end(attempt, result);
  }

  cancel(index: number): void {
    const attempt = this.#inFlight.get(index);
    if (!attempt || attempt.cancelRequested) return;
    attempt.cancelRequested = true;
    if (attempt.scope) attempt.scope.cancel();
    else if (!attempt.starting) void this.#cancelChild(attempt);
  }

  async complete(index: number, request: CompleteTaskRequest): Promise<void> {
    const attempt = this.#inFlight.get(index);
    if (!attempt) return;
    attempt.completion ??= request;
    await this.#handle(attempt)
      .signal(INTERNAL_SIGNAL.complete, request)
      .catch(() => this.#fetch(attempt));
  }

  /** Tells this run's children to report by signal; one that cannot be told has closed. */
  async tellAll(): Promise<void> {
    const own = [...this.#inFlight.values()].filter((attempt) => attempt.kind === 'child');
    await Promise.all(own.map((attempt) => this.#tell(attempt)));
  }

  /** All attempts in flight, for the next run to take over. */
  list(): ForeignAttempt[] {
    return [...this.#inFlight.values()].map(({ index, attempt, closed = false, cancelRequested, completion }) => ({
      index,
      attempt,
      closed,
      ...(cancelRequested && { cancel: true }),
      ...(completion && { completion }),
    }));
  }

  /** Looks for attempts of earlier runs that closed without a word: a child that was terminated never reports. */
  async #watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    for (;;) {
      await sleep(SILENCE, { summary: 'children of earlier runs' });
      const foreign = [...this.#inFlight.values()].filter((attempt) => attempt.kind === 'foreign');
      if (foreign.length === 0) break;
      const silent = foreign.filter((attempt) => !attempt.closed);
      const attempts = silent.map(({ task, attempt }) => ({ task, attempt }));
      const closed = new Set(await control(LOOKING).closedAttempts({ execution: this.#execution, attempts }));
      await Promise.all(silent.filter((_, position) => closed.has(position)).map((attempt) => this.#fetch(attempt)));
    }
    this.#watching = false;
  }

  async #child({ input, summary }: Launch, attempt: InFlight): Promise<void> {
    const typed = [
      { key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.execution, 'KEYWORD'), value: this.#execution },
      { key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.task, 'KEYWORD'), value: input.task },
    ];
    try {
      const handle = await startChild(WORKFLOW.task, {
        args: [input],
        workflowId: attemptWorkflowId(this.#execution, input.task, input.attempt),
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.ABANDON,
        staticSummary: summary,
        ...(this.#searchAttributes && { typedSearchAttributes: typed }),
      });
      this.#confirm(attempt);
      this.#end(attempt, (await handle.result()) as AttemptResult);
    } catch (error) {
      const adopted = attempt.starting && error instanceof WorkflowExecutionAlreadyStartedError;
      const isRefused = attempt.starting && !adopted;
      if (attempt.starting) this.#confirm(attempt);
      if (isRefused) this.#listener.refused(input.grants ?? []);
      if (!adopted) return this.#end(attempt, resultOfError({ ...attempt, error, cancelled: attempt.cancelRequested ?? false }));
      // This run was reset, or an earlier one had started it: the same attempt, so its result is ours.
      attempt.kind = 'foreign';
      void this.#watch();
      await this.#tell(attempt);
      if (attempt.closed) await this.#fetch(attempt);
    }
  }

  async #activity({ input, summary }: Launch, attempt: InFlight): Promise<void> {
    this.#listener.started(attempt.index, attempt.attempt, 'activity');
    const { runAttempt } = proxyActivities<Activities>({
      ...runOptions(input),
      activityId: `${input.task}/${input.attempt}`,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary,
    });
    const scope = new CancellationScope();
    attempt.scope = scope;
    try {
      this.#end(attempt, await scope.run(() => runAttempt(input)));
    } catch (error) {
      this.#end(attempt, resultOfError({ ...attempt, error, cancelled: attempt.cancelRequested ?? false }));
    }
  }

  #confirm(attempt: InFlight): void {
    attempt.starting = false;
    this.starting -= 1;
    this.#listener.started(attempt.index, attempt.attempt, 'child');
    if (attempt.cancelRequested) void this.#cancelChild(attempt);
  }

  #end(attempt: InFlight, result: AttemptResult): void {
    if (this.#inFlight.get(attempt.index) !== attempt) return;
    this.#inFlight.delete(attempt.index);
    if (attempt.kind === 'activity') this.light -= 1;
    this.#listener.ended(attempt.index, interrupted(result, attempt.cancelRequested ?? false));
  }

  async #tell(attempt: InFlight): Promise<void> {
    try {
      await this.#handle(attempt).signal(INTERNAL_SIGNAL.reportTo);
    } catch {
      attempt.closed = true;
    }
  }

  async #fetch(attempt: InFlight): Promise<void> {
    const { task, attempt: number } = attempt;
    const fetched: FetchedAttempt = await control(LOOKING).fetchAttempt({ execution: this.#execution, task, attempt: number });
    if (fetched.status === 'ended') this.#end(attempt, fetched.result);
    else if (fetched.status === 'lost') {
      const error = new Error(fetched.reason);
      this.#end(attempt, resultOfError({ ...attempt, error, cancelled: attempt.cancelRequested ?? false }));
    } else attempt.closed = false;
  }

  async #cancelChild(attempt: InFlight): Promise<void> {
    await this.#handle(attempt)
      .cancel()
      .catch(() => this.#fetch(attempt));
  }

  #handle({ task, attempt }: InFlight): ReturnType<typeof getExternalWorkflowHandle> {
    return getExternalWorkflowHandle(attemptWorkflowId(this.#execution, task, attempt));
  }
}
