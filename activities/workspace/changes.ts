/** How two trees differ, file by file. */
import { list } from './run-git.ts';
import type { Asked } from './run-git.ts';

/** What a tree has at a path; mode `000000` where it has nothing. */
export interface Entry {
  readonly mode: string;
  readonly object: string;
}

export interface Change {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly before: Entry;
  readonly after: Entry;
}

export const NOTHING = '000000';
/** Of a repository within the repository. */
export const GITLINK = '160000';

export const isSame = (a: Entry, b: Entry): boolean => a.mode === b.mode && (a.mode === NOTHING || a.object === b.object);

/** `:before-mode after-mode before after status`, then the path. */
const parse = (fields: readonly string[]): readonly Change[] => {
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [modeBefore = '', modeAfter = '', before = '', after = ''] = (fields[at] ?? '').slice(1).split(' ');
    changes.push({ path: fields[at + 1] ?? '', before: { mode: modeBefore, object: before }, after: { mode: modeAfter, object: after } });
  }
  return changes;
};

/** Each path once: a rename is a removal and an addition. @throws as `run` does. */
export const changesBetween = async (before: string, after: string, options: Asked): Promise<readonly Change[]> =>
  parse(await list(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', before, after], options));

/** How the index differs from a commit. @throws as `run` does. */
export const stagedSince = async (commit: string, options: Asked): Promise<readonly Change[]> =>
  parse(await list(['diff-index', '--cached', '-z', '--raw', '--no-renames', '--no-abbrev', commit], options));
