/**
 * Makes a checkpoint: the contents first, then the manifest that names them. Killed in between, it leaves the checkpoint
 * before it as it was, and contents that the next sweep removes.
 */
import { isBefore } from '../../model/checkpoint.ts';
import { size } from '../../model/size-text.ts';
import { workspaceFile } from '../file-hash.ts';
import { putBlob } from './blobs.ts';
import { prepareDirectory } from './layout.ts';
import type { StoredArtifact, StoredCheckpoint } from './manifest.schema.ts';
import { entriesOf, writeEntries } from './manifests.ts';
import type { Freed } from './manifests.ts';

/** Of one checkpoint. */
export const MAX_FILES = 10_000;
const AT_ONCE = 2;

export interface SaveRequest {
  readonly directory: string;
  readonly checkpoint: Omit<StoredCheckpoint, 'schema' | 'artifacts' | 'refused'>;
  /** A real path. */
  readonly workspace: string;
  /** Relative to the workspace: what is kept of it. */
  readonly files: readonly string[];
  readonly maxBytes: number;
  /** Of the task, this one counted: the oldest go. */
  readonly keep: number;
  /** Aborted, it ends soon and keeps nothing. */
  readonly signal?: AbortSignal;
}

export interface Saved {
  readonly files: number;
  readonly bytes: number;
  /** Why nothing was kept; undefined when all was. In words. */
  readonly refused?: string;
  /** What only older ones kept, which went for it. */
  readonly freed: Freed;
}

const tooMuch = async ({ workspace, files, maxBytes }: SaveRequest): Promise<string | undefined> => {
  if (files.length > MAX_FILES) return `it has more than ${MAX_FILES.toLocaleString('en')} files`;
  let bytes = 0;
  for (const path of files) bytes += (await workspaceFile({ workspace, path }))?.stat.size ?? 0;
  return bytes > maxBytes ? `it has ${size(bytes)}, more than the ${size(maxBytes)} of one checkpoint (policies.checkpoints.max_bytes)` : undefined;
};

const GIVEN_UP = 'it was not complete in time';

const putAll = async ({ directory, workspace, files, signal }: SaveRequest): Promise<readonly StoredArtifact[]> => {
  const artifacts: StoredArtifact[] = [];
  const queue = files.values();
  const work = async (): Promise<void> => {
    for (const path of queue) {
      if (signal?.aborted) throw new Error(GIVEN_UP);
      const file = await workspaceFile({ workspace, path });
      // What went since it was listed is not part of it.
      if (!file) continue;
      const { hash, bytes } = await putBlob(directory, file).catch((error: unknown) => {
        throw new Error(`${JSON.stringify(path)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      });
      artifacts.push({ path, hash, bytes, mode: file.stat.mode & 0o777 });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return artifacts.sort((a, b) => (a.path < b.path ? -1 : 1));
};

const contentOf = async (request: SaveRequest): Promise<Pick<StoredCheckpoint, 'artifacts' | 'refused'>> => {
  try {
    await prepareDirectory(request.directory);
    const refused = await tooMuch(request);
    return refused === undefined ? { artifacts: [...(await putAll(request))] } : { artifacts: [], refused };
  } catch (error) {
    return { artifacts: [], refused: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * What is older than a point that no way leads back from is of no use any more, nor is an older one of the same name.
 * Lines that cannot be read go as well: whoever resumed has said so.
 */
const linesWith = async (request: SaveRequest, next: StoredCheckpoint): Promise<readonly StoredCheckpoint[]> => {
  const { directory, checkpoint, keep } = request;
  const before = (await entriesOf({ directory, ...checkpoint })).flatMap((entry) => (entry.ok ? [entry.checkpoint] : []));
  const useful = before.filter((line) => line.name !== next.name && isBefore(line, next) && next.rollbackCapable !== false);
  return [...useful, next].slice(-keep);
};

/** Never rejects: what cannot be kept is said. The manifest is on the disk when it resolves. */
export const saveCheckpoint = async (request: SaveRequest): Promise<Saved> => {
  const content = await contentOf(request);
  const next: StoredCheckpoint = { schema: 1, ...request.checkpoint, ...content };
  const { artifacts, refused } = content;
  const nothing = (reason: string): Saved => ({ files: 0, bytes: 0, refused: reason, freed: new Map() });
  // Its line says that it was passed, which matters only where that closes the way back.
  if (refused !== undefined && next.rollbackCapable !== false) return nothing(refused);
  try {
    if (request.signal?.aborted) return nothing(GIVEN_UP);
    const freed = await writeEntries({ directory: request.directory, ...request.checkpoint }, await linesWith(request, next));
    if (refused !== undefined) return { ...nothing(refused), freed };
    return { files: artifacts.length, bytes: artifacts.reduce((sum, { bytes }) => sum + bytes, 0), freed };
  } catch (error) {
    return nothing(`its manifest cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
};
