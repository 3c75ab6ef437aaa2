/** The schema of hot updates, as editors and API descriptions get it. */
import { expect, test } from 'vitest';
import { hotUpdateJsonSchema, hotUpdatePayloadSchema } from '../../model/patch.schema.ts';

test('one update or several', () => {
  const one = { op: 'add_edge', edges: [{ from: 'a', to: 'b', type: 'hard' }] };
  expect(hotUpdatePayloadSchema.safeParse(one).success).toBe(true);
  expect(hotUpdatePayloadSchema.safeParse([one, { op: 'inject_task', task: { id: 'x' } }]).success).toBe(true);
  expect(hotUpdatePayloadSchema.safeParse([]).success).toBe(false);
});

test('as JSON Schema it names both operations and the fields of a task', () => {
  const text = JSON.stringify(hotUpdateJsonSchema());
  for (const word of ['inject_task', 'add_edge', 'rollback_cmd', 'expected_version', 'acceptance_checks']) {
    expect(text).toContain(word);
  }
});
