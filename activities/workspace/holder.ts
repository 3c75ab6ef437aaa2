/** Which process something belongs to, so that another one can tell whether that still lives. */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { bootId, readStat } from '../command/launcher/proc.ts';

export const holderSchema = z.object({
  host: z.string(),
  /** Undefined where nobody tells. */
  boot: z.string().optional(),
  /** Process ids of two containers on one host are not the same. */
  processes: z.string().optional(),
  pid: z.int().positive(),
  startTime: z.string().optional(),
});
export type Holder = z.infer<typeof holderSchema>;

const namespace = (): string | undefined => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
};

const machine = { host: hostname(), boot: bootId(), processes: namespace() };

export const holderOf = (pid: number): Holder => ({ ...machine, pid, startTime: readStat(pid)?.startTime });

const isRunning = ({ pid, startTime }: Holder): boolean => {
  if (startTime !== undefined) {
    const stat = readStat(pid);
    return stat?.startTime === startTime && stat.state !== 'Z';
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** `unknown`: it is, or was, on a machine that cannot be seen from here. */
export const lifeOf = (holder: Holder): 'alive' | 'dead' | 'unknown' => {
  if (holder.host !== machine.host || holder.processes !== machine.processes) return 'unknown';
  if (holder.boot !== machine.boot) return 'dead';
  return isRunning(holder) ? 'alive' : 'dead';
};
