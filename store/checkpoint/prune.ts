/** Removing checkpoints, and the contents that nothing names any more. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dirent } from 'node:fs';
import { isContentHash, isExecutionId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { BLOBS, executionDirectory, taskOfManifest, unfinishedDirectory } from './layout.ts';
import type { StoredCheckpoint } from './manifest.schema.ts';
import { entriesOf, writeEntries } from './manifests.ts';
import type { Freed, ManifestPlace } from './manifests.ts';

/** Contents younger than this may belong to a checkpoint whose manifest is still to be written. */
const SPARED_MS = 10 * 60_000;

const list = async (path: string): Promise<readonly Dirent[]> => readdir(path, { withFileTypes: true }).catch(() => []);

/** `_blobs` is the execution whose id is `blobs`: see `layout.ts`. */
const executionOf = (name: string): ExecutionId | undefined => {
  const id = name === `_${BLOBS}` ? BLOBS : name;
  return name !== BLOBS && isExecutionId(id) ? id : undefined;
};

/** Every manifest there is. */
async function* places(directory: string): AsyncGenerator<ManifestPlace> {
  for (const { name: folder } of await list(directory)) {
    const execution = executionOf(folder);
    if (execution === undefined) continue;
    for (const { name } of await list(join(directory, folder))) {
      const task = taskOfManifest(name);
      if (task !== undefined) yield { directory, execution, task };
    }
  }
}

export interface Swept {
  readonly blobs: number;
  readonly bytes: number;
}

/**
 * Removes the contents that no manifest names, unless they are young and nobody has freed them since they were last
 * used. While a manifest cannot be read nothing goes: it may name any of them.
 */
export const sweepBlobs = async (directory: string, freed: Freed = new Map()): Promise<Swept> => {
  const used = new Set<string>();
  for await (const place of places(directory)) {
    const entries = await entriesOf(place).catch(() => undefined);
    if (!entries) return { blobs: 0, bytes: 0 };
    for (const entry of entries) if (entry.ok) for (const { hash } of entry.checkpoint.artifacts) used.add(hash);
  }
  let blobs = 0;
  let bytes = 0;
  const sweep = async (folder: string, isOurs: (name: string) => boolean): Promise<void> => {
    for (const { name } of await list(folder)) {
      if (!isOurs(name)) continue;
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      const isFree = found && (Date.now() - found.mtimeMs >= SPARED_MS || found.mtimeMs <= (freed.get(name) ?? 0));
      if (!isFree) continue;
      await rm(path, { force: true });
      blobs += 1;
      bytes += found.size;
    }
  };
  for (const { name } of await list(join(directory, BLOBS))) {
    if (/^[0-9a-f]{2}$/.test(name)) await sweep(join(directory, BLOBS, name), (hash) => isContentHash(hash) && !used.has(hash));
  }
  await sweep(unfinishedDirectory(directory), () => true);
  return { blobs, bytes };
};

export interface Removed {
  /** Tasks that had some. */
  readonly tasks: number;
  /** For {@link sweepBlobs}. */
  readonly freed: Freed;
}

/** Removes all checkpoints of an execution. Their contents are left to {@link sweepBlobs}. */
export const removeExecution = async (directory: string, execution: ExecutionId): Promise<Removed> => {
  const folder = executionDirectory(directory, execution);
  const freed = new Map<string, number>();
  const tasks = (await list(folder)).flatMap(({ name }) => taskOfManifest(name) ?? []);
  for (const task of tasks) {
    for (const [hash, until] of await writeEntries({ directory, execution, task }, [])) freed.set(hash, Math.max(until, freed.get(hash) ?? 0));
  }
  // Only what is ours: somebody may have put something of theirs there.
  if ((await list(folder)).every(({ name }) => name.endsWith('.tmp'))) await rm(folder, { recursive: true, force: true });
  return { tasks: tasks.length, freed };
};

/** Keeps of a task's checkpoints those that `isKept` says. */
export const thinOut = async (place: ManifestPlace, isKept: (checkpoint: StoredCheckpoint) => boolean): Promise<Freed> => {
  const entries = await entriesOf(place);
  const kept = entries.flatMap((entry) => (entry.ok && isKept(entry.checkpoint) ? [entry.checkpoint] : []));
  return kept.length < entries.length ? writeEntries(place, kept) : new Map();
};
