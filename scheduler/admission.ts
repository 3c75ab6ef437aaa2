/**
 * Which ready task may start now: the first in line (`place.ts`), of those that may stand there (`gates.ts`),
 * whose asks can all be granted at once. Whoever lacks a resource waits for it and stops nobody who wants something
 * else, but keeps it from those behind when it has waited long (`claims.ts`).
 *
 * Exactly what a look at all ready tasks in starting order would choose, without one.
 */
import { isBackground } from '../model/graph.ts';
import type { GraphTask } from '../model/graph.ts';
import type { Fences } from '../model/resource.ts';
import { holdsGrants } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import type { AttemptResult } from '../model/attempt.ts';
import type { WorkerTable } from '../model/pool.ts';
import { Allocator } from '../resources/allocator.ts';
import { Backpressure } from './backpressure.ts';
import { Background } from './background.ts';
import { Bench } from './bench.ts';
import { Claims } from './claims.ts';
import type { Hindrance } from './claims.ts';
import { earliest } from './deadlines.ts';
import { Displacement } from './displacement.ts';
import { Frontier } from './frontier.ts';
import type { Hold } from './healing/state.ts';
import { Gates } from './gates.ts';
import type { GraphIndex } from './graph-index.ts';
import type { Match } from './matching.ts';
import { Needs } from './needs.ts';
import { isBehindAll, isInLine, Places, reserves } from './place.ts';
import type { Place } from './place.ts';
import { Placement } from './placement.ts';
import type { HostPressure } from './placement.ts';
import type { Decision, SchedulerState, TaskRecord } from './protocol.ts';
import { Requests } from './requests.ts';
import { holdsAsks } from './rollback/holding.ts';
import { waitsForGrant, waitsForMode, waitsForRoom, waitsForSpare, waitsForReserved, waitsForResource, waitsForSlot } from './waiting.ts';
import type { Waiting } from './waiting.ts';
import { WaitingRoom } from './waiting-room.ts';

/** A task that may start now; on this worker's own queue, if one is named. */
export interface Taken {
  readonly index: number;
  readonly placedOn?: string;
}

export class Admission {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #decide: (decision: Decision) => void;
  readonly #allocator: Allocator;
  readonly #needs: Needs;
  readonly #frontier: Frontier;
  readonly #claims: Claims;
  readonly #room: WaitingRoom;
  readonly #requests: Requests;
  readonly #placement: Placement;
  readonly #bench: Bench;
  readonly #background: Background;
  readonly #displacement: Displacement;
  readonly #backpressure: Backpressure;
  readonly gates: Gates;

  constructor(options: { readonly state: SchedulerState; readonly index: GraphIndex; readonly decide: (decision: Decision) => void; readonly holding: (index: number) => Hold | undefined }) {
    const { state, index, decide, holding } = options;
    const { graph, records } = state;
    const { ageingMs, concurrencyMax } = graph.policies;
    this.#state = state;
    this.#index = index;
    this.#decide = decide;
    this.#allocator = new Allocator(graph.resources ?? []);
    this.#needs = new Needs(graph, this.#allocator);
    const needs = this.#needs;
    this.#frontier = new Frontier(records, new Places({ index, records, ageingMs, mayReserve: (at) => needs.of(at).canEverFit, yields: (at) => this.gates.yields(at) }));
    this.#claims = new Claims(this.#allocator);
    this.#room = new WaitingRoom({ claims: this.#claims, isCurrent: (place) => this.#frontier.isCurrent(place) });
    this.#requests = new Requests({ index, records, needs, limit: concurrencyMax, decide });
    this.#placement = new Placement(state);
    this.#background = new Background({ records, tasks: graph.tasks, policies: graph.policies });
    this.#bench = new Bench({ isCurrent: (place) => this.#frontier.isCurrent(place), hasRoom: (at) => this.#placement.match(at).to !== 'later' });
    this.#backpressure = new Backpressure(state, decide);
    this.#displacement = new Displacement({ state, allocator: this.#allocator, needs, frontier: this.#frontier, requests: this.#requests, placement: this.#placement });
    this.gates = new Gates({
      state,
      index,
      needs,
      placement: this.#placement,
      decide,
      listener: { letIn: (at, now) => this.#file(at, now), putOut: (at) => this.#leave(at, false), moved: (at, now) => this.#file(at, now), holding },
    });
    for (const [at, record] of records.entries()) {
      if (holdsAsks(record)) this.#allocator.take(at, needs.of(at).local);
      // As of when it became ready: what has changed since is seen to when the first task is taken.
      if (record.state === 'READY' && !record.parked) this.#file(at, record.readyAt ?? 0);
    }
  }

  /** When something is due although nothing happens: a gate opens or closes, or a grant's time is over. */
  get dueAt(): number | undefined {
    return earliest(this.gates.dueAt, this.#requests.dueAt, this.#placement.dueAt, this.#backpressure.dueAt);
  }

  /** Whether a task waits for nothing but a worker: one that can take it, or one that has room. */
  get waitsForWorker(): boolean {
    return this.gates.isPlaceless || !this.#bench.isEmpty;
  }

  /** Ready tasks in starting order, whatever they wait for, less those that are parked. */
  list(now: number): readonly number[] {
    return this.#frontier.list(now);
  }

  /** What a task waits for; undefined unless it is READY. */
  waiting(index: number, now: number): Waiting | undefined {
    const { state, request } = this.#at(index);
    if (state !== 'READY') return undefined;
    const parked = this.gates.waiting(index, now);
    if (parked) return parked;
    const need = this.#needs.of(index);
    if (request && !isInLine(this.#at(index))) return waitsForGrant(need.global.map((ask) => ask.resource), request.since);
    this.#age(now);
    const place = this.#frontier.placeOf(index);
    const calm = this.#state.mode === 'running' ? this.#backpressure.waiting() : undefined;
    if (calm) return calm;
    const match = this.#placement.match(index);
    if (match.to === 'later') return waitsForRoom(match.workers.map(({ worker, pressure }) => ({ worker, pressure, silent: this.#placement.isDoubted(worker) })));
    const hindrance = place && this.#claims.hindrance(place, need.local);
    if (hindrance) return this.#inWords(hindrance);
    const { mode } = this.#state;
    if (mode === 'running' && place && isBehindAll(place) && this.#background.isFull) return waitsForSpare();
    return mode === 'paused' || mode === 'stopping' ? waitsForMode(mode) : waitsForSlot();
  }

  /** Whether mutexes grant something of what the task needs. */
  sharesResources(index: number): boolean {
    return this.#needs.of(index).global.length > 0;
  }

  /** A task entered READY. */
  ready(index: number, now: number): void {
    this.gates.enter(index, now);
  }

  moved(index: number, from: TaskState, to: TaskState): void {
    this.gates.moved(index, from, to);
    if (this.#placement.moved(index, from, to)) this.#bench.changed();
    this.#displacement.moved(index, from, to);
    if (from === 'READY') this.#leave(index, holdsGrants(to));
    const [held, holds] = [holdsAsks(this.#at(index), from), holdsAsks(this.#at(index), to)];
    if (held !== holds) this.#hold(index, holds);
  }

  granted(index: number, answer: { readonly round: number; readonly fences: Fences }, now: number): void {
    if (this.#requests.granted(index, answer, now)) this.#file(index, now);
  }

  /** Whether the task must fail, because it asks for what is not there. */
  refused(index: number, round: number): boolean {
    return this.#requests.refused(index, round);
  }

  /** There are these workers now. Answers which tasks went where nobody takes them, before anything was known. */
  learnWorkers(table: WorkerTable, now: number): readonly number[] {
    const before = this.#placement.pressures;
    const stranded = this.#placement.isKnown ? [] : this.#placement.strandedBy(table);
    if (!this.#placement.learn(table)) return [];
    this.#tellPressures(before);
    this.gates.learnWorkers(now);
    this.#bench.changed();
    return stranded;
  }

  /** An attempt has ended: what that says of its worker. */
  ended(index: number, result: AttemptResult, now: number): void {
    const { outcome, failure } = result;
    if (outcome === 'failed' && failure?.reason !== 'unplaced' && failure?.reason !== 'preempted') this.#backpressure.failed(now);
    this.#placement.ended(index, result);
    this.#bench.changed();
  }

  /** It is so late; to be said before anything else is. */
  set now(now: number) {
    this.#backpressure.advance(now);
    if (this.#placement.advance(now)) this.#bench.changed();
  }

  /** How many tasks may start now, as far as pressure goes; and whether nothing may be asked for either. */
  get pressure(): Pick<Backpressure, 'room' | 'isHeld' | 'tell'> {
    return this.#backpressure;
  }

  /** A task starts. */
  started(): void {
    this.#backpressure.started();
  }

  /** The next task to start, if there is one, and where it goes. Called while there is a slot. */
  take(now: number): Taken | undefined {
    this.#age(now);
    for (;;) {
      for (const place of [...this.#room.letOut(), ...this.#bench.letOut()]) this.#frontier.putBack(place);
      const place = this.#frontier.shift();
      if (!place) return undefined;
      const { index } = place;
      if (isBehindAll(place) && this.#background.isFull) {
        // Nobody behind it is another.
        this.#frontier.putBack(place);
        return undefined;
      }
      const signature = this.#placement.signatureOf(index);
      const match: Match | undefined = this.#bench.isWaiting(signature) ? undefined : this.#placement.match(index);
      if (!match || match.to === 'later') {
        this.#bench.add(place, signature);
        continue;
      }
      const need = this.#needs.of(index);
      const hindrance = this.#claims.hindrance(place, need.local);
      if (hindrance) {
        this.#deny(place, hindrance, now);
        continue;
      }
      if (isBackground(this.#task(index))) this.#background.begins(index);
      if (!this.#requests.mustAsk(index)) return { index, ...(match.to === 'worker' && { placedOn: match.worker.worker }) };
      this.#requests.enqueue(index, now);
      this.#file(index, now);
    }
  }

  /** Running tasks that must be stopped, so that more urgent ones can start. To be asked after all have started that can. */
  displaced(now: number, occupied: number): readonly { readonly index: number; readonly by: number }[] {
    const chosen = this.#displacement.choose(now, occupied);
    for (const by of new Set(chosen.map((each) => each.by))) {
      this.#at(by).roomMadeAt ??= now;
      this.#file(by, now);
    }
    return chosen;
  }

  /** Asks mutexes for those whose turn to ask has come. */
  ask(): void {
    this.#requests.send();
  }

  /** Gives back the grants that nobody could start with in time, or may start with now. */
  expire(now: number): void {
    const due = this.#state.mode === 'running' ? now : Number.POSITIVE_INFINITY;
    for (let index = this.#requests.expire(due); index !== undefined; index = this.#requests.expire(due)) this.#file(index, now);
  }

  /** What a task asks for is about to change: it stands in line as if it had not asked. */
  askAnew(index: number, now: number): void {
    this.#requests.drop(index);
    if (this.#frontier.placeOf(index)) this.#file(index, now);
  }

  /** A task that is not ready asks for other things from now on. */
  asksChanged(index: number): void {
    this.#needs.forget(index);
  }

  /** A patch has changed what the starting order is made of. */
  reorder(now: number): void {
    this.#claims.clear();
    for (const place of this.#frontier.fileAll(now)) this.#claim(place);
  }

  /** Gives a ready task its place as of now. */
  #file(index: number, now: number): void {
    this.#room.freed(this.#claims.delete(index));
    this.#claim(this.#frontier.file(index, now));
  }

  #claim(place: Place): void {
    const record = this.#at(place.index);
    if (isInLine(record) && (record.blockedAt !== undefined || reserves(place))) this.#claims.add(place, this.#needs.of(place.index));
  }

  #age(now: number): void {
    for (let index = this.#frontier.takeMoved(now); index !== undefined; index = this.#frontier.takeMoved(now)) this.#file(index, now);
  }

  #deny(place: Place, hindrance: Hindrance, now: number): void {
    const need = this.#needs.of(place.index);
    const record = this.#at(place.index);
    if (record.blockedAt === undefined) {
      record.blockedAt = now;
      this.#claim(place);
      this.#frontier.watch(place, now);
    }
    this.#room.add(place, need, hindrance.ask);
  }

  /** A limit that is crossed is told once when that begins and once when it is over, however many workers the host has. */
  #tellPressures(before: ReadonlyMap<string, HostPressure>): void {
    const after = this.#placement.pressures;
    for (const host of new Set([...before.keys(), ...after.keys()])) {
      const level = after.get(host)?.pressure ?? 'none';
      if (level === (before.get(host)?.pressure ?? 'none')) continue;
      const over = after.get(host)?.over;
      this.#decide({ type: 'emit', event: { type: 'resource_limit', level, host, ...(over && level !== 'none' && { metric: over.metric, value: over.percent, limit: over.limit }) } });
      if (level === 'none' && after.has(host)) this.#backpressure.resume();
    }
  }

  #leave(index: number, starts: boolean): void {
    delete this.#at(index).blockedAt;
    delete this.#at(index).roomMadeAt;
    this.#frontier.remove(index);
    this.#room.freed(this.#claims.delete(index));
    if (starts) this.#requests.start(index);
    else this.#requests.drop(index);
  }

  #hold(index: number, holds: boolean): void {
    const { local, named } = this.#needs.of(index);
    if (holds) this.#allocator.take(index, local);
    else {
      this.#allocator.give(index, local);
      this.#room.freed(local);
    }
    if (named.length === 0) return;
    this.#decide({ type: 'emit', event: { type: holds ? 'resource_acquired' : 'resource_released', task: this.#index.id(index), resources: named } });
  }

  #inWords({ ask, by }: Hindrance): Waiting {
    const name = this.#allocator.nameOf(ask.resource);
    if (by !== undefined) return waitsForReserved(name, this.#index.id(by));
    return waitsForResource(name, this.#allocator.holders(ask.resource).map((holder) => this.#index.id(holder)));
  }

  #task(index: number): GraphTask {
    return this.#index.tasks[index] as GraphTask;
  }

  #at(index: number): TaskRecord {
    return this.#state.records[index] as TaskRecord;
  }
}
