/**
 * Reads processes from `/proc`. Where there is none (macOS, BSD) everything answers undefined or nothing, and
 * what is built on it does without: no usage, and no reaping of strays.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  readonly pid: number;
  /** `R`, `S`, `D`, `Z` (a zombie: dead, not yet waited for), … */
  readonly state: string;
  readonly group: number;
  /** Own and waited-for children's time, user and system, in clock ticks. */
  readonly ticks: number;
  readonly childTicks: number;
  /** Since boot, in clock ticks: with the boot's id it tells a recycled pid from the process meant. */
  readonly startTime: string;
}

/** `USER_HZ`: 100 on every architecture Node runs on. */
export const TICKS_PER_SECOND = 100;

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

export const readStat = (pid: number | 'self'): ProcessStat | undefined => {
  const text = read(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold anything: fields are counted after its end.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (!text || !fields || fields.length < 22) return undefined;
  const field = (at: number): number => Number(fields[at]);
  return {
    pid: Number.parseInt(text, 10),
    state: fields[0] ?? '?',
    group: field(2),
    ticks: field(11) + field(12),
    childTicks: field(13) + field(14),
    startTime: fields[19] ?? '',
  };
};

export const listPids = (): readonly number[] => {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
};

/** Changes at every boot, so that start times of two boots are never mixed up. */
export const bootId = (): string | undefined => read('/proc/sys/kernel/random/boot_id')?.trim();

/** Whether a process was started with this variable; undefined when that cannot be seen (gone, or not ours). */
export const hasVariable = ({ pid, name, value }: { pid: number; name: string; value: string }): boolean | undefined =>
  read(`/proc/${pid}/environ`)?.split('\0').includes(`${name}=${value}`);

/** Resident memory now and at its peak, in bytes. Taken from `status`: the figures of `stat` lag behind. */
export const readMemory = (pid: number): { readonly resident: number; readonly peak: number } | undefined => {
  const status = read(`/proc/${pid}/status`);
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(status ?? '')?.[1];
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(status ?? '')?.[1];
  return resident && peak ? { resident: Number(resident) * 1024, peak: Number(peak) * 1024 } : undefined;
};
