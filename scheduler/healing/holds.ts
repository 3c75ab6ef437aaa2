/**
 * Tasks that breakers keep from starting, and for how long. A repair holds until its tasks have settled, a gate until a
 * person says so, a throttle for a time, and then lets go of one task after the other.
 */
import type { Breaker } from '../../model/breaker.ts';
import type { GraphTask } from '../../model/graph.ts';
import { isSettled, satisfiesHard } from '../../model/state.ts';
import { earliest } from '../deadlines.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { TaskRecord } from '../protocol.ts';
import { HoldIndex } from './hold-index.ts';
import type { Scopes } from './scope.ts';
import type { HealingState, Hold } from './state.ts';

/** How a hold ends: `over` is a throttle that holds nobody any more. */
export type Outcome = 'repaired' | 'failed' | 'over' | 'reset';

export class Holds {
  readonly #state: HealingState;
  readonly #records: readonly TaskRecord[];
  readonly #tasks: readonly GraphTask[];
  readonly #breakers: ReadonlyMap<string, Breaker>;
  readonly #scopes: Scopes;
  /** Undefined when a hold has changed since. */
  #known: HoldIndex | undefined;

  constructor(options: { readonly state: HealingState; readonly records: readonly TaskRecord[]; readonly tasks: readonly GraphTask[]; readonly breakers: ReadonlyMap<string, Breaker>; readonly scopes: Scopes }) {
    this.#state = options.state;
    this.#records = options.records;
    this.#tasks = options.tasks;
    this.#breakers = options.breakers;
    this.#scopes = options.scopes;
  }

  get all(): readonly Hold[] {
    return this.#state.holds;
  }

  /** When a throttled task may start. */
  get dueAt(): number | undefined {
    return earliest(...this.all.filter(({ kind }) => kind === 'throttle').map(({ nextAt }) => nextAt));
  }

  /** Repairs whose tasks are not known yet. */
  get unprepared(): readonly Hold[] {
    return this.all.filter(({ kind, tasks }) => kind === 'repair' && tasks === undefined);
  }

  /** What keeps a task from starting. */
  of(index: number): Hold | undefined {
    if (this.all.length === 0) return undefined;
    return this.#index.oldest([...this.#index.near(index)].filter((hold) => this.holds(hold, index)));
  }

  /** What the breaker is doing now. */
  by(breaker: string): Hold | undefined {
    return this.all.find((hold) => hold.breaker === breaker);
  }

  repair({ breaker, trip }: { readonly breaker: string; readonly trip: number }): Hold | undefined {
    return this.all.find((hold) => hold.breaker === breaker && hold.trip === trip && hold.kind === 'repair');
  }

  add(hold: Hold): void {
    this.#state.holds.push(hold);
    this.#known = undefined;
  }

  remove(hold: Hold): void {
    this.#state.holds = this.all.filter((each) => each !== hold);
    this.#known = undefined;
  }

  clear(): void {
    this.#state.holds = [];
    this.#known = undefined;
  }

  /** A repair is known to consist of these. */
  consist(hold: Hold, tasks: readonly number[]): void {
    hold.tasks = tasks;
    this.#known = undefined;
  }

  /** Another failure of its kind: held from now on, also if it had been let go. */
  join(hold: Hold, index: number): void {
    if (!hold.members.includes(index)) hold.members.push(index);
    this.#known = undefined;
    if (hold.released?.includes(index)) hold.released = hold.released.filter((each) => each !== index);
  }

  holds(hold: Hold, index: number): boolean {
    if (hold.released?.includes(index)) return false;
    if (hold.members.includes(index)) return true;
    const breaker = this.#breakers.get(hold.breaker);
    return breaker?.scope !== undefined && !this.isWaitedFor(index) && this.#scopes.covers(breaker, index);
  }

  /** A repair that is under way waits for it: nothing that is held for others may hold it, or both would wait for ever. */
  isWaitedFor(index: number): boolean {
    return this.#index.isWaitedFor(index);
  }

  /** What a task of a repair has brought into the graph, and what the repair waits for as well. */
  extend(task: number, brought: readonly number[]): void {
    for (const hold of this.all) if (hold.tasks?.includes(task)) this.consist(hold, [...hold.tasks, ...brought]);
  }

  /** Repairs wait no longer for tasks that, by dependencies or other repairs, wait for what they hold: nobody would ever go on. */
  untangle(graph: Pick<GraphIndex, 'predecessors'>): void {
    for (const hold of this.all) {
      if (!hold.tasks || hold.tasks.length === 0) continue;
      const free = new Set<number>();
      const tasks = hold.tasks.filter((task) => !this.#waitsFor(hold, task, graph, free));
      if (tasks.length < hold.tasks.length) this.consist(hold, tasks);
    }
  }

  /**
   * Whether a task cannot go on before a hold ends. Looked for from the task back: few things come before a repair, and much
   * may lie behind what it holds. `free` are tasks that are known to wait for no such thing, and takes up more of them.
   */
  #waitsFor(hold: Hold, task: number, graph: Pick<GraphIndex, 'predecessors'>, free: Set<number>): boolean {
    if (this.#isSettled(task)) return false;
    const before = new Set([task]);
    for (const index of before) {
      if (this.holds(hold, index)) return true;
      for (const next of this.#awaitedBy(index, hold, graph)) if (!this.#isSettled(next) && !free.has(next)) before.add(next);
    }
    for (const index of before) free.add(index);
    return false;
  }

  /** What comes right before a task: its dependencies, and the repairs for which others hold it. */
  *#awaitedBy(index: number, hold: Hold, graph: Pick<GraphIndex, 'predecessors'>): Generator<number> {
    yield* graph.predecessors(index);
    for (const other of this.#index.near(index)) if (other !== hold && this.holds(other, index)) yield* other.tasks ?? [];
  }

  /** What has become of a repair: undefined while its tasks are at work. The failure of an optional one is none. */
  outcome({ tasks }: Hold): Outcome | undefined {
    const states = tasks?.map((task) => ({ state: this.#records[task]?.state ?? 'CANCELLED', optional: this.#tasks[task]?.optional === true }));
    if (!states?.every(({ state }) => isSettled(state))) return undefined;
    return states.length > 0 && states.every(({ state, optional }) => satisfiesHard(state) || (optional && state === 'FAILED')) ? 'repaired' : 'failed';
  }

  /** The next task that a throttle lets go, if it is time; `over` when there is none left that it could hold. */
  letGo(hold: Hold, now: number): number | 'over' | undefined {
    const action = this.#breakers.get(hold.breaker)?.action;
    if (action?.type !== 'throttle') return 'over';
    if (hold.nextAt === undefined || now < hold.nextAt) return undefined;
    hold.nextAt = now + Math.max(1, action.everyMs);
    const next = hold.members.find((index) => this.#isWaiting(hold, index)) ?? [...this.#records.keys()].find((index) => this.#isWaiting(hold, index));
    if (next === undefined) return hold.members.some((index) => this.#records[index]?.state === 'BACKOFF' && this.holds(hold, index)) ? undefined : 'over';
    hold.released = [...(hold.released ?? []), next];
    return next;
  }

  /** Parked tasks that nothing holds any more. */
  freed(): readonly number[] {
    return [...this.#records.keys()].filter((index) => this.#isParked(index) && !this.of(index));
  }

  /** Ready tasks in line that something holds. */
  caught(): readonly number[] {
    if (this.all.length === 0) return [];
    return [...this.#records.entries()].flatMap(([index, { state, parked }]) => (state === 'READY' && !parked && this.of(index) ? [index] : []));
  }

  #isWaiting(hold: Hold, index: number): boolean {
    return this.#isParked(index) && this.holds(hold, index);
  }

  get #index(): HoldIndex {
    return (this.#known ??= new HoldIndex(this.all, this.#breakers));
  }

  #isSettled(index: number): boolean {
    return isSettled(this.#records[index]?.state ?? 'PENDING');
  }

  #isParked(index: number): boolean {
    return this.#records[index]?.parked === 'breaker';
  }
}
