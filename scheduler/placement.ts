/**
 * Where tasks go: the workers as the pool last told of them, how many of this execution's tasks are on each, and
 * which of them did not take what they were given. A worker that let a task lie is given nothing for a while, and
 * then one at a time until one comes back.
 */
import type { AttemptResult } from '../model/attempt.ts';
import { isBackground } from '../model/graph.ts';
import type { GraphTask, MatchingPolicy } from '../model/graph.ts';
import { PLACED_MS, PRESSURES } from '../model/pool.ts';
import type { WorkerProfile, WorkerTable } from '../model/pool.ts';
import { isUnderWay } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import { unreachable } from '../model/unreachable.ts';
import { earliest } from './deadlines.ts';
import { executorOf } from './dispatch.ts';
import { matchWorker } from './matching.ts';
import type { Match } from './matching.ts';
import type { PlacementState, SchedulerState, TaskRecord } from './protocol.ts';

const DOUBT_MAX_MS = 8 * PLACED_MS;

export type HostPressure = Pick<WorkerProfile, 'pressure' | 'over'>;

export class Placement {
  readonly state: PlacementState;
  readonly #records: readonly TaskRecord[];
  readonly #tasks: readonly GraphTask[];
  readonly #policy: MatchingPolicy;
  readonly #hosts: Map<string, string>;
  /** Of this execution's tasks, by worker; those of the shared queue have no worker's name. */
  readonly #loads = new Map<string | undefined, number>();
  /** By what tasks ask for: whether nobody who lives can do it. */
  readonly #missing = new Map<string, boolean>();
  #now = Number.NEGATIVE_INFINITY;

  constructor(state: SchedulerState) {
    this.state = state.placement ??= { hosts: [], doubts: [] };
    this.#records = state.records;
    this.#tasks = state.graph.tasks;
    this.#policy = state.graph.policies.matching;
    this.#hosts = new Map(this.state.hosts);
    for (const { state: at, placedOn } of state.records) if (isUnderWay(at)) this.#count(placedOn, 1);
  }

  /** When a worker that is in doubt may be tried again. */
  get dueAt(): number | undefined {
    return earliest(...this.state.doubts.map(({ until }) => (until > this.#now ? until : undefined)));
  }

  /** Answers whether a worker may be tried again since the last time. */
  advance(now: number): boolean {
    const isOver = this.state.doubts.some(({ until }) => until > this.#now && until <= now);
    this.#now = now;
    return isOver;
  }

  /** Where the task could go now. What a person does needs no worker. */
  match(index: number): Match {
    const task = this.#tasks[index] as GraphTask;
    if (executorOf(task) === 'human') return { to: 'anyone' };
    const { capabilities = [] } = task;
    const { table } = this.state;
    if (!table) return capabilities.length > 0 ? { to: 'nobody', missing: [] } : { to: 'anyone' };
    const host = this.#hostOf(task);
    return matchWorker({ need: { capabilities, ...(host !== undefined && { host }), canWait: isBackground(task) }, workers: table.workers, policy: this.#policy, room: this });
  }

  /** Whether no worker can take it, whatever room there is. */
  isMissing(index: number): boolean {
    const task = this.#tasks[index] as GraphTask;
    if (!task.capabilities?.length || executorOf(task) === 'human') return false;
    const wanted = JSON.stringify(task.capabilities);
    let isMissing = this.#missing.get(wanted);
    if (isMissing === undefined) this.#missing.set(wanted, (isMissing = this.match(index).to === 'nobody'));
    return isMissing;
  }

  /** Tasks with the same can always go to the same workers. */
  signatureOf(index: number): string {
    const { capabilities, affinity, executor } = this.#tasks[index] as GraphTask;
    return JSON.stringify([capabilities ?? [], affinity ?? [], executor === 'human', isBackground(this.#tasks[index] as GraphTask)]);
  }

  get isKnown(): boolean {
    return this.state.table !== undefined;
  }

  /** Tasks given to the shared queue, from which nobody takes: asked when the first table has come, so that nobody can have taken them. */
  strandedBy(table: WorkerTable): readonly number[] {
    const isServed = table.workers.length === 0 || table.workers.some(({ capabilities }) => capabilities.length === 0);
    if (isServed) return [];
    return [...this.#records.keys()].filter((index) => {
      const { state, placedOn } = this.#records[index] as TaskRecord;
      return isUnderWay(state) && placedOn === undefined && executorOf(this.#tasks[index] as GraphTask) !== 'human';
    });
  }

  loadOf(worker: string): number {
    return this.#loads.get(worker) ?? 0;
  }

  isDoubted(worker: string): boolean {
    return this.state.doubts.some((doubt) => doubt.worker === worker);
  }

  /** Whether nothing but its load keeps it from taking more. */
  isMerelyFull({ worker, pressure }: WorkerProfile): boolean {
    return pressure === 'none' && !this.isDoubted(worker);
  }

  hasRoom({ worker, pressure }: WorkerProfile, slots: number, canWait: boolean): boolean {
    const load = this.loadOf(worker);
    const doubt = this.state.doubts.find((each) => each.worker === worker);
    if (doubt) return load === 0 && doubt.until <= this.#now;
    switch (pressure) {
      case 'none':
        return load < slots;
      case 'soft':
        return load === 0 && !canWait;
      case 'hard':
        return false;
      default:
        return unreachable(pressure);
    }
  }

  /** Of generic workers one must be without pressure; while all are over their soft limits, one task at a time goes on. */
  hasSharedRoom(generic: readonly WorkerProfile[], slots: number | undefined, canWait: boolean): boolean {
    if (slots !== undefined && (this.#loads.get(undefined) ?? 0) >= slots) return false;
    if (generic.some(({ pressure }) => pressure === 'none')) return true;
    return !canWait && (this.#loads.get(undefined) ?? 0) === 0 && generic.some(({ pressure }) => pressure === 'soft');
  }

  /** By host: the highest pressure of its workers, with the reason that one of them gives. */
  get pressures(): ReadonlyMap<string, HostPressure> {
    const hosts = new Map<string, HostPressure>();
    for (const { host, pressure, over } of this.state.table?.workers ?? []) {
      const known = hosts.get(host);
      if (!known || PRESSURES.indexOf(pressure) > PRESSURES.indexOf(known.pressure)) hosts.set(host, { pressure, ...(over && { over }) });
    }
    return hosts;
  }

  /** False for a table that is older than the one that is known. */
  learn(table: WorkerTable): boolean {
    const known = this.state.table;
    if (known && (table.epoch < known.epoch || (table.epoch === known.epoch && table.version <= known.version))) return false;
    this.state.table = table;
    this.#missing.clear();
    const names = new Set(table.workers.map(({ worker }) => worker));
    this.state.doubts = this.state.doubts.filter(({ worker }) => names.has(worker));
    return true;
  }

  /** A task has changed its state. Answers whether others may have somewhere to go who had not. */
  moved(index: number, from: TaskState, to: TaskState): boolean {
    if (isUnderWay(from) === isUnderWay(to)) return false;
    const { placedOn } = this.#records[index] as TaskRecord;
    this.#count(placedOn, isUnderWay(to) ? 1 : -1);
    if (!isUnderWay(to)) return true;
    return this.#settle(index, this.state.table?.workers.find(({ worker }) => worker === placedOn)?.host);
  }

  /** An attempt has ended: what that says of its worker. */
  ended(index: number, { failure, host, worker }: AttemptResult): void {
    const { placedOn } = this.#records[index] as TaskRecord;
    this.#settle(index, host);
    if (placedOn === undefined) return;
    const at = this.state.doubts.findIndex((doubt) => doubt.worker === placedOn);
    const [before] = at < 0 ? [] : this.state.doubts.splice(at, 1);
    if (failure?.reason !== 'unplaced' && failure?.reason !== 'lost') return;
    // One that says itself that it is full lives.
    const misses = failure.reason === 'unplaced' && worker !== '' ? 1 : (before?.misses ?? 0) + 1;
    this.state.doubts.push({ worker: placedOn, misses, until: this.#now + Math.min(PLACED_MS * 2 ** (misses - 1), DOUBT_MAX_MS) });
  }

  /** Where the files are now that those of its affinities go with. Answers whether that is elsewhere than before. */
  #settle(index: number, host: string | undefined): boolean {
    const names = this.#tasks[index]?.affinity ?? [];
    if (!host || names.every((name) => this.#hosts.get(name) === host)) return false;
    for (const name of names) this.#hosts.set(name, host);
    this.state.hosts = [...this.#hosts];
    return true;
  }

  #hostOf({ affinity = [] }: GraphTask): string | undefined {
    return affinity.map((name) => this.#hosts.get(name)).find((host) => host !== undefined);
  }

  #count(worker: string | undefined, by: number): void {
    this.#loads.set(worker, (this.#loads.get(worker) ?? 0) + by);
  }
}
