/**
 * The states of all tasks, and what follows from a change of one: dependents that become ready, dependents
 * that can no longer run, dependents that can again. Every change goes through {@link Board.move}, which
 * checks it against the one table of transitions.
 */
import type { EventBody } from '../model/event.ts';
import type { Counts } from '../model/outcome.ts';
import { isLegal, isSettled, occupiesSlot, satisfiesHard, TASK_STATES } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import type { GraphIndex } from './graph-index.ts';
import type { TaskRecord } from './protocol.ts';

interface Change {
  readonly index: number;
  readonly from: TaskState;
  readonly to: TaskState;
  /** Whether something behind it can run, before and after. */
  readonly goneChanged: boolean;
}

export interface BoardListener {
  /** A task entered READY. */
  ready(index: number): void;
  moved(index: number, from: TaskState, to: TaskState): void;
  emit(event: EventBody): void;
}

/** Settled without satisfying a hard dependency, for good: nothing behind it can run. */
const isGone = ({ state, again }: TaskRecord): boolean => isSettled(state) && !satisfiesHard(state) && !again;

export class Board {
  readonly #index: GraphIndex;
  readonly #records: TaskRecord[];
  readonly #listener: BoardListener;
  /** Unmet dependencies by task. */
  readonly #waiting: number[] = [];
  readonly #counts = new Map<TaskState, number>();
  readonly #pending: Change[] = [];
  #propagating = false;
  #now = 0;
  occupied = 0;
  unsettled = 0;

  constructor(options: { readonly index: GraphIndex; readonly records: TaskRecord[]; readonly listener: BoardListener }) {
    this.#index = options.index;
    this.#records = options.records;
    this.#listener = options.listener;
    for (const index of this.#records.keys()) this.enrol(index);
  }

  at(index: number): TaskRecord {
    const record = this.#records[index];
    if (!record) throw new RangeError(`no task ${String(index)}`);
    return record;
  }

  /** In the order of the table of states, whatever happened in which order. */
  get counts(): Counts {
    return Object.fromEntries(TASK_STATES.map((state) => [state, this.count(state)] as const).filter(([, count]) => count > 0));
  }

  count(state: TaskState): number {
    return this.#counts.get(state) ?? 0;
  }

  set now(now: number) {
    this.#now = now;
  }

  /** Counts in a task whose record exists; its unmet dependencies are taken from the graph. */
  enrol(index: number): void {
    const { state } = this.at(index);
    this.#count(state, 1);
    this.recount(index);
  }

  /** Counts the unmet dependencies of a task anew. */
  recount(index: number): void {
    const task = this.#index.tasks[index];
    let waiting = 0;
    for (const from of task?.deps ?? []) if (!satisfiesHard(this.at(from).state)) waiting += 1;
    for (const from of task?.soft ?? []) if (!isSettled(this.at(from).state)) waiting += 1;
    this.#waiting[index] = waiting;
  }

  isFree(index: number): boolean {
    return this.#waiting[index] === 0;
  }

  /**
   * Takes a task through the given states, and then lets its dependents follow; what lies in between the
   * first and the last state is not seen by them.
   * @throws Error on a transition that is not in the table: a bug, never a task's fault.
   */
  move(index: number, ...path: readonly TaskState[]): void {
    const record = this.at(index);
    const from = record.state;
    const wasGone = isGone(record);
    for (const to of path) {
      if (!isLegal(record.state, to)) throw new Error(`illegal transition of ${this.#index.id(index)}: ${record.state} -> ${to}`);
      record.state = to;
    }
    const to = record.state;
    if (from === to) return;
    this.#count(from, -1);
    this.#count(to, 1);
    if (to === 'READY') record.readyAt = this.#now;
    else delete record.readyAt;
    if (to !== 'READY') delete record.parked;
    if (to !== 'BACKOFF') delete record.retryAt;
    if (from === 'ROLLED_BACK') delete record.again;
    this.#listener.moved(index, from, to);
    if (to === 'READY') this.#listener.ready(index);
    this.#pending.push({ index, from, to, goneChanged: wasGone !== isGone(record) });
    this.#propagate();
  }

  /** Puts a task that is to run (again) where its dependencies say. */
  place(index: number): void {
    const { state } = this.at(index);
    if (this.isFree(index)) return this.#bring(index, 'READY');
    const dead = this.#deadDependency(index);
    if (dead === undefined) return this.#bring(index, 'PENDING');
    if (state === 'UPSTREAM_FAILED') return;
    this.#bring(index, 'UPSTREAM_FAILED');
    this.#listener.emit({ type: 'task_upstream_failed', task: this.#index.id(index), upstream: this.#index.id(dead) });
  }

  /** Over PENDING or READY where the table knows no direct way. */
  #bring(index: number, to: 'PENDING' | 'READY' | 'UPSTREAM_FAILED'): void {
    const { state } = this.at(index);
    if (state === to) return;
    if (isLegal(state, to)) return this.move(index, to);
    this.move(index, isLegal(state, 'PENDING') ? 'PENDING' : 'READY', to);
  }

  #deadDependency(index: number): number | undefined {
    return this.#index.tasks[index]?.deps?.find((from) => isGone(this.at(from)));
  }

  #count(state: TaskState, by: number): void {
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by);
    if (occupiesSlot(state)) this.occupied += by;
    if (!isSettled(state)) this.unsettled += by;
  }

  /** Iterative, however long a chain of consequences is. */
  #propagate(): void {
    if (this.#propagating) return;
    this.#propagating = true;
    for (let head = 0; head < this.#pending.length; head += 1) {
      const { index, from, to, goneChanged } = this.#pending[head] as Change;
      const hard = Number(satisfiesHard(from)) - Number(satisfiesHard(to));
      const soft = Number(isSettled(from)) - Number(isSettled(to));
      if (hard !== 0 || goneChanged) for (const s of this.#index.hard[index] ?? []) this.#follow(s, hard, goneChanged);
      if (soft !== 0) for (const s of this.#index.soft[index] ?? []) this.#follow(s, soft, false);
    }
    this.#pending.length = 0;
    this.#propagating = false;
  }

  /** One dependency fewer of many changes nothing yet, and must not cost a look at all of them. */
  #follow(index: number, waiting: number, goneChanged: boolean): void {
    this.#waiting[index] = (this.#waiting[index] as number) + waiting;
    if (waiting <= 0 && !goneChanged && !this.isFree(index)) return;
    const { state } = this.at(index);
    if (state === 'PENDING' || state === 'READY' || state === 'UPSTREAM_FAILED') this.place(index);
  }
}
