/**
 * A database belongs to the version of the server that wrote it: another may change its tables for good. And it
 * belongs to one server at a time: two would each overwrite what the other believes.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { TasksError } from '../../model/problem.ts';
import { isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const versionSchema = z.object({
  server: z.string().min(1),
  /** The server that opened it last; it may have ended since. */
  openedBy: z.object({ pid: z.int().positive(), started: z.string() }).optional(),
});

export const versionFile = (database: string): string => `${database}.version.json`;

export interface CheckDatabaseOptions {
  readonly database: string;
  readonly server: string;
  /** The version does not matter. */
  readonly accept: boolean;
}

/**
 * Without a database nothing is refused, and neither is one that somebody else made (it has no version file).
 * @throws TasksError TASKS2005 when another version of the server wrote it, TASKS2006 when a server has it open.
 */
export const checkDatabase = async ({ database, server, accept }: CheckDatabaseOptions): Promise<void> => {
  if (!existsSync(database)) return;
  const text = await readFile(versionFile(database), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  const written = readVersion(text);
  if (written?.openedBy && (await isAlive(written.openedBy))) throw inUse(database, written.openedBy);
  if (written?.server !== server && !accept) throw otherVersion({ database, server, written: written?.server });
};

const readVersion = (text: string): z.infer<typeof versionSchema> | undefined => {
  try {
    return versionSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const inUse = (database: string, { pid }: ProcessIdentity): TasksError =>
  new TasksError({
    code: 'TASKS2006',
    message: `The database ${database} is in use by another Temporal server (process ${pid}).`,
    place: { file: database },
    hint: 'Use that server (`tasks dev --status` shows the one that `tasks dev` started), stop it first, or choose another database.',
  });

const otherVersion = ({ database, server, written }: { database: string; server: string; written: string | undefined }): TasksError =>
  new TasksError({
    code: 'TASKS2005',
    message:
      written === undefined
        ? `${versionFile(database)} is damaged, so nobody knows which server wrote ${database}.`
        : `${database} was written by Temporal server ${written}, and this is server ${server}.`,
    place: { file: database },
    hint:
      `To go on with it, copy the file, then \`tasks dev --accept-database\`: a newer server usually takes it over, and the older one can then no longer read it. ` +
      `To begin anew, move ${database}* away. To use the old server, set TEMPORAL_CLI to its binary.`,
  });

/** Written when the server has opened the database: from then on it is this version's. */
export const recordVersion = async ({ database, ...version }: z.infer<typeof versionSchema> & { database: string }): Promise<void> => {
  const file = versionFile(database);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(version, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
};
