/**
 * Hashes of files, each computed once as long as the file is not touched: what artifacts of a task are compared by, and
 * what their copies are found by.
 */
import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { createReadStream } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { ContentHash } from '../model/ids.ts';
import { isInside } from './confine.ts';

/** Times on disk are coarse: what changed this short a time ago may change again without a trace. */
const SETTLED_AFTER_MS = 100;
const MAX_KNOWN = 20_000;

const known = new LRUCache<string, ContentHash>({ max: MAX_KNOWN });

/** Changes whenever a file does, but for changes within a moment. */
export const versionOf = (real: string, { ino, size, mtimeMs, ctimeMs }: Pick<Stats, 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>): string => [real, ino, size, mtimeMs, ctimeMs].join('\0');

/** Undefined when it must be read. */
export const knownHash = (version: string): ContentHash | undefined => known.get(version);

/** `stat` is of the file as it was hashed. */
export const rememberHash = (real: string, stat: Pick<Stats, 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>, hash: ContentHash): void => {
  if (Date.now() - stat.ctimeMs > SETTLED_AFTER_MS) known.set(versionOf(real, stat), hash);
};

const hashFile = async (path: string): Promise<ContentHash> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') as ContentHash;
};

export interface WorkspaceFile {
  /** Where it really lies: `path` may be, or lead through, a link within the workspace. */
  readonly real: string;
  readonly stat: Stats;
}

/** A file of the workspace, a real path; undefined for what is not there, is no file, or leads out of it. */
export const workspaceFile = async ({ workspace, path }: { readonly workspace: string; readonly path: string }): Promise<WorkspaceFile | undefined> => {
  try {
    const real = await realpath(join(workspace, path));
    if (!isInside({ workspace, path: real })) return undefined;
    const stat = await lstat(real);
    return stat.isFile() ? { real, stat } : undefined;
  } catch {
    // Gone, or not readable for us: the same as not there.
    return undefined;
  }
};

export interface FileState {
  readonly hash: ContentHash;
  readonly bytes: number;
}

/** Undefined as {@link workspaceFile} says, and when it cannot be read. */
export const fileState = async (place: { readonly workspace: string; readonly path: string }): Promise<FileState | undefined> => {
  const file = await workspaceFile(place);
  if (!file) return undefined;
  const { real, stat } = file;
  const version = versionOf(real, stat);
  try {
    const hash = knownHash(version) ?? (await hashFile(real));
    rememberHash(real, stat, hash);
    return { hash, bytes: stat.size };
  } catch {
    return undefined;
  }
};
