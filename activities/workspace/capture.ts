/** What an attempt has changed in its worktree, as a tree. */
import { posix } from 'node:path';
import type { Repository } from '../../store/repository.ts';
import { changesBetween, GITLINK } from './changes.ts';
import { line, list, run } from './run-git.ts';
import { within } from './worktree.ts';
import type { Worktree } from './worktree.ts';

const MAX_TOUCHED = 300;
const SHOWN = 5;

export interface Captured {
  /** Hash of a tree; undefined when it is what it was. */
  readonly tree?: string;
  /** Relative to the workspace, those below it only. */
  readonly touched: readonly string[];
}

export const named = (paths: readonly string[]): string => `${paths.slice(0, SHOWN).map((path) => JSON.stringify(path)).join(', ')}${paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : ''}`;

/** A text says why it cannot be merged as it is. @throws Error with git's own words. */
export const capture = async (worktree: Worktree, { prefix }: Pick<Repository, 'prefix'>): Promise<Captured | string> => {
  const files = within(worktree);
  const unmerged = await list(['diff', '--name-only', '--diff-filter=U', '-z'], files);
  if (unmerged.length > 0) return `it has left unresolved conflicts in ${named(unmerged)}`;
  await run(['add', '--all'], files);
  const tree = await line(['write-tree'], files);
  const changes = await changesBetween(worktree.start, tree, files);
  const nested = changes.filter(({ before, after }) => after.mode === GITLINK && before.mode !== GITLINK).map(({ path }) => path);
  if (nested.length > 0) return `it has made git repositories of their own in ${named(nested)}, which cannot be merged`;
  const below = prefix === '' ? changes : changes.filter(({ path }) => path.startsWith(`${prefix}/`));
  const touched = below.slice(0, MAX_TOUCHED).map(({ path }) => posix.relative(prefix, path));
  return { ...(changes.length > 0 && { tree }), touched };
};
