/** Who could be stopped for whom, by the execution's state; the choice itself is `preemption.ts`. */
import { DEFAULT_PRIORITY } from '../model/graph.ts';
import type { GraphTask } from '../model/graph.ts';
import { isUnderWay } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import type { Allocator } from '../resources/allocator.ts';
import { isPreemptible } from './background.ts';
import { executorOf } from './dispatch.ts';
import type { Frontier } from './frontier.ts';
import type { Needs } from './needs.ts';
import { isInLine } from './place.ts';
import type { Placement } from './placement.ts';
import { chooseVictims } from './preemption.ts';
import type { Candidate, Running } from './preemption.ts';
import type { SchedulerState, TaskRecord } from './protocol.ts';
import type { Requests } from './requests.ts';

/** Of ready tasks for whose sake others may be stopped, at a time. */
const MAX_CANDIDATES = 50;

const priorityOf = ({ priority = DEFAULT_PRIORITY }: GraphTask): number => priority;

interface Parts {
  readonly state: SchedulerState;
  readonly allocator: Allocator;
  readonly needs: Needs;
  readonly frontier: Frontier;
  readonly requests: Requests;
  readonly placement: Placement;
}

export class Displacement {
  readonly #parts: Parts;
  /** By task. */
  readonly #atWork = new Set<number>();
  /** Ready tasks by priority. */
  readonly #ready = new Map<number, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    for (const [index, { state }] of parts.state.records.entries()) this.moved(index, 'PENDING', state);
  }

  moved(index: number, from: TaskState, to: TaskState): void {
    if (isUnderWay(to)) this.#atWork.add(index);
    else this.#atWork.delete(index);
    const change = Number(to === 'READY') - Number(from === 'READY');
    const priority = priorityOf(this.#task(index));
    if (change !== 0) this.#ready.set(priority, (this.#ready.get(priority) ?? 0) + change);
  }

  /** Those to be stopped, each with the task that it is stopped for. */
  choose(now: number, occupied: number): readonly { readonly index: number; readonly by: number }[] {
    const { state, frontier, allocator } = this.#parts;
    const { preemption, concurrencyMax } = state.graph.policies;
    if (!preemption.enabled) return [];
    const { victims, leaving } = this.#stoppable(preemption.order);
    const least = Math.max(...victims.map(({ priority }) => priority));
    if (victims.length === 0 || ![...this.#ready].some(([priority, count]) => count > 0 && priority < least)) return [];
    const candidates = frontier.firstOf(now, MAX_CANDIDATES, (index) => this.#isCandidate(index, least)).map((index) => this.#candidate(index));
    return chooseVictims({ candidates, victims, leaving, slots: concurrencyMax - occupied, occupancyOf: (resource) => allocator.occupancy(resource) });
  }

  #stoppable(order: readonly number[]): { readonly victims: readonly Running[]; readonly leaving: readonly Running[] } {
    const victims: Running[] = [];
    const leaving: Running[] = [];
    for (const index of this.#atWork) {
      const { onEnd, placedOn } = this.#at(index);
      const task = this.#task(index);
      const running: Running = { index, priority: priorityOf(task), asks: this.#parts.needs.of(index).local, ...(placedOn !== undefined && { placedOn }) };
      if (onEnd) leaving.push(running);
      else if (isPreemptible(task) && order.includes(running.priority) && executorOf(task) !== 'human') victims.push(running);
    }
    const beganAt = ({ index }: Running): number => this.#at(index).beganAt ?? 0;
    victims.sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority) || beganAt(b) - beganAt(a) || b.index - a.index);
    return { victims, leaving };
  }

  /** Whether a ready task could start if others made room. */
  #isCandidate(index: number, least: number): boolean {
    const record = this.#at(index);
    return priorityOf(this.#task(index)) < least && !record.parked && isInLine(record) && !this.#parts.requests.mustAsk(index);
  }

  #candidate(index: number): Candidate {
    const { placement, needs } = this.#parts;
    const match = placement.match(index);
    const lacking = match.to === 'later' && { workers: match.workers.filter((worker) => placement.isMerelyFull(worker)).map(({ worker }) => worker) };
    return { index, priority: priorityOf(this.#task(index)), asks: needs.of(index).local, ...lacking };
  }

  #task(index: number): GraphTask {
    return this.#parts.state.graph.tasks[index] as GraphTask;
  }

  #at(index: number): TaskRecord {
    return this.#parts.state.records[index] as TaskRecord;
  }
}
