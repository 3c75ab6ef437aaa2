/** How the processors spent their time, as Linux counts it (`/proc/stat`). */
import { percentOf } from './percent.ts';

/** Since the machine began, in ticks, over all processors. */
export interface ProcessorTimes {
  readonly total: number;
  /** With nothing to do, waiting for a disk or not. */
  readonly idle: number;
  readonly ioWait: number;
}

/** Undefined when the text has no such line. */
export const parseProcessorTimes = (text: string): ProcessorTimes | undefined => {
  const line = /^cpu +(.*)$/mu.exec(text)?.[1];
  // user nice system idle iowait irq softirq steal; what guests used is in user already.
  const times = (line ?? '').split(' ').slice(0, 8).map(Number);
  const [, , , idle, ioWait = 0] = times;
  if (idle === undefined || times.some((time) => !Number.isFinite(time))) return undefined;
  return { total: times.reduce((sum, time) => sum + time, 0), idle: idle + ioWait, ioWait };
};

/** Between two looks. Time that a hypervisor took away counts as used: it cannot be had. */
export const processorUse = (before: ProcessorTimes, after: ProcessorTimes): { readonly cpu?: number; readonly ioWait?: number } => {
  const total = after.total - before.total;
  const cpu = percentOf(total - (after.idle - before.idle), total);
  const ioWait = percentOf(after.ioWait - before.ioWait, total);
  return { ...(cpu !== undefined && { cpu }), ...(ioWait !== undefined && { ioWait }) };
};
