import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAttemptResult } from '../../model/attempt-guard.ts';
import { readExecutionInput } from '../../model/input-guard.ts';

const plan = 'a'.repeat(64);

test('an input by hand needs no more than the plan', () => {
  expect(readExecutionInput({ plan })).toEqual({ ok: true, value: { plan } });
  const full = { plan, workspace: '/w', executor: 'noop', git: true, graceMs: 0, policies: { retry: { maxAttempts: 1 }, wave: { quorum: 1 }, concurrencyMax: 3 } };
  expect(readExecutionInput(full).ok).toBe(true);
});

test.each([
  [undefined, 'hash of a stored plan'],
  [{ plan: '../x' }, 'hash of a stored plan'],
  [{ plan, workspace: 7 }, "input's workspace"],
  [{ plan, policies: { concurrencyMax: '8' } }, "input's policies.concurrencyMax"],
  [{ plan, policies: { retry: { retryOn: ['never'] } } }, "input's policies.retry"],
  [{ plan, policy: {} }, "input's policy "],
])('%j is refused', (input, message) => {
  expect(readExecutionInput(input)).toMatchObject({ ok: false, error: [{ code: 'TASKS3011', message: expect.stringContaining(message) }] });
});

test('only the result of an attempt passes for one', () => {
  const result = { task: 'T', attempt: 1, outcome: 'succeeded', startedAt: 1, finishedAt: 2, worker: 'w', host: 'h', tail: '' };
  expect(isAttemptResult(result)).toBe(true);
  for (const change of [{ task: 1 }, { attempt: 0 }, { outcome: 'fine' }, { tail: null }, { failure: { reason: 'exit', class: 'bad' } }, { patch: 5 }, { patch: {} }, { checkpoints: 5 }, { checkpoints: [{}] }, { refused: {} }, { resumed: 'x' }]) {
    expect(isAttemptResult({ ...result, ...change })).toBe(false);
  }
  const patch = { id: 'fix', by: 'agent', tasks: [{ id: 'A', executor: 'command', estimateMs: 1 }], edges: [{ from: 'A', to: 'T', type: 'hard' }], source: 'b'.repeat(64) };
  expect(isAttemptResult({ ...result, patch, checkpoints: [{ n: 1, name: 'half', at: 1, files: 0, bytes: 0 }] })).toBe(true);
  expect(isAttemptResult({ ...result, patch: { ...patch, tasks: [{ id: 'A', repairs: { breaker: 'b', trip: 1 } }] } })).toBe(false);
  fc.assert(fc.property(fc.anything(), (payload) => typeof readExecutionInput(payload).ok === typeof isAttemptResult(payload)));
});
