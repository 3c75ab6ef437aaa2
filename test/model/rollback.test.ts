/** What people may write of a rollback, and what one says of its tasks at its end. */
import { expect, test } from 'vitest';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { readCompensating, readRollbackRequest } from '../../model/rollback-guard.ts';
import { rollbackIdOf, targetOf } from '../../model/rollback.ts';
import type { TaskStanding } from '../../model/rollback.ts';
import { undoResultsOf } from '../../model/undo-results.ts';

test.each([
  [{}, { kind: 'all' }],
  [{ failed: true }, { kind: 'failed' }],
  [{ to: 'P1.T011' }, { kind: 'after', point: 'P1.T011' }],
  [{ to: 'after the migration' }, { kind: 'after', point: 'after the migration' }],
  [{ to: 'depth:0' }, { kind: 'depth', depth: 0 }],
  [{ to: 'depth:12' }, { kind: 'depth', depth: 12 }],
  [{ to: 'depth:' }, undefined],
  [{ to: 'depth:-1' }, undefined],
  [{ to: 'depth:01' }, undefined],
  [{ to: '' }, undefined],
  [{ to: 'a', failed: true }, undefined],
])('%j', (written, target) => {
  expect(targetOf(written)).toEqual(target);
  const read = readRollbackRequest(written);
  expect(read.ok ? read.value.target : undefined).toEqual(target);
});

test.each([[{ to: 7 }], [{ failed: 'yes' }], [{ by: 7 }], ['all'], [{ to: 'x'.repeat(3_000) }]])('a request such as %j is refused', (payload) => {
  expect(readRollbackRequest(payload)).toMatchObject({ ok: false, error: [{ code: 'TASKS3011' }] });
});

test('who asks is kept, and nothing else', () => {
  expect(readRollbackRequest({ by: 'ada', reason: 'why', more: 1 })).toEqual({ ok: true, value: { by: 'ada', reason: 'why', target: { kind: 'all' } } });
  expect(readRollbackRequest(undefined)).toEqual({ ok: true, value: { target: { kind: 'all' } } });
});

test.each([[undefined], [{}], [{ task: '../x', attempt: 1 }], [{ task: 'a', attempt: 0 }], [{ task: 'a', attempt: '1' }]])('%j is no word of an attempt', (payload) => {
  expect(readCompensating(payload)).toBeUndefined();
});

test('the id of a rollback is one of an execution, or there is none', () => {
  expect(rollbackIdOf('nightly-2026-11-21T03:00:00Z' as ExecutionId, 2)).toBe('nightly-2026-11-21T03:00:00Z.r2');
  expect(rollbackIdOf('x'.repeat(127) as ExecutionId, 1)).toBeUndefined();
});

const standing = (is: Partial<TaskStanding>, task: Partial<TaskStanding['task']> = { escalates: true }): TaskStanding => ({
  task: { id: 'a' as TaskId, ...task },
  state: 'SUCCEEDED',
  attempt: 0,
  acted: false,
  failed: false,
  passed: false,
  ...is,
});

test.each<[string, Partial<TaskStanding>, string, string | undefined]>([
  ['undone', { acted: true }, 'undone', undefined],
  ['tried in vain', { state: 'FAILED', acted: true, why: 'it broke' }, 'failed', 'it broke'],
  ['passed over', { state: 'SKIPPED' }, 'kept', 'it was passed over: it stays as it is'],
  ['passed over after a try', { state: 'SKIPPED', acted: true }, 'failed', 'it was passed over after its compensation had failed'],
  ['behind one that was not undone', { state: 'UPSTREAM_FAILED' }, 'kept', 'what was built upon it could not be undone'],
  ['aborted before its turn', { state: 'CANCELLED' }, 'kept', 'the rollback was ended first'],
  ['ended by force while it ran', { state: 'RUNNING', acted: true }, 'failed', 'the rollback was ended first'],
])('a task that was %s', (_, is, result, reason) => {
  expect(undoResultsOf([standing(is)])).toEqual([{ task: 'a', result, ...(reason !== undefined && { reason }) }]);
});

test('what a person says cannot be undone is not; what only keeps the order says nothing', () => {
  expect(undoResultsOf([standing({ state: 'FAILED' }, { byHand: 'why' }), standing({}, { executor: 'noop' })])).toEqual([{ task: 'a', result: 'failed', reason: 'somebody said that it cannot be undone' }]);
});
