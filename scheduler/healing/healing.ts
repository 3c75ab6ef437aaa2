/**
 * The circuit breakers of an execution: they see every failure, trip when their rule says so, keep the tasks they are
 * about from starting while something is done about it, and let them go again. Bounded: each breaker has a budget of
 * trips and rests after each; what fails while it is held uses up no attempt, once for each repair.
 *
 * Repairs that error policies ask for about one task are kept beside those of breakers, in the same way.
 *
 * Decides what is held and for how long; whoever drives the scheduler makes the repairs, which come back as patches.
 */
import type { AttemptFailure } from '../../model/attempt.ts';
import { isRepair } from '../../model/breaker.ts';
import type { Breaker } from '../../model/breaker.ts';
import type { BreakerView } from '../../model/message.ts';
import { ERROR_POLICY } from '../../model/self-heal.ts';
import type { MendAction } from '../../model/self-heal.ts';
import { earliest } from '../deadlines.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { Decision, SchedulerState, TaskRecord } from '../protocol.ts';
import { isDiagnostic } from './diagnostic.ts';
import { ErrorRate } from './error-rate.ts';
import { Flapping } from './flapping.ts';
import { Holds } from './holds.ts';
import type { Outcome } from './holds.ts';
import { Overruns } from './overrun.ts';
import { Scopes } from './scope.ts';
import type { HealingState, Hold, SeenFailure } from './state.ts';
import { endedEvent, rateEvent, spentEvent, trippedEvent } from './events.ts';
import { Tripping } from './tripping.ts';
import { breakerViews } from './view.ts';

export interface HealingListener {
  /** A ready task that was kept may stand in line again. */
  letIn(index: number): void;
  /** A ready task that stands in line may not any more. */
  keep(index: number): void;
  /** A task that failed for good gets another try; one that backs off, at once. */
  revive(index: number): void;
  /** Nothing more starts until a person says so. */
  pause(breaker: string): void;
  /** Diagnostic tasks come before all others. */
  diagnose(): void;
  /** What an error policy has had done about a task is over; it is let in after that, unless something holds it again. */
  mended(failure: SeenFailure, outcome: Outcome): void;
}

/** What becomes of a task whose attempt failed: `held` uses up no attempt and waits; `quarantined` does not run again by itself. */
export interface Ruling {
  readonly as: 'held' | 'quarantined';
  readonly by: string;
}

export class Healing {
  readonly #state: SchedulerState;
  readonly #of: HealingState;
  readonly #index: GraphIndex;
  readonly #decide: (decision: Decision) => void;
  readonly #listener: HealingListener;
  readonly #breakers: ReadonlyMap<string, Breaker>;
  readonly #scopes: Scopes;
  readonly #tripping: Tripping;
  readonly #holds: Holds;
  readonly #overruns: Overruns;
  readonly #flapping: Flapping;
  readonly #rate: ErrorRate;
  #now = 0;
  /** Done once what has happened has been told. */
  #later: (() => void)[] = [];
  /** Something holds less than it did. */
  #isFreeing = false;

  constructor(options: { readonly state: SchedulerState; readonly index: GraphIndex; readonly decide: (decision: Decision) => void; readonly listener: HealingListener }) {
    const { state, index, decide, listener } = options;
    const { records, graph } = state;
    const { breakers } = graph.policies;
    const healing = (state.healing ??= { failures: [], breakers: [], holds: [] });
    this.#state = state;
    this.#of = healing;
    this.#index = index;
    this.#decide = decide;
    this.#listener = listener;
    this.#breakers = new Map(breakers.map((breaker) => [breaker.name, breaker]));
    this.#scopes = new Scopes(graph.tasks);
    this.#tripping = new Tripping(healing, breakers, this.#scopes);
    this.#holds = new Holds({ state: healing, records, tasks: graph.tasks, breakers: this.#breakers, scopes: this.#scopes });
    this.#overruns = new Overruns({ records, tasks: graph.tasks, breakers, scopes: this.#scopes });
    this.#flapping = new Flapping({ records, breakers, scopes: this.#scopes });
    this.#rate = new ErrorRate(healing, breakers);
  }

  /** When something is due although nothing happens. */
  get dueAt(): number | undefined {
    return earliest(this.#holds.dueAt, this.#overruns.dueAt, this.#rate.dueAt);
  }

  /** Repairs that have been asked for and not answered: what a new run asks for again. While there are any, nothing is over. */
  get unprepared(): readonly Extract<Decision, { readonly type: 'repair' }>[] {
    return this.#holds.unprepared.flatMap((hold) => this.#request(hold) ?? []);
  }

  /** It is so late; to be said before anything else is. */
  set now(now: number) {
    this.#now = now;
  }

  /** How many tasks may be under way at once. */
  limit(concurrencyMax: number): number {
    return this.#rate.limit(concurrencyMax);
  }

  /** What keeps a task from starting. */
  holding(index: number): Hold | undefined {
    return this.#holds.of(index);
  }

  views(now: number): readonly BreakerView[] {
    return breakerViews([...this.#breakers.values()], this.#of, { index: this.#index, now });
  }

  /** Whether there is anything of that name to be reset. Turns of error policies are, as long as any is waited for. */
  has(breaker: string): boolean {
    return this.#breakers.has(breaker) || this.#holds.by(breaker) !== undefined;
  }

  /** The repair that waits for this answer. */
  expects(answer: { readonly breaker: string; readonly trip: number }): Hold | undefined {
    const hold = this.#holds.repair(answer);
    return hold?.tasks === undefined ? hold : undefined;
  }

  /** An attempt has begun. */
  began(index: number): void {
    this.#overruns.began(index, this.#now);
  }

  /** An attempt has succeeded. */
  passed(index: number): void {
    if (this.#isRepair(index)) return;
    this.#tellRate(this.#rate.ended(false, this.#now));
    this.#flapping.passed(index);
  }

  /** An attempt has failed by itself. To be asked before anything is decided about the task. */
  failed(index: number, attempt: number, error: AttemptFailure): Ruling | undefined {
    if (this.#isRepair(index)) return undefined;
    this.#tellRate(this.#rate.ended(true, this.#now));
    const { signature, matches, message } = error;
    const failure: SeenFailure = { index, attempt, at: this.#now, class: error.class, message, ...(signature !== undefined && { signature }), ...(matches && { matches }) };
    const flapping = this.#flapping.failed(index);
    if (flapping && this.#mayTrip(flapping)) return this.#trip(flapping, [failure], error);
    if (!this.#tripping.isCounting) return undefined;
    this.#tripping.remember(failure);
    let ruling: Ruling | undefined;
    for (const breaker of this.#breakers.values()) {
      if (this.#tripping.concerns(breaker, failure)) ruling ??= this.#join(breaker, failure, error) ?? this.#consider(breaker, failure, error);
    }
    return ruling;
  }

  /** The answer to a repair that {@link expects} it: the tasks it consists of, or why there are none. */
  prepared(hold: Hold, tasks: readonly number[], problem: string | undefined): void {
    this.#holds.consist(hold, tasks);
    this.patched();
    if (hold.tasks?.length === 0) this.#end(hold, { outcome: 'failed', reason: problem ?? 'there was nothing to do' });
    // What it was split into, it waits for as for any dependency.
    else if (hold.mend?.action.type === 'split') {
      if (this.#at(hold.mend.failure.index).brought) this.#mark(tasks);
      this.#end(hold, { outcome: 'repaired' });
    }
  }

  /** Before a task is tried again something is done about it, as its error policy says; nobody else is held. Its attempt has been given up. */
  mend(action: MendAction, failure: SeenFailure): void {
    const trip = (this.#of.mends ?? 0) + 1;
    this.#of.mends = trip;
    const hold: Hold = { breaker: ERROR_POLICY, trip, since: this.#now, kind: 'repair', members: [failure.index], mend: { action, failure } };
    this.#holds.add(hold);
    const request = this.#request(hold);
    if (request) this.#later.push(() => this.#decide(request));
  }

  /** A task of a repair has answered with a hot update that brought these: the repair waits for them, too, but for those that wait for what it holds. */
  answered(task: number, brought: readonly number[]): void {
    if (this.#index.tasks[task]?.repairs === ERROR_POLICY) this.#mark(brought);
    this.#holds.extend(task, brought);
    this.patched();
    this.#isFreeing = true;
  }

  /** Says what has been decided, and lets go of what is over by now. */
  advance(): void {
    const now = this.#now;
    for (const act of this.#later.splice(0)) act();
    this.#tellRate(this.#rate.advance(now));
    for (let overrun = this.#overruns.take(now); overrun; overrun = this.#overruns.take(now)) {
      const { breaker, index, message } = overrun;
      if (this.#mayTrip(breaker)) this.#trip(breaker, [{ index, attempt: this.#at(index).attempt, at: now, class: 'transient', message }]);
    }
    for (const hold of this.#holds.all) this.#look(hold);
    while (this.#later.length > 0 || this.#isFreeing) {
      for (const act of this.#later.splice(0)) act();
      if (this.#later.length === 0) this.#letGo();
    }
  }

  /** A person says that it is over: what is held goes on, and the budget is whole again. */
  reset(name: string, request: { readonly by?: string; readonly reason?: string }): void {
    for (const hold of this.#holds.all) if (hold.breaker === name) this.#end(hold, { outcome: 'reset', ...request });
    this.#tripping.reset(name);
    if (this.#rate.name === name) this.#tellRate(this.#rate.reset());
  }

  /** Nothing is repaired any more. */
  stop(): void {
    this.#holds.clear();
  }

  /** A patch is about to change tasks. */
  patching(): void {
    this.#scopes.forget();
  }

  /** It has: no repair waits for what waits for it. */
  patched(): void {
    this.#holds.untangle(this.#index);
  }

  /** Another failure of the kind that something is already done about. */
  #join(breaker: Breaker, failure: SeenFailure, error: AttemptFailure): Ruling | undefined {
    const hold = this.#holds.by(breaker.name);
    if (!hold) return undefined;
    this.#holds.join(hold, failure.index);
    if (hold.kind !== 'throttle') return { as: 'held', by: breaker.name };
    if (breaker.action.type === 'throttle') hold.nextAt = Math.max(hold.nextAt ?? 0, failure.at + (error.retryAfterMs ?? breaker.action.forMs));
    return undefined;
  }

  #consider(breaker: Breaker, failure: SeenFailure, error: AttemptFailure): Ruling | undefined {
    const { on } = breaker;
    if (on.type !== 'match' && on.type !== 'similar_errors') return undefined;
    const alike = this.#tripping.alike(breaker, failure);
    return alike.length >= on.threshold && this.#mayTrip(breaker) ? this.#trip(breaker, alike, error) : undefined;
  }

  #mayTrip(breaker: Breaker): boolean {
    const { mode } = this.#state;
    if (mode === 'aborting' || mode === 'stopping' || mode === 'finished') return false;
    const may = this.#tripping.mayTrip(breaker, this.#now);
    if (may === 'spent') this.#say(spentEvent(breaker));
    return may === 'yes';
  }

  #trip(breaker: Breaker, failures: readonly SeenFailure[], error?: AttemptFailure): Ruling | undefined {
    const { action, name } = breaker;
    const now = this.#now;
    const trip = this.#tripping.tripped(breaker, now);
    const hold = { breaker: name, trip, since: now, members: [...new Set(failures.map(({ index }) => index))] };
    this.#say(trippedEvent(breaker, { trip, failures, index: this.#index }));
    if (isRepair(action)) {
      const repair: Hold = { ...hold, kind: 'repair' };
      this.#holds.add(repair);
      const request = this.#request(repair);
      if (request) this.#later.push(() => this.#decide(request));
    } else if (action.type === 'throttle') this.#holds.add({ ...hold, kind: 'throttle', nextAt: now + (error?.retryAfterMs ?? action.forMs) });
    else if (action.type === 'gate' || action.type === 'escalate') this.#holds.add({ ...hold, kind: 'gate' });
    else if (action.type === 'pause') this.#later.push(() => this.#listener.pause(name));
    else if (action.type === 'diagnose') this.#later.push(() => this.#listener.diagnose());
    this.#later.push(() => {
      for (const index of this.#holds.caught()) this.#listener.keep(index);
    });
    if (action.type === 'quarantine') return { as: 'quarantined', by: name };
    return isRepair(action) || action.type === 'gate' || action.type === 'escalate' ? { as: 'held', by: name } : undefined;
  }

  /** Whatever a review brings, and is made of that, is told apart from what has reviews of its own. */
  #mark(brought: readonly number[]): void {
    for (const index of brought) this.#at(index).brought = true;
  }

  #request(hold: Hold): Extract<Decision, { readonly type: 'repair' }> | undefined {
    if (hold.mend) return { type: 'repair', breaker: hold.breaker, trip: hold.trip, action: hold.mend.action, failures: [hold.mend.failure] };
    const action = this.#breakers.get(hold.breaker)?.action;
    return action && isRepair(action) ? { type: 'repair', breaker: hold.breaker, trip: hold.trip, action, failures: this.#tripping.failuresOf(hold) } : undefined;
  }

  #look(hold: Hold): void {
    if (hold.kind === 'repair') {
      const outcome = this.#holds.outcome(hold);
      if (outcome) this.#end(hold, { outcome, ...(outcome === 'failed' && { reason: 'not all of its tasks succeeded' }) });
    } else if (hold.kind === 'throttle') {
      const next = this.#holds.letGo(hold, this.#now);
      if (next === 'over') this.#end(hold, { outcome: 'over' });
      else if (next !== undefined && !this.#holds.of(next)) this.#listener.letIn(next);
    }
  }

  #end(hold: Hold, end: { readonly outcome: Outcome; readonly reason?: string; readonly by?: string }): void {
    this.#holds.remove(hold);
    if (hold.mend) return this.#mended(hold.mend.failure, end);
    const breaker = this.#breakers.get(hold.breaker);
    if (breaker) this.#tripping.ended(breaker, this.#now);
    this.#say(endedEvent(hold, end, this.#index));
    const mended = end.outcome === 'repaired' || end.outcome === 'reset';
    this.#later.push(() => {
      for (const index of mended ? hold.members : []) {
        const record = this.#at(index);
        record.failures = 0;
        if (record.state === 'FAILED' || record.state === 'BACKOFF') this.#listener.revive(index);
      }
      if (end.outcome === 'repaired') this.#reviveDiagnostics(hold);
    });
    this.#isFreeing = true;
  }

  #mended(failure: SeenFailure, { outcome, reason }: { readonly outcome: Outcome; readonly reason?: string }): void {
    const { index, attempt } = failure;
    this.#say({ type: 'task_mended', task: this.#index.id(index), attempt, outcome, ...(reason !== undefined && { reason }) });
    this.#later.push(() => this.#listener.mended(failure, outcome));
    this.#isFreeing = true;
  }

  /** What nothing holds any more, once it is known what becomes of all that something was done about. */
  #letGo(): void {
    if (!this.#isFreeing) return;
    this.#isFreeing = false;
    for (const index of this.#holds.freed()) this.#listener.letIn(index);
  }

  /** What tells whether all is well now is asked again. */
  #reviveDiagnostics({ breaker: name }: Hold): void {
    const breaker = this.#breakers.get(name);
    for (const [index, task] of this.#index.tasks.entries()) {
      if (breaker && isDiagnostic(task) && this.#at(index).state === 'FAILED' && this.#scopes.covers(breaker, index)) this.#listener.revive(index);
    }
  }

  #tellRate(change: ReturnType<ErrorRate['advance']>): void {
    if (change && this.#rate.name !== undefined) this.#say(rateEvent(this.#rate.name, change));
  }

  #say(event: Extract<Decision, { readonly type: 'emit' }>['event']): void {
    this.#later.push(() => this.#decide({ type: 'emit', event }));
  }

  #isRepair(index: number): boolean {
    return this.#index.tasks[index]?.repairs !== undefined || this.#holds.isWaitedFor(index);
  }

  #at(index: number): TaskRecord {
    return this.#state.records[index] as TaskRecord;
  }
}
