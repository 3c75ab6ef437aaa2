/** Who could be stopped for whom, by the execution's state; the choice itself is `preemption.ts`. */
import { DEFAULT_PRIORITY } from '../model/graph.ts';
import type { GraphTask } from '../model/graph.ts';
import { occupiesSlot } from '../model/state.ts';
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

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Those to be stopped, each with the task that it is stopped for. O(tasks) where the policy allows it at all. */
  choose(now: number): readonly { readonly index: number; readonly by: number }[] {
    const { state, frontier, allocator } = this.#parts;
    const { preemption, concurrencyMax } = state.graph.policies;
    if (!preemption.enabled) return [];
    const { victims, leaving, occupied } = this.#atWork(preemption.order);
    const least = Math.max(...victims.map(({ priority }) => priority));
    if (victims.length === 0 || !frontier.hasMoreUrgent(least)) return [];
    const candidates = frontier.list(now).flatMap((index) => this.#candidate(index, least)).slice(0, MAX_CANDIDATES);
    return chooseVictims({ candidates, victims, leaving, slots: concurrencyMax - occupied, occupancyOf: (resource) => allocator.occupancy(resource) });
  }

  #atWork(order: readonly number[]): { readonly victims: readonly Running[]; readonly leaving: readonly Running[]; readonly occupied: number } {
    const victims: Running[] = [];
    const leaving: Running[] = [];
    let occupied = 0;
    for (const [index, { state, onEnd, placedOn }] of this.#parts.state.records.entries()) {
      if (occupiesSlot(state)) occupied += 1;
      if (state !== 'ASSIGNED' && state !== 'RUNNING') continue;
      const task = this.#task(index);
      const running: Running = { index, priority: priorityOf(task), asks: this.#parts.needs.of(index).local, ...(placedOn !== undefined && { placedOn }) };
      if (onEnd) leaving.push(running);
      else if (isPreemptible(task) && order.includes(running.priority) && executorOf(task) !== 'human') victims.push(running);
    }
    const beganAt = ({ index }: Running): number => this.#at(index).beganAt ?? 0;
    victims.sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority) || beganAt(b) - beganAt(a) || b.index - a.index);
    return { victims, leaving, occupied };
  }

  /** A ready task that would start if others made room. */
  #candidate(index: number, least: number): readonly Candidate[] {
    const { placement, needs, requests } = this.#parts;
    const record = this.#at(index);
    const priority = priorityOf(this.#task(index));
    if (priority >= least || record.parked || !isInLine(record) || requests.mustAsk(index)) return [];
    const match = placement.match(index);
    const asks = needs.of(index).local;
    if (match.to !== 'later') return [{ index, priority, asks }];
    return [{ index, priority, asks, workers: match.workers.filter((worker) => placement.isMerelyFull(worker)).map(({ worker }) => worker) }];
  }

  #task(index: number): GraphTask {
    return this.#parts.state.graph.tasks[index] as GraphTask;
  }

  #at(index: number): TaskRecord {
    return this.#parts.state.records[index] as TaskRecord;
  }
}
