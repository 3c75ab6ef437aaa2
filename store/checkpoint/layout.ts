/**
 * Where checkpoints lie: `checkpoints/<executionId>/<taskId>.checkpoint` with a line for each that is kept, and
 * `checkpoints/blobs/<aa>/<hash>` with the contents of files, shared by all that have the same. Outside the plan's hash,
 * and outside git.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isContentHash, isExecutionId, isTaskId } from '../../model/ids.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../model/ids.ts';

export const BLOBS = 'blobs';
export const SUFFIX = '.checkpoint';
/** Contents of files may be anybody's secret. */
const MODE = 0o700;

const checked = <T extends string>(text: T, isId: (text: string) => boolean): T => {
  if (!isId(text)) throw new RangeError(`no part of a path: ${JSON.stringify(text)}`);
  return text;
};

/** `blobs` is a legal id of an execution: it gets a name that none can have. */
export const executionDirectory = (directory: string, execution: ExecutionId): string => {
  const name = checked(execution, isExecutionId);
  return join(directory, name === BLOBS ? `_${name}` : name);
};
export const manifestPath = (directory: string, execution: ExecutionId, task: TaskId): string => join(executionDirectory(directory, execution), `${checked(task, isTaskId)}${SUFFIX}`);

/** The task whose checkpoints a file holds; undefined for any other file. */
export const taskOfManifest = (name: string): TaskId | undefined => {
  const task = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
  return isTaskId(task) ? task : undefined;
};

export const blobPath = (directory: string, hash: ContentHash): string => join(directory, BLOBS, checked(hash, isContentHash).slice(0, 2), hash);
/** Beside the blobs, so that a rename is all that is left to do. */
export const unfinishedDirectory = (directory: string): string => join(directory, BLOBS, 'unfinished');

export const makeDirectory = async (path: string): Promise<void> => void (await mkdir(path, { recursive: true, mode: MODE }));

/** Makes the directory, and keeps it out of `git status`. */
export const prepareDirectory = async (directory: string): Promise<void> => {
  await makeDirectory(unfinishedDirectory(directory));
  await writeFile(join(directory, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
};
