/** The dry-run build: in a copy, with what is not committed, and nothing is left of it. */
import { readdir, readFile, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { checkBuild } from '../../../planner/preflight/build/check-build.ts';
import { missingModules } from '../../../planner/preflight/build/missing-modules.ts';
import { MISSING_DEPENDENCY } from '../../../activities/failure/rules.ts';
import { workspaceWith } from './looking.ts';

const git = (directory: string, ...args: readonly string[]) => execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: directory });

const repository = async (files: Readonly<Record<string, string>>) => {
  const workspace = await workspaceWith(files);
  await git(workspace.directory, 'init', '-q');
  await git(workspace.directory, 'add', '-A');
  await git(workspace.directory, 'commit', '-q', '--allow-empty', '-m', 'first');
  return workspace;
};
const traces = async (directory: string): Promise<readonly string[]> => {
  const { stdout } = await git(directory, 'worktree', 'list', '--porcelain');
  return stdout.split('\n').filter((line) => line.startsWith('worktree ')).slice(1);
};
const build = (directory: string, command: string, more: { timeoutMs?: number; signal?: AbortSignal; environment?: Record<string, string> } = {}) => {
  const { timeoutMs = 60_000, signal = new AbortController().signal, environment = {} } = more;
  return checkBuild({ workspace: directory, environment: { PATH: process.env['PATH'], ...environment } }, { command, timeoutMs, signal });
};
const gone = async (path: string): Promise<boolean> => stat(path).then(() => false, () => true);

describe('in a throw-away worktree', () => {
  test('what is committed, changed, removed, new and linked is there; what is ignored is not; the workspace stays as it is', async () => {
    await using repo = await repository({ '.gitignore': 'ignored\n', 'kept.txt': 'kept', 'changed.txt': 'old', 'removed.txt': '', 'sub/deep.txt': 'deep' });
    const { directory } = repo;
    await writeFile(join(directory, 'changed.txt'), 'new');
    await unlink(join(directory, 'removed.txt'));
    await writeFile(join(directory, 'sub/added.txt'), 'added');
    await writeFile(join(directory, 'ignored'), '');
    await symlink('kept.txt', join(directory, 'link'));
    const { stdout: before } = await git(directory, 'status', '--porcelain');
    const command = 'test "$(cat kept.txt changed.txt sub/deep.txt sub/added.txt link)" = keptnewdeepaddedkept && ! test -e removed.txt && ! test -e ignored && rm -rf kept.txt sub && pwd > .where && exit 3';
    const findings = await build(directory, command);
    expect(findings).toMatchObject([{ code: 'TASKS1509', certainty: 'certain', message: expect.stringContaining('exit code 3') as string }]);
    expect((await git(directory, 'status', '--porcelain')).stdout).toBe(before);
    expect(await readFile(join(directory, 'sub/deep.txt'), 'utf8')).toBe('deep');
    expect(await traces(directory)).toEqual([]);
  });

  test('a build that ends well finds nothing; it runs where the workspace lies in the repository', async () => {
    await using repo = await repository({ 'app/package.json': '{}', 'a.txt': '' });
    expect(await build(join(repo.directory, 'app'), 'test -e package.json && test -e ../a.txt')).toEqual([]);
  });

  test('packages that are missed are findings, and its last words are shown without control characters', async () => {
    await using repo = await repository({ 'index.mjs': "import 'nobody-has-this-package';\n" });
    const findings = await build(repo.directory, `printf '\\033[31mred\\n'; node index.mjs`);
    expect(findings.map(({ code }) => code)).toEqual(['TASKS1509', 'TASKS1508']);
    expect(findings[1]).toMatchObject({ certainty: 'certain', package: { ecosystem: 'npm', name: 'nobody-has-this-package' } });
    expect(JSON.stringify(findings[0])).not.toContain('\\u001b');
    expect(JSON.stringify(findings[0]?.related)).toContain('nobody-has-this-package');
  });

  test('variables that look like secrets do not reach it', async () => {
    await using repo = await repository({});
    expect(await build(repo.directory, 'test -z "$API_TOKEN" && test "$PLAIN" = yes', { environment: { API_TOKEN: 'x', PLAIN: 'yes' } })).toEqual([]);
  });

  test('hooks of the repository do not run', async () => {
    await using repo = await repository({ 'hooks/post-checkout': '#!/bin/sh\ntouch "$MARK"\n' });
    const mark = join(tmpdir(), `tasks-mark-${process.pid}`);
    await git(repo.directory, 'config', 'core.hooksPath', join(repo.directory, 'hooks'));
    process.env['MARK'] = mark;
    await build(repo.directory, 'true');
    delete process.env['MARK'];
    const isGone = await gone(mark);
    await rm(mark, { force: true });
    expect(isGone).toBe(true);
  });

  test('one that takes too long is ended with all that it started, and nothing is left', async () => {
    await using repo = await repository({});
    const file = join(repo.directory, '..', `pid-${process.pid}`);
    const findings = await build(repo.directory, `sleep 1000 & echo $! > ${file}; wait`, { timeoutMs: 500 });
    expect(findings).toMatchObject([{ code: 'TASKS1509', certainty: 'likely', message: expect.stringContaining('took longer than') as string }]);
    const pid = Number(await readFile(file, 'utf8'));
    await rm(file);
    await expect.poll(() => gone(`/proc/${pid}/root/.`)).toBe(true);
    expect(await traces(repo.directory)).toEqual([]);
  });

  test('an interrupt ends it and takes the worktree away', async () => {
    await using repo = await repository({});
    const abort = new AbortController();
    const before = new Set(await readdir(tmpdir()));
    const running = build(repo.directory, 'sleep 1000', { signal: abort.signal });
    const made = async (): Promise<readonly string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith('tasks-preflight-') && !before.has(name));
    await expect.poll(async () => (await made()).length > 0 && (await traces(repo.directory)).length === 1).toBe(true);
    await delay(100);
    abort.abort();
    await expect(running).rejects.toThrow('interrupted');
    expect(await traces(repo.directory)).toEqual([]);
  });

  test("no other worktree of the repository's is forgotten, also where its disk is not there or the build breaks its own", async () => {
    await using repo = await repository({ 'a.txt': '' });
    const other = `${repo.directory}-other`;
    await git(repo.directory, 'worktree', 'add', '-q', '--detach', other, 'HEAD');
    const before = await traces(repo.directory);
    await rm(other, { recursive: true });
    expect(await build(repo.directory, 'rm .git && git worktree list >/dev/null 2>&1; true')).toEqual([]);
    expect(await traces(repo.directory)).toEqual(before);
  });

  test('what goes on in the background of a build that ended is ended', async () => {
    await using repo = await repository({});
    const file = join(repo.directory, '..', `bg-${process.pid}`);
    expect(await build(repo.directory, `sleep 1000 > /dev/null 2>&1 & echo $! > ${file}`)).toEqual([]);
    const pid = Number(await readFile(file, 'utf8'));
    await rm(file);
    await expect.poll(() => gone(`/proc/${pid}/root/.`)).toBe(true);
  });

  test.each([
    { name: 'no repository', prepare: () => workspaceWith({ a: '' }), message: 'is in no git repository' },
    {
      name: 'no commit',
      prepare: async () => {
        const workspace = await workspaceWith({ a: '' });
        await git(workspace.directory, 'init', '-q');
        return workspace;
      },
      message: 'no throw-away worktree can be made: git worktree',
    },
  ])('$name', async ({ prepare, message }) => {
    await using workspace = await prepare();
    await expect(build(workspace.directory, 'true')).rejects.toMatchObject({ problems: [{ code: 'TASKS1510', message: expect.stringContaining(message) as string }] });
  });
});

describe('modules that were not found', () => {
  test.each<[string, readonly string[]]>([
    [`Error: Cannot find module 'left-pad'\nRequire stack:`, ['npm left-pad']],
    [`Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@scope/x' imported from /a/b.js`, ['npm @scope/x']],
    [`a.ts(1,20): error TS2307: Cannot find module 'x/y' or its corresponding type declarations.`, ['npm x']],
    [`Module not found: Error: Can't resolve '@radix-ui/react-avatar/deep' in '/app'`, ['npm @radix-ui/react-avatar']],
    [`[vite]: Rollup failed to resolve import "lucide-react" from "/a.tsx".`, ['npm lucide-react']],
    [`✘ [ERROR] Could not resolve "class-variance-authority"`, ['npm class-variance-authority']],
    [`ModuleNotFoundError: No module named 'yaml.loader'`, ['python yaml']],
    [`Cannot find module './a'\nCannot find module '/x/b.js'\nCannot find module 'node:nope'\nCan't resolve '#alias'`, []],
    [`Cannot find module 'a'\nCannot find module 'b'\nCannot find module 'a/x'`, ['npm a', 'npm b']],
    ["Cannot find module '; rm -rf /'\nCannot find module '-g'\nCannot find module '$(x)'\nCannot find module '../../x'", []],
    ['all is well', []],
  ])('%s', (output, wanted) => {
    expect(missingModules(output).map(({ ecosystem, name }) => `${ecosystem} ${name}`)).toEqual(wanted);
    // Whatever is seen here is seen while a plan runs, too.
    if (wanted.length > 0) expect(output).toMatch(MISSING_DEPENDENCY);
  });
});
