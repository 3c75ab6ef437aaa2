/**
 * Brings the files of a checkpoint back: copies for the command to look at, and the artifacts themselves in their places
 * where the workspace has something else now. All or nothing: what cannot be done is known before anything is touched.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { takeBlob } from '../../store/checkpoint/blobs.ts';
import type { StoredArtifact, StoredCheckpoint } from '../../store/checkpoint/manifest.schema.ts';
import { confine } from '../../store/confine.ts';
import { fileState } from '../../store/file-hash.ts';
import { isKeepable } from './report.ts';

export interface RestoreRequest {
  /** Where it is kept. */
  readonly directory: string;
  readonly checkpoint: StoredCheckpoint;
  /** A real path. */
  readonly workspace: string;
  /** Gets a copy of every file, at its path; nothing of it is there yet. */
  readonly copies: string;
  /** Gets what was in the way, at its path. */
  readonly replaced: string;
}

/** `changed`: how many files had to be put back. `problem` is for people, and then nothing has been touched. */
export type Restored = { readonly ok: true; readonly changed: number } | { readonly ok: false; readonly problem: string };

const refuse = (problem: string): Restored => ({ ok: false, problem });

/** Verified on their way out: whatever is wrong with one is known before the workspace is touched. */
const copyOut = async ({ directory, checkpoint, copies }: RestoreRequest): Promise<string | undefined> => {
  await mkdir(copies, { recursive: true });
  for (const { path, hash, bytes, mode } of checkpoint.artifacts) {
    if (!isKeepable(path)) return `it holds the path ${JSON.stringify(path)}, which no checkpoint may`;
    const wrong = await takeBlob({ directory, hash, bytes, mode, target: join(copies, path) });
    if (wrong !== undefined) return `the content of ${JSON.stringify(path)} is of no use: ${wrong}`;
  }
  return undefined;
};

interface Change {
  readonly artifact: StoredArtifact;
  readonly target: string;
  readonly isThere: boolean;
}

/** Which files differ, and where they really belong. A sentence when one has no place any more. */
const changesOf = async ({ checkpoint, workspace }: RestoreRequest): Promise<readonly Change[] | string> => {
  const changes: Change[] = [];
  for (const artifact of checkpoint.artifacts) {
    const { path } = artifact;
    if ((await fileState({ workspace, path }))?.hash === artifact.hash) continue;
    const parent = await confine({ workspace, path: dirname(path) });
    if (!parent.inside) return `${JSON.stringify(path)} leads out of the workspace now`;
    const target = join(parent.path, path.slice(path.lastIndexOf('/') + 1));
    const found = await lstat(target).catch(() => undefined);
    if (found?.isDirectory()) return `${JSON.stringify(path)} is a directory now`;
    changes.push({ artifact, target, isThere: found !== undefined });
  }
  return changes;
};

/** Over the border of a file system a rename is a copy. */
const move = async (from: string, to: string): Promise<void> => {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch {
    await copyFile(from, to);
    await rm(from, { force: true });
  }
};

const putBack = async ({ copies, replaced }: RestoreRequest, { artifact: { path, mode }, target, isThere }: Change): Promise<void> => {
  if (isThere) await move(target, join(replaced, path));
  const temporary = join(dirname(copies), `.${randomUUID()}.tmp`);
  await copyFile(join(copies, path), temporary, constants.COPYFILE_FICLONE);
  await chmod(temporary, mode);
  await move(temporary, target);
};

/**
 * Only files that the checkpoint has are touched: newer ones that it does not know stay. What was in their place goes to
 * `replaced`. @throws what the file system throws while it puts files back.
 */
export const restore = async (request: RestoreRequest): Promise<Restored> => {
  const damage = await copyOut(request);
  if (damage !== undefined) return refuse(damage);
  const changes = await changesOf(request);
  if (typeof changes === 'string') return refuse(changes);
  for (const change of changes) await putBack(request, change);
  return { ok: true, changed: changes.length };
};
