/**
 * CPU time and memory of process groups. Memory is sampled: one look at `/proc` serves every running command,
 * soon after a start and then ever more rarely, up to once a second. CPU time of what a command waited for is
 * exact, from the kernel's account of our ended children (to a clock tick, 10 ms).
 */
import { listPids, readMemory, readStat, TICKS_PER_SECOND } from './proc.ts';

const FIRST_SAMPLE_MS = 20;
const MAX_INTERVAL_MS = 1_000;
/** A look at `/proc` may cost at most this share of our time. */
const MAX_SHARE = 1 / 20;

interface Tracked {
  peakBytes: number;
  sampledTicks: number;
  waitedTicks: number;
  interval: number;
  dueAt: number;
}

export interface GroupUse {
  readonly cpuSeconds?: number;
  /** Unknown of a command that ended before it was looked at: the kernel tells nobody but who waits for it. */
  readonly peakMemoryBytes?: number;
}

export interface UsageMeter {
  /** Call right after the start. */
  track(group: number): void;
  /** Call when the leader has been waited for; answers once its share of the CPU account is known. */
  leaderEnded(group: number, options: { readonly membersLeft: boolean }): Promise<void>;
  /** Stops tracking. */
  take(group: number): GroupUse;
}

export const createUsageMeter = (): UsageMeter => {
  const tracked = new Map<number, Tracked>();
  let accounted = readStat('self')?.childTicks;
  let ended: Tracked[] = [];
  let settled: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastCostMs = 0;

  const sample = (): void => {
    const start = performance.now();
    const sums = new Map<number, { bytes: number; ticks: number }>();
    for (const pid of listPids()) {
      const stat = readStat(pid);
      if (!stat || !tracked.has(stat.group)) continue;
      const sum = sums.get(stat.group) ?? { bytes: 0, ticks: 0 };
      const memory = readMemory(pid);
      sum.bytes += memory?.resident ?? 0;
      const entry = tracked.get(stat.group);
      if (entry && memory) entry.peakBytes = Math.max(entry.peakBytes, memory.peak);
      sum.ticks += stat.ticks + stat.childTicks;
      sums.set(stat.group, sum);
    }
    for (const [group, { bytes, ticks }] of sums) {
      const entry = tracked.get(group);
      if (!entry) continue;
      entry.peakBytes = Math.max(entry.peakBytes, bytes);
      entry.sampledTicks = Math.max(entry.sampledTicks, ticks);
    }
    lastCostMs = performance.now() - start;
  };

  const schedule = (): void => {
    if (timer || tracked.size === 0) return;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt } of tracked.values()) next = Math.min(next, dueAt);
    timer = setTimeout(tick, Math.max(next - now, FIRST_SAMPLE_MS, lastCostMs / MAX_SHARE));
    timer.unref();
  };

  const tick = (): void => {
    timer = undefined;
    const now = performance.now();
    const due = [...tracked.values()].filter((entry) => entry.dueAt <= now);
    if (due.length > 0) sample();
    for (const entry of due) {
      entry.interval = Math.min(entry.interval * 3, MAX_INTERVAL_MS);
      entry.dueAt = now + entry.interval;
    }
    schedule();
  };

  /** Children that ended in the same turn share what was added to the account, by what was seen of each. */
  const settle = (): void => {
    const batch = ended;
    ended = [];
    settled = undefined;
    const total = readStat('self')?.childTicks;
    if (total === undefined || accounted === undefined) return;
    const added = total - accounted;
    accounted = total;
    const weights = batch.reduce((sum, entry) => sum + entry.sampledTicks + 1, 0);
    for (const entry of batch) entry.waitedTicks = (added * (entry.sampledTicks + 1)) / weights;
  };

  return {
    track: (group) => {
      if (accounted === undefined) return;
      tracked.set(group, {
        peakBytes: 0,
        sampledTicks: 0,
        waitedTicks: 0,
        interval: FIRST_SAMPLE_MS,
        dueAt: performance.now() + FIRST_SAMPLE_MS,
      });
      schedule();
    },
    leaderEnded: async (group, { membersLeft }) => {
      const entry = tracked.get(group);
      if (!entry) return;
      if (membersLeft) {
        // Nobody will report what these used: they are ended, and waited for by another process.
        entry.sampledTicks = 0;
        sample();
      }
      ended.push(entry);
      settled ??= new Promise((resolve) => {
        setImmediate(() => {
          settle();
          resolve();
        });
      });
      await settled;
      if (membersLeft) entry.waitedTicks += entry.sampledTicks;
    },
    take: (group) => {
      const entry = tracked.get(group);
      if (!entry) return {};
      tracked.delete(group);
      const ticks = Math.round(Math.max(entry.waitedTicks, entry.sampledTicks));
      return { cpuSeconds: ticks / TICKS_PER_SECOND, ...(entry.peakBytes > 0 ? { peakMemoryBytes: entry.peakBytes } : {}) };
    },
  };
};
