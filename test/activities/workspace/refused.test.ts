/** What a merge that is refused leaves alone, and what one beside others tells. */
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRepo, meanwhile } from './repository.ts';

test('artifacts that git ignores are not brought from a merge that is refused', async () => {
  await using repo = await createRepo({ 'a.txt': 'a\n', '.gitignore': 'dist\n' });
  await repo.write({ 'dist/out.js': 'old\n' });
  const failed = await meanwhile(repo, 'mkdir -p dist; echo new > dist/out.js; echo mine > a.txt', () => repo.commit({ 'a.txt': 'theirs\n' }), 'T1', { artifacts: ['dist/**'] });
  expect(failed.failure).toMatchObject({ reason: 'conflict' });
  expect(repo.read('dist/out.js')).toBe('old\n');
});

test('a compensation after a refused merge has what was linked', async () => {
  await using repo = await createRepo({ 'a.txt': 'a\n', '.gitignore': 'node_modules\n' });
  await repo.write({ 'node_modules/undo/index.js': 'x' });
  const spec = { workspaceTerms: { link: ['node_modules'] }, compensation: { command: 'test -e node_modules/undo/index.js' } };
  const input = { compensation: { timeoutMs: 5_000, pausesMs: [] } };
  const failed = await meanwhile(repo, 'echo mine > a.txt', () => repo.commit({ 'a.txt': 'theirs\n' }), 'T1', spec, { input });
  expect(failed).toMatchObject({ failure: { reason: 'conflict' }, compensation: { outcome: 'succeeded' } });
});

test('an artifact that another task has changed as well is told as it is in the workspace', async () => {
  const lines = Array.from({ length: 9 }, (_, at) => `${at}\n`);
  await using repo = await createRepo({ 'report.txt': lines.join('') });
  const theirs = ['first\n', ...lines.slice(1)].join('');
  const result = await meanwhile(repo, "sed -i 's/^8$/last/' report.txt", () => repo.commit({ 'report.txt': theirs }), 'T1', { artifacts: ['report.txt'] });
  expect(result).toMatchObject({ outcome: 'succeeded', artifacts: [{ path: 'report.txt', hash: createHash('sha256').update(repo.read('report.txt') ?? '').digest('hex') }] });
  expect(repo.read('report.txt')).toContain('first');
  expect(repo.read('report.txt')).toContain('last');
});

test('a lock of the index that a person holds is waited for, and left to them', { timeout: 60_000 }, async () => {
  await using repo = await createRepo();
  const lock = join(repo.path, '.git/index.lock');
  await writeFile(lock, 'an editor is open');
  const failed = await repo.attempt('T1', 'echo more >> a.txt');
  expect(failed).toMatchObject({ outcome: 'failed', failure: { reason: 'check', check: 'git merge', message: expect.stringContaining('index.lock') } });
  expect([repo.read('.git/index.lock'), repo.read('a.txt'), await repo.git('log', '--format=%s')]).toEqual(['an editor is open', 'a\n', 'by a person']);
  await rm(lock);
  const again = await repo.attempt('T1', 'echo more >> a.txt', {}, { input: { attempt: 2 } });
  expect([again.outcome, repo.read('a.txt'), await repo.traces()]).toEqual(['succeeded', 'a\nmore\n', []]);
});
