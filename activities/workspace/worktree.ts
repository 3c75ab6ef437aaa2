/** A git worktree for one attempt: its files are there, and nothing but its registration in the user's repository. */
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Repository } from '../../store/repository.ts';
import { gitError } from '../git/git.ts';
import type { GitAnswer } from '../git/git.ts';
import { asked, run } from './run-git.ts';

const SUFFIX = '.worktree';
const TRIES = 6;
const PAUSE_MS = 50;

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

/**
 * Git's list of worktrees is not safe beside others that change it, whichever process they are in: who adds one while another takes
 * the last one away loses the directory, and who meets an entry half made gives up (git 2.39: 7 of 900 beside two others). So it is
 * tried again.
 */
const register = async (args: readonly string[], top: string): Promise<GitAnswer> => {
  for (let tries = 1; ; tries += 1) {
    const answer = await asked(['worktree', ...args], { at: top });
    if (answer.exitCode === 0 || tries === TRIES || answer.stderr.includes('is not a working tree')) return answer;
    await delay(PAUSE_MS * Math.random());
  }
};

/** Of the commit that the workspace is at by now. @throws Error with git's own words; nothing is left then. */
export const addWorktree = async ({ repository, path }: { readonly repository: Repository; readonly path: string }): Promise<Worktree> => {
  const { top, prefix } = repository;
  try {
    const added = await register(['add', '--quiet', '--detach', path, 'HEAD'], top);
    if (added.exitCode !== 0) throw gitError(['worktree'], added);
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
