/** The schema of hot updates, as editors and API descriptions get it. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { PATCH_OPERATIONS } from '../../model/patch.ts';
import { hotUpdateJsonSchema, hotUpdatePayloadSchema } from '../../model/patch.schema.ts';

const isAccepted = (payload: unknown): boolean => hotUpdatePayloadSchema.safeParse(payload).success;

test('one update or several', () => {
  const one = { op: 'add_edge', edges: [{ from: 'a', to: 'b', type: 'hard' }] };
  expect(isAccepted(one)).toBe(true);
  expect(isAccepted([one, { op: 'inject_task', task: { id: 'x' } }])).toBe(true);
  expect(isAccepted([])).toBe(false);
});

test.each([
  [{ op: 'remove_edge', edges: [{ from: 'a', to: 'b' }] }, { op: 'remove_edge', edges: [{ from: 'a', to: 'b', type: 'technical' }] }],
  [{ op: 'update_task', task: 'a', changes: { cmd: 'x', env: null } }, { op: 'update_task', task: 'a', changes: {} }],
  [{ op: 'cancel_task', task: 'a' }, { op: 'cancel_task', task: 'a', tasks: ['b'] }],
  [{ op: 'cancel_task', tasks: ['a'], skip: true }, { op: 'cancel_task' }],
  [{ op: 'reprioritize', tasks: ['a'], priority: 'high' }, { op: 'reprioritize', tasks: [], priority: 1 }],
])('%j is accepted, %j is not', (good, bad) => {
  expect([isAccepted(good), isAccepted(bad)]).toEqual([true, false]);
});

describe('as JSON Schema', () => {
  test('it names all operations and the fields of a task', () => {
    const text = JSON.stringify(hotUpdateJsonSchema());
    for (const word of [...PATCH_OPERATIONS, 'rollback_cmd', 'expected_version', 'acceptance_checks']) expect(text).toContain(`"${word}"`);
  });

  test('it is the published file: `tasks patch --schema > schemas/hot-update.schema.json`', async () => {
    const published: unknown = JSON.parse(await readFile(new URL('../../schemas/hot-update.schema.json', import.meta.url), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(hotUpdateJsonSchema())));
  });

  test('it goes with the package', async () => {
    const { files } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly files: readonly string[] };
    expect(files).toContain('schemas');
  });
});
