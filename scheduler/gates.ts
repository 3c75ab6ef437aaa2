/**
 * What keeps a ready task out of the line, whatever is free. In this order: a person must decide on it, a breaker holds it, its wave has not opened, a person has
 * not approved it, no worker that lives can take it, the window of a resource it asks for is closed. A task that is kept out is *parked*: it asks
 * for nothing, and reserves nothing.
 */
import type { TaskState } from '../model/state.ts';
import { unreachable } from '../model/unreachable.ts';
import { Approvals } from './approvals.ts';
import { earliest } from './deadlines.ts';
import type { Hold } from './healing/state.ts';
import type { GraphIndex } from './graph-index.ts';
import { Missing } from './missing.ts';
import type { Needs } from './needs.ts';
import type { Placement } from './placement.ts';
import type { Decision, SchedulerState, TaskRecord } from './protocol.ts';
import { Escalations } from './rollback/escalations.ts';
import { waitsForApproval, waitsForBreaker, waitsForDecision, waitsForSkill, waitsForWave, waitsForWindow } from './waiting.ts';
import type { Waiting } from './waiting.ts';
import { WaveGate } from './wave.ts';
import { Windows } from './windows.ts';

export interface GateListener {
  /** A ready task may stand in line now. */
  letIn(index: number, now: number): void;
  /** A ready task may not stand in line any more. */
  putOut(index: number): void;
  /** What a task in line prefers has changed. */
  moved(index: number, now: number): void;
  /** What a breaker does that keeps a task from starting. */
  holding(index: number): Hold | undefined;
}

export class Gates {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #needs: Needs;
  readonly #placement: Placement;
  readonly #decide: (decision: Decision) => void;
  readonly #listener: GateListener;
  readonly #waves: WaveGate | undefined;
  readonly #approvals: Approvals;
  readonly #escalations: Escalations;
  readonly #windows: Windows | undefined;
  readonly #missing: Missing;

  constructor(options: {
    readonly state: SchedulerState;
    readonly index: GraphIndex;
    readonly needs: Needs;
    readonly placement: Placement;
    readonly decide: (decision: Decision) => void;
    readonly listener: GateListener;
  }) {
    const { state, index, needs, placement, decide, listener } = options;
    const { records, wave, windows } = state;
    const { policies } = state.graph;
    this.#state = state;
    this.#index = index;
    this.#needs = needs;
    this.#placement = placement;
    this.#decide = decide;
    this.#listener = listener;
    this.#waves = wave && new WaveGate(wave, policies.wave, { records, putOff: (at) => this.#putOff(at) });
    this.#approvals = new Approvals({ index, records, policy: policies.approval, decide });
    this.#escalations = new Escalations({ index, records, decide });
    this.#windows = windows && new Windows(windows, decide);
    this.#missing = new Missing({ state: placement.state, tasks: index.tasks, placement, decide });
    // What opened or closed since is seen to at the first look at the time.
    for (const [at, { state: is, parked }] of records.entries()) {
      if (is === 'READY') this.#watch(at, Number.NEGATIVE_INFINITY);
      if (parked === 'worker') this.#missing.add(at);
    }
  }

  /** When something opens or closes although nothing happens. */
  get dueAt(): number | undefined {
    return earliest(this.#waves?.dueAt, this.#approvals.dueAt, this.#windows?.dueAt, this.#missing.dueAt);
  }

  /** Whether a task waits for a worker that can take it. */
  get isPlaceless(): boolean {
    return !this.#missing.isEmpty;
  }

  /** Lets a task in that has become ready, or parks it. */
  enter(index: number, now: number): void {
    this.#watch(index, now);
    this.#pass(index, now);
  }

  moved(index: number, from: TaskState, to: TaskState): void {
    this.#waves?.moved(index, from, to);
    this.#escalations.moved(index, from, to);
    if (from !== 'READY') return;
    this.#missing.delete(index);
    this.#approvals.withdraw(index);
    this.#windows?.leave(index);
  }

  /** Why a task is parked; undefined when it is not. */
  waiting(index: number, now: number): Waiting | undefined {
    const { parked, approval } = this.#at(index);
    if (!parked) return undefined;
    switch (parked) {
      case 'breaker': {
        const hold = this.#listener.holding(index);
        return waitsForBreaker(hold?.breaker ?? '', hold?.kind ?? 'repair', (hold?.tasks ?? []).map((task) => this.#index.id(task)), hold?.nextAt);
      }
      case 'decision':
        return waitsForDecision(this.#escalations.reasonOf(index) ?? '');
      case 'wave':
        return waitsForWave();
      case 'approval':
        return waitsForApproval(approval?.until);
      case 'window': {
        const calendar = this.#windows?.firstClosed(this.#needs.of(index).windows) ?? '';
        return waitsForWindow(calendar, this.#windows?.opensAt(calendar, now));
      }
      case 'worker': {
        const match = this.#placement.match(index);
        return waitsForSkill(this.#index.tasks[index]?.capabilities ?? [], match.to === 'nobody' ? match.missing : [], this.#placement.isKnown);
      }
      default:
        return unreachable(parked);
    }
  }

  /** Whether it is not the time that the task prefers. */
  yields(index: number): boolean {
    const preferred = this.#index.tasks[index]?.preferredWindow;
    return preferred !== undefined && this.#windows?.firstClosed([preferred]) !== undefined;
  }

  /** A person has decided that it is tried again. */
  tryAgain(index: number, now: number): void {
    if (this.#at(index).parked !== 'decision') return;
    this.#escalations.close(index);
    this.#pass(index, now);
  }

  approve(index: number, now: number): void {
    this.#approvals.give(index, now);
    if (this.#at(index).parked === 'approval') this.#pass(index, now);
  }

  /** The next task for which nobody answered in time, and the policy wants it to end. */
  unanswered(now: number): number | undefined {
    const { onTimeout } = this.#state.graph.policies.approval;
    for (let index = this.#approvals.expire(now); index !== undefined; index = this.#approvals.expire(now)) {
      this.#decide({ type: 'emit', event: { type: 'approval_timed_out', task: this.#index.id(index), outcome: onTimeout } });
      if (onTimeout !== 'proceed') return index;
      this.approve(index, now);
    }
    return undefined;
  }

  /** A breaker holds a ready task from now on. */
  hold(index: number): void {
    this.#park(index, 'breaker');
    this.#listener.putOut(index);
  }

  /** No breaker holds a task any more. */
  letGo(index: number, now: number): void {
    if (this.#at(index).parked === 'breaker') this.#pass(index, now);
  }

  learnOpenings(calendars: NonNullable<SchedulerState['windows']>['calendars']): void {
    this.#windows?.learn(calendars);
  }

  /** There are other workers than before. */
  learnWorkers(now: number): void {
    for (const [index, record] of this.#state.records.entries()) {
      if (record.parked === 'worker') this.#pass(index, now);
      else if (record.state === 'READY' && (!record.parked || record.parked === 'window') && this.#placement.isMissing(index)) {
        if (!record.parked) this.#listener.putOut(index);
        this.#park(index, 'worker');
      }
    }
  }

  /** A patch has changed what a ready task needs. */
  reconsider(index: number, now: number): void {
    const { parked } = this.#at(index);
    this.#windows?.leave(index);
    this.#watch(index, now);
    const next = this.#hindrance(index);
    if (parked === 'approval' && next !== 'approval') this.#approvals.withdraw(index);
    if (next === parked) return;
    if (!parked) this.#listener.putOut(index);
    this.#pass(index, now);
  }

  /** A patch has appended these tasks, or an edge to them. */
  patched(touched: Iterable<number>): void {
    for (const index of touched) this.#waves?.place(index, this.#index, this.#state.records);
  }

  /** Opens the waves whose barrier has fallen, and the windows whose time has come; closes those whose time is over. */
  advance(now: number): void {
    if (this.#state.mode !== 'aborting') this.#advanceWaves(now);
    for (const index of this.#windows?.advance(now) ?? []) {
      const record = this.#at(index);
      if (record.parked === 'window') this.#pass(index, now);
      else if (!record.parked && this.#isShut(index)) {
        this.#park(index, 'window');
        this.#listener.putOut(index);
      } else if (!record.parked) this.#listener.moved(index, now);
    }
    this.#missing.advance(now);
  }

  #advanceWaves(now: number): void {
    if (!this.#waves) return;
    const { opened, deferred, failed } = this.#waves.advance(now, this.#index, this.#state.records);
    if (deferred) this.#decide({ type: 'emit', event: { type: 'wave_fallback', wave: deferred.wave, deferred: deferred.tasks } });
    if (failed) this.#state.mode = 'stopping';
    for (const { wave, tasks } of opened) {
      this.#decide({ type: 'emit', event: { type: 'wave_opened', wave, tasks: tasks.length } });
      for (const index of tasks) if (this.#at(index).parked === 'wave') this.#pass(index, now);
    }
  }

  #pass(index: number, now: number): void {
    const parked = this.#hindrance(index);
    this.#park(index, parked);
    if (parked === 'decision') this.#escalations.ask(index);
    if (parked === 'approval') this.#approvals.ask(index, now);
    if (!parked) this.#listener.letIn(index, now);
  }

  /** What keeps a task out of the line now. */
  #hindrance(index: number): TaskRecord['parked'] {
    if (this.#escalations.isOpen(index)) return 'decision';
    if (this.#listener.holding(index)) return 'breaker';
    if (this.#waves && !this.#waves.isOpen(index)) return 'wave';
    if (this.#approvals.isMissing(index)) return 'approval';
    if (this.#placement.isMissing(index)) return 'worker';
    return this.#isShut(index) ? 'window' : undefined;
  }

  #park(index: number, parked: TaskRecord['parked']): void {
    const record = this.#at(index);
    delete record.parked;
    if (parked) record.parked = parked;
    if (parked === 'worker') this.#missing.add(index);
    else this.#missing.delete(index);
  }

  #isShut(index: number): boolean {
    return this.#windows?.firstClosed(this.#needs.of(index).windows) !== undefined;
  }

  #watch(index: number, now: number): void {
    if (!this.#windows) return;
    const preferred = this.#index.tasks[index]?.preferredWindow;
    const calendars = [...this.#needs.of(index).windows, ...(preferred === undefined ? [] : [preferred])];
    if (calendars.length > 0) this.#windows.enter(index, calendars, now);
  }

  /** Its wave has been put off while it was READY. What waits for a decision, or for a breaker, goes on waiting for that. */
  #putOff(index: number): void {
    if (this.#hindrance(index) !== 'wave') return;
    this.#approvals.withdraw(index);
    this.#park(index, 'wave');
    this.#listener.putOut(index);
  }

  #at(index: number): TaskRecord {
    return this.#state.records[index] as TaskRecord;
  }
}
