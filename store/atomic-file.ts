/** Files that appear whole or not at all, also when the process or the machine dies in between. */
import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** No reader takes a name like this for a plan. */
const TEMPORARY = /^\.[^/]+\.[0-9a-f-]{36}\.tmp$/;
/** No write takes this long: an older temporary file was left by a crash. */
const ABANDONED_AFTER_MS = 60 * 60_000;

/** Writes to a temporary file beside `path`, flushes it to the disk, and renames it over `path`. */
export const writeAtomically = async (request: { readonly path: string; readonly bytes: Uint8Array }): Promise<void> => {
  const directory = dirname(request.path);
  const temporary = join(directory, `.plan.${randomUUID()}.tmp`);
  try {
    // A plan holds commands and environments: it is its owner's, whatever the umask.
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(request.bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, request.path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushDirectory(directory);
};

/** Removes what crashed writers left in `directory`. */
export const removeAbandoned = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory)) {
    if (!TEMPORARY.test(name)) continue;
    const path = join(directory, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
};

/** Makes the rename itself durable. Not every platform can open a directory: there the rename is all there is. */
const flushDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r').catch(() => undefined);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
};
