/**
 * Contents of files by their hash. A blob appears whole or not at all, and what comes out of the store is hashed on its
 * way: nobody gets what was not put in. Where the file system can share blocks, a copy costs none.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContentHash } from '../../model/ids.ts';
import { knownHash, rememberHash, versionOf } from '../file-hash.ts';
import type { WorkspaceFile } from '../file-hash.ts';
import { blobPath, makeDirectory, unfinishedDirectory } from './layout.ts';

const CHUNK = 1024 * 1024;
const PRIVATE = 0o600;
/** Pauses between reads while the file is written to: most writing is over within seconds. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1_600, 3_200];

/** File systems on which sharing blocks was refused; asking again would cost a file each time. */
const cannotClone = new Set<number>();

interface Copied {
  readonly hash: ContentHash;
  readonly bytes: number;
}

const hashed = async (from: FileHandle, to?: FileHandle): Promise<Copied> => {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await from.read(buffer, 0, CHUNK, null);
    if (bytesRead === 0) return { hash: hash.digest('hex') as ContentHash, bytes };
    const part = buffer.subarray(0, bytesRead);
    hash.update(part);
    for (let at = 0; at < bytesRead; ) at += (await to?.write(part, at, bytesRead - at, null))?.bytesWritten ?? bytesRead;
    bytes += bytesRead;
  }
};

const tryClone = async (source: string, target: string, device: number): Promise<boolean> => {
  if (cannotClone.has(device)) return false;
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    await chmod(target, PRIVATE);
    return true;
  } catch {
    cannotClone.add(device);
    await rm(target, { force: true });
    return false;
  }
};

/** Copies and hashes in one pass, or shares the blocks and reads them once. `target` must not be there. */
const copyHashed = async (source: string, target: string): Promise<Copied & { readonly before: Stats; readonly after: Stats }> => {
  await using from = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW);
  const before = await from.stat();
  if (await tryClone(source, target, before.dev)) {
    await using copy = await open(target, 'r');
    return { ...(await hashed(copy)), before, after: await from.stat() };
  }
  await using to = await open(target, 'wx', PRIVATE);
  return { ...(await hashed(from, to)), before, after: await from.stat() };
};

/** A blob that is used again is as good as new: a sweep spares what is young. False when there is none. */
const touch = async (path: string): Promise<boolean> => {
  const now = new Date();
  return utimes(path, now, now).then(() => true, () => false);
};

export class ChangedMeanwhile extends Error {}

/**
 * Keeps what a file holds now; answers its hash.
 * @throws ChangedMeanwhile when it is written to all the time, and what the file system throws.
 */
export const putBlob = async (directory: string, { real, stat: found }: WorkspaceFile): Promise<Copied> => {
  const known = knownHash(versionOf(real, found));
  if (known && (await touch(blobPath(directory, known)))) return { hash: known, bytes: found.size };
  for (const pauseMs of [0, ...PAUSES_MS]) {
    if (pauseMs > 0) await delay(pauseMs);
    const temporary = join(unfinishedDirectory(directory), randomUUID());
    try {
      const { hash, bytes, before, after } = await copyHashed(real, temporary);
      if (versionOf(real, before) !== versionOf(real, after) || bytes !== after.size) continue;
      const path = blobPath(directory, hash);
      if (!(await touch(path))) {
        await makeDirectory(dirname(path));
        await rename(temporary, path);
      }
      rememberHash(real, after, hash);
      return { hash, bytes };
    } finally {
      await rm(temporary, { force: true });
    }
  }
  throw new ChangedMeanwhile('it was written to while it was copied');
};

/** Copies a blob to where nothing is yet. Undefined when it went well; else what is wrong with the blob. */
export const takeBlob = async (options: { readonly directory: string; readonly hash: ContentHash; readonly bytes: number; readonly target: string; readonly mode: number }): Promise<string | undefined> => {
  const { directory, hash, bytes, target, mode } = options;
  await mkdir(dirname(target), { recursive: true });
  try {
    const copied = await copyHashed(blobPath(directory, hash), target);
    if (copied.bytes !== bytes) return `it has ${copied.bytes} bytes instead of ${bytes}`;
    if (copied.hash !== hash) return 'its content has changed';
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? 'it is missing' : error instanceof Error ? error.message : String(error);
  }
  await chmod(target, mode);
  return undefined;
};

/** Whether a blob is there and has its length, without reading it. */
export const hasBlob = async (directory: string, { hash, bytes }: { readonly hash: ContentHash; readonly bytes: number }): Promise<boolean> =>
  stat(blobPath(directory, hash)).then(({ size }) => size === bytes, () => false);
