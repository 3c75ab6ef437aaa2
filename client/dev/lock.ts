/** A lock between processes of one user: two starts must not build one binary twice, or share one database. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { identify, isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const holderSchema = z.object({ pid: z.int().positive(), started: z.string() });
const POLL_MS = 100;

export interface LockOptions<T> {
  readonly file: string;
  readonly work: () => Promise<T>;
  /** Called once, when somebody else holds the lock. */
  readonly onWait?: (holder: ProcessIdentity) => void;
  readonly signal?: AbortSignal;
}

/** Runs `work` while no other process does; the lock of a process that died is taken over. */
export const withLock = async <T>({ file, work, onWait, signal }: LockOptions<T>): Promise<T> => {
  await mkdir(dirname(file), { recursive: true });
  const mine = `${file}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(await identify(process.pid)));
  try {
    for (let told = false; !(await acquired(mine, file)); ) {
      const holder = await readHolder(file);
      if (holder && (await isAlive(holder))) {
        if (!told) onWait?.(holder);
        told = true;
        await delay(POLL_MS, undefined, signal ? { signal } : {});
      } else {
        await discard(file);
      }
    }
    try {
      return await work();
    } finally {
      await rm(file, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
};

/** A link, because it is made whole or not at all: no reader ever sees a lock without its holder. */
const acquired = (mine: string, file: string): Promise<boolean> =>
  link(mine, file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );

const readHolder = async (file: string): Promise<ProcessIdentity | undefined> => {
  const text = await readFile(file, 'utf8').catch(() => 'null');
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** Moves a dead holder's lock away; if another process was faster, what we moved is alive, and goes back. */
const discard = async (file: string): Promise<void> => {
  const aside = `${file}.${randomUUID()}`;
  const moved = await rename(file, aside).then(() => true, () => false);
  if (!moved) return;
  const holder = await readHolder(aside);
  if (holder && (await isAlive(holder))) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
};
