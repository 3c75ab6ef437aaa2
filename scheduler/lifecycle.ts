/**
 * What becomes of one task: how an attempt begins and ends, whether another follows, and what people ask of it.
 * Whether and when it may start is the admission's to say.
 */
import type { AttemptFailure, AttemptResult } from '../model/attempt.ts';
import type { EventBody } from '../model/event.ts';
import type { Dispatch, GraphTask } from '../model/graph.ts';
import { isSettled, isUnderWay, occupiesSlot } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import { declaredFailed, declaredSucceeded, failed, succeeded } from './attempt-event.ts';
import type { FailedAttempt } from './attempt-event.ts';
import type { Board } from './board.ts';
import { Deadlines } from './deadlines.ts';
import { executorOf } from './dispatch.ts';
import type { Healing } from './healing/healing.ts';
import type { Outcome } from './healing/holds.ts';
import { raiseLimits } from './healing/raise-limits.ts';
import type { SeenFailure } from './healing/state.ts';
import type { GraphIndex } from './graph-index.ts';
import { Ladder } from './ladder/ladder.ts';
import { noteHelp, resolutionOf } from './ladder/resolution.ts';
import type { Decision, SchedulerEvent, SchedulerState } from './protocol.ts';
import { who } from './request.ts';
import { compensatedPath, mayHaveActed } from './rollback/compensated.ts';
import { isAtWork } from './rollback/holding.ts';
import { failureOf, judgeFailure } from './retry.ts';

export class Lifecycle {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #board: Board;
  readonly #decide: (decision: Decision) => void;
  readonly #ended: (index: number, result: AttemptResult) => void;
  readonly #asksChanged: (index: number) => void;
  readonly #healing: Healing;
  readonly #ladder: Ladder;
  readonly #backoff: Deadlines;

  constructor(options: {
    readonly state: SchedulerState;
    readonly index: GraphIndex;
    readonly board: Board;
    readonly decide: (decision: Decision) => void;
    /** An attempt that was under way has ended so. */
    readonly ended: (index: number, result: AttemptResult) => void;
    /** A task that is not ready asks for other things from now on. */
    readonly asksChanged: (index: number) => void;
    readonly healing: Healing;
  }) {
    this.#state = options.state;
    this.#index = options.index;
    this.#board = options.board;
    this.#decide = options.decide;
    this.#ended = options.ended;
    this.#asksChanged = options.asksChanged;
    this.#healing = options.healing;
    const { state, index, board, healing } = options;
    this.#ladder = new Ladder({
      state,
      index,
      board,
      healing,
      emit: (event) => this.#emit(event),
      listener: {
        backOff: (at, next) => this.#backOff(at, next),
        raise: (at, error, upTo) => this.#raise(at, error, upTo),
        escalate: (at, reason, isUndone) => this.#escalate(at, reason, isUndone),
        quarantine: (at, end, by) => this.#quarantine(at, end, by),
        refuse: (at, error) => this.refused(at, error),
      },
    });
    this.#backoff = new Deadlines(options.state.records, (record) => record.retryAt);
  }

  /** When the first backoff ends. */
  get nextRetryAt(): number | undefined {
    return this.#backoff.nextAt;
  }

  /** Those whose backoff has ended are ready again. */
  expireBackoffs(now: number): void {
    for (let index = this.#backoff.take(now); index !== undefined; index = this.#backoff.take(now)) this.#board.place(index);
  }

  /** Temporal has confirmed a start. */
  started(index: number, attempt: number, dispatch: Dispatch): void {
    const record = this.#board.at(index);
    if (record.attempt !== attempt || record.state !== 'ASSIGNED') return;
    record.dispatch = dispatch;
    this.#board.move(index, 'RUNNING');
    this.#healing.began(index);
    const task = this.#index.id(index);
    this.#emit({ type: 'task_started', task, attempt, ...(record.placedOn !== undefined && { worker: record.placedOn }) });
    if (executorOf(this.#task(index)) === 'human') this.#emit({ type: 'task_waiting_for_person', task, attempt });
  }

  /** Whether the result of that attempt is news. */
  expects(index: number, attempt: number): boolean {
    const record = this.#board.at(index);
    return record.attempt === attempt && (record.state === 'ASSIGNED' || isAtWork(record));
  }

  /** A result that arrives twice, or from an attempt that was given up, changes nothing. */
  ended(index: number, result: AttemptResult, now: number): void {
    const record = this.#board.at(index);
    if (!this.expects(index, result.attempt)) return;
    if (record.state === 'ASSIGNED') this.started(index, result.attempt, record.dispatch ?? 'child');
    this.#ended(index, result);
    if (mayHaveActed(result)) record.acted = true;
    const task = this.#index.id(index);
    const { onEnd, preemptedBy } = record;
    delete record.onEnd;
    delete record.preemptedBy;
    delete record.overrunAt;
    if (result.outcome === 'succeeded') {
      delete record.mendContext;
      this.#healing.passed(index);
      this.#emit(succeeded({ ...result, task }, resolutionOf({ ...record, state: 'SUCCEEDED' })));
      this.#board.move(index, 'SUCCEEDED');
    } else if (onEnd === 'skip') {
      this.#board.move(index, ...this.#viaFailed(index), 'SKIPPED');
    } else if (onEnd === 'cancel' || this.#state.mode === 'aborting') {
      this.#cancelled(index);
    } else if (result.failure?.reason === 'unplaced' || (onEnd === 'recall' && result.outcome === 'cancelled')) {
      this.#again(index, { type: 'task_unplaced', task, attempt: result.attempt, worker: record.placedOn ?? result.worker }, now);
    } else if (result.failure?.reason === 'preempted' || (onEnd === 'preempt' && result.outcome === 'cancelled')) {
      this.#again(index, { type: 'task_preempted', task, attempt: result.attempt, ...(preemptedBy !== undefined && { by: preemptedBy }) }, now);
    } else if (result.outcome === 'cancelled') {
      this.#cancelled(index);
    } else {
      this.#failed(index, result, now);
    }
  }

  /** An attempt cannot be made, and trying again would not help. */
  refused(index: number, error: AttemptFailure): void {
    const record = this.#board.at(index);
    record.attempt += 1;
    this.#decide({ type: 'forgo', index, attempt: record.attempt, error });
    this.#giveUp(index, { task: this.#index.id(index), attempt: record.attempt, error, tail: '' });
  }

  /** A person must let it start, and does not. Trying again would not help. */
  unapproved(index: number, message: string): void {
    this.refused(index, { reason: 'unapproved', class: 'logic', message });
  }

  /** No fault of the task's: it is ready again, and no attempt is used up. */
  #again(index: number, event: EventBody, now: number): void {
    if (this.#state.mode === 'stopping') return this.#cancelled(index);
    this.#emit(event);
    this.#backOff(index, { retryAt: now });
  }

  #failed(index: number, result: AttemptResult, now: number): void {
    const record = this.#board.at(index);
    const task = this.#task(index);
    const { attempt } = result;
    const error = failureOf(result);
    record.failures += 1;
    record.erred = true;
    delete record.mendContext;
    const retry = { ...this.#state.graph.policies.retry, ...task.retry };
    const verdict = judgeFailure({ task, error, failures: record.failures, retry, seed: `${this.#state.seed}/${task.id}/${attempt}` });
    if (verdict.next === 'decide') {
      this.#board.move(index, 'PAUSED');
      this.#emit({ type: 'task_needs_decision', task: task.id, attempt, reason: error.message });
      return;
    }
    if (result.compensation?.outcome === 'failed') {
      this.#emit(failed({ ...result, task: task.id, error }));
      this.#escalate(index, `its compensation failed: ${result.compensation.message ?? 'nobody knows why'}`);
      return;
    }
    // The failure may not be the task's own.
    const ruling = this.#healing.failed(index, attempt, error);
    if (ruling) {
      const end = { ...result, task: task.id, error };
      record.failures -= 1;
      return ruling.as === 'quarantined' ? this.#quarantine(index, end, ruling.by) : this.#hold(index, end, { by: ruling.by, now });
    }
    // A limit that only a light task has is no fault of the task's: it gets a child, and the attempt does not count.
    const ours = error.reason === 'timeout' && record.dispatch === 'activity' && task.timeoutMs === undefined;
    if (ours) Object.assign(record, { heavy: true, failures: record.failures - 1 });
    if ((verdict.next === 'fail' && !ours) || this.#state.mode === 'stopping') {
      const end = { ...result, task: task.id, error };
      if (this.#state.mode === 'stopping' || !this.#ladder.failed(index, end, now)) this.#giveUp(index, end);
      return;
    }
    const isUndone = result.compensation !== undefined;
    const retryAt = now + (verdict.next === 'retry' ? verdict.delayMs : 0);
    this.#state.retries += 1;
    this.#emit(failed({ ...result, task: task.id, error }, { retryAt }));
    this.#backOff(index, { retryAt, isUndone });
    if (error.class === 'resource' && !ours) this.#raise(index, error, retry.raiseUpTo);
  }

  #backOff(index: number, { retryAt, isUndone = false }: { readonly retryAt: number; readonly isUndone?: boolean }): void {
    this.#board.move(index, ...(isUndone ? this.#undone(index, 'BACKOFF') : (['FAILED', 'BACKOFF'] as const)));
    this.#board.at(index).retryAt = retryAt;
    this.#backoff.add(index);
  }

  /** A breaker keeps it: it is ready at once, and no attempt is used up. */
  #hold(index: number, end: FailedAttempt, { by, now }: { readonly by: string; readonly now: number }): void {
    this.#state.retries += 1;
    this.#emit(failed(end, { heldBy: by }));
    this.#backOff(index, { retryAt: now, isUndone: end.compensation !== undefined });
  }

  #quarantine(index: number, end: FailedAttempt, by: string): void {
    this.#emit(failed(end));
    this.#emit({ type: 'task_quarantined', task: end.task, attempt: end.attempt, breaker: by });
    if (end.compensation) delete this.#board.at(index).acted;
    this.#board.move(index, 'FAILED', 'QUARANTINED');
  }

  /** Its next attempt has more of what this one lacked. */
  #raise(index: number, error: AttemptFailure, upTo: number): void {
    const record = this.#board.at(index);
    const raised = raiseLimits({ task: this.#task(index), dispatch: record.dispatch ?? 'child', error, record, upTo, resources: this.#state.graph.resources ?? [] });
    if (!raised) return;
    const { task, ...news } = raised;
    this.#state.graph.tasks[index] = task;
    this.#asksChanged(index);
    record.raised = raised.limits;
    const { limits: _limits, ...told } = news;
    this.#emit({ type: 'task_limits_raised', task: task.id, attempt: record.attempt, ...told });
  }

  /** The attempt has failed, and undoes what it did before it ends. */
  compensating(index: number, attempt: number): void {
    const record = this.#board.at(index);
    if (record.attempt !== attempt) return;
    if (record.state === 'ASSIGNED') this.started(index, attempt, record.dispatch ?? 'child');
    if (record.state !== 'RUNNING') return;
    this.#board.move(index, 'FAILED', 'COMPENSATING');
    this.#emit({ type: 'task_compensating', task: this.#index.id(index), attempt });
  }

  /** The way there of a task whose attempt has undone what it did. */
  #undone(index: number, ...to: readonly TaskState[]): readonly TaskState[] {
    const { state, attempt } = this.#board.at(index);
    delete this.#board.at(index).acted;
    if (state !== 'COMPENSATING') this.#emit({ type: 'task_compensating', task: this.#index.id(index), attempt });
    this.#emit({ type: 'task_rolled_back', task: this.#index.id(index), attempt });
    return compensatedPath(state, ...to);
  }

  /** Nothing is left to try: a person decides, and until then it holds nothing. */
  #escalate(index: number, reason: string, isUndone = false): void {
    if (this.#state.mode === 'stopping') return this.#cancelled(index);
    this.#board.at(index).escalation = reason;
    this.#board.move(index, ...(isUndone ? this.#undone(index, 'BACKOFF', 'READY') : (['FAILED', 'BACKOFF', 'READY'] as const)));
  }

  #giveUp(index: number, end: FailedAttempt): void {
    if (!this.#task(index).escalates) return this.#fail(index, end);
    this.#emit(failed(end));
    this.#escalate(index, end.error.message);
  }

  #fail(index: number, end: FailedAttempt): void {
    this.#emit(failed(end));
    this.#board.move(index, ...(end.compensation ? this.#undone(index) : (['FAILED'] as const)));
    const isRepair = this.#task(index).repairs !== undefined;
    if (this.#state.graph.policies.failFast && !isRepair && this.#state.mode !== 'aborting') this.#state.mode = 'stopping';
  }

  /** Nothing may run any more: what runs is told, and ends as cancelled. */
  cancelAll(): void {
    this.cancelWaiting();
    for (const [index, { state }] of this.#state.records.entries()) {
      if (state === 'PAUSED') this.#cancelled(index);
      else if (occupiesSlot(state)) this.#cancel(index);
    }
  }

  #cancel(index: number): void {
    this.#decide({ type: 'cancel', index, task: this.#index.id(index), attempt: this.#board.at(index).attempt });
  }

  #cancelled(index: number): void {
    this.#emit({ type: 'task_cancelled', task: this.#index.id(index) });
    this.#board.move(index, ...this.#viaFailed(index), 'CANCELLED');
  }

  /** An attempt that is undoing what it did has failed, whatever else becomes of it. */
  #viaFailed(index: number): readonly TaskState[] {
    return this.#board.at(index).state === 'COMPENSATING' ? ['FAILED'] : [];
  }

  /** Nothing more starts: whatever has not been started never will be. Deepest first, so that no dependent fails upstream. */
  cancelWaiting(): void {
    const waiting = [...this.#state.records.keys()].filter((index) => {
      const { state } = this.#board.at(index);
      return !isSettled(state) && !occupiesSlot(state);
    });
    waiting.sort((a, b) => (this.#index.depth[b] as number) - (this.#index.depth[a] as number));
    for (const index of waiting) {
      if (!isSettled(this.#board.at(index).state)) this.#cancelled(index);
    }
  }

  /** A patch cancels it. What has begun and succeeds all the same has. */
  takeOut(index: number): void {
    const record = this.#board.at(index);
    if (!isUnderWay(record.state)) return this.#cancelled(index);
    delete record.preemptedBy;
    record.onEnd = 'cancel';
    this.#cancel(index);
  }

  /** It was sent where nobody takes it. */
  recall(index: number): void {
    const record = this.#board.at(index);
    if (record.onEnd) return;
    record.onEnd = 'recall';
    this.#cancel(index);
  }

  /** It makes room for a more urgent task. */
  preempt(index: number, by: number): void {
    const record = this.#board.at(index);
    record.onEnd = 'preempt';
    record.preemptedBy = this.#index.id(by);
    this.#cancel(index);
  }

  /** The request has been checked (`request.ts`), as in all that follow. */
  retry(task: string, by: string | undefined): void {
    const index = this.#index.indexOf.get(task) as number;
    noteHelp(this.#board.at(index));
    this.#tryAgain(index, by);
  }

  #tryAgain(index: number, by: string | undefined): void {
    const record = this.#board.at(index);
    record.failures = 0;
    delete record.heavy;
    this.#state.retries += 1;
    this.#emit({ type: 'task_retried', task: this.#index.id(index), ...(by !== undefined && { by }), ...(record.state === 'QUARANTINED' && { revived: true }) });
    this.#board.place(index);
  }

  /** What an error policy had done about a task is over. */
  mended(failure: SeenFailure, outcome: Outcome): void {
    this.#ladder.mended(failure, outcome);
  }

  /** What made it fail has been mended. */
  revive(index: number): void {
    if (this.#board.at(index).state === 'FAILED') this.#tryAgain(index, undefined);
    else this.#board.place(index);
  }

  skip(task: string, request: { readonly by?: string; readonly reason?: string }): void {
    const index = this.#index.indexOf.get(task) as number;
    const record = this.#board.at(index);
    noteHelp(record);
    this.#emit({ type: 'task_skipped', task: this.#index.id(index), ...who(request) });
    if (isUnderWay(record.state)) {
      delete record.preemptedBy;
      record.onEnd = 'skip';
      this.#cancel(index);
    } else this.#board.move(index, 'SKIPPED');
  }

  /** A person has it left out, here and in later executions. */
  park(task: string, request: { readonly by?: string; readonly reason?: string }): void {
    const index = this.#index.indexOf.get(task) as number;
    this.#emit({ type: 'task_quarantined', task: this.#index.id(index), attempt: this.#board.at(index).attempt, ...who(request) });
    this.#board.move(index, 'QUARANTINED');
  }

  complete(event: SchedulerEvent & { readonly type: 'complete' }): void {
    const { type: _, ...request } = event;
    const index = this.#index.indexOf.get(event.task) as number;
    const record = this.#board.at(index);
    const { attempt } = record;
    const task = this.#index.id(index);
    const isEscalated = record.parked === 'decision';
    if (record.state !== 'PAUSED' && !isEscalated) this.#decide({ type: 'complete', index, attempt, request });
    else if (request.outcome === 'failed') this.#fail(index, declaredFailed(task, attempt, request));
    else {
      noteHelp(record);
      this.#emit(declaredSucceeded(task, attempt, request, resolutionOf({ ...record, state: 'SUCCEEDED' })));
      this.#board.move(index, ...(isEscalated ? (['PAUSED', 'SUCCEEDED'] as const) : (['SUCCEEDED'] as const)));
    }
  }

  #task(index: number): GraphTask {
    return this.#index.tasks[index] as GraphTask;
  }

  #emit(event: EventBody): void {
    this.#decide({ type: 'emit', event });
  }
}
