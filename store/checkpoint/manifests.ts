/** The manifest of one task's checkpoints: read as far as it can be, and replaced as a whole. */
import { readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { writeAtomically } from '../atomic-file.ts';
import { makeDirectory, manifestPath } from './layout.ts';
import { manifestLine, readManifest } from './manifest.schema.ts';
import type { ManifestEntry, StoredCheckpoint } from './manifest.schema.ts';

/** Ten thousand files of 3 KB each in every line, and more than anybody keeps of them. */
const MAX_BYTES = 256 * 1024 * 1024;

export interface ManifestPlace {
  readonly directory: string;
  readonly execution: ExecutionId;
  readonly task: TaskId;
}

const pathOf = ({ directory, execution, task }: ManifestPlace): string => manifestPath(directory, execution, task);

/** Oldest first; none when there is no such file. @throws what the file system throws when it cannot be read. */
export const entriesOf = async (place: ManifestPlace): Promise<readonly ManifestEntry[]> => {
  const path = pathOf(place);
  try {
    if ((await stat(path)).size > MAX_BYTES) return [{ ok: false, name: '(unreadable)', reason: 'its manifest is too large' }];
    const entries = readManifest(await readFile(path, 'utf8'));
    // A file that was put under another's name says nothing about this task.
    return entries.map((entry) => (entry.ok && (entry.checkpoint.task !== place.task || entry.checkpoint.execution !== place.execution) ? { ok: false, name: entry.checkpoint.name, reason: 'it is of another task' } : entry));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
};

/** Contents that a manifest names no more, by hash: until when (milliseconds since the epoch) it was the last to use them. */
export type Freed = ReadonlyMap<string, number>;

const hashesOf = (entries: readonly ManifestEntry[]): readonly string[] => entries.flatMap((entry) => (entry.ok ? entry.checkpoint.artifacts.map(({ hash }) => hash) : []));

/** Whoever reads finds the lines of before or these; with none, no file. */
export const writeEntries = async (place: ManifestPlace, checkpoints: readonly StoredCheckpoint[]): Promise<Freed> => {
  const path = pathOf(place);
  const until = await stat(path).then(({ mtimeMs }) => mtimeMs, () => 0);
  const kept = new Set(checkpoints.flatMap(({ artifacts }) => artifacts.map(({ hash }) => hash as string)));
  const freed = new Map(hashesOf(await entriesOf(place)).flatMap((hash) => (kept.has(hash) ? [] : [[hash, until]])));
  if (checkpoints.length === 0) await rm(path, { force: true });
  else {
    await makeDirectory(dirname(path));
    await writeAtomically({ path, bytes: Buffer.from(checkpoints.map(manifestLine).join('')) });
  }
  return freed;
};
