/**
 * Drives a scheduler with a virtual clock: the third driver beside the execution's workflow and the preview.
 * Attempts run as long as `durationOf` says and end as the test says.
 */
import type { AttemptFailure, AttemptResult } from '../../model/attempt.ts';
import type { EventBody } from '../../model/event.ts';
import type { Graph } from '../../model/graph.ts';
import type { Fences } from '../../model/resource.ts';
import type { TaskState } from '../../model/state.ts';
import { createState } from '../../scheduler/create-state.ts';
import type { CreateOptions } from '../../scheduler/create-state.ts';
import type { Decision, SchedulerEvent, SchedulerState, Step } from '../../scheduler/protocol.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { openingsFrom } from './calendars.ts';
import { failure, patchOf, resultOf } from './graphs.ts';
import type { PatchSketch } from './graphs.ts';

export interface Running {
  readonly index: number;
  readonly task: string;
  readonly attempt: number;
  readonly endsAt: number;
  readonly dispatch: 'child' | 'activity';
  cancelled: boolean;
  /** What a person made of it, when one completed it. */
  completed?: 'succeeded' | 'failed';
}

/** What mutexes were asked and have not been told to forget; `granted` once they have granted it. */
export interface Requested {
  readonly request: Decision & { readonly type: 'request' };
  granted?: Fences;
}

export interface DriverOptions extends Partial<Omit<CreateOptions, 'graph'>> {
  readonly durationOf?: (index: number, attempt: number) => number;
  /** Sees every event with its answer, after the driver has obeyed the decisions. */
  readonly onStep?: (event: SchedulerEvent, step: Step) => void;
  /** Do not send `begin`. */
  readonly asleep?: boolean;
}

export const throughJson = (state: SchedulerState): SchedulerState => JSON.parse(JSON.stringify(state)) as SchedulerState;

export class Driver {
  scheduler: Scheduler;
  now: number;
  readonly running = new Map<number, Running>();
  /** By task index. */
  readonly requests = new Map<number, Requested>();
  /** It waits to be told when its calendars are open. */
  isLookingAhead = false;
  /** A patch has made a capacity smaller. */
  hasShrunk = false;
  readonly decisions: Decision[] = [];
  readonly results: { readonly index: number; readonly result: AttemptResult }[] = [];
  readonly #options: DriverOptions;

  constructor(graph: Graph, options: DriverOptions = {}) {
    this.#options = options;
    this.now = options.now ?? 0;
    this.scheduler = new Scheduler(
      createState({
        graph,
        seed: options.seed ?? 'seed',
        now: this.now,
        ...(options.forceWaves !== undefined && { forceWaves: options.forceWaves }),
        ...(options.carried && { carried: options.carried }),
        ...(options.quarantined && { quarantined: options.quarantined }),
      }),
    );
    if (!options.asleep) this.apply({ type: 'begin' });
  }

  apply(event: SchedulerEvent): Step {
    const step = this.scheduler.apply(event, this.now);
    for (const decision of step.decisions) this.#obey(decision);
    this.#options.onStep?.(event, step);
    return step;
  }

  /** Goes on with a scheduler made from a copy of the state, as the next run of the workflow does. */
  reload(): void {
    this.scheduler = new Scheduler(throughJson(this.scheduler.state));
  }

  indexOf(task: string): number {
    const index = this.scheduler.index.indexOf.get(task);
    if (index === undefined) throw new RangeError(`no task ${task}`);
    return index;
  }

  stateOf(task: string): TaskState {
    return this.recordOf(task).state;
  }

  recordOf(task: string): SchedulerState['records'][number] {
    return this.scheduler.state.records[this.indexOf(task)] as SchedulerState['records'][number];
  }

  /** Ids of the attempts under way, in starting order. */
  get started(): string[] {
    return [...this.running.values()].map((attempt) => attempt.task);
  }

  /** Ids of all tasks in the order of their starts, one for every attempt. */
  get starts(): string[] {
    return this.decisions.flatMap((decision) => (decision.type === 'start' ? [decision.task] : []));
  }

  get events(): EventBody[] {
    return this.decisions.flatMap((decision) => (decision.type === 'emit' ? [decision.event] : []));
  }

  get outcome(): string | undefined {
    return this.decisions.findLast((decision) => decision.type === 'finish')?.outcome;
  }

  succeed(...tasks: readonly string[]): void {
    for (const task of tasks) this.end(task, {});
  }

  fail(task: string, fields: Partial<AttemptFailure> = {}): Step {
    return this.end(task, { outcome: 'failed', failure: failure(fields) });
  }

  end(task: string, fields: Partial<AttemptResult>): Step {
    const attempt = this.running.get(this.indexOf(task));
    if (!attempt) throw new RangeError(`${task} is not running`);
    return this.report(attempt, fields);
  }

  report(attempt: Running, fields: Partial<AttemptResult>): Step {
    this.running.delete(attempt.index);
    const result = resultOf({ ...attempt, now: this.now }, fields);
    this.results.push({ index: attempt.index, result });
    return this.apply({ type: 'ended', index: attempt.index, result });
  }

  /** Mutexes grant what a task has asked for. */
  grant(task: string): Step {
    const index = this.indexOf(task);
    const requested = this.requests.get(index);
    if (!requested || requested.granted) throw new RangeError(`${task} has not asked`);
    const { round, asks } = requested.request;
    requested.granted = Object.fromEntries(asks.map((ask) => [ask.resource, `0-${String(round)}`]));
    return this.apply({ type: 'granted', index, round, fences: requested.granted });
  }

  tellOpenings(): Step {
    this.isLookingAhead = false;
    return this.apply({ type: 'openings', calendars: openingsFrom(this.now) });
  }

  patch(id: string, sketch: PatchSketch): Step {
    return this.apply({ type: 'patch', patch: patchOf(id, sketch) });
  }

  /** Lets time pass; whatever is due meanwhile is not looked at before the end. */
  wait(ms: number): Step {
    this.now += ms;
    return this.apply({ type: 'tick' });
  }

  /** Goes to the next thing that happens by itself; mutexes grant when nothing else does. Answers false when nothing does. */
  advance(outcomeOf: (attempt: Running) => Partial<AttemptResult> = () => ({})): boolean {
    if (this.isLookingAhead) this.tellOpenings();
    const asked = [...this.requests.values()].find((requested) => !requested.granted);
    // Before a window closes: it is for ever asked in vain else.
    const mustGrant = asked !== undefined && this.running.size === 0 && this.scheduler.state.windows !== undefined;
    if (!mustGrant && this.#advance(outcomeOf)) return true;
    if (asked) this.grant(asked.request.task);
    return asked !== undefined;
  }

  #advance(outcomeOf: (attempt: Running) => Partial<AttemptResult>): boolean {
    const [next] = [...this.running.values()].sort((a, b) => a.endsAt - b.endsAt || a.index - b.index);
    const wakeAt = this.scheduler.wakeAt;
    if (next && (wakeAt === undefined || next.endsAt <= wakeAt)) {
      this.now = Math.max(this.now, next.endsAt);
      this.report(next, outcomeOf(next));
      return true;
    }
    if (wakeAt === undefined) return false;
    this.now = Math.max(this.now, wakeAt);
    this.apply({ type: 'tick' });
    return true;
  }

  runToEnd(outcomeOf: (attempt: Running) => Partial<AttemptResult> = () => ({}), limit = 100_000): void {
    for (let i = 0; i < limit; i += 1) if (!this.advance(outcomeOf)) return;
    throw new Error('the execution does not come to an end');
  }

  #obey(decision: Decision): void {
    this.decisions.push(decision);
    if (decision.type === 'start') {
      const { index, task, attempt, dispatch } = decision;
      if (this.running.has(index)) throw new Error(`${task} is started while an attempt of it runs`);
      const requested = this.requests.get(index);
      if (JSON.stringify(requested?.granted) !== JSON.stringify(decision.fences)) throw new Error(`${task} is started with other fences than it was granted`);
      if (requested && requested.request.attempt !== attempt) throw new Error(`${task} is started as another attempt than the one that asked`);
      this.requests.delete(index);
      const endsAt = this.now + (this.#options.durationOf?.(index, attempt) ?? 1_000);
      this.running.set(index, { index, task, attempt, dispatch, endsAt, cancelled: false });
    } else if (decision.type === 'emit') {
      const { event } = decision;
      if (event.type === 'hot_update' && event.capacities?.some(({ from, to }) => to < from)) this.hasShrunk = true;
    } else if (decision.type === 'lookAhead') {
      if (this.isLookingAhead) throw new Error('it looks ahead while it looks ahead');
      this.isLookingAhead = true;
    } else if (decision.type === 'cancel') {
      const running = this.running.get(decision.index);
      if (!running || running.attempt !== decision.attempt) throw new Error(`${decision.task} is cancelled and does not run`);
      running.cancelled = true;
    } else if (decision.type === 'complete') {
      const running = this.running.get(decision.index);
      if (!running || running.attempt !== decision.attempt) throw new Error(`${decision.request.task} is completed and does not run`);
      running.completed = decision.request.outcome ?? 'succeeded';
    } else if (decision.type === 'request') {
      if (this.requests.has(decision.index)) throw new Error(`${decision.task} asks while its request is out`);
      this.requests.set(decision.index, { request: decision });
    } else if (decision.type === 'withdraw') {
      if (this.requests.get(decision.index)?.request.round === decision.round) this.requests.delete(decision.index);
    }
  }
}
