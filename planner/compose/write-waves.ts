/** `waves.json`: both models as the simulated scheduler walks them. Every word of it follows from a number of the forecast. */
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import { hashed } from '../artifacts/content-hash.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Tasks } from '../artifacts/tasks.schema.ts';
import type { PlannedWave, Waves } from '../artifacts/waves.schema.ts';
import type { BuiltDag } from '../dag/built-dag.ts';
import type { Forecast, Percentiles, Snapshot, WaveWalk } from '../simulate/forecast.ts';
import { CPU, MEMORY, spread } from '../simulate/usage.ts';
import { describeBottlenecks, hoursText, mitigationOf, savedShare } from './bottlenecks.ts';
import type { Stamp } from './finish-dag.ts';
import type { PlanOptions } from './options.ts';

/** Moments of the simulation that are written: as many as a person reads. */
export const MAX_MOMENTS = 12;
const MAX_CONTENTIONS = 10;
const { quorum: QUORUM, fallback: FALLBACK } = DEFAULT_POLICIES.wave;
const HOUR_MINUTES = 60;

export interface WriteWavesOptions {
  readonly tasks: readonly PlannedTask[];
  readonly built: BuiltDag;
  readonly forecast: Forecast;
  readonly meta: Tasks['meta'];
  readonly options: PlanOptions;
  readonly planId: string;
  readonly generated: Stamp;
}

const estimated = ({ p50, p80, p95 }: Percentiles): { p50_hours: number; p80_hours: number; p95_hours: number } => ({ p50_hours: p50, p80_hours: p80, p95_hours: p95 });

/** At least a minute: a barrier without time would fall at once. */
const timeoutOf = ({ p95 }: Percentiles): number => Math.max(1, Math.ceil(p95 * HOUR_MINUTES));

const ESTIMATED: ReadonlyMap<string, string> = new Map([
  [CPU, 'estimated_cpu_cores'],
  [MEMORY, 'estimated_memory_gb'],
]);

/** The last one opens nothing. */
const gateOf = (number: number, last: number): string => `W${number}→${number === last ? 'end' : `W${number + 1}`}-q${Math.round(QUORUM * 100)}`;

const waveOf = ({ number, tasks, duration, usage }: WaveWalk['waves'][number], last: number): PlannedWave => ({
  waveNumber: number,
  tasks: [...tasks],
  estimates: { units: 'hours', p50Hours: duration.p50, p80Hours: duration.p80, p95Hours: duration.p95 },
  resource_usage: Object.fromEntries(Object.entries(usage).map(([name, amount]) => [ESTIMATED.get(name) ?? name, amount])),
  barrier: { kind: 'quorum', quorum: QUORUM, timeoutMinutes: timeoutOf(duration), fallback: FALLBACK, gateId: gateOf(number, last) },
});

const waveBased = ({ forecast: { waveBased: walk }, options }: WriteWavesOptions): Waves['execution_models']['wave_based'] => {
  const last = walk.waves.at(-1)?.number ?? 0;
  // Executions have one barrier for all waves: it must leave the longest its time.
  const timeoutMinutes = walk.waves.reduce((most, { duration }) => Math.max(most, timeoutOf(duration)), 1);
  return {
    config: { maxWaveSize: options.maxWaveSize, barrier: { kind: 'quorum', quorum: QUORUM, timeoutMinutes, fallback: FALLBACK } },
    waves: walk.waves.map((wave) => waveOf(wave, last)),
    total_waves: walk.waves.length,
    estimated_completion: estimated(walk.completion),
  };
};

const percentOf = (part: number | undefined, whole: number): number => Math.round((1_000 * (part ?? 0)) / whole) / 10;

const momentOf = ({ running, ready, blocked, completed, usage }: Snapshot): Waves['execution_models']['rolling_frontier']['execution_simulation'][string] => ({
  running: [...running],
  ready: [...ready],
  blocked: [...blocked],
  ...(completed.length > 0 && { completed: [...completed] }),
  resource_usage: { ...usage },
});

/** What cannot be told by the hundredth of an hour is one moment: the last of them. */
const simulationOf = (snapshots: readonly Snapshot[]): Waves['execution_models']['rolling_frontier']['execution_simulation'] =>
  Object.fromEntries(spread([...new Map(snapshots.map((snapshot) => [snapshot.at, snapshot])).values()], MAX_MOMENTS).map((snapshot) => [`time_${snapshot.at}h`, momentOf(snapshot)]));

const contentionsOf = ({ forecast, tasks, built }: WriteWavesOptions): Waves['execution_models']['rolling_frontier']['critical_resource_contentions'] => {
  const bottlenecks = new Map(describeBottlenecks({ forecast, tasks, built }).map((each) => [each.resource, each]));
  const compared = new Map(forecast.byResource.map((each) => [each.resource, each]));
  return forecast.rolling.waits.slice(0, MAX_CONTENTIONS).map(({ resource, tasks: waiting, hours }) => {
    const known = compared.get(resource);
    return { resource, contention_points: waiting, estimated_wait_time_hours: hours, mitigation: known ? mitigationOf(known) : (bottlenecks.get(resource)?.mitigation ?? 'Others are waited for longer') };
  });
};

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Empty of nothing: where waves are as fast, it says that. */
export const advantagesOf = ({ rolling, waveBased: waves }: Forecast, maxCores: number): string[] => {
  const [ours, theirs] = [rolling.completion, waves.completion];
  const faster = savedShare(theirs.p50, ours.p50);
  if (faster === 0) {
    const slower = savedShare(ours.p50, theirs.p50);
    return [slower === 0 ? `None in time: waves are as fast (${hoursText(theirs.p50)})` : `None in time: waves are ${percent(slower)} faster (${hoursText(theirs.p50)} against ${hoursText(ours.p50)})`];
  }
  const cores = [rolling, waves].map(({ averageUsage }) => percentOf(averageUsage[CPU], maxCores));
  return [
    `${percent(faster)} faster completion (${hoursText(ours.p50)} against ${hoursText(theirs.p50)})`,
    ...(savedShare(theirs.p95, ours.p95) > 0 ? [`${percent(savedShare(theirs.p95, ours.p95))} faster in the worst 5% (${hoursText(ours.p95)} against ${hoursText(theirs.p95)})`] : []),
    ...(savedShare(rolling.averageConcurrency, waves.averageConcurrency) > 0 ? [`More at once (${Math.round(rolling.averageConcurrency * 10) / 10} tasks on average against ${Math.round(waves.averageConcurrency * 10) / 10})`] : []),
    ...(savedShare(cores[0] ?? 0, cores[1] ?? 0) > 0 ? [`Better resource utilization (${cores[0] ?? 0}% of the CPU cores against ${cores[1] ?? 0}%)`] : []),
  ];
};

const rollingFrontier = (input: WriteWavesOptions): Waves['execution_models']['rolling_frontier'] => {
  const { forecast, options, meta } = input;
  const { rolling, optimalHours } = forecast;
  const { max_cpu_cores: cores, max_memory_gb: memory } = meta.resource_limits;
  const [first] = rolling.snapshots;
  const started = new Set([...(first?.running ?? []), ...(first?.ready ?? [])]);
  return {
    initial_frontier: input.tasks.flatMap(({ id }) => (started.has(id) ? [id] : [])),
    config: { max_concurrent_tasks: options.maxConcurrent, scheduling_algorithm: 'resource_aware_greedy', frontier_update_policy: 'immediate', coordinator_config_ref: 'coordinator.json' },
    estimated_completion_time: { optimal_hours: optimalHours, ...estimated(rolling.completion) },
    resource_utilization_forecast: {
      average_cpu_percent: percentOf(rolling.averageUsage[CPU], cores),
      peak_cpu_percent: percentOf(rolling.peakUsage[CPU], cores),
      average_memory_percent: percentOf(rolling.averageUsage[MEMORY], memory),
      peak_memory_percent: percentOf(rolling.peakUsage[MEMORY], memory),
      average_concurrency: rolling.averageConcurrency,
      max_concurrency: rolling.maxConcurrency,
    },
    critical_resource_contentions: contentionsOf(input),
    execution_simulation: simulationOf(rolling.snapshots),
    advantages_over_wave_based: advantagesOf(forecast, cores),
  };
};

export const writeWaves = (input: WriteWavesOptions): Waves =>
  hashed({
    planId: input.planId,
    generated: { by: input.generated.by, timestamp: input.generated.timestamp, contentHash: '' },
    execution_models: { wave_based: waveBased(input), rolling_frontier: rollingFrontier(input) },
  });
