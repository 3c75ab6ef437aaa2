/** How much of everything an execution uses, at most and on average over its time. */
import type { Snapshot } from '../../simulate/forecast.ts';
import type { Inline } from '../markdown/nodes.ts';
import { code, text } from '../markdown/nodes.ts';
import { counted, ratio } from '../numbers.ts';

export interface Usage {
  readonly peak: number;
  readonly average: number;
}

/** By resource, in the order in which they appear. */
export const usageOver = (snapshots: readonly Snapshot[]): ReadonlyMap<string, Usage> => {
  const length = (snapshots.at(-1)?.at ?? 0) - (snapshots[0]?.at ?? 0);
  const sums = new Map<string, { peak: number; used: number }>();
  for (const [index, { at, usage }] of snapshots.entries()) {
    const lasts = (snapshots[index + 1]?.at ?? at) - at;
    for (const [name, units] of Object.entries(usage)) {
      const one = sums.get(name) ?? { peak: 0, used: 0 };
      sums.set(name, { peak: Math.max(one.peak, units), used: one.used + units * lasts });
    }
  }
  return new Map([...sums].map(([name, { peak, used }]) => [name, { peak, average: ratio(used, length) ?? peak }]));
};

/** Machine resources, as walks and `waves.json` name them, and how they are said. */
const MACHINE: ReadonlyMap<string, { readonly one: string; readonly many: string; readonly name: string }> = new Map(
  ['', 'estimated_'].flatMap((prefix) => [
    [`${prefix}cpu_cores`, { one: 'CPU core', many: 'CPU cores', name: 'CPU cores' }],
    [`${prefix}memory_gb`, { one: 'GB of memory', many: 'GB of memory', name: 'memory' }],
    [`${prefix}disk_io_mbps`, { one: 'Mbps of disk I/O', many: 'Mbps of disk I/O', name: 'disk I/O' }],
  ]),
);

export const isMachine = (name: string): boolean => MACHINE.has(name);

/** `6 CPU cores, 2 GB of memory`; undefined when none of them is used. */
export const machineWords = (usage: ReadonlyMap<string, number>): string | undefined => {
  const words = [...MACHINE].flatMap(([key, { one, many }]) => {
    const units = usage.get(key);
    return units === undefined ? [] : [counted(units, one, many)];
  });
  return words.length > 0 ? words.join(', ') : undefined;
};

/** Names of the plan are code, those of the machine are words. */
export const resourceName = (name: string): Inline => {
  const known = MACHINE.get(name);
  return known ? text(known.name) : code(name, 80);
};
