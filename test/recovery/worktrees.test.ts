/** Tasks in git worktrees of their own, on a real server, with workers that die: nothing is lost, half done, or done twice. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { isAttemptLine } from '../../model/ledger.ts';
import type { Policies } from '../../model/graph.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import type { RecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 120_000;
const WORKTREES: Partial<Policies> = { workspaceTerms: { mode: 'worktree' } };
const run = promisify(execFile);

interface Repo {
  git(...args: readonly string[]): Promise<string>;
  read(path: string): string;
  readonly directory: string;
  /** Beside the files: nothing of it is merged. */
  aside(name: string): string;
}

const TEXT = Array.from({ length: 9 }, (_, at) => `line ${at}\n`).join('');
/** Ignores what the rig itself keeps in the workspace. */
const repositoryOf = async ({ workspace }: RecoveryRig): Promise<Repo> => {
  const git = async (...args: readonly string[]): Promise<string> => (await run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: workspace })).stdout.trim();
  await git('init', '-q', '--initial-branch=main');
  await writeFile(join(workspace, '.git/info/exclude'), '.plans\njournal\nstep.sh\nprovenance\naside-*\n');
  await writeFile(join(workspace, 'a.txt'), TEXT);
  await writeFile(join(workspace, '.gitattributes'), '*.slow filter=slow\n');
  await git('add', '.');
  await git('commit', '-q', '-m', 'start');
  return { git, directory: workspace, read: (path) => readFileSync(join(workspace, path), 'utf8'), aside: (name) => join(workspace, `aside-${name}`) };
};
const command = (id: string, text: string, rest: Omit<Partial<PlanTask>, 'id'> = {}): PlanTask => ({ id, ...rest, spec: { command: text, ...rest.spec } });
const clean = async (repo: Repo): Promise<unknown> => [await repo.git('status', '--porcelain'), (await repo.git('worktree', 'list')).split('\n').length, (await readdir(join(repo.directory, '.git'))).filter((name) => name.startsWith('tasks') || name === 'index.lock')];
const CLEAN = ['', 1, []];
/** Until both run. */
const meet = (repo: Repo, own: string, other: string): string => `touch ${repo.aside(own)}; until test -e ${repo.aside(other)}; do sleep 0.05; done`;

describe.concurrent('worktrees', () => {
  test('two tasks at once, of different files, and a third that sees both', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const repo = await repositoryOf(rig);
    await rig.worker();
    const execution = await rig.start(
      makePlan(
        [
          command('one', `${meet(repo, 'one', 'two')}; echo 1 > one.txt; sed -i 's/line 0/first/' a.txt`),
          command('two', `${meet(repo, 'two', 'one')}; echo 2 > two.txt; sed -i 's/line 8/last/' a.txt`, { dispatch: 'activity' }),
          command('both', 'cat one.txt two.txt > both.txt; grep -q first a.txt && grep -q last a.txt', { deps: ['one', 'two'] }),
        ],
        WORKTREES,
      ),
    );
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect([repo.read('both.txt'), repo.read('a.txt')]).toEqual(['1\n2\n', TEXT.replace('line 0', 'first').replace('line 8', 'last')]);
    expect(await clean(repo)).toEqual(CLEAN);
    const lines = (await rig.tasks.ledger(execution)).filter(isAttemptLine);
    const log = (await repo.git('log', '--format=%H')).split('\n');
    expect(lines.map(({ task_id, commit }) => `${task_id} ${log.includes(commit ?? '')}`).toSorted()).toEqual(['both true', 'one true', 'two true']);
  });

  test('two tasks of the same line: the second is tried again upon what the first has done', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const repo = await repositoryOf(rig);
    await rig.worker();
    const add = (id: string, other: string): PlanTask => command(id, `test "$TASKS_ATTEMPT" != 1 || { ${meet(repo, id, other)}; }; sed -i '5s/$/ ${id}/' a.txt`);
    const execution = await rig.start(makePlan([add('one', 'two'), add('two', 'one')], WORKTREES));
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect(['line 4 one two', 'line 4 two one']).toContain(repo.read('a.txt').split('\n')[4]);
    const lines = (await rig.tasks.ledger(execution)).filter(isAttemptLine);
    expect(lines.map(({ attempt, outcome }) => `${attempt} ${outcome}`).toSorted()).toEqual(['1 failed', '1 succeeded', '2 succeeded']);
    const conflict = (await rig.follow(execution)).find((event) => event.type === 'task_failed');
    expect(conflict).toMatchObject({ error: { reason: 'conflict', class: 'transient', message: expect.stringContaining('"a.txt"') } });
    expect(await clean(repo)).toEqual(CLEAN);
  });

  test('a worker killed under a command: the next attempt begins with what is committed', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const repo = await repositoryOf(rig);
    const first = await rig.worker();
    const execution = await rig.start(makePlan([command('work', `test ! -e half.txt || exit 9; echo half > half.txt; touch ${repo.aside('begun')}; test "$TASKS_ATTEMPT" != 1 || sleep 600; echo whole > half.txt`)], WORKTREES));
    await expect.poll(() => existsSync(repo.aside('begun')), { timeout: 60_000 }).toBe(true);
    await rig.worker();
    await first.end('SIGKILL');
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect((await rig.tasks.ledger(execution)).filter(isAttemptLine).map(({ attempt, outcome }) => `${attempt} ${outcome}`)).toEqual(['1 lost', '2 succeeded']);
    expect([repo.read('half.txt'), await clean(repo)]).toEqual(['whole\n', CLEAN]);
  });

  test.for([['alone', false], ['with its git', true]] as const)('a worker killed in the middle of a merge, %s: it is finished, and nothing is run again', { timeout: LIMIT_MS }, async ([, withGit], { expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const repo = await repositoryOf(rig);
    // Git stops while it writes that file into the workspace.
    const [stopped, go] = [repo.aside('stopped'), repo.aside('go')];
    await repo.git('config', 'filter.slow.clean', 'cat');
    await repo.git('config', 'filter.slow.smudge', `touch ${stopped}; until test -e ${go}; do sleep 0.05; done; cat`);
    await writeFile(join(repo.directory, 'mine.txt'), 'not committed\n');
    const first = await rig.worker();
    const execution = await rig.start(makePlan([command('work', `echo ran >> ${repo.aside('ran')}; echo more >> a.txt; echo slow > x.slow; echo z > z.txt`), command('after', 'cat x.slow z.txt', { deps: ['work'] })], WORKTREES));
    await expect.poll(() => existsSync(stopped), { timeout: 60_000 }).toBe(true);
    const { git } = JSON.parse(readFileSync(join(repo.directory, '.git/tasks-merge.json'), 'utf8')) as { readonly git: { readonly pid: number } };
    await rig.worker();
    await first.end('SIGKILL');
    if (withGit) process.kill(git.pid, 'SIGKILL');
    await writeFile(go, '');
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect((await rig.tasks.ledger(execution)).filter(isAttemptLine).map(({ task_id, attempt, outcome }) => `${task_id}/${attempt} ${outcome}`)).toEqual(['work/1 lost', 'work/2 succeeded', 'after/1 succeeded']);
    expect(readFileSync(repo.aside('ran'), 'utf8')).toBe('ran\n');
    expect([repo.read('a.txt'), repo.read('x.slow'), repo.read('z.txt'), repo.read('mine.txt')]).toEqual([`${TEXT}more\n`, 'slow\n', 'z\n', 'not committed\n']);
    expect([(await repo.git('log', '--format=%s')).split('\n'), await clean(repo)]).toEqual([['chore(work): run', 'start'], ['?? mine.txt', 1, []]]);
  });
});
