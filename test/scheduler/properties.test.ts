/**
 * What the scheduler promises, whatever the graph, the durations, the failures and the people: checked after
 * every event of random executions.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../model/graph.ts';
import type { ParsedPatch } from '../../model/patch.ts';
import type { SchedulerEvent, Step } from '../../scheduler/protocol.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { Driver, throughJson } from './driver.ts';
import type { Running } from './driver.ts';
import { checkEnd, checkFrontier, checkIndex, checkSlots, checkStarts } from './invariants.ts';
import { actions, graphs, outcomeFrom, patchFrom, pick } from './scenarios.ts';
import type { Action } from './scenarios.ts';

const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 400);
const REQUESTS = new Set(['retry', 'skip', 'complete', 'patch', 'pause', 'resume', 'abort']);

/** Plays a course of events, with a second scheduler at its side that goes through JSON on the way. */
class Course {
  readonly driver: Driver;
  #twin: Scheduler;
  #attempts: number[] = [];
  #before = '';
  #twinNow = 0;
  readonly #patches: ParsedPatch[] = [];

  constructor(graph: Graph, forceWaves: boolean, seed: number) {
    this.driver = new Driver(graph, {
      asleep: true,
      seed: String(seed),
      forceWaves,
      now: 1_000_000,
      durationOf: (index, attempt) => 1 + ((index * 7_919 + attempt * 104_729 + seed) % 6_000),
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
        driver.apply({ type: action.kind, task: action.b % 50 === 0 ? '__proto__' : task, by: 'somebody' });
        break;
      case 'complete':
        driver.apply({ type: 'complete', task, ...(action.b % 3 === 0 && { outcome: 'failed' as const }) });
        break;
      case 'patch': {
        const id = `p${String(this.#patches.length)}`;
        const known = state.graph.tasks.map((known) => known.id);
        const patch = patchFrom(id, known, action, state.version);
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
    }
  }

  /** Answers what people are asked for, and lets everything else run out. */
  finish(): void {
    const { driver } = this;
    for (let i = 0; !this.#finished; i += 1) {
      expect(i, 'the execution comes to an end').toBeLessThan(2_000);
      const { state } = driver.scheduler;
      if (state.mode === 'paused') driver.apply({ type: 'resume' });
      else if (!driver.advance((attempt) => this.#endOf(attempt, i % 3 === 0 ? 13 : 0))) {
        const undecided = state.records.findIndex((record) => record.state === 'PAUSED');
        expect(undecided, 'something to wait for').toBeGreaterThanOrEqual(0);
        const task = state.graph.tasks[undecided]?.id as string;
        const step = driver.apply(i % 2 === 0 ? { type: 'skip', task } : { type: 'complete', task, outcome: 'failed' });
        expect(step.rejected).toBeUndefined();
      }
    }
    checkEnd(driver);
  }

  #endOf(attempt: Running, number: number): ReturnType<typeof outcomeFrom> {
    if (attempt.cancelled && number % 4 > 0) return { outcome: 'cancelled' };
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
    checkFrontier(driver);
    if (event.type === 'patch') checkIndex(driver);
    this.#remember();
  }

  #remember(): void {
    const { state } = this.driver.scheduler;
    this.#before = JSON.stringify(state);
    this.#attempts = state.records.map((record) => record.attempt);
  }
}

describe('a random execution', () => {
  it('keeps every promise after every event, and ends', () => {
    fc.assert(
      fc.property(graphs({ max: 12 }), actions, fc.boolean(), fc.nat(), (graph, actions, forceWaves, seed) => {
        const course = new Course(graph, forceWaves, seed);
        for (const action of actions) course.act(action);
        course.finish();
      }),
      { numRuns: RUNS },
    );
  });
});
