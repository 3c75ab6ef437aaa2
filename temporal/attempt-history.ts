/**
 * Finds how every attempt ended in the history of its execution, by whichever way the result came: a child's
 * end, a child of an earlier run that reported by signal or was fetched, or an activity's end.
 */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import type { AttemptResult } from '../model/attempt.ts';
import { attemptWorkflowId, parseAttemptWorkflowId } from '../model/ids.ts';
import type { ExecutionId, TaskId } from '../model/ids.ts';
import { INTERNAL_SIGNAL } from '../model/message.ts';
import { parseAttemptReference, parseAttemptResult, parseFetchedAttempt } from './attempt.schema.ts';
import type { ExecutionEventRecord, HistoryEvent } from './history.ts';
import type { UnreportedAttempt } from './ledger-line.ts';
import { firstValue } from './payload.ts';

type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

export type EndedAttempt = { readonly result: AttemptResult } | { readonly unreported: UnreportedAttempt };

/** An attempt that the execution handed out: only of these can a result be true. */
interface Dispatched {
  readonly task: TaskId;
  readonly attempt: number;
  readonly at: number;
  worker: string;
  /** The execution asked for its cancellation. */
  cancelRequested: boolean;
}

interface PendingActivity {
  readonly type: 'runAttempt' | 'fetchAttempt';
  readonly dispatched: Dispatched;
}

const keyOf = (of: { readonly task: TaskId; readonly attempt: number }): string => `${of.task}/${of.attempt}`;
/** Milliseconds since the epoch. */
const timeOf = (event: HistoryEvent): number => tsToMs(event.eventTime);

export class AttemptHistory {
  readonly #client: Client;
  readonly #execution: ExecutionId;
  readonly #dispatched = new Map<string, Dispatched>();
  /** By the id of the event that scheduled them; of one run only. */
  readonly #activities = new Map<number, PendingActivity>();
  readonly #ended = new Map<string, EndedAttempt>();
  #run = 0;

  constructor(options: { readonly client: Client; readonly execution: ExecutionId }) {
    this.#client = options.client;
    this.#execution = options.execution;
  }

  /** Attempts that have ended so far, one entry each: a report, where there is one, and the first of several. */
  get ended(): Iterable<EndedAttempt> {
    return this.#ended.values();
  }

  /** What becomes of the attempts that are still open once their execution was ended by force: nobody told it. */
  async closeAt(event: HistoryEvent): Promise<void> {
    for (const [key, dispatched] of this.#dispatched) {
      if (this.#ended.has(key)) continue;
      this.#report(dispatched, await this.#childResult(dispatched));
      this.#unreported(dispatched, { event, message: 'its execution was terminated while the attempt was open' });
    }
  }

  /** From the child's own history; undefined for a light attempt, and for a child that has not ended with a result. */
  async #childResult({ task, attempt }: Dispatched): Promise<AttemptResult | undefined> {
    const handle = this.#client.workflow.getHandle(attemptWorkflowId(this.#execution, task, attempt));
    const description = await handle.describe().catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
    return description?.status.name === 'COMPLETED' ? parseAttemptResult(await handle.result()) : undefined;
  }

  /** Takes the next event; they must come in order. @throws TasksError TASKS4006 for a result that cannot be decoded. */
  async add({ run, event }: ExecutionEventRecord): Promise<void> {
    if (run !== this.#run) {
      // Event ids start anew, and no activity outlives the run that scheduled it.
      this.#activities.clear();
      this.#run = run;
    }
    this.#child(event);
    this.#cancelRequest(event);
    await this.#childEnd(event);
    await this.#activity(event);
    await this.#activityEnd(event);
    await this.#signal(event);
  }

  #child(event: HistoryEvent): void {
    const { workflowId } = event.startChildWorkflowExecutionInitiatedEventAttributes ?? {};
    const key = workflowId ? parseAttemptWorkflowId(workflowId) : undefined;
    if (key?.execution === this.#execution) this.#dispatch({ task: key.task, attempt: key.attempt, event });
  }

  #cancelRequest(event: HistoryEvent): void {
    const child = event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes?.workflowExecution?.workflowId;
    const key = child ? parseAttemptWorkflowId(child) : undefined;
    const scheduled = event.activityTaskCancelRequestedEventAttributes?.scheduledEventId;
    const own = key?.execution === this.#execution ? this.#dispatched.get(keyOf(key)) : undefined;
    const dispatched = own ?? this.#activities.get(Number(scheduled ?? 0))?.dispatched;
    if (dispatched) dispatched.cancelRequested = true;
  }

  async #childEnd(event: HistoryEvent): Promise<void> {
    const completed = event.childWorkflowExecutionCompletedEventAttributes;
    const failed = event.childWorkflowExecutionFailedEventAttributes;
    const timedOut = event.childWorkflowExecutionTimedOutEventAttributes;
    const cancelled = event.childWorkflowExecutionCanceledEventAttributes;
    const terminated = event.childWorkflowExecutionTerminatedEventAttributes;
    const end = completed ?? failed ?? timedOut ?? cancelled ?? terminated;
    const key = parseAttemptWorkflowId(end?.workflowExecution?.workflowId ?? '');
    const dispatched = key?.execution === this.#execution ? this.#dispatched.get(keyOf(key)) : undefined;
    if (!dispatched) return;
    if (completed) return this.#report(dispatched, parseAttemptResult(await firstValue(this.#client, completed.result)));
    const message =
      (failed && messageOf(failed.failure)) ??
      `the workflow of the attempt ${timedOut ? 'timed out' : cancelled ? 'was cancelled' : 'was terminated'}`;
    this.#unreported(dispatched, { event, message, cancelled: Boolean(cancelled) });
  }

  async #activity(event: HistoryEvent): Promise<void> {
    const { activityType, input } = event.activityTaskScheduledEventAttributes ?? {};
    const type = activityType?.name;
    if (type !== 'runAttempt' && type !== 'fetchAttempt') return;
    const reference = parseAttemptReference(await firstValue(this.#client, input));
    if (reference?.execution !== this.#execution) return;
    const known = this.#dispatched.get(keyOf(reference));
    // What is fetched was handed out in a run before, or by an execution that this one resumes.
    const dispatched = known ?? this.#dispatch({ task: reference.task, attempt: reference.attempt, event });
    this.#activities.set(Number(event.eventId), { type, dispatched });
  }

  async #activityEnd(event: HistoryEvent): Promise<void> {
    const started = event.activityTaskStartedEventAttributes;
    const completed = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes;
    const timedOut = event.activityTaskTimedOutEventAttributes;
    const cancelled = event.activityTaskCanceledEventAttributes;
    const step = started ?? completed ?? failed ?? timedOut ?? cancelled;
    const activity = this.#activities.get(Number(step?.scheduledEventId ?? 0));
    if (!activity) return;
    const { type, dispatched } = activity;
    if (completed) return this.#answer(activity, event, completed.result);
    // A look-up that failed says nothing of the attempt.
    if (type === 'fetchAttempt') return;
    if (started) dispatched.worker = started.identity ?? '';
    if (failed ?? timedOut) {
      const message = messageOf((failed ?? timedOut)?.failure) ?? 'the activity of the attempt ended without a result';
      this.#unreported(dispatched, { event, message });
    }
    // Cancelled before a worker took it, no command ran and there is nothing to record.
    if (cancelled && Number(cancelled.startedEventId ?? 0) > 0) {
      const message = 'the activity of the attempt was cancelled and gave no result';
      this.#unreported(dispatched, { event, message, cancelled: true });
    }
  }

  async #answer({ type, dispatched }: PendingActivity, event: HistoryEvent, payloads: Payloads): Promise<void> {
    const value = await firstValue(this.#client, payloads);
    if (type === 'runAttempt') {
      const result = parseAttemptResult(value);
      return this.#report(dispatched, result && (dispatched.cancelRequested ? result : interrupted(result)));
    }
    const fetched = parseFetchedAttempt(value);
    if (fetched?.status === 'ended') this.#report(dispatched, fetched.result);
    if (fetched?.status === 'lost') this.#unreported(dispatched, { event, message: fetched.reason });
  }

  async #signal(event: HistoryEvent): Promise<void> {
    const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
    if (signalName !== INTERNAL_SIGNAL.attemptEnded) return;
    // Anybody can send one: what cannot be read, or speaks of an attempt that was never handed out, counts for nothing.
    const result = parseAttemptResult(await firstValue(this.#client, input).catch(() => undefined));
    const dispatched = result && this.#dispatched.get(keyOf(result));
    if (dispatched) this.#report(dispatched, result);
  }

  #dispatch(of: { readonly task: TaskId; readonly attempt: number; readonly event: HistoryEvent }): Dispatched {
    const { task, attempt } = of;
    const dispatched = { task, attempt, at: timeOf(of.event), worker: '', cancelRequested: false };
    const key = keyOf(dispatched);
    const first = this.#dispatched.get(key);
    if (!first) this.#dispatched.set(key, dispatched);
    return first ?? dispatched;
  }

  /** A report outweighs what Temporal could only guess; of two reports the execution took the first. */
  #report(dispatched: Dispatched, result: AttemptResult | undefined): void {
    const key = keyOf(dispatched);
    if (!result || keyOf(result) !== key) return;
    const before = this.#ended.get(key);
    if (!before || 'unreported' in before) this.#ended.set(key, { result });
  }

  #unreported(
    dispatched: Dispatched,
    end: { readonly event: HistoryEvent; readonly message: string; readonly cancelled?: boolean },
  ): void {
    const key = keyOf(dispatched);
    if (this.#ended.has(key)) return;
    const { task, attempt, at, worker } = dispatched;
    const outcome = end.cancelled && dispatched.cancelRequested ? 'cancelled' : 'lost';
    const unreported = { task, attempt, outcome, startedAt: at, finishedAt: timeOf(end.event), worker, message: end.message } as const;
    this.#ended.set(key, { unreported });
  }
}

/** A worker that shuts down cancels its activities: that nobody asked for it makes the attempt a lost one. */
const interrupted = (result: AttemptResult): AttemptResult => {
  if (result.outcome !== 'cancelled') return result;
  const failure = { reason: 'lost', class: 'transient', message: 'the worker shut down while the attempt ran' } as const;
  return { ...result, outcome: 'failed', failure };
};

/** The innermost failure says what happened; those around it only where. */
const messageOf = (failure: temporal.api.failure.v1.IFailure | null | undefined): string | undefined => {
  let innermost = failure;
  while (innermost?.cause) innermost = innermost.cause;
  return innermost?.message || undefined;
};
