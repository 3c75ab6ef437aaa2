/** The git repository of a workspace, as worktrees need it: looked at by clients before a run and by workers in it. */
import { isAbsolute, relative, resolve } from 'node:path';
import { execa } from 'execa';
import type { Result } from '../model/problem.ts';
import { fail, ok } from '../model/problem.ts';

/** Since then git merges without touching a file (`merge-tree --write-tree`). */
const OLDEST = [2, 38] as const;

/** Of an outer git that may have started us: it would have every command act on another repository. */
export const NO_OUTER_GIT = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_PREFIX: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
} as const;

export interface Repository {
  /** Its top, an absolute path. */
  readonly top: string;
  /** Of this working tree; several may share one repository. */
  readonly gitDirectory: string;
  /** Commit that is checked out. */
  readonly head: string;
  /** Where the workspace lies in it: empty, or a relative path. */
  readonly prefix: string;
}

interface Answer {
  readonly ok: boolean;
  readonly text: string;
}

const ask = async (workspace: string, ...args: readonly string[]): Promise<Answer> => {
  const { exitCode, stdout, stderr, shortMessage = '' } = await execa('git', args, { cwd: workspace, reject: false, stdin: 'ignore', env: { LC_ALL: 'C', ...NO_OUTER_GIT } });
  if (exitCode === 0) return { ok: true, text: stdout };
  return { ok: false, text: (exitCode === undefined ? shortMessage : stderr).trim().split('\n').at(-1) ?? '' };
};

/** Asked for only when something is wrong. */
const versionProblem = async (workspace: string): Promise<string | undefined> => {
  const version = await ask(workspace, 'version');
  if (!version.ok) return `git cannot be run: ${version.text}`;
  const [major = 0, minor = 0] = (/\d+\.\d+/u.exec(version.text)?.[0] ?? '').split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]) ? undefined : `git ${OLDEST.join('.')} or newer is needed, and this is ${version.text.trim()}`;
};

const why = async (workspace: string): Promise<string> => {
  const version = await versionProblem(workspace);
  if (version !== undefined) return version;
  const inside = await ask(workspace, 'rev-parse', '--is-inside-work-tree');
  if (!inside.ok) return inside.text.includes('not a git repository') ? `${workspace} is in no git repository` : `git refuses ${workspace}: ${inside.text}`;
  return inside.text.trim() === 'true' ? 'its repository has no commit' : `${workspace} is in a repository that has no files`;
};

/** The error is a clause without its full stop: why tasks cannot have worktrees there. */
export const findRepository = async (workspace: string): Promise<Result<Repository, string>> => {
  const found = await ask(workspace, 'rev-parse', '--show-toplevel', '--absolute-git-dir', '--verify', 'HEAD^{commit}');
  const [top = '', gitDirectory = '', head = ''] = found.text.split('\n');
  if (!found.ok || !isAbsolute(top) || head === '') return fail(await why(workspace));
  return ok({ top, gitDirectory: resolve(workspace, gitDirectory), head, prefix: relative(top, workspace) });
};

/** What a client says before a run. */
export interface WorktreeOutlook {
  /** Why there can be no worktrees, as a clause without its full stop. */
  readonly problem?: string;
  /** Files that differ from what is committed: worktrees do not have that. */
  readonly uncommitted: number;
}

/** What executions write into a workspace is nobody's work. */
const OURS = ['provenance', 'checkpoints'].map((name) => `:(exclude)${name}`);

export const worktreeOutlook = async (workspace: string): Promise<WorktreeOutlook> => {
  const found = await findRepository(workspace);
  // One that is too old shows only when something is to be merged.
  const problem = found.ok ? await versionProblem(workspace) : found.error;
  if (problem !== undefined) return { problem, uncommitted: 0 };
  const status = await ask(workspace, 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', '.', ...OURS);
  return { uncommitted: status.ok ? status.text.split('\0').filter((entry) => entry !== '').length : 0 };
};
