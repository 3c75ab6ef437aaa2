/**
 * Drives the scheduler with Temporal's events. Everything that happens is pushed as an event and applied in
 * one flush; what the scheduler decides is done here, and nothing is decided here but *when*: starts are
 * chunked, and held back at the boundary to the next run.
 */
import { CancellationScope, condition, sleep, workflowInfo } from '@temporalio/workflow';
import type { AttemptResult } from '../../model/attempt.ts';
import type { AttemptProgress } from '../../model/checkpoint.ts';
import type { EventBody } from '../../model/event.ts';
import type { Dispatch, GraphTask } from '../../model/graph.ts';
import type { ContentHash } from '../../model/ids.ts';
import type { ExecutionOutcome } from '../../model/outcome.ts';
import { unreachable } from '../../model/unreachable.ts';
import { LIGHT_LIMIT_MS } from '../../scheduler/dispatch.ts';
import type { Decision, SchedulerEvent, Step } from '../../scheduler/protocol.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { control } from '../control.ts';
import { attemptInput } from './attempt-input.ts';
import { summaryAfter, summaryAtStart, summaryOfFailure, workspaceInput } from './attempt-summary.ts';
import { Attempts } from './attempts.ts';
import { trimmed } from './carry.ts';
import type { AttemptSummary, Carried } from './carry.ts';
import { breakerNews } from './breaker-news.ts';
import { EventLog } from './event-log.ts';
import { GraphNews } from './graph-news.ts';
import { Grants } from './grants.ts';
import { PoolMember } from './pool-member.ts';
import { withExecutors } from './patch-views.ts';
import { planRepair } from './repairs.ts';
import { ProgressBook } from './progress.ts';
import { Quarantines } from './quarantines.ts';
import { Rollbacks } from './rollbacks.ts';
import { uncancelled } from './uncancelled.ts';

/** Children that one workflow task may start: its commands together must stay below 4 MB. */
const START_CHUNK = 100;
/** Light tasks cannot outlive a run: they go on past Temporal's suggestion, up to here. */
const LIGHT_MAX_EVENTS = 15_000;
const LIGHT_MAX_BYTES = 16 * 1024 * 1024;
/** A light task estimated longer than this goes as a child once a boundary is near. */
const LIGHT_AT_BOUNDARY_MS = LIGHT_LIMIT_MS / 2;
/** A boundary waits until no attempt has ended for this long, */
const QUIET_MS = 200;
/** and at most this long. */
const SETTLE_MS = 2_000;

export class Driver {
  readonly carried: Carried;
  readonly scheduler: Scheduler;
  readonly log: EventLog;
  readonly grants: Grants;
  readonly rollbacks: Rollbacks;
  readonly progress: ProgressBook;
  readonly quarantines: Quarantines;
  readonly #attempts: Attempts;
  readonly #pool: PoolMember;
  readonly #news: GraphNews;
  readonly #inbox: SchedulerEvent[] = [];
  readonly #unstarted: number[];
  #flushing = false;
  #timer: { readonly at: number; readonly scope: CancellationScope } | undefined;
  #stopped = false;
  #changed: (() => void) | undefined;
  outcome: ExecutionOutcome | undefined;
  /** Called after every change, for what is shown in Temporal's own tools. */
  onChange: (() => void) | undefined;

  constructor(carried: Carried) {
    this.carried = carried;
    this.scheduler = new Scheduler(carried.scheduler);
    this.log = new EventLog(carried);
    this.#news = new GraphNews(carried.scheduler.graph);
    this.progress = new ProgressBook({ carried, emit: (event) => this.emit(event) });
    this.#unstarted = carried.unstarted.splice(0);
    this.grants = new Grants({
      execution: carried.execution,
      graceMs: carried.graceMs,
      resources: carried.scheduler.graph.resources ?? [],
      listener: {
        granted: (index, round, fences) => this.push({ type: 'granted', index, round, fences }),
        refused: (index, round, message) => this.push({ type: 'refused', index, round, message }),
      },
    });
    this.quarantines = new Quarantines(carried);
    this.rollbacks = new Rollbacks({ carried, push: (event) => this.push(event) });
    this.#pool = new PoolMember({ execution: carried.execution, isWaiting: () => this.scheduler.waitsForWorker });
    this.#attempts = new Attempts({
      execution: carried.execution,
      searchAttributes: carried.searchAttributes,
      listener: {
        started: (index, attempt, dispatch) => this.push({ type: 'started', index, attempt, dispatch }),
        ended: (index, result) => this.#ended(index, result),
        refused: (held) => this.grants.giveBack(held),
      },
    });
  }

  /** Takes up the work: the very first run begins, a later one goes on where the last left off. */
  begin(): void {
    const { carried } = this;
    carried.run += 1;
    this.#pool.join();
    if (carried.run === 1) {
      this.emit({ type: 'execution_started', plan: carried.plan, tasks: this.scheduler.index.tasks.length });
      for (const event of carried.opening ?? []) this.emit(event);
      delete carried.opening;
      this.push({ type: 'begin' });
    } else {
      const blockedMs = Date.now() - (carried.stoppedAt ?? Date.now());
      delete carried.stoppedAt;
      carried.longestBoundaryMs = Math.max(carried.longestBoundaryMs, blockedMs);
      this.emit({ type: 'execution_continued', run: carried.run, blockedMs });
      for (const foreign of carried.foreign) this.#attempts.adopt(foreign, this.scheduler.index.id(foreign.index));
      if (carried.grants) this.grants.adopt(carried.grants);
      this.rollbacks.takeUp();
      this.quarantines.takeUp();
      if (carried.scheduler.windows?.asked) void this.#lookAhead(Date.now());
      for (const repair of this.scheduler.unpreparedRepairs) void this.#repair(repair);
      this.push({ type: 'tick' });
      this.#startHeld();
    }
  }

  /** Queues an event; all that come in one activation are applied together. */
  push(event: SchedulerEvent): void {
    this.#inbox.push(event);
    if (this.#flushing) return;
    this.#flushing = true;
    void Promise.resolve().then(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    for (const next of this.#inbox.splice(0)) this.apply(next);
  }

  /** Applies an event at once, in one synchronous block. */
  apply(event: SchedulerEvent): Step {
    const step = this.scheduler.apply(event, Date.now());
    while (this.carried.attempts.length < this.scheduler.index.tasks.length) this.carried.attempts.push(null);
    uncancelled(() => {
      for (const decision of step.decisions) this.#perform(decision);
      this.#startHeld();
      this.#setTimer();
      this.#pool.look();
    });
    this.onChange?.();
    this.#changed?.();
    return step;
  }

  /** The end is the last event: what is refused after it has its answer, or nobody who reads on. */
  emit(body: EventBody): void {
    if (this.outcome !== undefined) return;
    const breakers = breakerNews(this.scheduler, body, Date.now());
    const change = body.type === 'hot_update' || body.type === 'late_edge' ? this.#news.take() : undefined;
    this.log.append(body, Date.now(), (breakers ?? change) && { ...(change && { change }), ...(breakers && { breakers }) });
  }

  reported(index: number, result: AttemptResult): void {
    this.#attempts.reported(index, result);
  }

  /** An attempt tells how far it is. A run may grow long of that alone. */
  told(index: number, news: AttemptProgress): void {
    this.progress.told(index, news);
    this.#changed?.();
  }

  /** Resolves when the execution has an outcome, or when it must continue as new. */
  async untilTurn(): Promise<'finished' | 'boundary'> {
    for (;;) {
      if (this.outcome) return 'finished';
      if (this.#atBoundary()) {
        this.#stop();
        if (this.#attempts.starting === 0 && this.#attempts.light === 0) return 'boundary';
      }
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /**
   * Lets short attempts end before the hand-over. A result that comes in while the run closes undoes the closing,
   * and the whole run is replayed for the next try: that costs seconds, these tasks a fraction of one.
   */
  async letShortOnesEnd(): Promise<void> {
    const until = Date.now() + SETTLE_MS;
    for (let size = this.#attempts.size; size > 0 && Date.now() < until; size = this.#attempts.size) {
      const before = size;
      if (!(await condition(() => this.#attempts.size < before, QUIET_MS))) return;
    }
  }

  /** Tells the children of this run to report to the execution by signal from now on. */
  async tellChildren(): Promise<void> {
    await this.#attempts.tellAll();
  }

  /** Everything the next run needs, as of now. After {@link tellChildren}, and with nothing awaited in between. */
  snapshot(): Carried {
    this.#flush();
    const grants = this.grants.list();
    const progress = this.progress.list();
    return { ...trimmed(this.carried), unstarted: [...this.#unstarted], foreign: this.#attempts.list(), ...(grants && { grants }), ...(progress && { progress }) };
  }

  #perform(decision: Decision): void {
    switch (decision.type) {
      case 'emit':
        if (decision.event.type === 'task_unplaced') this.#pool.join();
        if (decision.event.type === 'task_failed') this.#failed(decision.event);
        this.quarantines.hear(decision.event, (task) => this.carried.attempts[this.scheduler.index.indexOf.get(task) as number]?.failure);
        if (decision.event.type === 'task_rolled_back') this.progress.undone(this.scheduler.index.indexOf.get(decision.event.task) as number, decision.event.attempt);
        return this.emit(decision.event);
      case 'start':
        this.#summary(decision.index, summaryAtStart(decision.readyAt, this.carried.attempts[decision.index]));
        this.#unstarted.push(decision.index);
        return;
      case 'forgo':
        this.#summary(decision.index, { startedAt: Date.now(), finishedAt: Date.now(), failure: decision.error, tail: '' });
        return;
      case 'cancel': {
        const held = this.#unstarted.indexOf(decision.index);
        if (held < 0) return this.#attempts.cancel(decision.index);
        this.#unstarted.splice(held, 1);
        this.grants.discard(decision.index);
        return this.#ended(decision.index, this.#neverStarted(decision.index));
      }
      case 'complete':
        void this.#attempts.complete(decision.index, decision.request);
        return;
      case 'request':
        this.grants.request(decision);
        return;
      case 'withdraw':
        this.grants.withdraw(decision.index, decision.round);
        return;
      case 'resources':
        this.grants.change(decision);
        return;
      case 'lookAhead':
        void this.#lookAhead(decision.from);
        return;
      case 'repair':
        void this.#repair(decision);
        return;
      case 'planRollback':
        void this.rollbacks.plan(decision.target);
        return;
      case 'runRollback':
        void this.rollbacks.run();
        return;
      case 'finish':
        this.outcome = decision.outcome;
        return;
      default:
        return unreachable(decision);
    }
  }

  #startHeld(): void {
    while (this.#unstarted.length > 0 && !this.#stopped && this.#attempts.starting < START_CHUNK) {
      const index = this.#unstarted.shift() as number;
      this.#launch(index);
    }
  }

  #launch(index: number): void {
    const task = this.scheduler.index.tasks[index] as GraphTask;
    const dispatch = this.#dispatchNow(index, task);
    const record = this.#record(index);
    const grants = this.grants.take(index);
    const checkpoints = this.progress.orders(index, task);
    this.progress.began(index);
    const workspace = workspaceInput(this.carried.scheduler.graph.policies, this.carried.attempts[index]);
    this.#summary(index, { ...this.carried.attempts[index], dispatchedAt: Date.now() });
    this.#attempts.launch({
      index,
      dispatch,
      summary: task.title ? `${task.id} ${task.title}` : task.id,
      input: attemptInput({ carried: this.carried, task, record, source: this.#sourceOf(index), dispatch, workspace, grants, checkpoints, watchesFiles: this.scheduler.watchesFiles }),
    });
  }

  #dispatchNow(index: number, task: GraphTask): Dispatch {
    const dispatch = this.#record(index).dispatch ?? 'child';
    if (dispatch === 'child' || !workflowInfo().continueAsNewSuggested) return dispatch;
    return (task.timeoutMs ?? task.estimateMs ?? LIGHT_LIMIT_MS) > LIGHT_AT_BOUNDARY_MS ? 'child' : 'activity';
  }

  #ended(index: number, result: AttemptResult): void {
    this.progress.ended(index, result);
    this.#summary(index, summaryAfter(result, this.carried.attempts[index]));
    // What it answers with is a hot update like anybody's.
    const patch = result.patch && withExecutors(result.patch, this.carried.executor);
    this.push({ type: 'ended', index, result: patch ? { ...result, patch } : result });
  }

  #failed(event: Extract<EventBody, { readonly type: 'task_failed' }>): void {
    const index = this.scheduler.index.indexOf.get(event.task) as number;
    this.#summary(index, summaryOfFailure(this.carried.attempts[index], event));
  }

  #neverStarted(index: number): AttemptResult {
    const now = Date.now();
    const { attempt } = this.#record(index);
    const task = this.scheduler.index.id(index);
    return { task, attempt, outcome: 'cancelled', startedAt: now, finishedAt: now, worker: '', host: '', tail: '' };
  }

  #summary(index: number, summary: AttemptSummary): void {
    this.carried.attempts[index] = summary;
  }

  #record(index: number): Carried['scheduler']['records'][number] {
    const record = this.carried.scheduler.records[index];
    if (!record) throw new RangeError(`no task ${index}`);
    return record;
  }

  async #lookAhead(from: number): Promise<void> {
    const calendars = this.carried.scheduler.graph.calendars ?? [];
    this.push({ type: 'openings', calendars: await CancellationScope.nonCancellable(() => control({ startToCloseTimeout: '30s' }).computeOpenings({ calendars, from })) });
  }

  /** However it ends, the scheduler hears of it: what it holds must not wait for ever. */
  async #repair(decision: Decision & { readonly type: 'repair' }): Promise<void> {
    this.push(await planRepair(decision, { carried: this.carried, taskOf: (index) => this.scheduler.index.tasks[index] as GraphTask, sourceOf: (index) => this.#sourceOf(index) }));
  }

  #sourceOf(index: number): ContentHash {
    const { sources } = this.carried.scheduler.graph;
    return sources[this.scheduler.index.tasks[index]?.source ?? 0] as ContentHash;
  }

  #atBoundary(): boolean {
    const info = workflowInfo();
    if (!info.continueAsNewSuggested) return false;
    return this.#attempts.light === 0 || info.historyLength > LIGHT_MAX_EVENTS || info.historySize > LIGHT_MAX_BYTES;
  }

  #stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.carried.stoppedAt = Date.now();
  }

  #setTimer(): void {
    const at = this.outcome ? undefined : this.scheduler.wakeAt;
    if (this.#timer?.at === at) return;
    this.#timer?.scope.cancel();
    this.#timer = undefined;
    if (at === undefined) return;
    const scope = new CancellationScope();
    this.#timer = { at, scope };
    void this.#tickAt(at, scope);
  }

  async #tickAt(at: number, scope: CancellationScope): Promise<void> {
    try {
      await scope.run(() => sleep(Math.max(1, at - Date.now()), { summary: 'backoff, wave, approval or window' }));
    } catch {
      return; // Replaced by an earlier one, or no longer needed.
    }
    if (this.#timer?.scope === scope) this.#timer = undefined;
    this.push({ type: 'tick' });
  }
}
