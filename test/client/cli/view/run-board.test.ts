import { expect, test } from 'vitest';
import { RunBoard } from '../../../../client/cli/view/run-board.ts';
import { eventsOf, id, PLAN, START } from '../support/fake-client.ts';
import { EVENTS } from './fixtures.ts';

const boardOf = (events: typeof EVENTS): RunBoard => {
  const board = new RunBoard();
  for (const event of events) board.apply(event);
  return board;
};

test('every task is in one place at a time, whatever happened to it', () => {
  const board = boardOf(EVENTS);
  expect([...board.succeeded.keys()]).toEqual(['install', 'build', 'review']);
  expect([...board.failed.keys()]).toEqual(['test']);
  expect([...board.blocked]).toEqual([['publish', 'test']]);
  expect([...board.skipped]).toEqual(['deploy', 'docs']);
  expect([...board.cancelled]).toEqual(['extra']);
  for (const place of [board.running, board.retrying, board.people, board.decisions]) expect(place.size).toBe(0);
  expect(board).toMatchObject({ total: 8, settled: 8, retries: 1, hotUpdates: 1, state: 'failed' });
});

test('progress at a quarter, a half, three quarters and the end is remembered with its time', () => {
  expect(boardOf(EVENTS).milestones.map(({ progress, at }) => [progress, (at - START) / 1000])).toEqual([
    [25, 8],
    [50, 10],
    [75, 19],
    [100, 21],
  ]);
});

test('a task that is tried again frees what its failure had blocked', () => {
  const board = boardOf(
    eventsOf([
      { type: 'execution_started', plan: PLAN, tasks: 2 },
      { type: 'task_started', task: id('a'), attempt: 1 },
      { type: 'task_failed', task: id('a'), attempt: 1, error: { reason: 'exit', class: 'logic', message: 'm' }, canRetry: false, tail: '' },
      { type: 'task_upstream_failed', task: id('b'), upstream: id('a') },
      { type: 'task_retried', task: id('a') },
    ]),
  );
  expect(board.settled).toBe(0);
});
