/** Which ready task may be started now. */
import type { EventBody } from '../model/event.ts';
import { Frontier } from './frontier.ts';
import type { GraphIndex } from './graph-index.ts';
import type { SchedulerState, TaskRecord } from './protocol.ts';
import { WaveGate } from './wave.ts';

export class Admission {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #frontier: Frontier;
  readonly #gate: WaveGate | undefined;
  readonly #emit: (event: EventBody) => void;

  constructor(options: { readonly state: SchedulerState; readonly index: GraphIndex; readonly emit: (event: EventBody) => void }) {
    const { state, index, emit } = options;
    const { records } = state;
    const { policies } = state.graph;
    this.#state = state;
    this.#index = index;
    this.#emit = emit;
    this.#frontier = new Frontier({ index, records, ageingMs: policies.ageingMs });
    this.#gate = state.wave && new WaveGate(state.wave, policies.wave, records);
    for (const [at, record] of records.entries()) {
      if (record.state === 'READY' && !record.parked) this.#frontier.add(at, record.readyAt ?? 0);
    }
  }

  /** When something is due although nothing happens. */
  get dueAt(): number | undefined {
    return this.#gate?.dueAt;
  }

  /** Ready tasks in starting order. */
  list(now: number): readonly number[] {
    return this.#frontier.list(now);
  }

  /** A task entered READY. */
  ready(index: number, now: number): void {
    if (this.#gate && !this.#gate.isOpen(index)) this.#at(index).parked = true;
    else this.#frontier.add(index, now);
  }

  moved(index: number, from: TaskRecord['state'], to: TaskRecord['state']): void {
    this.#gate?.moved(index, from, to);
  }

  /** The next task to start; undefined when there is none. */
  take(now: number): number | undefined {
    return this.#frontier.take(now);
  }

  /** A patch has changed what the starting order is made of. */
  reorder(): void {
    this.#frontier.reorder();
  }

  /** A patch has appended these tasks, or an edge to them. */
  patched(touched: Iterable<number>): void {
    for (const index of touched) this.#gate?.place(index, this.#index, this.#state.records);
  }

  /** Opens the waves whose barrier has fallen. */
  advanceWaves(now: number): void {
    if (!this.#gate || this.#state.mode === 'aborting') return;
    const { opened, deferred, failed } = this.#gate.advance(now, this.#index, this.#state.records);
    if (deferred) this.#emit({ type: 'wave_fallback', wave: deferred.wave, deferred: deferred.tasks });
    if (failed) this.#state.mode = 'stopping';
    for (const { wave, tasks } of opened) {
      this.#emit({ type: 'wave_opened', wave, tasks: tasks.length });
      for (const index of tasks) {
        const record = this.#at(index);
        delete record.parked;
        if (record.state === 'READY') this.#frontier.add(index, now);
      }
    }
  }

  #at(index: number): TaskRecord {
    return this.#state.records[index] as TaskRecord;
  }
}
