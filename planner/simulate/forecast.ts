/**
 * How an execution is likely to go, walked by the scheduler itself with a virtual clock and sampled durations. Seeds come from
 * the plan: the same plan has the same forecast.
 */
export interface Percentiles {
  /** Hours. */
  readonly p50: number;
  readonly p80: number;
  readonly p95: number;
}

/** One moment of the likeliest walk (every task takes its most likely time). */
export interface Snapshot {
  /** Hours from the start. */
  readonly at: number;
  readonly running: readonly string[];
  readonly ready: readonly string[];
  readonly blocked: readonly string[];
  readonly completed: readonly string[];
  /** Units in use, by resource; `cpu_cores` and `memory_gb` among them. */
  readonly usage: Readonly<Record<string, number>>;
}

export interface Walk {
  /** Of the whole execution. */
  readonly completion: Percentiles;
  /** The walk with most likely durations, at each moment at which something started or ended; of very many moments some, the first and the last among them. */
  readonly snapshots: readonly Snapshot[];
  /** Mean over time in that walk, and the most at once, by resource as in {@link Snapshot.usage}: of all moments. */
  readonly averageUsage: Readonly<Record<string, number>>;
  readonly peakUsage: Readonly<Record<string, number>>;
  /** Mean over time, in that walk. */
  readonly averageConcurrency: number;
  readonly maxConcurrency: number;
  /** Hours that ready tasks waited for a resource in that walk, and how many did, by resource; those alone that somebody waited for. */
  readonly waits: readonly { readonly resource: string; readonly tasks: number; readonly hours: number }[];
}

export interface WaveWalk extends Walk {
  /** In order. Percentiles are of the time from a wave's opening to its end. */
  readonly waves: readonly { readonly number: number; readonly tasks: readonly string[]; readonly duration: Percentiles; readonly usage: Readonly<Record<string, number>> }[];
}

/** Both models, and what else a decision needs numbers for. */
export interface Forecast {
  /** Hours of the critical path at most likely durations: nothing finishes sooner. */
  readonly optimalHours: number;
  /** Hours of all tasks one after the other. */
  readonly serialHours: number;
  readonly rolling: Walk;
  readonly waveBased: WaveWalk;
  /** Rolling, median hours, at other numbers of tasks at once, the smallest first. */
  readonly byConcurrency: readonly { readonly concurrency: number; readonly hours: number }[];
  /** Rolling, median hours, as if there were more of a resource: of each that somebody waited for. `unlimited` is without it. */
  readonly byResource: readonly { readonly resource: string; readonly capacity: number; readonly hours: number; readonly twice: number; readonly unlimited: number }[];
}
