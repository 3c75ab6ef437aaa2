/**
 * What the scheduler promises, whatever the graph, the durations, the failures and the people: checked after
 * every event of random executions.
 */
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { Course } from './course.ts';
import { actions, graphs } from './scenarios.ts';

/** Looking for the smallest course that fails takes hours: what has been found by then will do. */
const LIMITS = { interruptAfterTimeLimit: 90_000 };
const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 150);

describe('a random execution', () => {
  it('keeps every promise after every event, and ends', () => {
    fc.assert(
      fc.property(graphs({ max: 12 }), actions, fc.boolean(), fc.nat(), (graph, actions, forceWaves, seed) => {
        const course = new Course({ graph, forceWaves, seed });
        for (const action of actions) course.act(action);
        course.finish();
      }),
      { numRuns: RUNS, ...LIMITS },
    );
  });
});
