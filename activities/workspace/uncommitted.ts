/** What the workspace has in the way of a merge: changes that nobody has committed, and files that git does not know. */
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSame, NOTHING, stagedSince } from './changes.ts';
import type { Change, Entry } from './changes.ts';
import { asked, list } from './run-git.ts';

const found = async (path: string): Promise<Stats | 'below a file' | undefined> => {
  try {
    return await lstat(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'below a file' : undefined;
  }
};

/** Of a path that is to come: a directory is in its way only with what git does not know, a file above it only when it stays. */
const isInTheWay = async (path: string, { top, removed }: { readonly top: string; readonly removed: ReadonlySet<string> }): Promise<boolean> => {
  const there = await found(join(top, path));
  if (there === 'below a file') return !path.split('/').some((_, at, parts) => removed.has(parts.slice(0, at).join('/')));
  if (!there?.isDirectory()) return there !== undefined;
  return (await list(['--literal-pathspecs', 'ls-files', '--others', '-z', '--', path], { at: top })).length > 0;
};

/**
 * Those of the merge's paths that the workspace has otherwise than its commit, `head`. What is staged just as the merge
 * would have it is none of them.
 */
export const uncommitted = async (changes: readonly Change[], { top, head }: { readonly top: string; readonly head: string }): Promise<readonly string[]> => {
  const at = { at: top };
  // Whose time alone has changed.
  await asked(['update-index', '-q', '--refresh'], at);
  const [files, index] = await Promise.all([list(['diff-files', '-z', '--name-only', '--ignore-submodules=dirty'], at), stagedSince(head, at)]);
  const edited = new Set(files);
  const staged = new Map<string, Entry>(index.map(({ path, after }) => [path, after]));
  const removed = new Set(changes.flatMap(({ path, after }) => (after.mode === NOTHING ? [path] : [])));
  const dirty: string[] = [];
  for (const { path, before, after } of changes) {
    const known = staged.get(path);
    const isOther = known !== undefined && !isSame(known, after);
    const isNew = before.mode === NOTHING && known === undefined;
    if (edited.has(path) || isOther || (isNew && (await isInTheWay(path, { top, removed })))) dirty.push(path);
  }
  return dirty;
};
