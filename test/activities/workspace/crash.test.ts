/** What a worker leaves that dies: in the middle of a merge, after it, or in the middle of a command. */
import { existsSync, renameSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeJournal } from '../../../activities/workspace/journal.ts';
import { sweepWorktrees } from '../../../activities/workspace/sweep.ts';
import { addWorktree } from '../../../activities/workspace/worktree.ts';
import type { ExecutionId } from '../../../model/ids.ts';
import { findRepository } from '../../../store/repository.ts';
import { createRepo } from './repository.ts';
import type { Repo } from './repository.ts';

const FILES = { 'a.txt': 'a\n', 'old.txt': 'old\n', 'x/y.txt': 'y\n', 'bin': '\u0000\u0001', 'still.txt': 'still\n' };
const COMMAND = 'echo working; echo a2 > a.txt; rm -r old.txt x; mkdir new; echo n > new/n.txt; echo n > x; printf "\\000\\002" > bin; echo ran >> "$TASKS_METRICS_FILE"';

/** The commit that an attempt would make, and the workspace as it was before. */
const prepared = async (repo: Repo): Promise<{ readonly from: string; readonly to: string }> => {
  const from = await repo.git('rev-parse', 'HEAD');
  const { commit } = await repo.attempt('T0', COMMAND);
  await repo.git('reset', '-q', '--hard', from);
  return { from, to: commit as string };
};
const tree = async (repo: Repo): Promise<unknown> => [await repo.git('rev-parse', 'HEAD'), await repo.git('status', '--porcelain'), repo.read('a.txt'), repo.read('old.txt'), repo.read('x'), repo.read('x/y.txt'), repo.read('new/n.txt'), repo.read('bin')];
const MERGED = ['', 'a2\n', undefined, 'n\n', undefined, 'n\n', '\u0000\u0002'];
/** Anything that has to do with the repository comes across what is under way. */
const next = (repo: Repo) => repo.attempt('T9', 'true');

test.each<readonly [string, (repo: Repo, commits: { readonly from: string; readonly to: string }) => Promise<unknown>]>([
  ['before the first file', async () => undefined],
  ['in the middle of the files, with git', async (repo) => {
    await repo.write({ 'a.txt': 'a2' });
    await rm(join(repo.path, 'old.txt'));
    await repo.write({ 'new/n.txt': '' });
    await writeFile(join(repo.path, '.git/index.lock'), '');
  }],
  ['between the files and the branch', (repo, { from, to }) => repo.git('read-tree', '-m', '-u', from, to)],
  ['after the branch', async (repo, { from, to }) => {
    await repo.git('read-tree', '-m', '-u', from, to);
    await repo.git('update-ref', 'HEAD', to);
  }],
])('a merge whose worker died %s is finished by whoever comes next', { timeout: 60_000 }, async (_, die) => {
  await using repo = await createRepo(FILES);
  const commits = await prepared(repo);
  await repo.write({ 'still.txt': 'somebody is at work on this\n' });
  writeJournal(join(repo.path, '.git'), commits);
  await die(repo, commits);
  expect((await next(repo)).outcome).toBe('succeeded');
  expect(await tree(repo)).toEqual([commits.to, ' M still.txt', ...MERGED.slice(1)]);
  expect([await repo.traces(), repo.read('still.txt')]).toEqual([[], 'somebody is at work on this\n']);
});

test('it goes back when somebody has committed since, and leaves what a person has changed', async () => {
  await using repo = await createRepo(FILES);
  const { from, to } = await prepared(repo);
  writeJournal(join(repo.path, '.git'), { from, to });
  await repo.git('read-tree', '-m', '-u', from, to);
  await repo.write({ 'still.txt': 'committed\n', 'a.txt': 'by a person\n' });
  await repo.git('commit', '-q', '-m', 'by a person', '--only', 'still.txt');
  const head = await repo.git('rev-parse', 'HEAD');
  expect((await next(repo)).outcome).toBe('succeeded');
  expect(await tree(repo)).toEqual([head, ' M a.txt', 'by a person\n', 'old\n', undefined, 'y\n', undefined, '\u0000\u0001']);
  expect(await repo.traces()).toEqual([]);
});

test('a result that nobody heard of is taken over by the next attempt, which runs nothing', async () => {
  await using repo = await createRepo(FILES);
  const first = await repo.attempt('T1', COMMAND);
  await repo.commit({ 'still.txt': 'somebody went on\n' });
  const second = await repo.attempt('T1', COMMAND, {}, { input: { attempt: 2, lostSince: 1 } });
  expect(second).toMatchObject({ outcome: 'succeeded', attempt: 2, commit: first.commit, touched: first.touched });
  expect([second.log, repo.read('.tasks/e1/T1/1.log')]).toEqual([first.log, expect.stringContaining('attempt 2 reports it, and runs nothing')]);
  // Also when that one was lost itself.
  const third = await repo.attempt('T1', COMMAND, {}, { input: { attempt: 3, lostSince: 1 } });
  expect(third).toMatchObject({ outcome: 'succeeded', attempt: 3, commit: first.commit });
  expect((await readFile(join(repo.path, '.tasks/e1/T1/metrics.json'), 'utf8')).split('\n')).toEqual(['ran', '']);
});

test('so is that of the same attempt, asked for again, and that of a merge that had to be finished', async () => {
  await using repo = await createRepo(FILES);
  const from = await repo.git('rev-parse', 'HEAD');
  const first = await repo.attempt('T1', COMMAND);
  const directory = join(repo.path, '.tasks/e1/T1');
  await rm(join(directory, '1.result.json'));
  expect(await repo.attempt('T1', COMMAND)).toMatchObject({ outcome: 'succeeded', commit: first.commit });
  // As if it had died right after it had said what it was about to do.
  await repo.git('reset', '-q', '--hard', from);
  writeJournal(join(repo.path, '.git'), { from, to: first.commit as string });
  const second = await repo.attempt('T1', COMMAND, {}, { input: { attempt: 2, lostSince: 1 } });
  expect([second.commit, await repo.git('rev-parse', 'HEAD'), await repo.git('status', '--porcelain')]).toEqual([first.commit, first.commit, '']);
});

test('it runs again when it was not merged, was heard, is another execution’s, or has been taken out of the history', async () => {
  await using repo = await createRepo(FILES);
  const from = await repo.git('rev-parse', 'HEAD');
  await repo.attempt('T1', 'echo once >> a.txt');
  const heard = await repo.attempt('T1', 'echo once >> a.txt', {}, { input: { attempt: 2 } });
  expect([heard.outcome, repo.read('a.txt')]).toEqual(['succeeded', 'a\nonce\nonce\n']);
  const other = await repo.attempt('T1', 'echo once >> a.txt', {}, { input: { attempt: 3, lostSince: 1, firstRunId: 'another' } });
  expect([other.outcome, repo.read('a.txt')]).toEqual(['succeeded', 'a\nonce\nonce\nonce\n']);
  await repo.git('reset', '-q', '--hard', from);
  const again = await repo.attempt('T1', 'echo once >> a.txt', {}, { input: { attempt: 4, lostSince: 1 } });
  expect([again.outcome, repo.read('a.txt')]).toEqual(['succeeded', 'a\nonce\n']);
});

test('an attempt that was given up merges nothing once the next one has begun', async () => {
  await using repo = await createRepo(FILES);
  const [begun, go] = ['begun', 'go'].map((name) => join(repo.path, `.tasks/${name}`)) as [string, string];
  const zombie = repo.attempt('T1', `touch ${begun}; until test -e ${go}; do sleep 0.02; done; cd /; echo zombie`);
  const directory = join(repo.path, '.tasks/e1/T1');
  const lock = join(directory, '1.lock.json');
  // The lock names the command's process, and comes after it.
  await expect.poll(() => existsSync(begun) && existsSync(lock), { timeout: 20_000 }).toBe(true);
  // Its worker is cut off: its lock says that it runs on another host.
  renameSync(lock, join(directory, 'aside'));
  const second = await repo.attempt('T1', 'echo second >> a.txt', {}, { input: { attempt: 2, lostSince: 1 } });
  await writeFile(go, '');
  const first = await zombie;
  expect([second.outcome, first.failure?.reason, repo.read('a.txt')]).toEqual(['succeeded', 'lost', 'a\nsecond\n']);
  expect([await repo.worktrees(), await repo.traces()]).toEqual([[], []]);
});

test('worktrees of killed workers go with the next attempt, or at the end of the execution', async () => {
  await using repo = await createRepo(FILES);
  const found = await findRepository(repo.path);
  if (!found.ok) throw new Error(found.error);
  const left = (execution: string, task: string) => addWorktree({ repository: found.value, path: join(repo.path, '.tasks', execution, task, '1.worktree') });
  await left('e1', 'T1');
  await repo.attempt('T1', 'true', {}, { input: { attempt: 2, lostSince: 1 } });
  expect(await repo.worktrees()).toEqual([]);
  await Promise.all([left('e1', 'T2'), left('e2', 'T2')]);
  await repo.attempt('T3', 'false', { workspaceTerms: { keepFailed: true } });
  await sweepWorktrees({ workspace: repo.path, execution: 'e1' as ExecutionId });
  expect((await repo.worktrees()).map((line) => line.slice(line.indexOf('.tasks')))).toEqual(['.tasks/e1/T3/1.worktree', '.tasks/e2/T2/1.worktree']);
  expect(await readdir(join(repo.path, '.tasks/e1/T2'))).toEqual([]);
});
