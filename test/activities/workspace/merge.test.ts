/** What is merged, what is refused, and what a person has not committed. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRepo, meanwhile } from './repository.ts';
import type { Repo } from './repository.ts';

const LINES = Array.from({ length: 9 }, (_, at) => `line ${at}\n`);
const text = (changes: Readonly<Record<number, string>> = {}): string => LINES.map((line, at) => changes[at] ?? line).join('');
const sed = (at: number, to: string, file = 'a.txt'): string => `sed -i 's/^line ${at}$/${to}/' ${file}`;

test('other lines of the same file that were changed meanwhile stay', async () => {
  await using repo = await createRepo({ 'a.txt': text(), 'b.txt': 'b\n' });
  const result = await meanwhile(repo, sed(8, 'mine'), () => repo.commit({ 'a.txt': text({ 0: 'theirs\n' }), 'b.txt': 'changed\n' }));
  expect([result.outcome, result.touched]).toEqual(['succeeded', ['a.txt']]);
  expect([repo.read('a.txt'), repo.read('b.txt')]).toEqual([text({ 0: 'theirs\n', 8: 'mine\n' }), 'changed\n']);
  expect([await repo.git('status', '--porcelain'), await repo.git('diff', '--name-only', 'HEAD^', 'HEAD')]).toEqual(['', 'a.txt']);
});

test('the same lines are a conflict: nothing is changed, and the next attempt begins with them', async () => {
  await using repo = await createRepo({ 'a.txt': text(), 'b.txt': 'b\n' });
  const failed = await meanwhile(repo, `${sed(4, 'mine')}; echo x > b.txt`, () => repo.commit({ 'a.txt': text({ 4: 'theirs\n' }) }));
  expect(failed).toMatchObject({ outcome: 'failed', failure: { reason: 'conflict', class: 'transient', rule: 'merge-conflict' } });
  expect(failed.failure?.message).toContain('in "a.txt"; the next attempt begins with that');
  expect([repo.read('a.txt'), repo.read('b.txt'), await repo.git('status', '--porcelain'), await repo.traces()]).toEqual([text({ 4: 'theirs\n' }), 'b\n', '', []]);
  const [, commit = ''] = /commit ([0-9a-f]{12})/.exec(failed.failure?.message ?? '') ?? [];
  expect(await repo.git('show', `${commit}:b.txt`)).toBe('x');
  const again = await repo.attempt('T1', `grep -q theirs a.txt && sed -i s/theirs/both/ a.txt`, {}, { input: { attempt: 2 } });
  expect([again.outcome, repo.read('a.txt')]).toEqual(['succeeded', text({ 4: 'both\n' })]);
});

test.each([
  ['a failure, there', 'exit 1', 'half from:half'],
  ['a conflict, anew', 'true', 'o from:'],
])('after a checkpoint and %s, the next attempt begins', async (_, end, begins) => {
  await using repo = await createRepo({ 'a.txt': text(), 'out.txt': 'o\n' });
  const spec = { artifacts: ['out.txt'], checkpoints: {} };
  const first = await meanwhile(repo, `${sed(4, 'mine')}; echo half > out.txt; echo "::tasks checkpoint half percent=50::"; until grep -q "stored half" "$TASKS_CHECKPOINTS_FILE" 2>/dev/null; do sleep 0.02; done; ${end}`, () => repo.commit({ 'a.txt': text({ 4: 'theirs\n' }) }), 'T1', spec);
  expect(first.outcome).toBe('failed');
  const second = await repo.attempt('T1', 'echo "$(cat out.txt) from:$TASKS_RESUME_FROM"', spec, { input: { attempt: 2 } });
  expect(second.tail.trim()).toBe(begins);
});

test.each<readonly [string, string, (repo: Repo) => Promise<unknown>, string]>([
  ['changed', 'echo mine >> a.txt', (repo) => repo.write({ 'a.txt': 'not committed\n' }), ' M a.txt'],
  ['staged', 'echo mine >> a.txt', async (repo) => { await repo.write({ 'a.txt': 'staged\n' }); await repo.git('add', 'a.txt'); }, 'M  a.txt'],
  ['deleted', 'echo mine >> a.txt', (repo) => rm(join(repo.path, 'a.txt')), ' D a.txt'],
  ['changed, and the task deletes it', 'rm a.txt', (repo) => repo.write({ 'a.txt': 'not committed\n' }), ' M a.txt'],
  ['untracked in the place of a new one', 'echo mine > new.txt', (repo) => repo.write({ 'new.txt': 'a person made it\n' }), '?? new.txt'],
  ['untracked above a new one', 'mkdir new; echo mine > new/x.txt', (repo) => repo.write({ new: 'a person made it\n' }), '?? new'],
  ['an untracked directory in its place', 'echo mine > new', (repo) => repo.write({ 'new/x.txt': 'a person made it\n' }), '?? new/'],
])('a file that somebody has %s is never lost', async (_, command, act, status) => {
  await using repo = await createRepo();
  const before = await repo.git('rev-parse', 'HEAD');
  const contents = (): (string | undefined)[] => ['a.txt', 'new.txt', 'new/x.txt', 'other.txt'].map((name) => repo.read(name));
  let was: (string | undefined)[] = [];
  const result = await meanwhile(repo, `${command}; echo o > other.txt`, async () => {
    await act(repo);
    was = contents();
  });
  expect(result).toMatchObject({ outcome: 'failed', failure: { reason: 'dirty', class: 'logic', rule: 'uncommitted' } });
  expect(result.failure?.message).toContain('Commit or stash them, then retry the task');
  expect([contents(), (await repo.git('status', '--porcelain')).split('\n'), await repo.git('rev-parse', 'HEAD')]).toEqual([was, [status], before]);
  expect([await repo.traces(), await repo.worktrees()]).toEqual([[], []]);
});

test('changes of other files that nobody has committed stay as they are, staged or not', async () => {
  await using repo = await createRepo({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
  const result = await meanwhile(repo, 'echo mine >> a.txt', async () => {
    await repo.write({ 'b.txt': 'staged\n', 'c.txt': 'not staged\n', 'd.txt': 'untracked\n' });
    await repo.git('add', 'b.txt');
  });
  expect(result.outcome).toBe('succeeded');
  expect(['a.txt', 'b.txt', 'c.txt', 'd.txt'].map((name) => repo.read(name))).toEqual(['a\nmine\n', 'staged\n', 'not staged\n', 'untracked\n']);
  expect((await repo.git('status', '--porcelain')).split('\n')).toEqual(['M  b.txt', ' M c.txt', '?? d.txt']);
});

test('the same change twice is one', async () => {
  await using repo = await createRepo();
  const result = await meanwhile(repo, 'echo same >> a.txt', () => repo.commit({ 'a.txt': 'a\nsame\n' }));
  expect([result.outcome, result.commit, repo.read('a.txt')]).toEqual(['succeeded', undefined, 'a\nsame\n']);
});

test('a branch that was switched, rewound or left meanwhile gets the change all the same', async () => {
  await using repo = await createRepo({ 'a.txt': text() });
  await repo.git('checkout', '-q', '-b', 'other');
  await repo.commit({ 'a.txt': text({ 0: 'other\n' }) });
  await repo.git('checkout', '-q', 'main');
  await repo.commit({ 'a.txt': text({ 4: 'main only\n' }) });
  const result = await meanwhile(repo, sed(8, 'mine'), () => repo.git('checkout', '-q', 'other'));
  expect([result.outcome, repo.read('a.txt'), await repo.git('rev-parse', '--abbrev-ref', 'HEAD')]).toEqual(['succeeded', text({ 0: 'other\n', 8: 'mine\n' }), 'other']);
  const detached = await meanwhile(repo, sed(4, 'too'), () => repo.git('checkout', '-q', '--detach', 'HEAD^'), 'T2');
  expect([detached.outcome, repo.read('a.txt'), await repo.git('status', '--porcelain')]).toEqual(['succeeded', text({ 0: 'other\n', 4: 'too\n' }), '']);
});

test('many at once come one after the other', async () => {
  await using repo = await createRepo({ 'a.txt': text() });
  const tasks = Array.from({ length: 6 }, (_, at) => `T${at}`);
  // Each has begun before one of them ends: all of them change what there was at first.
  const begun = await mkdtemp(join(tmpdir(), 'tasks-begun-'));
  const together = `touch '${begun}'/$TASKS_TASK_ID; until [ $(ls '${begun}' | wc -l) -eq ${tasks.length} ]; do sleep 0.1; done`;
  const results = await Promise.all(tasks.map((task, at) => repo.attempt(task, `${together}; ${sed(at % 2 === 0 ? at : 8, task)}; echo ${task} > ${task}.txt`)));
  await rm(begun, { recursive: true });
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  // Three of them change the same line.
  expect(failed.map(({ failure }) => failure?.reason)).toEqual(['conflict', 'conflict']);
  const passed = results.filter(({ outcome }) => outcome === 'succeeded').map(({ task }) => task);
  expect((await readdir(repo.path)).filter((name) => name.startsWith('T')).toSorted()).toEqual(passed.map((task) => `${task}.txt`).toSorted());
  expect([(await repo.git('log', '--format=%s')).split('\n').length, await repo.git('status', '--porcelain'), await repo.traces()]).toEqual([5, '', []]);
});

test('modes, links and contents that are no text', async () => {
  await using repo = await createRepo({ 'a.sh': '#!/bin/sh\n' });
  const result = await meanwhile(repo, String.raw`chmod +x a.sh; ln -s a.sh link; printf '\000\377' > bin; mkdir -p "d e"; echo 1 > "d e/$(printf '\n')x"`, () => repo.commit({ 'z.txt': 'z\n' }));
  expect(result.outcome).toBe('succeeded');
  expect((await repo.git('ls-files', '-s')).split('\n').map((line) => line.slice(0, 6))).toEqual(['100755', '100644', '100644', '120000', '100644']);
  expect([await repo.git('status', '--porcelain'), repo.read('link')]).toEqual(['', '#!/bin/sh\n']);
});
