/**
 * An execution that takes no time: the scheduler that executions run, driven by a virtual clock (DESIGN, 3). Attempts take
 * as long as they are said to and succeed; people approve at once, and let go on what an alert has paused; what other
 * executions hold is not known here. Deterministic: it has no clock and no randomness of its own.
 *
 * @example
 * const { endsAt } = simulate({ graph, durations: (index) => graph.tasks[index]?.estimateMs ?? 0 });
 */
import type { AttemptResult } from '../../model/attempt.ts';
import type { Graph } from '../../model/graph.ts';
import { MAX_CONCURRENCY } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';
import type { ExecutionOutcome } from '../../model/outcome.ts';
import type { WorkerTable } from '../../model/pool.ts';
import { unreachable } from '../../model/unreachable.ts';
import { createState } from '../../scheduler/create-state.ts';
import { Heap } from '../../scheduler/heap.ts';
import type { Decision, SchedulerEvent } from '../../scheduler/protocol.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { openingsOf } from '../resources/openings.ts';
import type { SimulatedTask, SimulatedWave, Timeline } from './timeline.ts';
import { VirtualMutexes } from './virtual-mutexes.ts';

/** Everything has happened that happens at one time: what stands until something does again. */
export interface Moment {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly scheduler: Scheduler;
  readonly mutexes: VirtualMutexes;
  /** The virtual clock: what the scheduler takes the time to be. */
  readonly now: number;
}

export interface SimulateOptions {
  readonly graph: Graph;
  /** Milliseconds that an attempt takes. */
  readonly durations: (index: number, attempt: number) => number;
  /** The plan's own waves do not count. */
  readonly forceWaves?: boolean;
  /** Of jitter. */
  readonly seed?: string;
  /** When it starts, in milliseconds since the epoch: calendars go by it. */
  readonly startAt?: number;
  /** One that can do everything, with room for all, unless stated. */
  readonly workers?: WorkerTable;
  /** Called before time goes on. */
  readonly onMoment?: (moment: Moment) => void;
}

interface Run {
  readonly index: number;
  readonly attempt: number;
  readonly from: number;
  readonly to: number;
}

const ANYBODY: WorkerTable = { epoch: 0, version: 0, workers: [{ worker: 'anybody', host: '', capabilities: [], slots: MAX_CONCURRENCY, cpus: 1, memoryMb: 1, version: '', pressure: 'none' }] };

/** Steps of an execution that comes to an end, at most, for each of its tasks: windows open and close, grants go back and are asked for again. */
const STEPS_PER_TASK = 500;
const STEPS = 10_000;

class Simulation {
  readonly #options: SimulateOptions;
  readonly #scheduler: Scheduler;
  readonly #mutexes: VirtualMutexes;
  readonly #start: number;
  #now: number;
  #outcome: ExecutionOutcome | undefined;
  readonly #pending: SchedulerEvent[] = [];
  /** By task; one that was stopped is left in the heap, and is passed over there. */
  readonly #running = new Map<number, Run>();
  readonly #ends = new Heap<Run>((a, b) => a.to < b.to || (a.to === b.to && a.index < b.index));
  readonly #runs: { readonly from: number; readonly to: number }[][];
  readonly #readyAt: (number | undefined)[] = [];
  readonly #openedAt = new Map<number, number>([[1, 0]]);

  constructor(options: SimulateOptions) {
    const { graph, seed = '', forceWaves = false, startAt = 0 } = options;
    this.#options = options;
    this.#start = startAt;
    this.#now = startAt;
    this.#scheduler = new Scheduler(createState({ graph, seed, now: startAt, forceWaves }));
    this.#mutexes = new VirtualMutexes(graph.resources ?? [], startAt);
    this.#runs = graph.tasks.map(() => []);
  }

  run(): Timeline {
    this.#pending.push({ type: 'workers', table: this.#options.workers ?? ANYBODY }, { type: 'begin' });
    const limit = STEPS + STEPS_PER_TASK * this.#runs.length;
    for (let step = 0; step < limit; step += 1) {
      this.#settle();
      if (this.#outcome !== undefined || !this.#advance()) break;
    }
    this.#look();
    return this.#timeline();
  }

  /** All that follows from what has happened, without time passing. */
  #settle(): void {
    for (;;) {
      const event = this.#pending.shift();
      if (!event) return;
      for (const decision of this.#scheduler.apply(event, this.#now).decisions) this.#obey(decision);
      this.#pending.push(...this.#mutexes.takeAnswers());
    }
  }

  /** Goes to what happens next; false when nothing does. */
  #advance(): boolean {
    for (let top = this.#ends.peek(); top && this.#running.get(top.index) !== top; top = this.#ends.peek()) this.#ends.pop();
    const run = this.#ends.peek();
    const wakeAt = this.#scheduler.wakeAt;
    const dueAt = this.#mutexes.dueAt;
    const next = Math.min(run?.to ?? Infinity, wakeAt ?? Infinity, dueAt ?? Infinity);
    if (next === Infinity) return false;
    if (next > this.#now) this.#look();
    this.#now = Math.max(this.#now, next);
    if (run && run.to <= next) this.#end(run, 'succeeded');
    else if (dueAt !== undefined && dueAt <= next) {
      this.#mutexes.advance(this.#now);
      this.#pending.push(...this.#mutexes.takeAnswers());
    } else this.#pending.push({ type: 'tick' });
    return true;
  }

  #look(): void {
    this.#options.onMoment?.({ at: this.#now - this.#start, scheduler: this.#scheduler, mutexes: this.#mutexes, now: this.#now });
  }

  #end(run: Run, outcome: 'succeeded' | 'cancelled'): void {
    const { index, attempt, from } = run;
    this.#running.delete(index);
    this.#runs[index]?.push({ from: from - this.#start, to: this.#now - this.#start });
    const task = this.#options.graph.tasks[index]?.id as TaskId;
    const result: AttemptResult = { task, attempt, outcome, startedAt: from, finishedAt: this.#now, worker: '', host: '', tail: '' };
    this.#pending.push({ type: 'ended', index, result });
    this.#mutexes.ended(index, this.#now);
    this.#pending.push(...this.#mutexes.takeAnswers());
  }

  #obey(decision: Decision): void {
    switch (decision.type) {
      case 'start': {
        const { index, attempt, dispatch, readyAt } = decision;
        const run: Run = { index, attempt, from: this.#now, to: this.#now + Math.max(0, this.#options.durations(index, attempt)) };
        this.#readyAt[index] ??= readyAt - this.#start;
        this.#running.set(index, run);
        this.#ends.push(run);
        this.#pending.push({ type: 'started', index, attempt, dispatch });
        return;
      }
      case 'cancel': {
        const run = this.#running.get(decision.index);
        if (run?.attempt === decision.attempt) this.#end(run, 'cancelled');
        return;
      }
      case 'request':
        this.#mutexes.request(decision, this.#now);
        return;
      case 'withdraw':
        this.#mutexes.withdraw(decision.index, decision.round, this.#now);
        return;
      case 'lookAhead': {
        const calendars = this.#scheduler.state.graph.calendars ?? [];
        this.#pending.push({ type: 'openings', calendars: Object.fromEntries(calendars.map((calendar) => [calendar.name, openingsOf(calendar, decision.from)])) });
        return;
      }
      case 'repair':
        this.#pending.push({ type: 'repaired', breaker: decision.breaker, trip: decision.trip, problem: 'nothing is repaired in a simulation' });
        return;
      case 'planRollback':
        this.#pending.push({ type: 'rollbackRefused', problems: [] });
        return;
      case 'emit':
        if (decision.event.type === 'approval_requested') this.#pending.push({ type: 'approve', task: decision.event.task });
        else if (decision.event.type === 'execution_paused') this.#pending.push({ type: 'resume' });
        else if (decision.event.type === 'wave_opened') this.#openedAt.set(decision.event.wave, this.#now - this.#start);
        return;
      case 'finish':
        this.#outcome = decision.outcome;
        return;
      // What people, patches and failures bring about.
      case 'complete':
      case 'forgo':
      case 'resources':
      case 'runRollback':
        return;
      default:
        unreachable(decision);
    }
  }

  #timeline(): Timeline {
    const { records, wave } = this.#scheduler.state;
    const tasks = this.#runs.map((runs, index): SimulatedTask => {
      const readyAt = this.#readyAt[index];
      return { state: records[index]?.state ?? 'PENDING', runs, ...(readyAt !== undefined && { readyAt }) };
    });
    return {
      tasks,
      endsAt: this.#now - this.#start,
      ...(this.#outcome !== undefined && { outcome: this.#outcome }),
      ...(wave && { waves: this.#waves(wave.of) }),
    };
  }

  #waves(of: readonly number[]): readonly SimulatedWave[] {
    const members = new Map<number, number[]>();
    for (const [index, wave] of of.entries()) {
      const list = members.get(wave) ?? [];
      members.set(wave, list);
      list.push(index);
    }
    return [...members]
      .sort(([a], [b]) => a - b)
      .map(([number, tasks]) => {
        const openedAt = this.#openedAt.get(number) ?? this.#now - this.#start;
        return { number, tasks, openedAt, endedAt: tasks.reduce((last, index) => Math.max(last, this.#runs[index]?.at(-1)?.to ?? openedAt), openedAt) };
      });
  }
}

/** Every task runs to its end, in the order and at the time that an execution would run it. */
export const simulate = (options: SimulateOptions): Timeline => new Simulation(options).run();
