/**
 * Waves: the same scheduler with a barrier. A task of a later wave is ready but parked until its wave opens;
 * nothing else differs from the rolling frontier.
 *
 * Wave n+1 opens when the quorum of wave n has ended well (SUCCEEDED or SKIPPED), or when all of it has
 * settled. A quorum never overrides a hard dependency: those gate each task as ever.
 */
import type { TaskId } from '../model/ids.ts';
import type { WavePolicy } from '../model/graph.ts';
import { isSettled, occupiesSlot, satisfiesHard } from '../model/state.ts';
import type { GraphIndex } from './graph-index.ts';
import { compareInClass } from './order.ts';
import type { TaskRecord, WaveState } from './protocol.ts';

export interface WaveAdvance {
  /** In the order of their numbers, the tasks in that of the graph. */
  readonly opened: readonly { readonly wave: number; readonly tasks: readonly number[] }[];
  /** The fallback has been applied; these optional tasks were moved to the next wave, with what depends on them. */
  readonly deferred?: { readonly wave: number; readonly tasks: readonly TaskId[] };
  /** The fallback is `fail`: stop starting tasks. */
  readonly failed?: boolean;
}

/**
 * The plan's own waves where every task has one and the waves were not forced, renumbered from 1 without
 * gaps; otherwise layers of at most `maxWaveSize` tasks, filled in the scheduler's order. Either way no task
 * precedes a dependency's wave.
 */
export const layOutWaves = (index: GraphIndex, policy: WavePolicy, forced: boolean, now: number): WaveState => {
  const count = index.tasks.length;
  const own = !forced && index.tasks.every((task) => task.wave !== undefined);
  const stated = [...new Set(index.tasks.map((task) => task.wave ?? 1))].sort((a, b) => a - b);
  const rank = new Map(stated.map((wave, i) => [wave, i + 1]));
  const of: number[] = Array.from({ length: count }, (_, i) => (own ? (rank.get(index.tasks[i]?.wave ?? 1) ?? 1) : 1));
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (index.depth[a] as number) - (index.depth[b] as number) || compareInClass(index, a, b),
  );
  const size: number[] = [];
  for (const at of order) {
    let wave = of[at] as number;
    for (const from of index.predecessors(at)) wave = Math.max(wave, (of[from] as number) + (own ? 0 : 1));
    if (!own) while ((size[wave] ?? 0) >= policy.maxWaveSize) wave += 1;
    size[wave] = (size[wave] ?? 0) + 1;
    of[at] = wave;
  }
  return { of, open: 1, openedAt: now, fallen: false };
};

/** The barrier over one execution's records. Counters are derived; the state is {@link WaveState}. */
export class WaveGate {
  readonly #state: WaveState;
  readonly #policy: WavePolicy;
  readonly #putOff: (index: number) => void;
  readonly #members: Set<number>[] = [];
  readonly #good: number[] = [];
  readonly #settled: number[] = [];

  /** `putOff` is told of every READY task that stands in line, or waits for something else, and must now wait for its wave. */
  constructor(state: WaveState, policy: WavePolicy, tasks: { readonly records: readonly TaskRecord[]; readonly putOff: (index: number) => void }) {
    this.#state = state;
    this.#policy = policy;
    this.#putOff = tasks.putOff;
    for (const [i, record] of tasks.records.entries()) this.#enrol(i, record);
  }

  isOpen(index: number): boolean {
    return (this.#state.of[index] as number) <= this.#state.open;
  }

  /** When the open wave's time runs out. */
  get dueAt(): number | undefined {
    const { timeoutMs } = this.#policy;
    const done = this.#state.fallen || this.#state.open >= this.#last;
    return timeoutMs === undefined || done ? undefined : this.#state.openedAt + timeoutMs;
  }

  moved(index: number, from: TaskRecord['state'], to: TaskRecord['state']): void {
    const wave = this.#state.of[index] as number;
    const add = (list: number[], by: number): void => {
      list[wave] = (list[wave] ?? 0) + by;
    };
    add(this.#good, Number(satisfiesHard(to)) - Number(satisfiesHard(from)));
    add(this.#settled, Number(isSettled(to)) - Number(isSettled(from)));
  }

  /** A patch has appended tasks, or an edge to this one: keeps every wave at or after its dependencies'. */
  place(start: number, index: GraphIndex, records: readonly TaskRecord[]): void {
    for (let added = this.#state.of.length; added < records.length; added += 1) {
      this.#state.of.push(this.#state.open);
      this.#enrol(added, records[added] as TaskRecord);
    }
    this.#follow(start, index, records);
  }

  /** Takes whatever depends on a task along, so that no wave waits for a later one. */
  #follow(start: number, index: GraphIndex, records: readonly TaskRecord[]): void {
    const work = [start];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      let wave = this.#state.of[at] as number;
      for (const from of index.predecessors(at)) wave = Math.max(wave, this.#state.of[from] as number);
      if (wave === this.#state.of[at] && at !== start) continue;
      this.#transfer(at, wave, records[at] as TaskRecord);
      work.push(...index.successors(at));
    }
  }

  /** Opens every wave whose barrier has fallen, and applies the fallback of one whose time is up. */
  advance(now: number, index: GraphIndex, records: readonly TaskRecord[]): WaveAdvance {
    const opened: { wave: number; tasks: readonly number[] }[] = [];
    let deferred: WaveAdvance['deferred'];
    let failed = false;
    const due = this.dueAt;
    if (due !== undefined && due <= now && !this.#passed()) {
      this.#state.fallen = true;
      failed = this.#policy.fallback === 'fail';
      if (this.#policy.fallback !== 'wait') deferred = { wave: this.#state.open, tasks: failed ? [] : this.#defer(index, records) };
    }
    while (this.#state.open < this.#last && this.#passed()) {
      this.#state.open += 1;
      this.#state.openedAt = now;
      this.#state.fallen = false;
      opened.push({ wave: this.#state.open, tasks: [...(this.#members[this.#state.open] ?? [])].sort((a, b) => a - b) });
    }
    return { opened, ...(deferred && { deferred }), ...(failed && { failed }) };
  }

  get #last(): number {
    return this.#members.length - 1;
  }

  #passed(): boolean {
    const wave = this.#state.open;
    const total = this.#members[wave]?.size ?? 0;
    const needed = Math.ceil(total * this.#policy.quorum - 1e-9);
    return (this.#good[wave] ?? 0) >= needed || (this.#settled[wave] ?? 0) >= total;
  }

  #defer(index: GraphIndex, records: readonly TaskRecord[]): readonly TaskId[] {
    const wave = this.#state.open;
    const optional = [...(this.#members[wave] ?? [])].filter((at) => {
      const { state } = records[at] as TaskRecord;
      return index.tasks[at]?.optional && !isSettled(state) && !occupiesSlot(state);
    });
    optional.sort((a, b) => a - b);
    for (const at of optional) {
      this.#transfer(at, wave + 1, records[at] as TaskRecord);
      this.#follow(at, index, records);
    }
    return optional.map((at) => index.id(at));
  }

  #enrol(index: number, record: TaskRecord): void {
    const wave = this.#state.of[index] as number;
    for (let i = this.#members.length; i <= wave; i += 1) this.#members.push(new Set());
    this.#members[wave]?.add(index);
    this.#good[wave] = (this.#good[wave] ?? 0) + Number(satisfiesHard(record.state));
    this.#settled[wave] = (this.#settled[wave] ?? 0) + Number(isSettled(record.state));
  }

  #transfer(index: number, wave: number, record: TaskRecord): void {
    const old = this.#state.of[index] as number;
    if (old === wave) return;
    this.#members[old]?.delete(index);
    this.#good[old] = (this.#good[old] ?? 0) - Number(satisfiesHard(record.state));
    this.#settled[old] = (this.#settled[old] ?? 0) - Number(isSettled(record.state));
    this.#state.of[index] = wave;
    if (record.state === 'READY' && record.parked !== 'wave' && !this.isOpen(index)) this.#putOff(index);
    this.#enrol(index, record);
  }
}
