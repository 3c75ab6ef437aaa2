/**
 * One at a time in the files of a repository, over all worker processes that see it. Whoever wants it puts down a file of
 * its own, under a name that nobody else has, and holds it when no other living one is there: of two, at least the later
 * one sees the other, and steps back. A dead one's file is taken away by anybody, which can hit no living one.
 */
import { randomUUID } from 'node:crypto';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { holderOf, holderSchema, lifeOf } from './holder.ts';

const NAME = /^tasks-merge\.[0-9a-f-]{36}\.lock$/u;
const SIGN_OF_LIFE_MS = 2_000;
/** One of another machine that has not been written to for this long is dead. */
const SILENT_MS = 60_000;
const POLL_MS = 25;

export interface LockOptions {
  /** The git directory. */
  readonly directory: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

const isAlive = async (path: string, now: number): Promise<boolean> => {
  const [text, found] = await Promise.all([readFile(path, 'utf8').catch(() => undefined), stat(path).catch(() => undefined)]);
  if (text === undefined || !found) return false;
  let life: ReturnType<typeof lifeOf> = 'unknown';
  try {
    life = lifeOf(holderSchema.parse(JSON.parse(text)));
  } catch {
    // Written by another version: its silence will tell.
  }
  return life === 'alive' || (life === 'unknown' && now - found.mtimeMs < SILENT_MS);
};

/** Takes away what the dead have left. */
const othersLive = async (directory: string, own: string): Promise<boolean> => {
  // By the clock of the file system: that of another machine may differ.
  const now = (await stat(join(directory, own))).mtimeMs;
  let live = false;
  for (const name of (await readdir(directory)).filter((name) => NAME.test(name) && name !== own)) {
    if (await isAlive(join(directory, name), now)) live = true;
    else await rm(join(directory, name), { force: true });
  }
  return live;
};

interface Claim {
  readonly path: string;
  readonly file: FileHandle;
}

const giveUp = async ({ path, file }: Claim): Promise<void> => {
  await rm(path, { force: true });
  await file.close();
};

const tryLock = async (directory: string): Promise<Claim | undefined> => {
  const name = `tasks-merge.${randomUUID()}.lock`;
  const path = join(directory, name);
  // Somebody who reads it before it is written takes it for a living one.
  const claim: Claim = { path, file: await open(path, 'wx', 0o600) };
  try {
    await claim.file.write(JSON.stringify(holderOf(process.pid)));
    if (!(await othersLive(directory, name))) return claim;
  } catch (error) {
    await giveUp(claim);
    throw error;
  }
  await giveUp(claim);
  return undefined;
};

/** Holds until disposed; a process that dies holds nothing. @throws Error when it cannot be had in that time, or `signal` is aborted. */
export const takeLock = async ({ directory, waitMs, signal }: LockOptions): Promise<AsyncDisposable> => {
  for (const until = Date.now() + waitMs; ; ) {
    signal.throwIfAborted();
    const claim = await tryLock(directory);
    if (claim) {
      // By its handle: by its name it would come back after it has been given up.
      const timer = setInterval(() => void claim.file.write(' ').catch(() => undefined), SIGN_OF_LIFE_MS);
      return {
        [Symbol.asyncDispose]: async () => {
          clearInterval(timer);
          await giveUp(claim);
        },
      };
    }
    if (Date.now() > until) throw new Error(`another process has been merging into this repository for ${Math.round(waitMs / 1000)} s`);
    // Two that step back for each other must not do so in step.
    await delay(POLL_MS * (1 + 3 * Math.random()), undefined, { signal });
  }
};
