/**
 * What a container, or a service, may use of the machine: the limits of its control groups (version 2). A limit on any
 * level counts for all below it.
 */
import { join } from 'node:path';
import { fieldOf, readText } from './read-file.ts';

export interface CgroupPlaces {
  /** `/proc` */
  readonly proc: string;
  /** Where the hierarchy is mounted: `/sys/fs/cgroup`. */
  readonly cgroups: string;
}

/** Directories of this process's groups, its own first; none where there is no version 2. */
export const cgroupsOf = async ({ proc, cgroups }: CgroupPlaces): Promise<readonly string[]> => {
  const own = /^0::(\/.*)$/mu.exec((await readText(join(proc, 'self', 'cgroup'))) ?? '')?.[1];
  if (own === undefined) return [];
  const names = own.split('/').filter(Boolean);
  // A process from outside sees a path that leads out of what is mounted here.
  const inside = names.includes('..') ? [] : names;
  return Array.from({ length: inside.length + 1 }, (_, up) => join(cgroups, ...inside.slice(0, inside.length - up)));
};

export interface MemoryUse {
  /** Bytes. */
  readonly limit: number;
  /** Bytes, without what the kernel would give back; undefined when it is not told. */
  readonly used: number | undefined;
}

/** Of those groups that have a limit. */
export const memoryLimits = async (groups: readonly string[]): Promise<readonly MemoryUse[]> => {
  const uses = await Promise.all(groups.map(memoryOf));
  return uses.filter((use) => use !== undefined);
};

const memoryOf = async (group: string): Promise<MemoryUse | undefined> => {
  const limit = numberOf(await readText(join(group, 'memory.max')));
  if (limit === undefined) return undefined;
  const current = numberOf(await readText(join(group, 'memory.current')));
  const stat = (await readText(join(group, 'memory.stat'))) ?? '';
  // As for a whole machine: files in memory, or half the workers that compile would seem full for ever.
  const reclaimable = ['inactive_file', 'active_file', 'slab_reclaimable'].reduce((sum, name) => sum + (fieldOf(stat, name) ?? 0), 0);
  return { limit, used: current === undefined ? undefined : Math.max(0, current - reclaimable) };
};

/** `max` is no number. */
const numberOf = (text: string | undefined): number | undefined => {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isNaN(value) ? undefined : value;
};

export interface ProcessorUse {
  readonly group: string;
  /** Processors that may be used at once; fractions are usual. */
  readonly processors: number;
  /** Milliseconds of processor time since the group began. */
  readonly usedMs: number;
}

/** Of those groups that have a quota and tell their use. */
export const processorQuotas = async (groups: readonly string[]): Promise<readonly ProcessorUse[]> => {
  const uses = await Promise.all(groups.map(processorsOf));
  return uses.filter((use) => use !== undefined);
};

const processorsOf = async (group: string): Promise<ProcessorUse | undefined> => {
  const [quota, period] = ((await readText(join(group, 'cpu.max'))) ?? '').split(' ').map(Number);
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return undefined;
  const usedUs = fieldOf((await readText(join(group, 'cpu.stat'))) ?? '', 'usage_usec');
  return usedUs === undefined ? undefined : { group, processors: quota / period, usedMs: usedUs / 1_000 };
};
