/**
 * Ends what an earlier attempt left running when both its worker and its launcher died: `strays.ts` says which
 * processes that are. Only locks of this host and this boot say anything about the processes here and now.
 */
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bootId } from './launcher/proc.ts';
import { endStrays } from './launcher/strays.ts';

const lockSchema = z.object({
  schema: z.literal(1),
  host: z.string(),
  token: z.string().min(16),
  group: z.int().min(2),
  startTime: z.string().optional(),
  bootId: z.string().optional(),
});
/** What is needed of a `LockFile`. */
type KnownLock = z.infer<typeof lockSchema>;

const readLock = async (path: string): Promise<KnownLock | undefined> => {
  try {
    return lockSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
};

export interface ReapRequest {
  /** The task's directory, with the lock files of its attempts. */
  readonly directory: string;
  readonly host: string;
  readonly graceMs: number;
}

/** Answers how many locks it cleared. A lock of another host is left alone: its processes are not here. */
export const reapLocks = async ({ directory, host, graceMs }: ReapRequest): Promise<number> => {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.lock.json'));
  let cleared = 0;
  for (const name of names) {
    const path = join(directory, name);
    const lock = await readLock(path);
    if (lock && lock.host !== host) continue;
    if (lock?.bootId !== undefined && lock.bootId === bootId()) await endStrays({ ...lock, graceMs });
    await rm(path, { force: true });
    cleared += 1;
  }
  return cleared;
};
