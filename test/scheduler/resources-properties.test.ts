/** Executions whose tasks ask for resources, on random courses: the promises of all executions, and what is chosen to start. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../model/graph.ts';
import type { SchedulerState } from '../../scheduler/protocol.ts';
import { Course } from './course.ts';
import type { CourseOptions } from './course.ts';
import { naiveOutcome, waitingOf } from './naive.ts';
import { actions, crowds, graphs, LOCAL_RESOURCES, withResources, withSkills, withWindows, withWorkers } from './scenarios.ts';
import type { Action } from './scenarios.ts';

/** Looking for the smallest course that fails takes hours: what has been found by then will do. */
const LIMITS = { interruptAfterTimeLimit: 60_000 };
const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 60);
/** Long enough that tasks come to reserve what they wait for. */
const LONGEST_MS = 40_000;

const checkChoice: CourseOptions['onStep'] = ({ driver, event, step, before }) => {
  if (step.rejected || step.decisions.at(-1)?.type === 'finish') return;
  const expected = naiveOutcome(JSON.parse(before) as SchedulerState, event, driver.now);
  const starts = step.decisions.flatMap((decision) => (decision.type === 'start' ? [[decision.index, decision.placedOn ?? null]] : []));
  const requests = step.decisions.flatMap((decision) => (decision.type === 'request' ? [decision.index] : []));
  expect({ starts, requests, waiting: waitingOf(driver.scheduler.state) }).toEqual(expected);
};

/** Starts exactly what a look at all ready tasks in starting order would, keeps every promise, and ends. */
const play = (options: { readonly graph: Graph; readonly actions: readonly Action[]; readonly forceWaves?: boolean; readonly seed: number }): void => {
  const { actions, ...rest } = options;
  const course = new Course({ ...rest, longestMs: LONGEST_MS, onStep: checkChoice });
  for (const action of actions) course.act(action);
  course.finish();
};

describe('the choice among ready tasks', () => {
  it('is that of a look at all of them in starting order, in any execution', () => {
    fc.assert(
      fc.property(withResources(graphs({ max: 12 })), actions, fc.boolean(), fc.nat(), (graph, actions, forceWaves, seed) => {
        play({ graph, actions, forceWaves, seed });
      }),
      { numRuns: RUNS, ...LIMITS },
    );
  });

  it('is so where resources have windows, and tasks prefer some', () => {
    fc.assert(
      fc.property(withWindows(graphs({ max: 12 })), actions, fc.boolean(), fc.nat(), (graph, actions, forceWaves, seed) => {
        play({ graph, actions, forceWaves, seed });
      }),
      { numRuns: RUNS / 2, ...LIMITS },
    );
  });

  it('is so where workers come and go, are full, silent or under pressure', () => {
    fc.assert(
      fc.property(withSkills(withResources(graphs({ max: 12 }))), withWorkers(actions), fc.boolean(), fc.nat(), (graph, actions, forceWaves, seed) => {
        play({ graph, actions, forceWaves, seed });
      }),
      { numRuns: RUNS, ...LIMITS },
    );
  });

  it('is so in a crowd, where many lack many things', () => {
    fc.assert(
      fc.property(withResources(crowds, LOCAL_RESOURCES), actions, fc.nat(), (graph, actions, seed) => play({ graph, actions, seed })),
      { numRuns: RUNS / 4, ...LIMITS },
    );
  });
});
