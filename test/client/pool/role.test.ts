/** Roles as they are written, and when a worker that failed comes back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failuresAfter, restartDelay } from '../../../client/pool/backoff.ts';
import { canTake, readRoles } from '../../../client/pool/role.ts';
import { MAX_CAPABILITIES } from '../../../model/pool.ts';

test('roles: capabilities by commas, generic for none, each once', () => {
  const read = readRoles(['backend', 'db, testing', 'generic', 'backend', 'db,db,testing']);
  expect(read).toEqual({
    ok: true,
    value: [
      { name: 'backend', capabilities: ['backend'] },
      { name: 'db,testing', capabilities: ['db', 'testing'] },
      { name: 'generic', capabilities: [] },
    ],
  });
  expect(readRoles([])).toEqual({ ok: true, value: [{ name: 'generic', capabilities: [] }] });
});

test.each([
  ['a,,b', /is not the name of a capability/],
  [' ', /is not the name of a capability/],
  ['generic,db', /has no capabilities/],
  [Array.from({ length: MAX_CAPABILITIES + 1 }, (_, at) => `c${at}`).join(','), /at most 32 capabilities/],
])('no role: %s', (text, message) => {
  expect(readRoles([text])).toMatchObject({ ok: false, error: { code: 'TASKS3010', message: expect.stringMatching(message) } });
});

test('a worker takes what it can do all of, a generic one anything', () => {
  const db = { name: 'db,testing', capabilities: ['db', 'testing'] };
  expect([[], ['db'], ['testing', 'db'], ['db', 'ui']].map((wanted) => canTake(db, wanted))).toEqual([true, true, true, false]);
  expect(canTake({ name: 'generic', capabilities: [] }, ['anything'])).toBe(true);
});

test('a worker that fails comes back after twice as long each time, a minute at most, and anew after it has lived for one', () => {
  expect([1, 2, 3, 6, 7, 8, 99].map(restartDelay)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  fc.assert(
    fc.property(fc.array(fc.nat(120_000)), (lives) => {
      let failures = 0;
      for (const lived of lives) {
        failures = failuresAfter(failures, lived);
        expect(lived >= 60_000 ? restartDelay(failures) : 1_000).toBe(1_000);
      }
      expect(failures).toBeLessThanOrEqual(lives.length);
    }),
  );
});
