/**
 * Which declared artifacts an attempt changed: their hashes before and after. Costs nothing when none are
 * declared; a file that has not been touched since it was last hashed is not read again.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { ArtifactChange } from '../../model/attempt.ts';
import type { ContentHash } from '../../model/ids.ts';
import { isInside } from './confine.ts';
import { findFiles } from './find-files.ts';

/** Files looked at; what lies beyond them in the order of their paths is not reported. */
export const MAX_ARTIFACT_FILES = 10_000;
/** Changes reported: a result is kept in a history and must stay small. */
export const MAX_ARTIFACT_CHANGES = 500;
const AT_ONCE = 8;
/** Times on disk are coarse: what changed this short a time ago may change again without a trace. */
const SETTLED_AFTER_MS = 100;

interface FileState {
  readonly hash: ContentHash;
  readonly bytes: number;
}
export type ArtifactStates = ReadonlyMap<string, FileState>;

const hashes = new LRUCache<string, ContentHash>({ max: 2 * MAX_ARTIFACT_FILES });

const hashFile = async (path: string): Promise<ContentHash> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') as ContentHash;
};

const fileState = async ({ workspace, path }: { workspace: string; path: string }): Promise<FileState | undefined> => {
  const full = join(workspace, path);
  try {
    const link = await lstat(full);
    const real = link.isSymbolicLink() ? await realpath(full) : full;
    if (!isInside({ workspace, path: real })) return undefined;
    const stat = link.isSymbolicLink() ? await lstat(real) : link;
    if (!stat.isFile()) return undefined;
    const key = [real, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join('\0');
    const known = hashes.get(key);
    if (known) return { hash: known, bytes: stat.size };
    const hash = await hashFile(real);
    if (Date.now() - stat.ctimeMs > SETTLED_AFTER_MS) hashes.set(key, hash);
    return { hash, bytes: stat.size };
  } catch {
    // Gone, or not readable for us: the same as not there.
    return undefined;
  }
};

export const artifactStates = async ({
  workspace,
  patterns = [],
}: {
  readonly workspace: string;
  readonly patterns: readonly string[] | undefined;
}): Promise<ArtifactStates> => {
  if (patterns.length === 0) return new Map();
  const paths = await findFiles({ workspace, patterns, limit: MAX_ARTIFACT_FILES });
  const states = new Map<string, FileState>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      const state = await fileState({ workspace, path });
      if (state) states.set(path, state);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return states;
};

/** New, changed and removed files, in the order of their paths. */
export const changedArtifacts = ({ before, after }: { before: ArtifactStates; after: ArtifactStates }): readonly ArtifactChange[] => {
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path)?.hash !== after.get(path)?.hash);
  return paths
    .sort()
    .slice(0, MAX_ARTIFACT_CHANGES)
    .map((path) => ({ path, ...after.get(path) }));
};
