/**
 * Breakers, whatever fails, and whoever patches, pauses, skips, resets: what holds after every event of random
 * executions (`invariants.ts`), and what of it is about healing alone.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SchedulerState } from '../../scheduler/protocol.ts';
import { Course } from './course.ts';
import type { CourseOptions } from './course.ts';
import { actions, graphs, withBreakers, withErrorPolicies, withHealing } from './scenarios.ts';

const LIMITS = { interruptAfterTimeLimit: 90_000 };
const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 150);

/** Nothing finished is run again, and no breaker trips more often than it may. */
const check: CourseOptions['onStep'] = ({ driver, event, step, before }) => {
  const { records } = JSON.parse(before) as SchedulerState;
  for (const decision of step.decisions) {
    if (decision.type === 'start') expect(records[decision.index]?.state, decision.task).not.toBe('SUCCEEDED');
  }
  const { state } = driver.scheduler;
  for (const { name, budget } of state.graph.policies.breakers) {
    const trips = state.healing?.breakers.find((each) => each.name === name)?.trips ?? 0;
    expect(trips, name).toBeLessThanOrEqual(budget);
    if (event.type === 'resetBreaker' && event.breaker === name && !step.rejected) expect(trips).toBe(0);
  }
};

/** The same, and no task takes more turns than its policy has, nor one that is done another. */
const checkTurns: CourseOptions['onStep'] = (taken) => {
  check(taken);
  const { state } = taken.driver.scheduler;
  for (const [at, { ladder }] of state.records.entries()) {
    const policy = state.graph.tasks[at]?.errorPolicy ?? state.graph.policies.errorPolicy;
    expect(ladder?.turns ?? 0).toBeLessThanOrEqual(policy?.maxTurns ?? 1);
  }
};

describe('a random execution with error policies', () => {
  it('keeps every promise after every event, and ends', () => {
    fc.assert(
      fc.property(withErrorPolicies(withBreakers(graphs({ max: 10 }))), withHealing(actions), fc.nat(), (graph, actions, seed) => {
        const course = new Course({ graph, seed, onStep: checkTurns });
        for (const action of actions) course.act(action);
        course.finish();
      }),
      { numRuns: RUNS, ...LIMITS },
    );
  });
});

describe('a random execution with breakers', () => {
  it('keeps every promise after every event, and ends', () => {
    fc.assert(
      fc.property(withBreakers(graphs({ max: 14 })), withHealing(actions), fc.nat(), (graph, actions, seed) => {
        const course = new Course({ graph, seed, onStep: check });
        for (const action of actions) course.act(action);
        course.finish();
      }),
      { numRuns: RUNS, ...LIMITS },
    );
  });
});
