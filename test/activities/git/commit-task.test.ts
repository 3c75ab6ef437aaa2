import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commitTask } from '../../../activities/git/commit-task.ts';
import { tagDepth } from '../../../activities/git/tag-depth.ts';
import type { AttemptInput } from '../../../model/attempt.ts';
import type { TaskSpec } from '../../../model/graph.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../../model/ids.ts';

let workspace: string;
const git = async (...args: string[]): Promise<string> => (await execa('git', args, { cwd: workspace })).stdout;
const write = (path: string, text: string): Promise<void> => writeFile(join(workspace, path), text);

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'tasks-git-'));
  await git('init', '--quiet', '--initial-branch=main');
  await mkdir(join(workspace, 'out'));
  await write('.gitignore', 'ignored.txt\n');
  await write('old.txt', 'old\n');
  await git('add', '-A');
  await git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'start');
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const attempt = (task: string, attempt = 1): AttemptInput => ({
  execution: 'ex' as ExecutionId,
  task: task as TaskId,
  attempt,
  source: '' as ContentHash,
  executor: 'command',
  workspace,
  timeoutMs: 1,
  graceMs: 1,
  firstRunId: '',
  git: true,
});
const spec = (id: string, rest: Partial<TaskSpec> = {}): TaskSpec => ({ id: id as TaskId, fields: {}, ...rest });

test('commits what the task declares, and nothing else, with a conventional message', async () => {
  await write('out/a b.txt', 'a');
  await write('ignored.txt', 'x');
  await write('other.txt', 'another task is at work on this');
  await rm(join(workspace, 'old.txt'));
  const fields = { labels: ['shared', 'feat'], files_scope: { write: 'old.txt', writes: ['ignored.txt'] } };
  const commit = await commitTask({ workspace, input: attempt('T1'), spec: spec('T1', { title: 'make a', artifacts: ['out/**'], fields }) });
  expect(commit).toBe(await git('rev-parse', 'HEAD'));
  expect(await git('log', '-1', '--format=%s%n%b')).toContain('feat(T1): make a\nTasks-Execution: ex\nTasks-Task: T1');
  expect((await git('show', '--name-status', '--format=', 'HEAD')).split('\n').sort()).toEqual(['A\tout/a b.txt', 'D\told.txt']);
  expect(await git('status', '--porcelain')).toBe('?? other.txt');
});

test('leaves no commit where nothing declared has changed, and keeps what somebody else has staged', async () => {
  await write('staged.txt', 's');
  await git('add', 'staged.txt');
  const before = await git('rev-parse', 'HEAD');
  expect(await commitTask({ workspace, input: attempt('T1'), spec: spec('T1', { artifacts: ['out/**'] }) })).toBeUndefined();
  expect(await commitTask({ workspace, input: attempt('T1'), spec: spec('T1') })).toBeUndefined();
  expect(await git('rev-parse', 'HEAD')).toBe(before);
  await write('out/x.txt', 'x');
  await commitTask({ workspace, input: attempt('T2'), spec: spec('T2', { artifacts: ['out/**'] }) });
  expect(await git('status', '--porcelain')).toBe('A  staged.txt');
});

test('tasks that end together get a commit each', async () => {
  const tasks = Array.from({ length: 8 }, (_, i) => `T${i}`);
  await Promise.all(tasks.map((task) => write(`out/${task}`, task)));
  await Promise.all(tasks.map((task) => commitTask({ workspace, input: attempt(task), spec: spec(task, { artifacts: [`out/${task}`] }) })));
  const subjects = (await git('log', '--format=%s', '-8')).split('\n').sort();
  expect(subjects).toEqual(tasks.map((task) => `chore(${task}): run`));
});

test('a depth is tagged once', async () => {
  const request = { workspace, execution: 'ex' as ExecutionId, depth: 0 };
  expect(await tagDepth(request)).toEqual({ tag: 'tasks/ex/depth-0' });
  const before = await git('rev-parse', 'tasks/ex/depth-0');
  await git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '--allow-empty', '-m', 'later');
  await tagDepth(request);
  expect(await git('rev-parse', 'tasks/ex/depth-0')).toBe(before);
});
