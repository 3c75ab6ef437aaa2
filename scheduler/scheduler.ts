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
import type { GraphTask } from '../model/graph.ts';
import type { Counts, ExecutionOutcome } from '../model/outcome.ts';
import type { BreakerView } from '../model/message.ts';
import type { ParsedPatch } from '../model/patch.ts';
import type { Problem } from '../model/problem.ts';
import { satisfiesHard } from '../model/state.ts';
import { unreachable } from '../model/unreachable.ts';
import { Admission } from './admission.ts';
import { applyPatch } from './apply-patch.ts';
import type { Patchable } from './apply-patch.ts';
import { Board } from './board.ts';
import { earliest } from './deadlines.ts';
import { chooseDispatch } from './dispatch.ts';
import { GraphIndex } from './graph-index.ts';
import { Healing } from './healing/healing.ts';
import { hurryDiagnostics } from './healing/diagnostic.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Decision, Mode, SchedulerEvent, SchedulerState, Step } from './protocol.ts';
import { Refusals } from './refusals.ts';
import { who } from './request.ts';
import { Unwind } from './rollback/unwind.ts';
import type { Waiting } from './waiting.ts';

const NOBODY_CAME = 'nobody approved it in time';

export class Scheduler {
  readonly state: SchedulerState;
  readonly index: GraphIndex;
  readonly #board: Board;
  #admission: Admission;
  readonly #lifecycle: Lifecycle;
  readonly #healing: Healing;
  readonly #unwind: Unwind;
  readonly #refusals: Refusals;
  #now = 0;
  #decisions: Decision[] = [];

  /** Takes over the state: nobody else may change it from now on. */
  constructor(state: SchedulerState) {
    this.state = state;
    this.index = new GraphIndex(state.graph);
    const decide = (decision: Decision): void => this.#decide(decision);
    this.#healing = new Healing({
      state,
      index: this.index,
      decide,
      listener: {
        letIn: (index) => this.#admission.gates.letGo(index, this.#now),
        keep: (index) => this.#admission.gates.hold(index),
        revive: (index) => this.#lifecycle.revive(index),
        mended: (failure, outcome) => this.#lifecycle.mended(failure, outcome),
        pause: (breaker) => void this.#switch('running', 'paused', { type: 'execution_paused', by: `breaker ${breaker}` }),
        diagnose: () => {
          hurryDiagnostics(state);
          this.#admission.reorder(this.#now);
        },
      },
    });
    this.#admission = this.#admit();
    this.#board = new Board({
      index: this.index,
      records: state.records,
      listener: {
        ready: (index) => this.#admission.ready(index, this.#now),
        moved: (index, from, to) => this.#admission.moved(index, from, to),
        emit: (event) => this.#emit(event),
      },
    });
    this.#lifecycle = new Lifecycle({ state, index: this.index, board: this.#board, decide, ended: (index, result) => this.#admission.ended(index, result, this.#now), asksChanged: (index) => this.#admission.asksChanged(index), healing: this.#healing });
    this.#unwind = new Unwind({ state, index: this.index, board: this.#board, decide });
    this.#refusals = new Refusals({ state, index: this.index, healing: this.#healing, unwind: this.#unwind });
  }

  get counts(): Counts {
    return this.#board.counts;
  }

  /** Attempts that have been started and not ended. */
  get occupied(): number {
    return this.#board.occupied;
  }

  /** When something is due although nothing happens: a backoff ends, a gate opens or closes, a grant's time is over. */
  get wakeAt(): number | undefined {
    if (this.state.mode === 'finished' || this.state.mode === 'aborting') return undefined;
    return earliest(this.#lifecycle.nextRetryAt, this.#admission.dueAt, this.#healing.dueAt);
  }

  /** Repairs that were asked for and not answered: to be asked for again by whoever takes the state over. */
  get unpreparedRepairs(): readonly Extract<Decision, { readonly type: 'repair' }>[] {
    return this.#healing.unprepared;
  }

  /** For people. */
  breakers(now: number): readonly BreakerView[] {
    return this.#healing.views(Math.max(now, this.#now));
  }

  /** Whether a task waits because no worker that lives can take it, or none of these has room. */
  get waitsForWorker(): boolean {
    return this.#admission.waitsForWorker;
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
    return this.#refusals.of(event);
  }

  /** Why a rollback cannot be asked for now. */
  refuseRollback(): readonly Problem[] | undefined {
    return this.#refusals.ofRollback();
  }

  apply(event: SchedulerEvent, now: number): Step {
    this.#now = Math.max(now, this.#now);
    this.#board.now = this.#now;
    this.#healing.now = this.#now;
    this.#decisions = [];
    if (this.state.mode !== 'finished') this.#admission.now = this.#now;
    const answer = this.#handle(event);
    if (this.state.mode !== 'finished') {
      this.#admission.pressure.tell();
      this.#lifecycle.expireBackoffs(this.#now);
      this.#healing.advance();
      this.#giveUpUnanswered();
      this.#admission.gates.advance(this.#now);
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
        // Also those that cannot run: what they depend on may have been quarantined before.
        for (const index of this.state.records.keys()) if (this.#board.at(index).state === 'PENDING') this.#board.place(index);
        return {};
      case 'tick':
        return {};
      case 'started':
        this.#lifecycle.started(event.index, event.attempt, event.dispatch);
        return {};
      case 'ended':
        this.#lifecycle.ended(event.index, this.#withAnswer(event), this.#now);
        return {};
      case 'granted':
        this.#admission.granted(event.index, event, this.#now);
        return {};
      case 'refused':
        if (this.#admission.refused(event.index, event.round)) {
          this.#lifecycle.refused(event.index, { reason: 'internal', class: 'resource', message: event.message });
        }
        return {};
      case 'pause':
        return this.#switch('running', 'paused', { type: 'execution_paused', ...who(event) });
      case 'resume':
        this.#switch('paused', 'running', { type: 'execution_resumed', ...who(event) });
        this.#unwind.resume();
        return {};
      case 'abort':
        return this.#abort(event);
      case 'retry':
        this.#lifecycle.retry(event.task, event.by);
        this.#admission.gates.tryAgain(this.index.indexOf.get(event.task) as number, this.#now);
        return {};
      case 'skip':
        this.#lifecycle.skip(event.task, event);
        return {};
      case 'quarantine':
        this.#lifecycle.park(event.task, event);
        return {};
      case 'complete':
        this.#lifecycle.complete(event);
        return {};
      case 'approve':
        this.#approve(event);
        return {};
      case 'openings':
        this.#admission.gates.learnOpenings(event.calendars);
        return {};
      case 'workers':
        if (this.state.mode === 'finished') return {};
        for (const index of this.#admission.learnWorkers(event.table, this.#now)) this.#lifecycle.recall(index);
        return {};
      case 'patch':
        return this.#patch(event.patch);
      case 'repaired':
        return this.#repaired(event);
      case 'resetBreaker':
        this.#healing.reset(event.breaker, who(event));
        return {};
      case 'compensating':
        this.#lifecycle.compensating(event.index, event.attempt);
        return {};
      case 'rollback': {
        const problem = this.#unwind.begin(event);
        return problem ? { rejected: [problem] } : {};
      }
      case 'rollbackRefused':
        this.#unwind.giveUp(event.problems);
        return {};
      case 'rolledBack':
        this.#unwind.end(event);
        return {};
      default:
        return unreachable(event);
    }
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
    this.#healing.stop();
    this.#lifecycle.cancelAll();
    return {};
  }

  #patch(patch: ParsedPatch): Omit<Step, 'decisions'> {
    const parts: Patchable = {
      state: this.state,
      index: this.index,
      board: this.#board,
      lifecycle: this.#lifecycle,
      now: this.#now,
      decide: (decision) => this.#decide(decision),
      admission: () => this.#admission,
      renewAdmission: () => {
        this.#admission = this.#admit();
        this.#admission.now = this.#now;
      },
    };
    this.#healing.patching();
    const answer = applyPatch(parts, patch);
    this.#healing.patched();
    return answer;
  }

  /** A repair has come: its tasks are injected like anybody's, or it is over before it began. */
  #repaired({ breaker, trip, patch, problem }: SchedulerEvent & { readonly type: 'repaired' }): Omit<Step, 'decisions'> {
    const hold = this.#healing.expects({ breaker, trip });
    if (!hold) return {};
    const base = this.index.tasks.length;
    // The parts of a task are as much the plan's as it was.
    const isSplit = hold.mend?.action.type === 'split';
    const answer = patch && this.#patch(isSplit ? patch : { ...patch, tasks: patch.tasks.map((task) => ({ ...task, repairs: breaker })) });
    const tasks = Array.from({ length: this.index.tasks.length - base }, (_, at) => base + at);
    const why = problem ?? answer?.rejected?.map(({ message }) => message).join('; ');
    this.#healing.prepared({ breaker, trip, tasks, ...(why !== undefined && { problem: why }) });
    return {};
  }

  /** An attempt may answer with a hot update. One that is refused has not succeeded. */
  #withAnswer({ index, result }: SchedulerEvent & { readonly type: 'ended' }): AttemptResult {
    const { patch, ...rest } = result;
    if (!patch || result.outcome !== 'succeeded' || !this.#lifecycle.expects(index, result.attempt)) return rest;
    const base = this.index.tasks.length;
    const own = patch.cancelled?.some(({ task }) => task === this.index.id(index)) ? [{ message: 'it cancels the task that it comes from' }] : undefined;
    const rejected = own ?? this.#patch(patch).rejected;
    if (!rejected) {
      this.#healing.answered(index, Array.from({ length: this.index.tasks.length - base }, (_, at) => base + at));
      return rest;
    }
    const message = `its hot update was refused: ${rejected.map((each) => each.message).join('; ')}`;
    return { ...rest, outcome: 'failed', failure: { reason: 'check', class: 'logic', kind: 'E_PLAN_CONSISTENCY', message } };
  }

  #admit(): Admission {
    return new Admission({ state: this.state, index: this.index, decide: (decision) => this.#decide(decision), holding: (index) => this.#healing.holding(index) });
  }

  #approve(request: SchedulerEvent & { readonly type: 'approve' }): void {
    const index = this.index.indexOf.get(request.task) as number;
    const task = this.index.id(index);
    const approved = request.approved ?? true;
    this.#emit({ type: approved ? 'approval_given' : 'approval_refused', task, ...who(request) });
    if (approved) this.#admission.gates.approve(index, this.#now);
    else this.#lifecycle.unapproved(index, `${request.by ?? 'somebody'} refused to let it start${request.reason === undefined ? '' : `: ${request.reason}`}`);
  }

  #giveUpUnanswered(): void {
    const { gates } = this.#admission;
    for (let index = gates.unanswered(this.#now); index !== undefined; index = gates.unanswered(this.#now)) {
      if (this.state.graph.policies.approval.onTimeout === 'skip') this.#lifecycle.skip(this.index.id(index), { reason: NOBODY_CAME });
      else this.#lifecycle.unapproved(index, NOBODY_CAME);
    }
  }

  #start(): void {
    if (this.state.mode !== 'running' || this.#admission.pressure.isHeld) return;
    while (this.#board.occupied < this.#healing.limit(this.state.graph.policies.concurrencyMax) && this.#admission.pressure.room > 0) {
      const taken = this.#admission.take(this.#now);
      if (!taken) break;
      const { index, placedOn } = taken;
      const record = this.#board.at(index);
      const fences = record.request?.fences;
      const readyAt = record.readyAt ?? this.#now;
      delete record.placedOn;
      if (placedOn !== undefined) record.placedOn = placedOn;
      this.#board.move(index, 'QUEUED', 'ASSIGNED');
      record.attempt += 1;
      this.#admission.started();
      const asChild = record.heavy === true || this.#admission.sharesResources(index);
      const dispatch = chooseDispatch(this.#task(index), asChild, this.state.graph.policies);
      record.dispatch = dispatch;
      if (this.state.graph.policies.preemption.enabled) record.beganAt = this.#now;
      this.#decide({ type: 'start', index, task: this.index.id(index), attempt: record.attempt, dispatch, readyAt, ...(placedOn !== undefined && { placedOn }), ...(fences && { fences }) });
    }
    this.#admission.ask();
    if (this.#admission.pressure.room === 0) return;
    for (const { index, by } of this.#admission.displaced(this.#now, this.#board.occupied)) this.#lifecycle.preempt(index, by);
  }

  #finish(): void {
    if (this.state.mode === 'stopping' && this.#board.occupied === 0) {
      this.#healing.stop();
      this.#lifecycle.cancelWaiting();
    }
    if (this.#board.unsettled > 0 || this.#healing.unprepared.length > 0 || this.#unwind.holdsOpen) return;
    this.#healing.stop();
    const outcome = this.#outcome();
    if (this.#unwind.planBeforeEnd(outcome)) return;
    this.state.mode = 'finished';
    this.#emit({ type: 'execution_completed', outcome, counts: this.counts });
    this.#decide({ type: 'finish', outcome });
  }

  #outcome(): ExecutionOutcome {
    if (this.state.mode === 'aborting') return 'aborted';
    const good = this.#board.count('SUCCEEDED') + this.#board.count('SKIPPED');
    if (good === this.state.records.length) return 'succeeded';
    // A repair that failed did no harm to a task that succeeded without it.
    const isGood = (index: number): boolean => satisfiesHard(this.#board.at(index).state) || this.#task(index).repairs !== undefined;
    return [...this.state.records.keys()].every(isGood) ? 'succeeded' : 'failed';
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
