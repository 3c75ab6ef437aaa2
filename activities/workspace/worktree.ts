/** A git worktree for one attempt: its files are there, and nothing but its registration in the user's repository. */
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { changeWorktrees } from '../../planner/preflight/build/change-worktrees.ts';
import type { Repository } from '../../store/repository.ts';
import { run } from './run-git.ts';

const SUFFIX = '.worktree';

/** Beside the attempt's log. */
export const worktreePath = (taskDirectory: string, attempt: number): string => join(taskDirectory, `${attempt}${SUFFIX}`);

export const isWorktreePath = (path: string): boolean => path.endsWith(SUFFIX);

export interface Worktree {
  /** Its top, a real path. */
  readonly top: string;
  /** Of its own: what its command does to `.git` in it leads us nowhere else. */
  readonly gitDirectory: string;
  /** The workspace in it, a real path. */
  readonly workspace: string;
  /** Commit that it began with. */
  readonly start: string;
}

/** For git in its files, whatever its command has made of `.git`. */
export const within = ({ top, gitDirectory }: Worktree): { readonly at: string; readonly environment: Readonly<Record<string, string>> } => ({ at: top, environment: { GIT_DIR: gitDirectory, GIT_WORK_TREE: top } });

/** @throws Error with git's own words. */
const register = (args: readonly string[], top: string): Promise<void> => changeWorktrees(() => run(['worktree', ...args], { at: top }));

/** Of the commit that the workspace is at by now. @throws Error with git's own words; nothing is left then. */
export const addWorktree = async ({ repository, path }: { readonly repository: Repository; readonly path: string }): Promise<Worktree> => {
  const { top, prefix } = repository;
  try {
    await register(['add', '--quiet', '--detach', path, 'HEAD'], top);
    const tree = await realpath(path);
    const [gitDirectory = '', start = ''] = (await run(['rev-parse', '--absolute-git-dir', '--verify', 'HEAD'], { at: tree })).split('\n');
    const workspace = join(tree, prefix);
    // A directory without a committed file.
    await mkdir(workspace, { recursive: true });
    return { top: tree, gitDirectory, workspace: await realpath(workspace), start };
  } catch (error) {
    await removeWorktree(top, path);
    throw error;
  }
};

/** Also of one that is half there, or whose files are gone. Never rejects. */
export const removeWorktree = async (top: string, path: string): Promise<void> => {
  // The files first: git refuses one whose command has removed `.git`, and knows one that is gone.
  await rm(path, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
  // Twice: also where somebody has locked it.
  await register(['remove', '--force', '--force', path], top).catch(() => undefined);
};

/** What earlier attempts of the task have left, whatever ended them. */
export const removeWorktrees = async (top: string, taskDirectory: string): Promise<void> => {
  const names = (await readdir(taskDirectory).catch(() => [])).filter(isWorktreePath);
  for (const name of names) await removeWorktree(top, join(taskDirectory, name));
};

export const KEPT = 'kept by tasks: ';

/** It stays, and git says why: `git worktree list` shows it, and nothing prunes it. Never rejects. */
export const keepWorktree = async ({ top }: Worktree, reason: string): Promise<void> => {
  await register(['lock', '--reason', `${KEPT}${reason}`, top], top).catch(() => undefined);
};
