/** At the end of an execution: the worktrees that killed workers have left go, those that are kept for people stay. */
import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ExecutionId } from '../../model/ids.ts';
import { findRepository } from '../../store/repository.ts';
import { run } from './run-git.ts';
import { isWorktreePath, KEPT, removeWorktree } from './worktree.ts';

interface Registered {
  readonly path: string;
  /** For people: one that git has not finished making is locked, too. */
  readonly isKept: boolean;
}

/** Entries end with an empty line each. */
const registered = async (top: string): Promise<readonly Registered[]> => {
  const entries = (await run(['worktree', 'list', '--porcelain', '-z'], { at: top })).split('\0\0');
  return entries.flatMap((entry) => {
    const lines = entry.split('\0');
    const path = lines.find((line) => line.startsWith('worktree '))?.slice('worktree '.length);
    return path === undefined ? [] : [{ path, isKept: lines.some((line) => line.startsWith(`locked ${KEPT}`)) }];
  });
};

/** Never rejects; nothing is done where the workspace is not on this machine. */
export const sweepWorktrees = async ({ workspace, execution }: { readonly workspace: string; readonly execution: ExecutionId }): Promise<void> => {
  try {
    const home = join(await realpath(workspace), '.tasks', execution) + sep;
    const found = await findRepository(workspace);
    if (!found.ok) return;
    const { top } = found.value;
    const left = (await registered(top)).filter(({ path, isKept }) => path.startsWith(home) && isWorktreePath(path) && !isKept);
    for (const { path } of left) await removeWorktree(top, path);
  } catch {
    // They are in nobody's way.
  }
};
