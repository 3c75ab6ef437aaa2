/**
 * A throw-away copy of a workspace: a git worktree of its HEAD under the system's temporary directory, with what is
 * not committed on top. Files that git ignores, such as node_modules, are not in it. Nothing is written to the
 * repository but the worktree's registration, which goes with it.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { TasksError } from '../../../model/problem.ts';
import { repositoryTop } from '../../read/workspace.ts';
import { changeWorktrees } from './change-worktrees.ts';
import { git } from './git.ts';

/** More are no sources, but something that should be ignored. */
const MAX_UNTRACKED = 20_000;


export interface Sandbox extends AsyncDisposable {
  /** The copy of the workspace. */
  readonly directory: string;
}

const impossible = (why: string, hint: string, cause?: unknown): TasksError => new TasksError({ code: 'TASKS1510', message: `no throw-away worktree can be made: ${why}`, hint }, { cause });

const bringChanges = async (top: string, tree: string): Promise<void> => {
  const changes = await git(top, ['diff', '--binary', '--no-ext-diff', '--no-textconv', 'HEAD']);
  if (changes.length > 0) await git(tree, ['apply', '--whitespace=nowarn'], changes);
  const listed = Buffer.from(await git(top, ['ls-files', '--others', '--exclude-standard', '-z'])).toString('utf8');
  const untracked = listed.split('\0').filter((file) => file !== '');
  if (untracked.length > MAX_UNTRACKED) throw new Error(`${untracked.length} files are neither committed nor ignored`);
  for (const file of untracked) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await cp(join(top, file), join(tree, file), { recursive: true, verbatimSymlinks: true });
  }
};

/** @throws TasksError TASKS1510 where there is no repository or no commit, or git refuses. */
export const openSandbox = async (workspace: string): Promise<Sandbox> => {
  const top = await repositoryTop(workspace);
  if (top === undefined) throw impossible(`${workspace} is in no git repository`, 'Say `git init` and commit there, or leave out --build.');
  const home = await mkdtemp(join(tmpdir(), 'tasks-preflight-'));
  const tree = join(home, 'tree');
  const dispose = async (): Promise<void> => {
    // The files first: git refuses one whose build has removed `.git`, and knows one that is gone.
    await rm(tree, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
    // Only this one, twice forced, as somebody may have locked it: `prune` forgets others, whose disk is not there at the moment.
    await changeWorktrees(() => git(top, ['worktree', 'remove', '--force', '--force', tree])).catch(() => undefined);
    await rm(home, { recursive: true, force: true, maxRetries: 2 });
  };
  try {
    await changeWorktrees(() => git(top, ['worktree', 'add', '--detach', tree, 'HEAD']));
    await bringChanges(top, tree);
    const directory = join(tree, relative(top, workspace));
    await mkdir(directory, { recursive: true });
    return { directory, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw impossible(error instanceof Error ? error.message : String(error), 'It needs a commit, and files that git can copy.', error);
  }
};
