import { expect, test } from 'vitest';
import { paint, widthOf } from '../../../../client/cli/markup.ts';
import { exitOf, makeReport } from '../../../../client/cli/view/report.ts';
import type { FinalOutcome } from '../../../../client/cli/view/report.ts';
import type { Counts } from '../../../../model/outcome.ts';
import { RunBoard } from '../../../../client/cli/view/run-board.ts';
import { summaryText } from '../../../../client/cli/view/summary-text.ts';
import { EXECUTION, id, stateOf } from '../support/fake-client.ts';
import { EVENTS } from './fixtures.ts';

const board = new RunBoard();
for (const event of EVENTS) board.apply(event);

const state = stateOf(
  { SUCCEEDED: 3, FAILED: 1, UPSTREAM_FAILED: 1, SKIPPED: 2, CANCELLED: 1 },
  {
    retries: 1,
    hotUpdates: 1,
    failed: [{ task: id('test'), attempts: 2, failure: { reason: 'exit', class: 'logic', message: 'The command ended with exit code 1' }, tail: 'assertion failed' }],
    failedTotal: 1,
  },
);

const report = makeReport({ executionId: EXECUTION, outcome: 'failed', board, state, estimates: new Map([['build', 60_000]]), webUrl: 'http://127.0.0.1:8233/w' });

test.each([40, 80, 200])('the final summary at %i columns', async (width) => {
  const text = paint(summaryText({ report, width, planReference: './my plan' }), false);
  await expect(`${text}\n`).toMatchFileSnapshot(`../golden/summary-${width}.txt`);
  for (const line of text.split('\n')) if (!/tasks |http/.test(line)) expect(widthOf(line)).toBeLessThanOrEqual(width);
});

test('of output without line ends the summary has one short line, also where no terminal limits it', () => {
  const [failed] = report.failed;
  if (!failed) throw new Error('the report has a failure');
  const text = summaryText({ report: { ...report, failed: [{ ...failed, tail: 'x'.repeat(4_096) }] }, width: 0 });
  const lines = text.split('\n').filter((line) => line.includes('xxx'));
  expect(lines.map(widthOf)).toEqual([160]);
});

test('the report holds what monitoring expects', () => {
  expect(report).toMatchObject({
    executionId: EXECUTION,
    outcome: 'failed',
    status: 'failed',
    counts: { SUCCEEDED: 3, FAILED: 1 },
    metrics: { tasks_completed: 3, tasks_failed: 1, retries_total: 1, circuit_breaker_activations: 0, hot_updates_applied: 1 },
    timeline: { started_at: '2026-01-15T09:00:00.000Z', completed_at: '2026-01-15T09:00:10.000Z' },
    slowest: [{ task: 'build', durationMs: 4_000, estimateMs: 60_000 }, { task: 'review' }, { task: 'install' }],
  });
  expect(report.timeline.checkpoints.map(({ progress }) => progress)).toEqual([25, 50, 75, 100]);
});

test.each([
  ['succeeded', { SUCCEEDED: 2 }, 0],
  ['failed', { SUCCEEDED: 1, FAILED: 1 }, 7],
  ['failed', { FAILED: 2 }, 8],
  ['failed', { FAILED: 2 }, 7, true],
  ['terminated', { SUCCEEDED: 1 }, 7],
  ['terminated', {}, 8],
  ['terminated', { RUNNING: 1 }, 7, true],
  ['aborted', { SUCCEEDED: 1, CANCELLED: 1 }, 9, true],
] satisfies readonly (readonly [FinalOutcome, Counts, number, boolean?])[])('an execution that %s with %j ends with %i; a checkpoint is kept: %s', (outcome, counts, exit, kept?: boolean) => {
  expect(exitOf({ outcome, counts, hasCheckpoints: kept ?? false })).toBe(exit);
});

test('an execution that was terminated and cannot say how it stands is counted from its events', () => {
  const counted = makeReport({ executionId: EXECUTION, outcome: 'terminated', board });
  expect(counted).toMatchObject({ total: 8, counts: { SUCCEEDED: 3, FAILED: 1, UPSTREAM_FAILED: 1, SKIPPED: 2, CANCELLED: 1 }, failedTotal: 1 });
});
