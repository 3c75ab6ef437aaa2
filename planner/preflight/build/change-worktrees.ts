/**
 * Git's list of worktrees is not safe beside others that change it, whichever process they are in: who adds one while another takes
 * the last one away loses the directory, and who meets an entry half made gives up (git 2.39: 7 of 900 beside two others).
 */
import { setTimeout as delay } from 'node:timers/promises';

const TRIES = 6;
const PAUSE_MS = 50;

/** One that is not in the list is not taken out of it by trying again. */
const isVain = (error: unknown): boolean => error instanceof Error && error.message.includes('is not a working tree');

/** Runs `git worktree add`, `remove` or `lock`, again when it fails. @throws what the last try throws: an error with git's last words. */
export const changeWorktrees = async (change: () => Promise<unknown>): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await change();
      return;
    } catch (error) {
      if (tries === TRIES || isVain(error)) throw error;
      await delay(PAUSE_MS * Math.random());
    }
  }
};
