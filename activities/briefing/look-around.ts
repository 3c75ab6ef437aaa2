/** Context repair (ERR-EXEC-02): what there is to be seen of a workspace before a task is tried again. Nothing is changed. */
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { TaskSpec } from '../../model/graph.ts';
import { git } from '../git/git.ts';
import { confine } from '../command/confine.ts';

export interface LookedAround {
  /** Why another attempt is of no use. */
  readonly unfit: readonly string[];
  /** What whoever does the task should know. */
  readonly findings: readonly string[];
}

const MAX_NAMED = 20;
const isGlob = (pattern: string): boolean => /[*?[\]{}!]/u.test(pattern);

/** What git leaves behind in the middle of something, in its directory. */
const UNFINISHED: readonly (readonly [path: string, what: string])[] = [
  ['MERGE_HEAD', 'a merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['BISECT_LOG', 'a bisect'],
];

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

const repositoryState = async (workspace: string): Promise<readonly string[]> => {
  const directory = await git({ workspace, args: ['rev-parse', '--git-dir'] }).catch(() => undefined);
  if (directory === undefined) return [];
  const path = directory.trim();
  const base = isAbsolute(path) ? path : join(workspace, path);
  const found = await Promise.all(UNFINISHED.map(async ([name, what]) => ((await exists(join(base, name))) ? what : undefined)));
  const unmerged = (await git({ workspace, args: ['ls-files', '--unmerged', '-z'] }).catch(() => '')) !== '';
  const what = [...new Set(found.filter((each) => each !== undefined)), ...(unmerged ? ['unmerged files'] : [])];
  return what.length > 0 ? [`git is in the middle of ${what.join(' and ')}`] : [];
};

const namesIn = (fields: TaskSpec['fields'], ...path: readonly [string, string]): readonly string[] => {
  const outer = fields[path[0]];
  const inner: unknown = typeof outer === 'object' && outer !== null ? Object.entries(outer).find(([key]) => key === path[1])?.[1] : undefined;
  return Array.isArray(inner) ? inner.filter((each): each is string => typeof each === 'string') : [];
};

const missingReads = async (workspace: string, spec: TaskSpec): Promise<readonly string[]> => {
  const named = namesIn(spec.fields, 'files_scope', 'reads').filter((path) => !isGlob(path)).slice(0, MAX_NAMED);
  const missing = await Promise.all(
    named.map(async (path) => {
      const place = await confine({ workspace, path });
      return place.inside && (await exists(place.path)) ? undefined : `${path}, which it reads, is not there`;
    }),
  );
  return missing.filter((each) => each !== undefined);
};

/** What is there already of what it is to make: it may be half of it. */
const halfMade = async (workspace: string, spec: TaskSpec): Promise<readonly string[]> => {
  const named = (spec.artifacts ?? []).filter((path) => !isGlob(path)).slice(0, MAX_NAMED);
  const found = await Promise.all(
    named.map(async (path) => {
      const place = await confine({ workspace, path });
      const entry = place.inside ? await stat(place.path).catch(() => undefined) : undefined;
      return entry?.isFile() ? `${path} is there already, ${entry.size} bytes: it may be half made` : undefined;
    }),
  );
  return found.filter((each) => each !== undefined);
};

export const lookAround = async ({ workspace, spec }: { readonly workspace: string; readonly spec: TaskSpec }): Promise<LookedAround> => {
  const [repository, reads, artifacts] = await Promise.all([repositoryState(workspace), missingReads(workspace, spec), halfMade(workspace, spec)]);
  return { unfit: [...repository, ...reads], findings: artifacts };
};
