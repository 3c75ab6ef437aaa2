/** Signals to a whole process group, and whether it still lives. */
import { listPids, readStat } from './proc.ts';

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** False when the group has no process left. Pid 1 and nonsense are refused: they would signal far too much. */
export const signalGroup = (group: number, signal: NodeJS.Signals | 0): boolean => {
  if (!Number.isInteger(group) || group <= 1) return false;
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
};

/** SIGTERM, and SIGCONT so that a stopped process can act on it. */
export const askGroupToEnd = (group: number): boolean => {
  const alive = signalGroup(group, 'SIGTERM');
  if (alive) signalGroup(group, 'SIGCONT');
  return alive;
};

/**
 * Whether a process of the group still runs. A zombie does not: where nobody waits for orphans (a container
 * without an init) it stays for ever.
 */
export const groupLives = (group: number): boolean => {
  if (!signalGroup(group, 0)) return false;
  const pids = listPids();
  if (pids.length === 0) return true;
  return pids.some((pid) => {
    const stat = readStat(pid);
    return stat?.group === group && stat.state !== 'Z' && stat.state !== 'X';
  });
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Waits until nothing of the group runs; false when something still does after `withinMs`. */
export const groupEnded = async ({ group, withinMs }: { group: number; withinMs: number }): Promise<boolean> => {
  const until = performance.now() + withinMs;
  for (let pause = 5; groupLives(group); pause = Math.min(pause * 2, 100)) {
    const left = until - performance.now();
    if (left <= 0) return false;
    await wait(Math.min(pause, left));
  }
  return true;
};

const KILLED_WITHIN_MS = 1_000;

/** SIGTERM, `graceMs`, SIGKILL. Answers when nothing of the group runs any more, or one second after SIGKILL. */
export const endGroup = async ({ group, graceMs }: { group: number; graceMs: number }): Promise<void> => {
  if (!askGroupToEnd(group)) return;
  if (await groupEnded({ group, withinMs: graceMs })) return;
  signalGroup(group, 'SIGKILL');
  await groupEnded({ group, withinMs: KILLED_WITHIN_MS });
};
