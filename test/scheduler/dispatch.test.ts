import { describe, expect, it } from 'vitest';
import type { Dispatch, GraphTask } from '../../model/graph.ts';
import { chooseDispatch, timeoutOf } from '../../scheduler/dispatch.ts';
import { graphOf, policiesOf } from './graphs.ts';

const taskOf = (fields: Partial<GraphTask>): GraphTask => ({ ...(graphOf(['a']).tasks[0] as GraphTask), ...fields });

describe('the dispatch of an attempt', () => {
  const cases: readonly [string, Partial<GraphTask>, { readonly child: Dispatch; readonly auto: Dispatch }][] = [
    ['a plain task', {}, { child: 'child', auto: 'child' }],
    ['a short task', { estimateMs: 10_000 }, { child: 'child', auto: 'activity' }],
    ['a task that is longer than light', { estimateMs: 10_001 }, { child: 'child', auto: 'child' }],
    ['a short task with a long limit', { estimateMs: 1, timeoutMs: 60_000 }, { child: 'child', auto: 'child' }],
    ['a long task with a short limit', { timeoutMs: 9_000 }, { child: 'child', auto: 'activity' }],
    ['a task that says so', { dispatch: 'activity' }, { child: 'activity', auto: 'activity' }],
    ['a short task that wants a child', { estimateMs: 1, dispatch: 'child' }, { child: 'child', auto: 'child' }],
    ['a task that needs a child, whatever it says', { estimateMs: 1, dispatch: 'activity', needsChild: true }, { child: 'child', auto: 'child' }],
    ['a task that may be suspended, whatever it says', { estimateMs: 1, dispatch: 'activity', pausable: true }, { child: 'child', auto: 'child' }],
    ['a task of a person, whatever it says', { estimateMs: 1, dispatch: 'activity', executor: 'human' }, { child: 'child', auto: 'child' }],
  ];

  it.each(cases)('of %s', (_, fields, expected) => {
    for (const dispatch of ['child', 'auto'] as const) {
      expect(chooseDispatch(taskOf(fields), false, policiesOf({ dispatch }))).toBe(expected[dispatch]);
      expect(chooseDispatch(taskOf(fields), true, policiesOf({ dispatch }))).toBe('child');
    }
  });
});

describe('the limit of an attempt', () => {
  it.each([
    ["is the plan's", { timeoutMs: 1, estimateMs: 60_000 }, 'child', 1],
    ["is the plan's for a light one too", { timeoutMs: 60_000 }, 'activity', 60_000],
    ['is 10 s for a light one', { estimateMs: 1 }, 'activity', 10_000],
    ['is at least 10 minutes', { estimateMs: 1 }, 'child', 600_000],
    ['is 4 times the estimate', { estimateMs: 3_600_000 }, 'child', 14_400_000],
    ['without an estimate is 10 minutes', {}, 'child', 600_000],
  ] as const)('%s', (_, fields, dispatch, limit) => {
    expect(timeoutOf(taskOf(fields), dispatch)).toBe(limit);
  });
});
