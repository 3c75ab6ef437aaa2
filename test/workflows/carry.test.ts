import { expect, test } from 'vitest';
import { trimmed } from '../../workflows/execution/carry.ts';
import type { Carried } from '../../workflows/execution/carry.ts';

test('a hand-over holds no more output than a payload can carry, however many tasks have failed', () => {
  const tail = 'x'.repeat(4_096);
  const failure = { reason: 'exit', class: 'transient', message: 'it broke' } as const;
  const count = 2_000;
  const carried = {
    scheduler: { records: Array.from({ length: count }, () => ({ state: 'FAILED', attempt: 1, failures: 1 })) },
    attempts: Array.from({ length: count }, () => ({ finishedAt: 1, failure, tail })),
    events: Array.from({ length: count }, (_, i) => ({ seq: i + 1, at: 1, type: 'task_failed', task: `T${i}`, attempt: 1, error: failure, canRetry: false, tail })),
  } as unknown as Carried;
  const handed = trimmed(carried);
  expect(JSON.stringify(handed).length).toBeLessThan(1_500_000);
  expect(handed.attempts.filter((summary) => summary?.tail !== undefined)).toHaveLength(50);
  expect(handed.attempts.every((summary) => summary?.failure)).toBe(true);
  expect(handed.events.at(-1)?.seq).toBe(count);
  expect(handed.events.map(({ seq }) => seq)).toEqual(handed.events.map((_, i) => count - handed.events.length + 1 + i));
  expect(carried.events).toHaveLength(count);
});
