/**
 * The lock file of a running attempt: enough to find its processes again when both worker and launcher are
 * gone. Written by the launcher, removed when nothing of the command runs; read by `attempt-lock.ts`.
 */
import { unlinkSync, writeFileSync } from 'node:fs';
import { bootId } from './proc.ts';
import type { LockContent } from './protocol.ts';

export interface LockFile extends LockContent {
  readonly schema: 1;
  readonly group: number;
  readonly startTime?: string;
  readonly bootId?: string;
}

export interface WriteLockRequest {
  readonly path: string;
  readonly content: LockContent;
  readonly group: number;
  readonly startTime: string | undefined;
}

let boot: string | undefined;

/** @throws when it cannot be written: then the command must not go on, for nobody could find it again. */
export const writeLock = ({ path, content, group, startTime }: WriteLockRequest): void => {
  boot ??= bootId();
  const lock: LockFile = { schema: 1, ...content, group, ...(startTime ? { startTime } : {}), ...(boot ? { bootId: boot } : {}) };
  writeFileSync(path, JSON.stringify(lock), { mode: 0o600 });
};

export const removeLock = (path: string): void => {
  try {
    unlinkSync(path);
  } catch {
    // Gone already: somebody removed the workspace, or reaped us.
  }
};
