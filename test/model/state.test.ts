import { expect, test } from 'vitest';
import { isLegal, isSettled, occupiesSlot, satisfiesHard, TASK_STATES, TRANSITIONS } from '../../model/state.ts';

test('every state is reached from PENDING, and every settled one can be left only on request', () => {
  const reached = new Set(['PENDING']);
  for (const state of reached) for (const next of TRANSITIONS[state as (typeof TASK_STATES)[number]]) reached.add(next);
  expect([...reached].sort()).toEqual([...TASK_STATES].sort());
  for (const state of TASK_STATES.filter(isSettled)) {
    for (const next of TRANSITIONS[state]) expect(['RUNNING', 'QUEUED', 'ASSIGNED']).not.toContain(next);
  }
});

test('nothing runs that was not ready, and nothing succeeds that did not run or was not decided', () => {
  for (const state of TASK_STATES) {
    if (isLegal(state, 'QUEUED')) expect(state).toBe('READY');
    // Of what is to be undone and was not, nothing has changed.
    if (isLegal(state, 'SUCCEEDED')) expect(['RUNNING', 'PAUSED', 'COMPENSATING']).toContain(state);
  }
});

test('a slot is held from the grant to the end', () => {
  expect(TASK_STATES.filter(occupiesSlot)).toEqual(['QUEUED', 'ASSIGNED', 'RUNNING', 'COMPENSATING', 'PAUSED']);
  expect(TASK_STATES.filter(satisfiesHard)).toEqual(['SUCCEEDED', 'SKIPPED']);
});
