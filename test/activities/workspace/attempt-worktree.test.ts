import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createRepo } from './repository.ts';

test('what an attempt has changed is one commit, and in the workspace', async () => {
  await using repo = await createRepo({ 'a.txt': 'a\n', 'old.txt': 'old\n', '.gitignore': 'ignored/\n' });
  const before = await repo.git('rev-parse', 'HEAD');
  const result = await repo.attempt('T1', 'pwd; echo more >> a.txt; rm old.txt; mkdir -p new ignored; echo n > "new/ö b.txt"; echo x > ignored/x; test "$TASKS_WORKSPACE" = "$(pwd)"', { title: 'make it', fields: { labels: ['feat'] } });
  expect(result).toMatchObject({ outcome: 'succeeded', touched: ['a.txt', 'new/ö b.txt', 'old.txt'] });
  expect(result.tail).toContain('.tasks/e1/T1/1.worktree');
  expect([await repo.git('rev-parse', 'HEAD'), await repo.git('rev-parse', 'HEAD^')]).toEqual([result.commit, before]);
  expect(await repo.git('log', '-1', '--format=%s%n%b')).toContain('feat(T1): make it\nTasks-Execution: e1\nTasks-Task: T1\nTasks-Attempt: 1');
  expect([repo.read('a.txt'), repo.read('old.txt'), repo.read('new/ö b.txt'), repo.read('ignored/x')]).toEqual(['a\nmore\n', undefined, 'n\n', undefined]);
  expect([await repo.git('status', '--porcelain'), await repo.git('symbolic-ref', 'HEAD')]).toEqual(['', 'refs/heads/main']);
  expect([await repo.worktrees(), await repo.traces(), await repo.git('branch', '--list')]).toEqual([[], [], '* main']);
});

test('nothing of a failed attempt stays, and each begins with what is committed', async () => {
  await using repo = await createRepo();
  await repo.write({ 'a.txt': 'somebody is at work on this\n' });
  const before = await repo.git('rev-parse', 'HEAD');
  const failed = await repo.attempt('T1', 'cat a.txt; echo half > a.txt; echo half > half.txt; exit 3', { artifacts: ['half.txt'] });
  expect(failed).toMatchObject({ outcome: 'failed', failure: { reason: 'exit' } });
  expect([failed.artifacts, failed.touched, failed.commit]).toEqual([undefined, undefined, undefined]);
  const again = await repo.attempt('T1', 'cat a.txt; test ! -e half.txt', {}, { input: { attempt: 2 } });
  expect(again).toMatchObject({ outcome: 'succeeded', tail: 'a\n' });
  expect([again.commit, await repo.git('rev-parse', 'HEAD'), repo.read('a.txt')]).toEqual([undefined, before, 'somebody is at work on this\n']);
  expect([await repo.worktrees(), existsSync(join(repo.path, '.tasks/e1/T1/1.worktree')), await repo.git('status', '--porcelain')]).toEqual([[], false, ' M a.txt']);
});

test('smoke, checks, directory and artifacts mean the worktree; the checks of one that is not merged see what it made', async () => {
  await using repo = await createRepo({ 'pkg/a.txt': 'a\n', '.gitignore': 'dist\n' });
  const result = await repo.attempt('T1', 'mkdir -p ../dist; echo built > ../dist/out.js; echo 1 > made.txt', {
    directory: 'pkg',
    smoke: 'test "$(cat ../dist/out.js)" = built',
    artifacts: ['dist/**', 'pkg/made.txt'],
    checks: [{ type: 'artifact', path: 'pkg/made.txt', expect: { exists: true } }],
  });
  expect(result).toMatchObject({ outcome: 'succeeded', touched: ['pkg/made.txt'] });
  expect(result.artifacts?.map(({ path }) => path)).toEqual(['dist/out.js', 'pkg/made.txt']);
  // Git ignores it, and somebody waits for it.
  expect([repo.read('dist/out.js'), repo.read('pkg/made.txt'), await repo.git('status', '--porcelain')]).toEqual(['built\n', '1\n', '']);
});

test('a workspace below the top of its repository', async () => {
  await using repo = await createRepo({ 'top.txt': 't\n', 'sub/a.txt': 'a\n' });
  const workspace = join(repo.path, 'sub');
  const result = await repo.attempt('T1', 'echo more >> a.txt; echo more >> ../top.txt; echo n > n.txt', {}, { input: { workspace } });
  expect(result).toMatchObject({ outcome: 'succeeded', touched: ['a.txt', 'n.txt'] });
  expect([repo.read('sub/a.txt'), repo.read('top.txt'), repo.read('sub/n.txt'), await repo.git('status', '--porcelain')]).toEqual(['a\nmore\n', 't\nmore\n', 'n\n', '']);
  // One that git does not know.
  await mkdir(join(repo.path, 'empty'));
  const other = await repo.attempt('T2', 'echo n > n.txt', {}, { input: { workspace: join(repo.path, 'empty') } });
  expect([other.outcome, repo.read('empty/n.txt')]).toEqual(['succeeded', 'n\n']);
});

test('packages that are installed in the workspace are linked, and never committed', async () => {
  await using repo = await createRepo({ 'a.txt': 'a\n', '.gitignore': 'node_modules/\n' });
  await repo.write({ 'node_modules/x/index.js': 'x' });
  const spec = { workspaceTerms: { link: ['node_modules', 'pkg/node_modules'] } };
  const result = await repo.attempt('T1', 'cat node_modules/x/index.js; echo more >> a.txt', spec);
  expect(result).toMatchObject({ outcome: 'succeeded', touched: ['a.txt'] });
  expect(result.tail).toContain('x');
  expect([repo.read('node_modules/x/index.js'), await repo.git('ls-files')]).toEqual(['x', '.gitignore\na.txt']);
  const refused = await repo.attempt('T2', 'true', { workspaceTerms: { link: ['a.txt'] } });
  expect(refused.failure).toMatchObject({ reason: 'spawn', message: '"a.txt" cannot be linked into a worktree: git does not ignore it.' });
  const outside = await repo.attempt('T3', 'true', { workspaceTerms: { link: ['../x'] } });
  expect(outside.failure?.message).toContain('cannot be linked');
  expect(await repo.worktrees()).toEqual([]);
});

test('a failed attempt may keep its worktree, until the next one', async () => {
  await using repo = await createRepo();
  const terms = { workspaceTerms: { keepFailed: true } };
  const failed = await repo.attempt('T1', 'echo half > half.txt; exit 1', terms);
  expect(failed.failure?.message).toContain('(its worktree is kept: .tasks/e1/T1/1.worktree)');
  expect(repo.read('.tasks/e1/T1/1.log')).toContain('--- the worktree of this attempt is kept until the next one: .tasks/e1/T1/1.worktree');
  expect([repo.read('.tasks/e1/T1/1.worktree/half.txt'), await repo.git('status', '--porcelain')]).toEqual(['half\n', '']);
  expect(await repo.git('worktree', 'list', '--porcelain')).toContain('locked kept by tasks: attempt 1 of T1 in e1 has failed');
  await repo.attempt('T1', 'true', terms, { input: { attempt: 2 } });
  expect([await repo.worktrees(), existsSync(join(repo.path, '.tasks/e1/T1/1.worktree'))]).toEqual([[], false]);
});

test.each([
  ['no repository', async (path: string) => rm(join(path, '.git'), { recursive: true }), 'is in no git repository'],
  ['no commit', async (path: string) => void (await execa('git', ['update-ref', '-d', 'HEAD'], { cwd: path })), 'its repository has no commit'],
])('with %s it does not start, and says why', async (_, spoil, message) => {
  await using repo = await createRepo();
  await spoil(repo.path);
  const result = await repo.attempt('T1', 'touch ran');
  expect(result).toMatchObject({ outcome: 'failed', failure: { reason: 'spawn', class: 'logic' } });
  expect(result.failure?.message).toContain(message);
  expect(repo.read('ran')).toBeUndefined();
});

test('hooks and signatures of the user are not asked, and commits of the command are part of one', async () => {
  await using repo = await createRepo();
  await repo.git('config', 'core.hooksPath', '.hooks');
  await repo.git('config', 'commit.gpgsign', 'true');
  await repo.rig.write('.hooks/pre-commit', '#!/bin/sh\nexit 1\n');
  await execa('chmod', ['+x', join(repo.path, '.hooks/pre-commit')]);
  const result = await repo.attempt('T1', 'echo 1 > c.txt; git add c.txt; git -c user.name=x -c user.email=x@x -c commit.gpgsign=false commit -qnm own; echo 2 > d.txt');
  expect(result).toMatchObject({ outcome: 'succeeded', touched: ['c.txt', 'd.txt'] });
  expect((await repo.git('log', '--format=%s')).split('\n')).toEqual(['chore(T1): run', 'by a person']);
});

test('what cannot be merged as it is fails the attempt', async () => {
  await using repo = await createRepo();
  const nested = await repo.attempt('T1', 'git init -q inner; cd inner; git -c user.name=x -c user.email=x@x commit -q --allow-empty -m x');
  expect(nested.failure).toMatchObject({ reason: 'check', message: expect.stringContaining('git repositories of their own in "inner"') });
  const conflict = await repo.attempt('T2', 'git checkout -q -b side; echo s > a.txt; git -c user.name=x -c user.email=x@x commit -qam s; git checkout -q --detach HEAD^; echo m > a.txt; git -c user.name=x -c user.email=x@x commit -qam m; git -c user.name=x -c user.email=x@x merge -q side || true');
  expect(conflict.failure).toMatchObject({ reason: 'check', message: expect.stringContaining('unresolved conflicts in "a.txt"') });
  expect([repo.read('a.txt'), await repo.worktrees()]).toEqual(['a\n', []]);
});

test('a command that spoils its own .git reaches no other repository', async () => {
  await using repo = await createRepo();
  const before = await repo.git('rev-parse', 'HEAD');
  const result = await repo.attempt('T1', 'rm .git; echo more >> a.txt');
  expect(result.outcome).toBe('succeeded');
  expect([repo.read('a.txt'), await repo.git('rev-parse', 'HEAD^')]).toEqual(['a\nmore\n', before]);
  expect(await repo.worktrees()).toEqual([]);
});

test('an attempt that is stopped leaves nothing', async () => {
  await using repo = await createRepo();
  const controller = new AbortController();
  const running = repo.attempt('T1', 'echo half > half.txt; touch "$TASKS_METRICS_FILE"; sleep 60', {}, { signal: controller.signal });
  await expect.poll(() => existsSync(join(repo.path, '.tasks/e1/T1/metrics.json')), { timeout: 10_000 }).toBe(true);
  controller.abort('cancelled');
  expect((await running).outcome).toBe('cancelled');
  expect([await repo.worktrees(), repo.read('half.txt'), await repo.git('status', '--porcelain')]).toEqual([[], undefined, '']);
});
