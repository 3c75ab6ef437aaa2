/**
 * What the scheduler must start, found in the plainest way: look at all ready tasks in starting order, start the
 * first whose asks can all be granted, and look at all of them again.
 */
import type { Ask } from '../../model/graph.ts';
import { RESERVE_AFTER_MS } from '../../model/resource.ts';
import type { Resource } from '../../model/resource.ts';
import { holdsGrants, occupiesSlot } from '../../model/state.ts';
import { GraphIndex } from '../../scheduler/graph-index.ts';
import { compareInClass, ageClass } from '../../scheduler/order.ts';
import type { GlobalRequest, SchedulerEvent, SchedulerState, TaskRecord } from '../../scheduler/protocol.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { whereTo } from './naive-workers.ts';
import { pressureOf } from './naive-pressure.ts';
import { isKnownOpen } from './calendars.ts';
import { throughJson } from './driver.ts';

/** What is known of the waiting after a step. */
export interface Outcome {
  /** With the worker that each goes to, or null for any. */
  readonly starts: readonly (readonly [number, string | null])[];
  readonly requests: readonly number[];
  readonly waiting: readonly { readonly blockedAt: number | undefined; readonly request: GlobalRequest | undefined }[];
}

class Naive {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #now: number;
  #slots = 0;

  constructor(state: SchedulerState, now: number) {
    this.#state = state;
    this.#index = new GraphIndex(state.graph);
    this.#now = now;
  }

  start(slots: number): Outcome {
    this.#slots = slots;
    const starts: (readonly [number, string | null])[] = [];
    const { isHeld, room } = pressureOf(this.#state, this.#now);
    if (isHeld) return { starts, requests: [], waiting: waitingOf(this.#state) };
    while (starts.length < room && this.#state.mode === 'running' && this.#state.records.filter(({ state }) => occupiesSlot(state)).length < slots) {
      const next = this.#line().find((at) => this.#canStart(at));
      if (next === undefined) break;
      const record = this.#at(next);
      const goal = whereTo(this.#state, next, this.#now);
      delete record.placedOn;
      if (typeof goal === 'object') this.#place(next, goal);
      starts.push([next, record.placedOn ?? null]);
      record.state = 'ASSIGNED';
      delete record.blockedAt;
      delete record.roomMadeAt;
      delete record.request;
    }
    return { starts, requests: this.#state.mode === 'running' ? this.#ask(slots) : [], waiting: waitingOf(this.#state) };
  }

  #place(at: number, { worker, host }: { readonly worker: string; readonly host: string }): void {
    this.#at(at).placedOn = worker;
    const names = this.#state.graph.tasks[at]?.affinity ?? [];
    const { placement } = this.#state;
    if (placement) placement.hosts = [...new Map([...placement.hosts, ...names.map((name) => [name, host] as const)])];
  }

  #isBackground(at: number): boolean {
    return (this.#state.graph.tasks[at]?.priority ?? 3) >= 5;
  }

  #backgroundIsFull(): boolean {
    const busy = [...this.#state.records.keys()].filter((at) => this.#isBackground(at) && (occupiesSlot(this.#at(at).state) || ['queued', 'asked', 'granted'].includes(this.#at(at).request?.state ?? '')));
    return busy.length >= (this.#state.graph.policies.background.maxTasks ?? Math.max(1, this.#slots - 1));
  }

  #line(): number[] {
    const { records } = this.#state;
    const line = [...records.keys()].filter((at) => {
      const { state, parked, request } = this.#at(at);
      return state === 'READY' && !parked && request?.state !== 'asked' && request?.state !== 'queued';
    });
    return line.sort((a, b) => this.#compare(a, b));
  }

  #compare(a: number, b: number): number {
    const [x, y] = [this.#rank(a), this.#rank(b)];
    for (const [i, value] of x.entries()) if (value !== y[i]) return value < (y[i] as number) ? -1 : 1;
    return compareInClass(this.#index, a, b);
  }

  #rank(at: number): readonly number[] {
    const { readyAt, blockedAt, request } = this.#at(at);
    if (request?.state === 'granted') return [0, 0, request.since];
    if (this.#at(at).roomMadeAt !== undefined) return [0.5, 0, this.#at(at).roomMadeAt as number];
    const task = this.#state.graph.tasks[at];
    const preferred = task?.preferredWindow;
    const yields = preferred !== undefined && !isKnownOpen(this.#state, preferred, this.#now) ? 1_000 : 0;
    if (this.#isBackground(at)) return [2, (task?.priority ?? 0) + yields, Infinity];
    const priority = task ? ageClass(task, readyAt as number, this.#now, this.#state.graph.policies.ageingMs) + yields : 0;
    return [1, priority, this.#reserves(at) ? (blockedAt as number) : Infinity];
  }

  #reserves(at: number): boolean {
    const { blockedAt, request } = this.#at(at);
    if (this.#at(at).roomMadeAt !== undefined && request?.state !== 'granted') return this.#isPossible(at);
    if (this.#isBackground(at) && request?.state !== 'granted') return false;
    return request?.state === 'granted' || (blockedAt !== undefined && this.#now - blockedAt >= RESERVE_AFTER_MS && this.#isPossible(at));
  }

  #canStart(at: number): boolean {
    const record = this.#at(at);
    const asks = this.#asks(at);
    if (this.#isBackground(at) && record.request?.state !== 'granted' && this.#backgroundIsFull()) return false;
    if (whereTo(this.#state, at, this.#now) === 'later') return false;
    if (!asks.filter(({ resource }) => resource.scope === 'execution').every(({ ask, resource }) => this.#isFree(at, ask, resource))) {
      record.blockedAt ??= this.#now;
      return false;
    }
    if (asks.every(({ resource }) => resource.scope === 'execution') || record.request?.state === 'granted') return true;
    const before = record.request;
    record.request = { state: 'queued', since: before && before.since >= (record.readyAt as number) ? before.since : this.#now };
    return false;
  }

  /** Who asks for more than there is keeps nothing from anybody. */
  #isPossible(at: number): boolean {
    const own = this.#asks(at).filter(({ resource }) => resource.scope === 'execution');
    return own.every(({ ask, resource: { mode, capacity } }) => (mode === 'exclusive' && ask.access === 'read' ? capacity > 0 : ask.units <= capacity));
  }

  /** Beside what is held, and what those before in line keep from it. */
  #isFree(at: number, ask: Ask, resource: Resource): boolean {
    const { name, mode, capacity } = resource;
    const isPatient = this.#isBackground(at) && this.#at(at).request?.state !== 'granted';
    const others = this.#line().filter((each) => (!this.#isBackground(each) || this.#at(each).request?.state === 'granted') && this.#at(each).blockedAt !== undefined && this.#isPossible(each));
    if (isPatient && others.some((each) => this.#asks(each).some(({ ask: theirs }) => theirs.resource === resource.name))) return false;
    const isTaking = (each: Ask): boolean => mode === 'semaphore' || each.access === 'write';
    const of = (tasks: readonly number[]): Ask[] => tasks.flatMap((each) => this.#asks(each).flatMap(({ ask }) => (ask.resource === name ? [ask] : [])));
    const held = of([...this.#state.records.keys()].filter((each) => holdsGrants(this.#at(each).state)));
    const before = this.#line().filter((each) => this.#compare(each, at) < 0);
    const reserved = of(before.filter((each) => this.#reserves(each)));
    const units = [...held, ...reserved].filter(isTaking).reduce((sum, each) => sum + each.units, 0);
    const readers = held.filter((each) => !isTaking(each)).length;
    if (isTaking(ask)) return units + ask.units <= capacity && readers === 0 && reserved.every(isTaking);
    const writers = of(before.filter((each) => this.#at(each).blockedAt !== undefined && this.#isPossible(each))).filter(isTaking);
    // Nobody reads what is not here.
    return capacity > 0 && units === 0 && (readers === 0 || writers.length === 0);
  }

  #ask(limit: number): number[] {
    const { records } = this.#state;
    const out = records.filter(({ request }) => request?.state === 'asked' || request?.state === 'granted').length;
    const queued = [...records.keys()].filter((at) => this.#at(at).request?.state === 'queued');
    queued.sort((a, b) => (this.#at(a).request?.since as number) - (this.#at(b).request?.since as number) || a - b);
    const asking = queued.slice(0, Math.max(0, limit - out));
    for (const at of asking) this.#at(at).request = { state: 'asked', since: this.#at(at).request?.since as number };
    return asking;
  }

  #asks(at: number): { readonly ask: Ask; readonly resource: Resource }[] {
    const { tasks, resources = [] } = this.#state.graph;
    return (tasks[at]?.asks ?? []).map((ask) => ({ ask, resource: resources.find(({ name }) => name === ask.resource) as Resource }));
  }

  #at(index: number): TaskRecord {
    return this.#state.records[index] as TaskRecord;
  }
}

export const waitingOf = (state: SchedulerState): Outcome['waiting'] => state.records.map(({ blockedAt, request }) => ({ blockedAt, request }));

/** What must be started after an event. The event itself is left to a scheduler without slots, which starts nothing. */
export const naiveOutcome = (before: SchedulerState, event: SchedulerEvent, now: number): Outcome => {
  const { graph } = before;
  const slots = graph.policies.concurrencyMax;
  const idle = new Scheduler(throughJson({ ...before, graph: { ...graph, policies: { ...graph.policies, concurrencyMax: 0 } } }));
  idle.apply(event, now);
  return new Naive(idle.state, now).start(slots);
};
