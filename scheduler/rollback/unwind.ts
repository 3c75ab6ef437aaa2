/**
 * The rollback of an execution that is still open, as far as its own tasks go: which may begin, what becomes of their
 * states, and how the execution goes on. What undoes them is another execution, which the driver starts and listens to.
 */
import type { AttemptFailure } from '../../model/attempt.ts';
import type { ExecutionOutcome } from '../../model/outcome.ts';
import type { Problem } from '../../model/problem.ts';
import { isUnderWay } from '../../model/state.ts';
import type { TaskState } from '../../model/state.ts';
import type { UndoResult } from '../../model/rollback.ts';
import type { Board } from '../board.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { Decision, RollbackState, SchedulerEvent, SchedulerState, TaskRecord } from '../protocol.ts';
import { who } from '../request.ts';

type Begin = Extract<SchedulerEvent, { readonly type: 'rollback' }>;
type End = Extract<SchedulerEvent, { readonly type: 'rolledBack' }>;

/** To COMPENSATING. What lies between is seen by nobody. */
const IN: Readonly<Partial<Record<TaskState, readonly TaskState[]>>> = {
  SUCCEEDED: [],
  FAILED: [],
  PAUSED: ['FAILED'],
  BACKOFF: ['FAILED'],
  CHECKPOINTED: ['FAILED'],
  READY: ['FAILED'],
  PENDING: ['READY', 'FAILED'],
  SKIPPED: ['READY', 'FAILED'],
  CANCELLED: ['READY', 'FAILED'],
  QUARANTINED: ['READY', 'FAILED'],
  UPSTREAM_FAILED: ['PENDING', 'READY', 'FAILED'],
};

/** Back to where a task was of which nothing was undone; one that waited for something waits again. */
const BACK: Readonly<Partial<Record<TaskState, readonly TaskState[]>>> = {
  SUCCEEDED: ['SUCCEEDED'],
  PAUSED: ['PAUSED'],
  SKIPPED: ['FAILED', 'SKIPPED'],
  CANCELLED: ['FAILED', 'CANCELLED'],
  QUARANTINED: ['FAILED', 'QUARANTINED'],
};

const NOTHING: RollbackState = { count: 0 };

export class Unwind {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #board: Board;
  readonly #decide: (decision: Decision) => void;

  constructor(options: { readonly state: SchedulerState; readonly index: GraphIndex; readonly board: Board; readonly decide: (decision: Decision) => void }) {
    this.#state = options.state;
    this.#index = options.index;
    this.#board = options.board;
    this.#decide = options.decide;
  }

  /** One is planned or under way. */
  get isBusy(): boolean {
    const { planning, current } = this.#rollback;
    return planning !== undefined || current !== undefined;
  }

  /** The execution does not end yet, although all of its tasks have settled. */
  get holdsOpen(): boolean {
    if (this.#rollback.current) return true;
    return this.#state.mode !== 'aborting' && (this.isBusy || this.#rollback.resting === true);
  }

  /** Why one cannot be asked for now. */
  refuse(): Problem | undefined {
    const hint = 'Pause it and let what runs end, or abort it: `tasks rollback` with --pause or --abort does that first.';
    if (this.#state.mode === 'finished') return { code: 'TASKS3002', message: 'the execution has ended' };
    if (this.isBusy) return this.refuseOthers();
    if (this.#state.mode !== 'paused') return { code: 'TASKS3103', message: 'the execution is not paused: what is undone would be done beside what still runs', hint };
    const busy = [...this.#state.records.entries()].flatMap(([at, { state }]) => (isUnderWay(state) || state === 'QUEUED' || state === 'COMPENSATING' ? [this.#index.id(at)] : []));
    if (busy.length === 0) return undefined;
    return { code: 'TASKS3103', message: `${busy.slice(0, 3).join(', ')}${busy.length > 3 ? ` and ${busy.length - 3} more` : ''} still ${busy.length === 1 ? 'runs' : 'run'}`, hint: 'Wait until they have ended, skip them, or complete those that wait for a person.' };
  }

  /** Why nothing else can be asked for now. */
  refuseOthers(): Problem | undefined {
    if (!this.isBusy) return undefined;
    const { current } = this.#rollback;
    const what = current ? `is being rolled back by ${current.rollback}` : 'is about to be rolled back';
    return { code: 'TASKS3103', message: `the execution ${what}`, hint: current ? `Follow it: tasks watch ${current.rollback}` : 'Ask again in a moment.' };
  }

  /** Before an execution ends so: whether a rollback is to be planned first. */
  planBeforeEnd(outcome: ExecutionOutcome): boolean {
    const { onFailure } = this.#state.graph.policies.rollback;
    if (outcome !== 'failed' || onFailure === 'none' || this.#rollback.served) return false;
    this.#state.rollback = { ...this.#rollback, planning: onFailure };
    this.#decide({ type: 'planRollback', target: { kind: onFailure } });
    return true;
  }

  /** It has been planned: its tasks are being undone from now on. */
  begin(event: Begin): Problem | undefined {
    const problem = this.#refuseBegin(event);
    if (problem) {
      if (event.automatic) delete this.#rollback.planning;
      return problem;
    }
    const { number, plan, rollback, tasks, target } = event;
    const indices = tasks.map((task) => this.#index.indexOf.get(task) as number);
    this.#state.rollback = { count: number, current: { number, plan, rollback, tasks: indices, automatic: event.automatic }, ...(event.automatic && { served: true }) };
    this.#decide({ type: 'emit', event: { type: 'rollback_started', rollback, target, tasks: tasks.length, ...who(event) } });
    for (const index of indices) {
      const record = this.#board.at(index);
      const { state, escalation } = record;
      record.unwinding = state;
      this.#board.move(index, ...(IN[state] as readonly TaskState[]), 'COMPENSATING');
      // Should it be left as it is, it waits for the same decision again.
      if (escalation !== undefined) record.escalation = escalation;
      this.#decide({ type: 'emit', event: { type: 'task_compensating', task: this.#index.id(index), attempt: record.attempt, rollback } });
    }
    this.#decide({ type: 'runRollback' });
    return undefined;
  }

  /** There is none to be had for the one that was to be planned: the execution ends without. */
  giveUp(problems: readonly Problem[]): void {
    if (!this.#rollback.planning) return;
    this.#state.rollback = { ...this.#rollback, served: true };
    delete this.#state.rollback.planning;
    // That nothing had to be undone is no news.
    const [told] = problems.filter(({ code }) => code !== 'TASKS3101');
    if (told) this.#decide({ type: 'emit', event: { type: 'request_rejected', request: 'rollback', code: told.code, reason: problems.map(({ message }) => message).join('; ') } });
  }

  /** It has ended. Whoever it says nothing of was not touched. An end that is told twice changes nothing. */
  end({ number, outcome, results }: End): void {
    const { current, count, served } = this.#rollback;
    if (current?.number !== number) return;
    const byTask = new Map(results.map((result) => [result.task as string, result]));
    let undone = 0;
    for (const index of current.tasks) {
      const result = byTask.get(this.#index.id(index)) ?? { task: this.#index.id(index), result: 'kept' };
      if (result.result === 'undone') undone += 1;
      this.#settle(index, result, !current.automatic);
    }
    const last = { rollback: current.rollback, outcome, undone, notUndone: current.tasks.length - undone };
    this.#state.rollback = { count, last, ...(served && { served }), ...(!current.automatic && { resting: true }) };
    this.#decide({ type: 'emit', event: { type: 'rollback_finished', ...last } });
  }

  /** What was rolled back at somebody's request runs again when the execution goes on. */
  resume(): void {
    if (!this.#rollback.resting) return;
    delete this.#rollback.resting;
    const again = [...this.#state.records.entries()].flatMap(([index, record]) => (record.again && record.state === 'ROLLED_BACK' ? [index] : []));
    for (const index of again) this.#board.place(index);
  }

  #settle(index: number, { result, reason = 'its rollback did not succeed' }: UndoResult, again: boolean): void {
    const record = this.#board.at(index);
    const task = this.#index.id(index);
    const before = record.unwinding ?? 'SUCCEEDED';
    if (result !== 'kept') delete record.escalation;
    if (result === 'undone') {
      delete record.acted;
      if (again) Object.assign(record, { again, failures: 0 });
      this.#decide({ type: 'emit', event: { type: 'task_rolled_back', task, attempt: record.attempt } });
      this.#leave(index, record, 'ROLLED_BACK');
    } else if (result === 'failed') {
      const error: AttemptFailure = { reason: 'compensation', class: 'logic', message: `what it had done could not be undone: ${reason}` };
      this.#decide({ type: 'forgo', index, attempt: record.attempt, error });
      this.#decide({ type: 'emit', event: { type: 'task_failed', task, attempt: record.attempt, error, canRetry: false, tail: '' } });
      this.#leave(index, record, 'FAILED');
    } else {
      this.#leave(index, record, ...(BACK[before] ?? ['FAILED']));
      if (!BACK[before] && before !== 'FAILED') this.#board.place(index);
      this.#decide({ type: 'emit', event: { type: 'task_not_rolled_back', task, state: record.state, reason } });
    }
  }

  /** As a task of a rollback to the last: what it asks for it does not hold. */
  #leave(index: number, record: TaskRecord, ...path: readonly TaskState[]): void {
    this.#board.move(index, ...path);
    delete record.unwinding;
  }

  #refuseBegin(event: Begin): Problem | undefined {
    const problem = event.automatic ? this.#refuseAutomatic() : this.refuse();
    if (problem) return problem;
    const changed = event.tasks.find((task) => {
      const record = this.#state.records[this.#index.indexOf.get(task) ?? -1];
      return !record?.acted || !IN[record.state];
    });
    return changed === undefined ? undefined : { code: 'TASKS3103', message: `task ${changed} has changed while the rollback was planned`, hint: 'Ask again.' };
  }

  #refuseAutomatic(): Problem | undefined {
    const isDue = this.#rollback.planning !== undefined && this.#board.unsettled === 0 && this.#state.mode !== 'aborting';
    return isDue ? undefined : { code: 'TASKS3103', message: 'the execution has gone on' };
  }

  get #rollback(): RollbackState {
    return this.#state.rollback ?? NOTHING;
  }
}
