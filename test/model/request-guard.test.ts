import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCompleteRequest, readPage, readPauseRequest, readTaskRequest } from '../../model/request-guard.ts';

test('what people and scripts send is read', () => {
  expect(readPauseRequest(undefined)).toEqual({ ok: true, value: {} });
  expect(readPauseRequest({ by: 'ann', reason: 'lunch', more: 1 })).toEqual({ ok: true, value: { by: 'ann', reason: 'lunch' } });
  expect(readTaskRequest('T1')).toEqual({ ok: true, value: { task: 'T1' } });
  expect(readTaskRequest({ task: 'T1', by: null })).toEqual({ ok: true, value: { task: 'T1' } });
  expect(readCompleteRequest({ task: 'T1', outcome: 'failed' })).toEqual({ ok: true, value: { task: 'T1', outcome: 'failed' } });
});

test.each([[7], [[]], ['text'], [{ by: 3 }], [{ reason: 'x'.repeat(2_001) }]])('a pause with %j is refused', (payload) => {
  expect(readPauseRequest(payload)).toMatchObject({ ok: false, error: [{ code: 'TASKS3011' }] });
});

test('nothing that anybody sends makes a reader throw', () => {
  fc.assert(
    fc.property(fc.anything(), (payload) => {
      for (const read of [readPauseRequest, readTaskRequest, readCompleteRequest]) expect(typeof read(payload).ok).toBe('boolean');
      const { from, limit } = readPage(payload);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(limit).toBeGreaterThanOrEqual(1);
      expect(limit).toBeLessThanOrEqual(1_000);
    }),
  );
});
