/** A file that is written anew: whole or not at all, with the permissions that it had, and where a link leads. */
import { randomUUID } from 'node:crypto';
import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TasksError } from '../../model/problem.ts';

/** @throws TasksError TASKS4003 when it cannot be written; it is then as it was. */
export const replaceFile = async (path: string, text: string): Promise<void> => {
  let temporary: string | undefined;
  try {
    const file = await realpath(path);
    const { mode } = await stat(file);
    temporary = join(dirname(file), `.tasks.${randomUUID()}.tmp`);
    await writeFile(temporary, text, { flag: 'wx' });
    await chmod(temporary, mode);
    await rename(temporary, file);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true });
    throw new TasksError({ code: 'TASKS4003', message: `the file cannot be written: ${error instanceof Error ? error.message : String(error)}`, place: { file: path } }, { cause: error });
  }
};
