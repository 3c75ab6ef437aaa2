import { expect, test } from 'vitest';
import { readParsedPatch } from '../../model/patch-guard.ts';
import { parsePatch } from '../../planner/read/parse-patch.ts';

const SOURCE = 'a'.repeat(64);
const patch = {
  id: 'fix',
  tasks: [{ id: 'A', title: 'a', estimateMs: 1, asks: [{ resource: 'db', units: 1, access: 'write' }], retry: { maxAttempts: 2 }, labels: ['x'] }],
  edges: [{ from: 'A', to: 'B', type: 'hard' }],
  source: SOURCE,
};

test('what the parser makes of a patch with every field passes', () => {
  const task = { id: 'A', title: 't', cmd: 'true', estimate_minutes: 1, priority: 'high', confidence: 0.5, rollback_cost: 'low', max_retries: 1, labels: ['l'], resources: ['db'], deps: ['B'], timeout: '5s', idempotent: false };
  const parsed = parsePatch([{ op: 'inject_task', task }, { op: 'add_edge', edges: [{ from: 'A', to: 'C' }] }], { fallbackId: 'x' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  expect(readParsedPatch(JSON.parse(JSON.stringify({ ...parsed.value.patch, source: SOURCE })))).toMatchObject({ ok: true });
});

test('a whole patch passes', () => {
  expect(readParsedPatch(patch)).toEqual({ ok: true, value: patch });
});

test.each([
  ['nothing', undefined],
  ['a list', [patch]],
  ['no id', { ...patch, id: undefined }],
  ['an unknown key', { ...patch, extra: 1 }],
  ['an id that is a path', { ...patch, tasks: [{ id: '../x' }] }],
  ['a reserved id', { ...patch, tasks: [{ id: '__proto__' }] }],
  ['an unknown field of a task', { ...patch, tasks: [{ id: 'A', deps: [0] }] }],
  ['an estimate that is no number', { ...patch, tasks: [{ id: 'A', estimateMs: 'long' }] }],
  ['an ask of nothing', { ...patch, tasks: [{ id: 'A', asks: [{ resource: 'db', units: 0, access: 'write' }] }] }],
  ['half an ask', { ...patch, tasks: [{ id: 'A', asks: [{ resource: 'db' }] }] }],
  ['an edge without a type', { ...patch, edges: [{ from: 'A', to: 'B' }] }],
  ['tasks that are stored nowhere', { ...patch, source: undefined }],
  ['a source that is no hash', { ...patch, source: '../../etc' }],
])('%s is refused', (_what, payload) => {
  expect(readParsedPatch(payload)).toMatchObject({ ok: false, error: [{ code: 'TASKS3006' }] });
});
