/**
 * CPU, memory and disk as whole units of a semaphore. Plans may ask for half a core, and what is taken and given
 * back must come out even: cores are counted in thousandths, the rest is rounded up.
 */
import type { Quantities } from '../read/draft.ts';

interface Quantity {
  readonly field: keyof Quantities;
  readonly resource: string;
  /** Units of the resource in one of the field. */
  readonly scale: number;
}

export const QUANTITIES: readonly Quantity[] = [
  { field: 'cpu_cores', resource: 'cpu_millicores', scale: 1_000 },
  { field: 'memory_mb', resource: 'memory_mb', scale: 1 },
  { field: 'disk_io_mbps', resource: 'disk_io_mbps', scale: 1 },
];

/** Less than a millionth is an artefact of floating point: 1.1 cores are 1,100 thousandths. */
const NOISE = 1e-6;

export const unitsNeeded = (amount: number, scale: number): number => Math.ceil(amount * scale - NOISE);
const unitsThere = (amount: number, scale: number): number => Math.floor(amount * scale + NOISE);

/** A quota as a plan names it, in whole units: `cpu_cores` is `cpu_millicores`. */
export const quotaOf = (name: string, amount: number): { readonly name: string; readonly capacity: number } => {
  const known = QUANTITIES.find(({ field }) => field === name);
  return { name: known?.resource ?? name, capacity: unitsThere(amount, known?.scale ?? 1) };
};
