/**
 * The scheduler: a pure state machine that walks a graph as a rolling frontier. It knows nothing of
 * Temporal, time or randomness; the execution workflow drives it with Temporal's events, the preview with a
 * virtual clock. After every event everything that can start has been decided.
 *
 * A finished task costs O(successors · log frontier). `state` is plain data: a scheduler made from a copy
 * that went through JSON goes on exactly alike.
 */
import type { AttemptResult } from '../model/attempt.ts';
import type { EventBody } from '../model/event.ts';
import type { Dispatch, GraphTask } from '../model/graph.ts';
import type { Counts, ExecutionOutcome } from '../model/outcome.ts';
import type { ParsedPatch } from '../model/patch.ts';
import type { Problem } from '../model/problem.ts';
import { isSettled, occupiesSlot } from '../model/state.ts';
import { unreachable } from '../model/unreachable.ts';
import { Admission } from './admission.ts';
import { declaredFailed, declaredSucceeded, failed, succeeded } from './attempt-event.ts';
import type { FailedAttempt } from './attempt-event.ts';
import { Board } from './board.ts';
import { Deadlines } from './deadlines.ts';
import { chooseDispatch, executorOf } from './dispatch.ts';
import { GraphIndex } from './graph-index.ts';
import { applyToGraph, injectedIds, planPatch } from './patch.ts';
import type { Decision, Mode, SchedulerEvent, SchedulerState, Step } from './protocol.ts';
import { refuseTaskRequest, who } from './request.ts';
import type { TaskRequestKind } from './request.ts';
import { failureOf, judgeFailure } from './retry.ts';
import type { Waiting } from './waiting.ts';

export class Scheduler {
  readonly state: SchedulerState;
  readonly index: GraphIndex;
  readonly #board: Board;
  readonly #admission: Admission;
  readonly #backoff: Deadlines;
  #now = 0;
  #decisions: Decision[] = [];

  /** Takes over the state: nobody else may change it from now on. */
  constructor(state: SchedulerState) {
    this.state = state;
    this.index = new GraphIndex(state.graph);
    const { records } = state;
    this.#backoff = new Deadlines(records, (record) => record.retryAt);
    this.#admission = new Admission({ state, index: this.index, decide: (decision) => this.#decide(decision) });
    this.#board = new Board({
      index: this.index,
      records,
      listener: {
        ready: (index) => this.#admission.ready(index, this.#now),
        moved: (index, from, to) => this.#admission.moved(index, from, to),
        emit: (event) => this.#emit(event),
      },
    });
  }

  get counts(): Counts {
    return this.#board.counts;
  }

  /** Attempts that have been started and not ended. */
  get occupied(): number {
    return this.#board.occupied;
  }

  /** When something is due although nothing happens: the end of a backoff, of a wave's time, or of a grant's. */
  get wakeAt(): number | undefined {
    if (this.state.mode === 'finished' || this.state.mode === 'aborting') return undefined;
    const times = [this.#backoff.nextAt, this.#admission.dueAt].filter((at) => at !== undefined);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Ready tasks in starting order, whatever they wait for. */
  frontier(now: number): readonly number[] {
    return this.#admission.list(now);
  }

  /** What a task waits for, for people; undefined unless it is READY. */
  waiting(index: number, now: number): Waiting | undefined {
    return this.#admission.waiting(index, Math.max(now, this.#now));
  }

  /** Why a request would be refused, without changing anything: what an update's validator asks. */
  refuse(event: SchedulerEvent): readonly Problem[] | undefined {
    switch (event.type) {
      case 'retry':
      case 'skip':
      case 'complete':
        return this.#refuseTask(event.type, event.task);
      case 'patch': {
        if (this.state.patches.some((receipt) => receipt.patchId === event.patch.id)) return undefined;
        const plan = planPatch(this.state, this.index, event.patch);
        return plan.ok ? undefined : plan.error;
      }
      case 'pause':
      case 'resume':
      case 'abort':
        return this.state.mode === 'finished' ? [{ code: 'TASKS3002', message: 'the execution has ended' }] : undefined;
      case 'begin':
      case 'tick':
      case 'started':
      case 'ended':
      case 'granted':
      case 'refused':
        return undefined;
      default:
        return unreachable(event);
    }
  }

  apply(event: SchedulerEvent, now: number): Step {
    this.#now = Math.max(now, this.#now);
    this.#board.now = this.#now;
    this.#decisions = [];
    const answer = this.#handle(event);
    if (this.state.mode !== 'finished') {
      this.#expireBackoffs();
      this.#admission.advanceWaves(this.#now);
      this.#admission.expire(this.#now);
      this.#start();
      this.#finish();
    }
    return { decisions: this.#decisions, ...answer };
  }

  #handle(event: SchedulerEvent): Omit<Step, 'decisions'> {
    const rejected = event.type === 'patch' ? undefined : this.refuse(event);
    if (rejected) return { rejected };
    switch (event.type) {
      case 'begin':
        for (const index of this.state.records.keys()) {
          if (this.#board.at(index).state === 'PENDING' && this.#board.isFree(index)) this.#board.place(index);
        }
        return {};
      case 'tick':
        return {};
      case 'started':
        return this.#started(event.index, event.attempt, event.dispatch);
      case 'ended':
        return this.#ended(event.index, event.result);
      case 'granted':
        this.#admission.granted(event.index, event, this.#now);
        return {};
      case 'refused':
        return this.#refused(event.index, event.round, event.message);
      case 'pause':
        return this.#switch('running', 'paused', { type: 'execution_paused', ...who(event) });
      case 'resume':
        return this.#switch('paused', 'running', { type: 'execution_resumed', ...who(event) });
      case 'abort':
        return this.#abort(event);
      case 'retry':
        return this.#retry(event.task, event.by);
      case 'skip':
        return this.#skip(event.task, event);
      case 'complete':
        return this.#complete(event);
      case 'patch':
        return this.#patch(event.patch);
      default:
        return unreachable(event);
    }
  }

  #started(index: number, attempt: number, dispatch: Dispatch): Omit<Step, 'decisions'> {
    const record = this.#board.at(index);
    if (record.attempt !== attempt || record.state !== 'ASSIGNED') return {};
    record.dispatch = dispatch;
    this.#board.move(index, 'RUNNING');
    const task = this.index.id(index);
    this.#emit({ type: 'task_started', task, attempt });
    if (executorOf(this.#task(index)) === 'human') this.#emit({ type: 'task_waiting_for_person', task, attempt });
    return {};
  }

  /** A result that arrives twice, or from an attempt that was given up, changes nothing. */
  #ended(index: number, result: AttemptResult): Omit<Step, 'decisions'> {
    const record = this.#board.at(index);
    if (record.attempt !== result.attempt) return {};
    if (record.state === 'ASSIGNED') this.#started(index, result.attempt, record.dispatch ?? 'child');
    if (record.state !== 'RUNNING') return {};
    const task = this.index.id(index);
    const { onEnd } = record;
    delete record.onEnd;
    if (result.outcome === 'succeeded') {
      this.#emit(succeeded({ ...result, task }));
      this.#board.move(index, 'SUCCEEDED');
    } else if (onEnd === 'skip') {
      this.#board.move(index, 'SKIPPED');
    } else if (this.state.mode === 'aborting' || result.outcome === 'cancelled') {
      this.#cancelled(index);
    } else {
      this.#failed(index, result);
    }
    return {};
  }

  /** What it asks for is not there: no attempt can be made, and trying again would not help. */
  #refused(index: number, round: number, message: string): Omit<Step, 'decisions'> {
    if (!this.#admission.refused(index, round)) return {};
    const record = this.#board.at(index);
    record.attempt += 1;
    const error = { reason: 'internal', class: 'resource', message } as const;
    this.#giveUp(index, { task: this.index.id(index), attempt: record.attempt, error, tail: '' });
    return {};
  }

  #failed(index: number, result: AttemptResult): void {
    const record = this.#board.at(index);
    const task = this.#task(index);
    const { attempt } = result;
    const error = failureOf(result);
    record.failures += 1;
    const retry = { ...this.state.graph.policies.retry, ...task.retry };
    const verdict = judgeFailure({ task, error, failures: record.failures, retry, seed: `${this.state.seed}/${task.id}/${attempt}` });
    if (verdict.next === 'decide') {
      this.#board.move(index, 'PAUSED');
      this.#emit({ type: 'task_needs_decision', task: task.id, attempt, reason: error.message });
      return;
    }
    // A limit that only a light task has is no fault of the task's: it gets a child, and the attempt does not count.
    const ours = error.reason === 'timeout' && record.dispatch === 'activity' && task.timeoutMs === undefined;
    if (ours) Object.assign(record, { heavy: true, failures: record.failures - 1 });
    if ((verdict.next === 'fail' && !ours) || this.state.mode === 'stopping') {
      this.#giveUp(index, { ...result, task: task.id, error });
      return;
    }
    const retryAt = this.#now + (verdict.next === 'retry' ? verdict.delayMs : 0);
    this.state.retries += 1;
    this.#emit(failed({ ...result, task: task.id, error }, retryAt));
    this.#board.move(index, 'FAILED', 'BACKOFF');
    record.retryAt = retryAt;
    this.#backoff.add(index);
  }

  #giveUp(index: number, end: FailedAttempt): void {
    this.#emit(failed(end));
    this.#board.move(index, 'FAILED');
    if (this.state.graph.policies.failFast && this.state.mode !== 'aborting') this.state.mode = 'stopping';
  }

  #switch(from: Mode, to: Mode, event: EventBody): Omit<Step, 'decisions'> {
    if (this.state.mode !== from) return {};
    this.state.mode = to;
    this.#emit(event);
    return {};
  }

  #abort(event: { readonly by?: string; readonly reason?: string }): Omit<Step, 'decisions'> {
    if (this.state.mode === 'aborting') return {};
    this.state.mode = 'aborting';
    this.#emit({ type: 'execution_aborting', ...who(event) });
    this.#cancelWaiting();
    for (const [index, { state }] of this.state.records.entries()) {
      if (state === 'PAUSED') this.#cancelled(index);
      else if (occupiesSlot(state)) this.#cancel(index);
    }
    return {};
  }

  #cancel(index: number): void {
    this.#decide({ type: 'cancel', index, task: this.index.id(index), attempt: this.#board.at(index).attempt });
  }

  #cancelled(index: number): void {
    this.#emit({ type: 'task_cancelled', task: this.index.id(index) });
    this.#board.move(index, 'CANCELLED');
  }

  /** Nothing more starts: whatever has not been started never will be. Deepest first, so that no dependent fails upstream. */
  #cancelWaiting(): void {
    const waiting = [...this.state.records.keys()].filter((index) => {
      const { state } = this.#board.at(index);
      return !isSettled(state) && !occupiesSlot(state);
    });
    waiting.sort((a, b) => (this.index.depth[b] as number) - (this.index.depth[a] as number));
    for (const index of waiting) {
      if (!isSettled(this.#board.at(index).state)) this.#cancelled(index);
    }
  }

  #retry(task: string, by: string | undefined): Omit<Step, 'decisions'> {
    const index = this.index.indexOf.get(task) as number;
    const record = this.#board.at(index);
    record.failures = 0;
    delete record.heavy;
    this.state.retries += 1;
    this.#emit({ type: 'task_retried', task: this.index.id(index), ...(by !== undefined && { by }) });
    this.#board.place(index);
    return {};
  }

  #skip(task: string, request: { readonly by?: string; readonly reason?: string }): Omit<Step, 'decisions'> {
    const index = this.index.indexOf.get(task) as number;
    const record = this.#board.at(index);
    this.#emit({ type: 'task_skipped', task: this.index.id(index), ...who(request) });
    if (record.state === 'RUNNING' || record.state === 'ASSIGNED') {
      record.onEnd = 'skip';
      this.#cancel(index);
    } else this.#board.move(index, 'SKIPPED');
    return {};
  }

  #complete(event: SchedulerEvent & { readonly type: 'complete' }): Omit<Step, 'decisions'> {
    const { type: _, ...request } = event;
    const index = this.index.indexOf.get(event.task) as number;
    const record = this.#board.at(index);
    const { attempt } = record;
    const task = this.index.id(index);
    if (record.state !== 'PAUSED') this.#decide({ type: 'complete', index, attempt, request });
    else if (request.outcome === 'failed') this.#giveUp(index, declaredFailed(task, attempt, request));
    else {
      this.#emit(declaredSucceeded(task, attempt, request));
      this.#board.move(index, 'SUCCEEDED');
    }
    return {};
  }

  #patch(patch: ParsedPatch): Omit<Step, 'decisions'> {
    const earlier = this.state.patches.find((receipt) => receipt.patchId === patch.id);
    if (earlier) return { receipt: { ...earlier, duplicate: true } };
    const plan = planPatch(this.state, this.index, patch);
    if (!plan.ok) return { rejected: plan.error };
    const base = this.index.tasks.length;
    const reorder = applyToGraph(this.state, this.index, { patch, plan: plan.value });
    this.state.version += 1;
    for (let index = base; index < this.index.tasks.length; index += 1) this.#board.enrol(index);
    for (const { to } of plan.value.edges) this.#board.recount(to);
    if (reorder) this.#admission.reorder(this.#now);
    const touched = new Set(plan.value.edges.map((edge) => edge.to));
    for (let index = base; index < this.index.tasks.length; index += 1) touched.add(index);
    this.#admission.patched(touched);
    const waiting = [...touched].filter((index) => this.#board.at(index).state === 'PENDING');
    for (const index of touched) if (this.#board.at(index).state !== 'BACKOFF') this.#board.place(index);
    const ready = waiting.filter((index) => this.#board.at(index).state === 'READY').map((index) => this.index.id(index));
    const { warnings } = plan.value;
    const news = { patchId: patch.id, version: this.state.version, injected: injectedIds(patch), edges: plan.value.edges.length };
    const receipt = { ...news, ready, warnings, duplicate: false };
    this.state.patches.push(receipt);
    this.#emit({ type: 'hot_update', ...news, ...who(patch) });
    return { receipt };
  }

  #expireBackoffs(): void {
    for (let index = this.#backoff.take(this.#now); index !== undefined; index = this.#backoff.take(this.#now)) this.#board.place(index);
  }

  #start(): void {
    if (this.state.mode !== 'running') return;
    while (this.#board.occupied < this.state.graph.policies.concurrencyMax) {
      const index = this.#admission.take(this.#now);
      if (index === undefined) break;
      const record = this.#board.at(index);
      const fences = record.request?.fences;
      this.#board.move(index, 'QUEUED', 'ASSIGNED');
      record.attempt += 1;
      const asChild = record.heavy === true || this.#admission.sharesResources(index);
      const dispatch = chooseDispatch(this.#task(index), asChild, this.state.graph.policies);
      record.dispatch = dispatch;
      this.#decide({ type: 'start', index, task: this.index.id(index), attempt: record.attempt, dispatch, ...(fences && { fences }) });
    }
    this.#admission.ask();
  }

  #finish(): void {
    if (this.state.mode === 'stopping' && this.#board.occupied === 0) this.#cancelWaiting();
    if (this.#board.unsettled > 0) return;
    const outcome = this.#outcome();
    this.state.mode = 'finished';
    this.#emit({ type: 'execution_completed', outcome, counts: this.counts });
    this.#decide({ type: 'finish', outcome });
  }

  #outcome(): ExecutionOutcome {
    if (this.state.mode === 'aborting') return 'aborted';
    const good = this.#board.count('SUCCEEDED') + this.#board.count('SKIPPED');
    return good === this.state.records.length ? 'succeeded' : 'failed';
  }

  #refuseTask(kind: TaskRequestKind, task: string): readonly Problem[] | undefined {
    const index = this.index.indexOf.get(task);
    const record = index === undefined ? undefined : this.#board.at(index);
    const executor = index === undefined ? '' : executorOf(this.#task(index));
    const problem = refuseTaskRequest({ kind, task, mode: this.state.mode, record, executor });
    return problem && [problem];
  }

  #task(index: number): GraphTask {
    return this.index.tasks[index] as GraphTask;
  }

  #emit(event: EventBody): void {
    this.#decide({ type: 'emit', event });
  }

  #decide(decision: Decision): void {
    this.#decisions.push(decision);
  }
}
