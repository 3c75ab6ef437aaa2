/** Executions whose tasks ask for resources, on random courses: the promises of all executions, and what is chosen to start. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SchedulerState } from '../../scheduler/protocol.ts';
import { Course } from './course.ts';
import { naiveOutcome, waitingOf } from './naive.ts';
import { actions, graphs, withResources } from './scenarios.ts';

const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 300);
/** Long enough that tasks come to reserve what they wait for. */
const LONGEST_MS = 40_000;

describe('a random execution with resources', () => {
  it('starts exactly what a look at all ready tasks in starting order would, keeps every promise, and ends', () => {
    fc.assert(
      fc.property(withResources(graphs({ max: 12 })), actions, fc.boolean(), fc.nat(), (graph, actions, forceWaves, seed) => {
        const course = new Course({
          graph,
          forceWaves,
          seed,
          longestMs: LONGEST_MS,
          onStep: ({ driver, event, step, before }) => {
            if (step.rejected || step.decisions.at(-1)?.type === 'finish') return;
            const expected = naiveOutcome(JSON.parse(before) as SchedulerState, event, driver.now);
            const chosen = (type: 'start' | 'request'): number[] => step.decisions.flatMap((decision) => (decision.type === type ? [decision.index] : []));
            expect({ starts: chosen('start'), requests: chosen('request'), waiting: waitingOf(driver.scheduler.state) }).toEqual(expected);
          },
        });
        for (const action of actions) course.act(action);
        course.finish();
      }),
      { numRuns: RUNS },
    );
  });
});
