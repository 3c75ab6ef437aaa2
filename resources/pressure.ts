/**
 * How loaded a worker's machine is, from samples of it: over a limit at once, back below only after a cool-down, so
 * that crossing a limit is one event in and one out. Pure: time is given, and the state is plain data.
 *
 * Each metric has a pressure of its own, and the machine has the highest of them. That nothing flaps follows from one
 * rule: a metric comes down by one step at a time, and each step takes a cool-down of its own.
 */
import { PRESSURES } from '../model/pool.ts';
import type { OverLimit, Pressure } from '../model/pool.ts';

/** In the order in which they are named when several cross a limit at once: memory is what a machine dies of. */
const METRICS = ['memory', 'cpu'] as const;
export type Metric = (typeof METRICS)[number];

/** What is used of a machine, in percent. What is not known is left out: it changes nothing. */
export type Load = { readonly [M in Metric]?: number };

/** Percent, 0 to 100; over a limit is what exceeds it, so that one of 100 is never crossed, and one that is absent neither. */
export interface Limits {
  readonly soft: number;
  readonly hard?: number;
}

export interface PressureLimits {
  /** None unless somebody states one: processors are there to be used, and a machine that uses them all is in no danger. */
  readonly cpu?: Limits;
  readonly memory: Limits;
  /** How long a metric is at or below a limit before the pressure comes down. */
  readonly coolDownMs: number;
}

export interface LimitSettings {
  readonly cpu?: Partial<Limits>;
  readonly memory?: Partial<Limits>;
  readonly coolDownMs?: number;
}

export const DEFAULT_LIMITS: PressureLimits = { memory: { soft: 85, hard: 95 }, coolDownMs: 30_000 };

/**
 * With the defaults for what is not stated. Of two that contradict each other the stated soft limit wins: a hard one
 * below it is raised to it. A hard limit alone is the soft one as well, or bounds its default.
 */
export const pressureLimits = ({ cpu, memory, coolDownMs = DEFAULT_LIMITS.coolDownMs }: LimitSettings = {}): PressureLimits => {
  const processors = limitsOf(cpu);
  return { ...(processors && { cpu: processors }), memory: limitsOf(memory, DEFAULT_LIMITS.memory) ?? DEFAULT_LIMITS.memory, coolDownMs };
};

const limitsOf = (stated: Partial<Limits> = {}, usual?: Limits): Limits | undefined => {
  const hard = stated.hard ?? usual?.hard;
  const soft = stated.soft ?? (stated.hard === undefined ? usual?.soft : Math.min(stated.hard, usual?.soft ?? stated.hard));
  if (soft === undefined) return undefined;
  return { soft, ...(hard !== undefined && { hard: Math.max(soft, hard) }) };
};

type Limit = keyof Limits;

const limitOf = (limits: PressureLimits, metric: Metric, limit: Limit): number => limits[metric]?.[limit] ?? Number.POSITIVE_INFINITY;

/**
 * Samples in a row, a second apart, before a limit counts as crossed. What lasts a second touches two samples at most,
 * so three are no spike. Memory is the exception: what is over the hard limit now may be gone in a second, and the
 * kernel then ends a process of its own choice.
 */
export const SAMPLES_OVER: Readonly<Record<Metric, Readonly<Record<Limit, number>>>> = {
  memory: { soft: 3, hard: 1 },
  cpu: { soft: 3, hard: 3 },
};

interface MetricState {
  readonly pressure: Pressure;
  /** Samples in a row that were over the limit; not counted beyond what matters. */
  readonly over: Readonly<Record<Limit, number>>;
  /** Since when it is at or below the limit of its pressure. */
  readonly coolSince?: number;
  /** The last sample that was over the soft limit. */
  readonly last?: number;
}

/** Plain data. */
export interface PressureState {
  readonly pressure: Pressure;
  readonly metrics: Readonly<Record<Metric, MetricState>>;
}

export interface Crossing {
  readonly from: Pressure;
  readonly to: Pressure;
  /** Whose limit was crossed. */
  readonly metric: Metric;
  /** Percent: the sample that decided, and the limit that it is over, or no more over. */
  readonly value: number;
  readonly limit: number;
}

export interface PressureStep {
  readonly state: PressureState;
  readonly crossed?: Crossing;
}

const AT_REST: MetricState = { pressure: 'none', over: { soft: 0, hard: 0 } };

export const initialPressure = (): PressureState => ({ pressure: 'none', metrics: { memory: AT_REST, cpu: AT_REST } });

const rankOf = (pressure: Pressure): number => PRESSURES.indexOf(pressure);
const below = (pressure: Pressure): Pressure => PRESSURES[Math.max(0, rankOf(pressure) - 1)] ?? 'none';
const highest = (pressures: readonly Pressure[]): Pressure => pressures.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a), 'none');

/** Takes the next sample. `now` is in milliseconds of any clock that does not go back. */
export const nextPressure = (options: { readonly state: PressureState; readonly load: Load; readonly now: number; readonly limits: PressureLimits }): PressureStep => {
  const { state, load, now, limits } = options;
  const metrics = {
    memory: advance({ metric: 'memory', state: state.metrics.memory, value: load.memory, now, limits }),
    cpu: advance({ metric: 'cpu', state: state.metrics.cpu, value: load.cpu, now, limits }),
  };
  const from = state.pressure;
  const to = highest(METRICS.map((metric) => metrics[metric].pressure));
  const next = { pressure: to, metrics };
  if (to === from) return { state: next };
  const isUp = rankOf(to) > rankOf(from);
  // Up: who has the new pressure. Down: who had the old one until now.
  const metric = METRICS.find((one) => (isUp ? metrics[one].pressure === to : state.metrics[one].pressure === from && metrics[one].pressure !== from));
  const value = metric && load[metric];
  if (metric === undefined || value === undefined) return { state: next };
  const limit = limitOf(limits, metric, (isUp ? to : from) === 'hard' ? 'hard' : 'soft');
  return { state: next, crossed: { from, to, metric, value, limit } };
};

/** Which limit the machine is over, or was last as long as it cools down; undefined without pressure. */
export const overLimit = ({ pressure, metrics }: PressureState, limits: PressureLimits): OverLimit | undefined => {
  if (pressure === 'none') return undefined;
  const metric = METRICS.find((one) => metrics[one].pressure === pressure);
  const percent = metric && metrics[metric].last;
  return metric === undefined || percent === undefined ? undefined : { metric, percent, limit: limitOf(limits, metric, pressure) };
};

/** Whether a sample by itself is over a hard limit. */
export const isOverHard = (load: Load, limits: PressureLimits): boolean => METRICS.some((metric) => (load[metric] ?? 0) > limitOf(limits, metric, 'hard'));

interface Advance {
  readonly metric: Metric;
  readonly state: MetricState;
  readonly value: number | undefined;
  readonly now: number;
  readonly limits: PressureLimits;
}

const advance = ({ metric, state, value, now, limits }: Advance): MetricState => {
  if (value === undefined || !Number.isFinite(value)) return state;
  const count = (limit: Limit): number => (value > limitOf(limits, metric, limit) ? Math.min(state.over[limit] + 1, SAMPLES_OVER[metric][limit]) : 0);
  const over = { soft: count('soft'), hard: count('hard') };
  const reached = (limit: Limit): boolean => over[limit] === SAMPLES_OVER[metric][limit];
  const pressure = highest([state.pressure, reached('hard') ? 'hard' : reached('soft') ? 'soft' : 'none']);
  const last = value > limitOf(limits, metric, 'soft') ? value : state.last;
  const seen = { over, ...(last !== undefined && { last }) };
  const isCool = (of: Pressure): boolean => of !== 'none' && value <= limitOf(limits, metric, of);
  if (!isCool(pressure)) return { pressure, ...seen };
  const coolSince = state.coolSince ?? now;
  if (now - coolSince < limits.coolDownMs) return { pressure, ...seen, coolSince };
  const lower = below(pressure);
  return { pressure: lower, ...seen, ...(isCool(lower) && { coolSince: now }) };
};
