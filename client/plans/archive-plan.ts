/** A copy of a plan for keeping: its files, what is known of its checkpoints, and the ledgers of its executions. Whole or not at all. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TasksError } from '../../model/problem.ts';

export interface ArchiveRequest {
  /** Absolute path of the plan's directory. */
  readonly directory: string;
  /** Absolute path of the copy; nothing may be there. */
  readonly to: string;
  /** Files beside those of the plan, by name; a name may hold one slash. */
  readonly extra: ReadonlyMap<string, string>;
}

export interface Archived {
  readonly files: readonly string[];
  /** What is no file: directories but for checkpoints, and links. */
  readonly leftOut: readonly string[];
}

const refused = (message: string, path: string, cause?: unknown): TasksError => new TasksError({ code: 'TASKS4003', message, place: { file: path } }, { cause });

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const copyInto = async ({ directory, extra }: ArchiveRequest, target: string): Promise<Archived> => {
  const names = (await readdir(directory)).sort();
  const files: string[] = [];
  const leftOut: string[] = [];
  for (const name of names) {
    const isFile = (await lstat(join(directory, name))).isFile();
    if (!isFile || extra.has(name)) {
      if (name !== 'checkpoints' && name !== 'archive') leftOut.push(name);
      continue;
    }
    await copyFile(join(directory, name), join(target, name), constants.COPYFILE_EXCL);
    files.push(name);
  }
  for (const [name, text] of extra) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await writeFile(join(target, name), text, { flag: 'wx' });
    files.push(name);
  }
  return { files, leftOut };
};

/** @throws TasksError TASKS4003 when something is there already, or it cannot be written: then nothing is. */
export const archivePlan = async (request: ArchiveRequest): Promise<Archived> => {
  const { to } = request;
  const parent = dirname(to);
  const temporary = join(parent, `.tasks.${randomUUID()}.tmp`);
  try {
    if (await lstat(to).then(() => true, () => false)) throw refused('there is an archive of that name already', to);
    await mkdir(parent, { recursive: true });
    await mkdir(temporary);
    const archived = await copyInto(request, temporary);
    // Over a directory that somebody made meanwhile it fails, unless that is empty.
    await rename(temporary, to);
    return archived;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error instanceof TasksError ? error : refused(`the archive cannot be written: ${reasonOf(error)}`, to, error);
  }
};
