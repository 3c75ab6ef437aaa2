/**
 * A random course of events through a scheduler, checked after every single one against what holds at all times,
 * with a second scheduler at its side that goes through JSON on the way.
 */
import { expect } from 'vitest';
import type { Graph } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';
import type { ParsedPatch } from '../../model/patch.ts';
import { ERROR_POLICY } from '../../model/self-heal.ts';
import { isSettled } from '../../model/state.ts';
import type { Decision, SchedulerEvent, Step } from '../../scheduler/protocol.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { Driver, throughJson } from './driver.ts';
import type { Running } from './driver.ts';
import { checkEnd, checkFinished, checkFrontier, checkIndex, checkPreemption, checkResources, checkSlots, checkStarts } from './invariants.ts';
import { whereTo } from './naive-workers.ts';
import { anybody, outcomeFrom, patchFrom, pick, SCOPE, tableFrom } from './scenarios.ts';
import type { Action } from './scenarios.ts';

const REQUESTS = new Set(['retry', 'skip', 'quarantine', 'complete', 'approve', 'patch', 'pause', 'resume', 'abort', 'resetBreaker']);

/** Of any resource, for any task. */
const ENOUGH = 10;

export interface CourseOptions {
  readonly graph: Graph;
  readonly seed: number;
  readonly forceWaves?: boolean;
  readonly longestMs?: number;
  /** Sees every event with its answer, and the state before it as JSON. */
  readonly onStep?: (taken: { readonly driver: Driver; readonly event: SchedulerEvent; readonly step: Step; readonly before: string }) => void;
}

export class Course {
  readonly driver: Driver;
  #twin: Scheduler;
  #attempts: number[] = [];
  /** Attempts of the tasks that have succeeded. */
  #succeeded: ReadonlyMap<number, number> = new Map();
  #before = '';
  #twinNow = 0;
  readonly #patches: ParsedPatch[] = [];
  #tables = 0;
  readonly #onStep: CourseOptions['onStep'];

  constructor(options: CourseOptions) {
    const { graph, seed, forceWaves = false, longestMs = 6_000 } = options;
    this.#onStep = options.onStep;
    this.driver = new Driver(graph, {
      asleep: true,
      seed: String(seed),
      forceWaves,
      now: 1_000_000,
      durationOf: (index, attempt) => 1 + ((index * 7_919 + attempt * 104_729 + seed) % longestMs),
      onStep: (event, step) => this.#check(event, step),
    });
    this.#twin = new Scheduler(throughJson(this.driver.scheduler.state));
    this.#remember();
    this.driver.apply({ type: 'begin' });
  }

  get #finished(): boolean {
    return this.driver.scheduler.state.mode === 'finished';
  }

  act(action: Action): void {
    const { driver } = this;
    const { state } = driver.scheduler;
    const attempts = [...driver.running.values()];
    const task = pick(state.graph.tasks, action.a)?.id as string;
    switch (action.kind) {
      case 'advance':
        driver.advance((attempt) => this.#endOf(attempt, action.a));
        break;
      case 'confirm': {
        const { index, attempt, dispatch } = pick(attempts, action.a) ?? { index: 0, attempt: 99, dispatch: 'child' as const };
        driver.apply({ type: 'started', index, attempt, dispatch });
        break;
      }
      case 'endAny': {
        const attempt = pick(attempts, action.a);
        if (attempt) driver.report(attempt, this.#endOf(attempt, action.b));
        break;
      }
      case 'wait':
        driver.wait(action.a % 5_000);
        break;
      case 'retry':
      case 'skip':
      case 'quarantine':
        driver.apply({ type: action.kind, task: action.b % 50 === 0 ? '__proto__' : task, by: 'somebody' });
        break;
      case 'complete':
        driver.apply({ type: 'complete', task, ...(action.b % 3 === 0 && { outcome: 'failed' as const }) });
        break;
      case 'approve':
        driver.apply({ type: 'approve', task, ...(action.b % 4 === 0 && { approved: false }) });
        break;
      case 'openings':
        if (driver.isLookingAhead) driver.tellOpenings();
        break;
      case 'patch': {
        const id = `p${String(this.#patches.length)}`;
        const patch = patchFrom({ id, graph: state.graph, open: [...state.records.keys()].filter((at) => !isSettled(state.records[at]?.state ?? 'PENDING')), action, version: state.version });
        this.#patches.push(patch);
        driver.apply({ type: 'patch', patch });
        break;
      }
      case 'patchAgain': {
        const patch = pick(this.#patches, action.a);
        if (patch) driver.apply({ type: 'patch', patch });
        break;
      }
      case 'endedAgain': {
        const result = pick(driver.results, action.a);
        if (!result || (driver.running.get(result.index)?.attempt === result.result.attempt)) break;
        const before = JSON.stringify(state);
        const step = driver.apply({ type: 'ended', ...result });
        expect(step.decisions).toEqual([]);
        expect(JSON.stringify(state)).toBe(before);
        break;
      }
      case 'workers':
        this.#tables += 1;
        driver.apply({ type: 'workers', table: tableFrom(action, action.a % 9 === 8 ? this.#tables - 1 : this.#tables) });
        break;
      case 'repair':
        this.#answerRepair(action.a, action.b);
        break;
      case 'resetBreaker':
        driver.apply({ type: 'resetBreaker', breaker: pick(state.graph.policies.breakers, action.a)?.name ?? 'nobody', by: 'somebody' });
        break;
      case 'reload':
        this.#twin = new Scheduler(throughJson(this.#twin.state));
        break;
      case 'rareAbort':
        if (action.a % 8 === 0) driver.apply({ type: 'abort', reason: 'enough' });
        break;
      case 'pause':
      case 'resume':
        driver.apply({ type: action.kind });
        break;
      case 'grant': {
        const asked = pick([...driver.requests.values()].filter((requested) => !requested.granted), action.a);
        if (asked) driver.grant(asked.request.task);
        break;
      }
      case 'grantLate': {
        const { index, task, round, asks } = pick(this.#asked, action.a) ?? {};
        if (index === undefined || driver.requests.get(index)?.request.round === round) break;
        const fences = Object.fromEntries((asks ?? []).map((ask) => [ask.resource, 'late']));
        const before = JSON.stringify(state);
        const { decisions } = driver.apply({ type: 'granted', index, round: round as number, fences });
        expect(JSON.stringify(state)).toBe(before);
        for (const decision of decisions) expect(decision).toMatchObject({ type: 'withdraw', task, round });
        break;
      }
      case 'refuse': {
        const asked = pick([...driver.requests.values()], action.a);
        if (!asked || asked.granted || action.b % 4 > 0) break;
        const { index, round } = asked.request;
        driver.requests.delete(index);
        driver.apply({ type: 'refused', index, round, message: 'there is no such thing' });
        break;
      }
    }
  }

  /** Answers what people are asked for, and lets everything else run out. */
  finish(): void {
    const { driver } = this;
    for (let i = 0; !this.#finished; i += 1) {
      expect(i, 'the execution comes to an end').toBeLessThan(4_000);
      if (driver.scheduler.state.mode === 'paused') driver.apply({ type: 'resume' });
      // Windows open and close for ever, whatever else is missing.
      else if (i % 20 === 19) this.#relieve(i);
      else if (!driver.advance((attempt) => this.#endOf(attempt, i % 3 === 0 ? 13 : 0))) expect(this.#relieve(i), 'something to wait for').toBe(true);
    }
    checkEnd(driver);
  }

  /** A repair comes, or cannot be made; or an answer comes that nobody waits for. */
  #answerRepair(a: number, b: number): boolean {
    const { driver } = this;
    const open = pick(driver.scheduler.unpreparedRepairs, a) ?? (b % 7 === 0 ? { breaker: 'b0', trip: 9 } : undefined);
    if (!open) return false;
    const { breaker, trip } = open;
    const id = `${breaker}-${String(trip)}`;
    // A second of the same id is refused: the repair is over then.
    const mended = 'action' in open && open.action.type === 'split' ? driver.scheduler.state.graph.tasks[open.failures[0]?.index ?? 0] : undefined;
    const made = ['', ...(mended ? ['-2'] : [])].map((suffix) => ({ id: `mend-${id}${suffix}` as TaskId, priority: 0, retry: { maxAttempts: 1 + (b % 2) } }));
    const patch: ParsedPatch = { id: `repair-${id}`, tasks: made, edges: mended ? made.map((part) => ({ from: part.id, to: mended.id, type: 'hard' as const })) : [] };
    driver.apply({ type: 'repaired', breaker, trip, ...(b % 3 === 0 ? { problem: 'nothing is known' } : { patch }) });
    return true;
  }

  /** What only people can do. Answers whether there was anything to do. */
  #relieve(number: number): boolean {
    const { driver } = this;
    const { records, graph } = driver.scheduler.state;
    const unapproved = records.findIndex((record) => record.parked === 'approval');
    const short = (graph.resources ?? []).filter(({ capacity, scope }) => scope === 'execution' && capacity < ENOUGH);
    const placeless = records.some(({ state, parked }, index) => parked === 'worker' || (state === 'READY' && whereTo(driver.scheduler.state, index, driver.now) === 'later'));
    const undecided = records.findIndex((record) => record.state === 'PAUSED' || record.parked === 'decision');
    const idOf = (index: number): string => graph.tasks[index]?.id as string;
    let event: SchedulerEvent | undefined;
    const gated = driver.scheduler.state.healing?.holds.find(({ kind }) => kind === 'gate');
    if (this.#answerRepair(0, number)) return true;
    if (gated) event = { type: 'resetBreaker', breaker: gated.breaker };
    else if (placeless) event = { type: 'workers', table: anybody((this.#tables += 1)) };
    else if (unapproved >= 0) event = { type: 'approve', task: idOf(unapproved), approved: number % 5 > 0 };
    else if (undecided >= 0) event = number % 2 === 0 ? { type: 'skip', task: idOf(undecided) } : { type: 'complete', task: idOf(undecided), outcome: 'failed' };
    else if (short.length > 0 && driver.hasShrunk && driver.scheduler.state.mode === 'running') {
      const capacities = Object.fromEntries(short.map(({ name }) => [name, ENOUGH]));
      event = { type: 'patch', patch: { id: `enough-${String(number)}`, tasks: [], edges: [], resources: { capacities } } };
    }
    if (event) expect(driver.apply(event).rejected).toBeUndefined();
    return event !== undefined;
  }

  get #asked(): readonly (Decision & { readonly type: 'request' })[] {
    return this.driver.decisions.filter((decision) => decision.type === 'request');
  }

  #endOf(attempt: Running, number: number): ReturnType<typeof outcomeFrom> {
    return { host: number % 2 === 0 ? 'one' : 'two', ...this.#outcomeOf(attempt, number) };
  }

  #outcomeOf(attempt: Running, number: number): ReturnType<typeof outcomeFrom> {
    if (attempt.cancelled && number % 4 > 0) return { outcome: 'cancelled' };
    // Whoever reviews a failure may answer with a hot update, good or bad.
    const { state } = this.driver.scheduler;
    if (state.graph.tasks[attempt.index]?.repairs === ERROR_POLICY && number % 3 === 0) {
      const open = [...state.records.keys()].filter((at) => !isSettled(state.records[at]?.state ?? 'PENDING'));
      return { patch: patchFrom({ id: `${number % 2 === 0 ? SCOPE : ''}answer-${attempt.task}-${attempt.attempt}`, graph: state.graph, open, action: { kind: 'patch', a: number, b: number + attempt.index, c: attempt.index }, version: state.version }) };
    }
    if (attempt.completed) return outcomeFrom(attempt.completed === 'failed' ? 13 : 0);
    return outcomeFrom(number);
  }

  #check(event: SchedulerEvent, step: Step): void {
    const { driver } = this;
    const answer = this.#twin.apply(throughJson(event as never) as never, Math.max(driver.now, this.#twinNow));
    this.#twinNow = driver.now;
    expect(JSON.parse(JSON.stringify(answer))).toEqual(JSON.parse(JSON.stringify(step)));
    const after = JSON.stringify(driver.scheduler.state);
    expect(JSON.stringify(this.#twin.state) === after || JSON.parse(JSON.stringify(this.#twin.state))).toEqual(
      JSON.stringify(this.#twin.state) === after || JSON.parse(after),
    );
    expect(this.#twin.wakeAt).toBe(driver.scheduler.wakeAt);
    expect(this.#twin.frontier(driver.now)).toEqual(driver.scheduler.frontier(driver.now));
    if (step.rejected) {
      expect(REQUESTS.has(event.type)).toBe(true);
      expect(step.rejected.length).toBeGreaterThan(0);
      expect(step.decisions).toEqual([]);
      expect(after).toBe(this.#before);
    }
    if (step.receipt?.duplicate) expect(after).toBe(this.#before);
    checkStarts(driver, step, this.#attempts);
    checkSlots(driver);
    checkResources(driver, step);
    checkFrontier(driver);
    checkPreemption(driver, step);
    if (event.type === 'patch') checkIndex(driver);
    checkFinished(driver, this.#succeeded);
    this.#onStep?.({ driver, event, step, before: this.#before });
    this.#remember();
  }

  #remember(): void {
    const { state } = this.driver.scheduler;
    this.#before = JSON.stringify(state);
    this.#attempts = state.records.map((record) => record.attempt);
    this.#succeeded = new Map([...state.records.entries()].flatMap(([index, { state: is, attempt }]) => (is === 'SUCCEEDED' ? [[index, attempt]] : [])));
  }
}
