/**
 * The directory of a launcher's own, and what becomes of it when the launcher is killed. Its sign of life is a named
 * pipe that it holds open for reading: the kernel tells whether anybody does, whatever the process ids of another
 * container or boot mean here.
 */
import { closeSync, constants, mkdtempSync, openSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'tasks-launcher-';
const SIGN_OF_LIFE = 'alive';
/** A launcher that is just starting has made its directory, and not yet opened its pipe. */
const STARTED_WITHIN_MS = 60_000;

export const makeScratch = (): string => mkdtempSync(join(tmpdir(), PREFIX));

/** For `mkfifo` to make. */
export const signOfLife = (scratch: string): string => join(scratch, SIGN_OF_LIFE);

/** Held until the process ends. */
export const showLife = (scratch: string): void => {
  openSync(signOfLife(scratch), constants.O_RDONLY | constants.O_NONBLOCK);
};

export const removeScratch = (scratch: string): void => rmSync(scratch, { recursive: true, force: true });

/** Removes what killed launchers left. What cannot be removed is somebody else's. */
export const sweepScratch = (): void => {
  try {
    for (const name of readdirSync(tmpdir())) if (name.startsWith(PREFIX)) sweep(join(tmpdir(), name));
  } catch {
    // Without a directory for temporary files there is nothing to sweep.
  }
};

const sweep = (scratch: string): void => {
  try {
    if (Date.now() - statSync(scratch).mtimeMs < STARTED_WITHIN_MS) return;
    if (readdirSync(scratch).length === 0) rmdirSync(scratch);
    else if (isDead(signOfLife(scratch))) removeScratch(scratch);
  } catch {
    // Gone meanwhile, or not ours.
  }
};

/** A pipe that nobody reads cannot be opened for writing without waiting. */
const isDead = (path: string): boolean => {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENXIO';
  }
};
