import { expect, test } from 'vitest';
import { widthOf } from '../../../../client/cli/markup.ts';
import { reviewsText, reviewText } from '../../../../client/cli/view/review-text.ts';
import type { Review } from '../../../../client/reviews.ts';
import type { ExecutionId, TaskId } from '../../../../model/ids.ts';

const MESSAGE = 'The command ended with exit code 3: Error: certificate of staging.example.org has expired, and no other was found';
const COMMAND = 'tasks review resolve shop-20260101-120000-abcdef deploy --quarantine';
const REVIEW: Review = {
  execution: 'shop-20260101-120000-abcdef' as ExecutionId,
  task: 'deploy' as TaskId,
  title: 'Deploy it \u001B[31mto the machines\n of the second region',
  attempt: 1,
  reason: MESSAGE,
  since: 0,
  attempts: [{ attempt: 1, startedAt: 0, endedAt: 500, worker: 'w', error: { reason: 'exit', class: 'transient', message: MESSAGE }, exitCode: 3, tail: `${'x'.repeat(200)}\n` }],
  turns: [],
  next: [{ text: 'Park it, here and in later executions: what depends on it cannot run', command: COMMAND }],
};
const OPTIONS = { now: 1_000, width: 48, timeFormat: 'relative' } as const;

test('on a narrow terminal nothing is cut that one must read or type', () => {
  const lines = reviewText(REVIEW, OPTIONS).split('\n');
  expect(lines).toContain(`      ${COMMAND}`);
  expect(lines.filter((line) => widthOf(line) > OPTIONS.width && !line.includes('tasks '))).toEqual([]);
  const said = lines.map((line) => line.trim()).join(' ');
  expect(said.split(MESSAGE)).toHaveLength(3);
  expect(said).toContain(REVIEW.execution);
  expect(said).not.toContain('\u001B');
});

test('a list has a line for each thing that it says', () => {
  const lines = reviewsText([REVIEW], OPTIONS).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines.every((line) => widthOf(line) <= OPTIONS.width)).toBe(true);
});
