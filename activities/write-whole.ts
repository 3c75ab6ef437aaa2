/** Files that others read at any moment: they have the old text or the new one, whole. */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Synchronous: it is there before anything it tells of, and four turns through the thread pool would be a third of what an
 * attempt costs beside its command. A process that dies in it leaves the temporary file, under the name given or one of its own.
 *
 * @throws Error with nothing changed, where the disk is full for example.
 */
export const writeWhole = (path: string, text: string, temporary = `${path}.${randomUUID()}.tmp`): void => {
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
};
