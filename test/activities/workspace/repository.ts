/** A repository of a test's own, and attempts that run in worktrees of it. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { AttemptResult } from '../../../model/attempt.ts';
import type { TaskSpec } from '../../../model/graph.ts';
import type { TaskId } from '../../../model/ids.ts';
import { createRig } from '../rig.ts';
import type { Rig, RunOptions } from '../rig.ts';

export interface Repo extends AsyncDisposable {
  readonly rig: Rig;
  readonly path: string;
  git(...args: readonly string[]): Promise<string>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  commit(files: Readonly<Record<string, string>>): Promise<string>;
  read(path: string): string | undefined;
  /** One attempt in a worktree of its own. */
  attempt(task: string, command: string, spec?: Partial<TaskSpec>, options?: RunOptions): Promise<AttemptResult>;
  /** What the repository knows of beside the workspace itself. */
  worktrees(): Promise<readonly string[]>;
  /** Files of ours in git's own directory. */
  traces(): Promise<readonly string[]>;
}

const WHO = ['-c', 'user.name=t', '-c', 'user.email=t@t'];

export const createRepo = async (files: Readonly<Record<string, string>> = { 'a.txt': 'a\n', 'b.txt': 'b\n' }): Promise<Repo> => {
  const rig = await createRig();
  const path = rig.workspace;
  const git = async (...args: readonly string[]): Promise<string> => (await execa('git', [...WHO, ...args], { cwd: path })).stdout;
  const write = async (all: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, content] of Object.entries(all)) await rig.write(name, content);
  };
  const commit = async (all: Readonly<Record<string, string>>): Promise<string> => {
    await write(all);
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '-m', 'by a person');
    return git('rev-parse', 'HEAD');
  };
  await git('init', '--quiet', '--initial-branch=main');
  await commit(files);
  return {
    rig,
    path,
    git,
    write,
    commit,
    read: (name) => {
      try {
        return readFileSync(join(path, name), 'utf8');
      } catch {
        return undefined;
      }
    },
    attempt: (task, command, spec = {}, { input, ...options } = {}) => rig.run({ command, ...spec }, { ...options, input: { task: task as TaskId, workspaceTerms: { mode: 'worktree' }, ...input } }),
    worktrees: async () => (await git('worktree', 'list', '--porcelain')).split('\n').filter((line) => line.startsWith('worktree ')).slice(1),
    traces: async () => (await readdir(join(path, '.git'))).filter((name) => name.startsWith('tasks') || name.endsWith('.lock')),
    [Symbol.asyncDispose]: async () => {
      await rig[Symbol.asyncDispose]();
      await rm(path, { recursive: true, force: true });
    },
  };
};

/** Starts a task, does something to the workspace while it runs, and lets it end. */
export const meanwhile = async (repo: Repo, command: string, act: () => Promise<unknown>, task = 'T1', spec: Partial<TaskSpec> = {}, options: RunOptions = {}): Promise<AttemptResult> => {
  const [begun, go] = ['begun', 'go'].map((name) => join(repo.path, `.tasks/${name}-${task}`)) as [string, string];
  const running = repo.attempt(task, `touch ${begun}; until test -e ${go}; do sleep 0.02; done; ${command}`, spec, options);
  await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true);
  await act();
  await writeFile(go, '');
  return running;
};
