/**
 * The probe of a real machine, by `systeminformation`, and on Linux by what the kernel tells of the processors: there
 * the library starts a shell for every look at them, lets nothing else run until it has ended, and leaves out the
 * waiting for disks. A look costs 2.4 ms of CPU (the library's 8.6, and 14 ms in which its process does nothing else;
 * `npm run bench -- probe` on two cores), so once a second is 0.25 % of one core.
 *
 * The limits of a container count, not its host's: memory, and a quota of processors (control groups, version 2; those
 * of version 1 are not looked at).
 */
import { join } from 'node:path';
import { cgroupsOf, memoryLimits, processorQuotas } from './cgroup.ts';
import type { CgroupPlaces, ProcessorUse } from './cgroup.ts';
import type { HostProbe, HostSample } from './host-probe.ts';
import { percentOf } from './percent.ts';
import { parseProcessorTimes, processorUse } from './processor-times.ts';
import type { ProcessorTimes } from './processor-times.ts';
import { readText } from './read-file.ts';

/** What is used of `systeminformation`. */
export interface SystemLibrary {
  mem(): Promise<{ readonly total: number; readonly available: number }>;
  currentLoad(): Promise<{ readonly currentLoad: number }>;
}

export interface SystemProbeOptions extends Partial<CgroupPlaces> {
  readonly platform?: NodeJS.Platform;
  /** Loaded at the first sample: it takes 70 ms, which a command that asks for help does not have. */
  readonly library?: () => Promise<SystemLibrary>;
}

type Processors = Pick<HostSample, 'cpu' | 'ioWait'>;

export const createSystemProbe = (options: SystemProbeOptions = {}): HostProbe => {
  const { platform = process.platform, proc = '/proc', cgroups = '/sys/fs/cgroup', library = loadLibrary } = options;
  const places = { proc, cgroups };
  const isLinux = platform === 'linux';
  const processors = isLinux ? kernelProcessors(places) : libraryProcessors(library);
  return {
    sample: async () => {
      const groups = isLinux ? await cgroupsOf(places) : [];
      const [used, memory] = await Promise.all([processors(groups), memoryUse({ groups, library })]);
      return { ...used, ...(memory !== undefined && { memory }) };
    },
  };
};

const loadLibrary = async (): Promise<SystemLibrary> => (await import('systeminformation')).default;

/** Of the fullest of the limits that are below the machine's memory, else of the machine. */
const memoryUse = async ({ groups, library }: { readonly groups: readonly string[]; readonly library: () => Promise<SystemLibrary> }): Promise<number | undefined> => {
  const { total, available } = await (await library()).mem();
  const limits = (await memoryLimits(groups)).filter(({ limit }) => !(limit >= total));
  if (limits.length === 0) return percentOf(total - available, total);
  return highest(limits.map(({ limit, used }) => (used === undefined ? undefined : percentOf(used, limit))));
};

const highest = (percents: readonly (number | undefined)[]): number | undefined => {
  const known = percents.filter((percent) => percent !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
};

interface Look {
  /** Milliseconds. */
  readonly at: number;
  readonly times: ProcessorTimes | undefined;
  readonly quotas: readonly ProcessorUse[];
}

const kernelProcessors = ({ proc }: CgroupPlaces): ((groups: readonly string[]) => Promise<Processors>) => {
  let before: Look | undefined;
  return async (groups) => {
    const [text, quotas] = await Promise.all([readText(join(proc, 'stat')), processorQuotas(groups)]);
    const look: Look = { at: performance.now(), times: parseProcessorTimes(text ?? ''), quotas };
    const last = before;
    before = look;
    return last ? betweenLooks(last, look) : {};
  };
};

const betweenLooks = (before: Look, after: Look): Processors => {
  const machine = before.times && after.times ? processorUse(before.times, after.times) : {};
  if (after.quotas.length === 0) return machine;
  const elapsedMs = after.at - before.at;
  const cpu = highest(
    after.quotas.map(({ group, processors, usedMs }) => {
      const earlier = before.quotas.find((quota) => quota.group === group);
      return earlier && percentOf(usedMs - earlier.usedMs, processors * elapsedMs);
    }),
  );
  const { ioWait } = machine;
  return { ...(cpu !== undefined && { cpu }), ...(ioWait !== undefined && { ioWait }) };
};

const libraryProcessors = (library: () => Promise<SystemLibrary>): (() => Promise<Processors>) => {
  let isFirst = true;
  return async () => {
    const { currentLoad } = await (await library()).currentLoad();
    // The first is an average since the machine began.
    const cpu = isFirst ? undefined : percentOf(currentLoad, 100);
    isFirst = false;
    return { ...(cpu !== undefined && { cpu }) };
  };
};
