/** A forecast in small, for tests of what is written from one: it walks a plan greedily, at most likely durations. */
import type { Dependency } from '../../../planner/artifacts/tasks.schema.ts';
import type { PlannedTask } from '../../../planner/artifacts/task.schema.ts';
import type { Forecast, Percentiles, Snapshot, Walk } from '../../../planner/simulate/forecast.ts';

export interface Walked {
  readonly tasks: readonly PlannedTask[];
  readonly gates: readonly Dependency[];
  readonly capacities: ReadonlyMap<string, number>;
  readonly maxConcurrent: number;
  readonly maxWaveSize: number;
}

const percentiles = (hours: number): Percentiles => ({ p50: hours, p80: hours * 1.25, p95: hours * 1.5 });

/** Ids by layer: each after all that it depends on. */
export const waveLayers = (tasks: readonly PlannedTask[], gates: readonly Dependency[]): readonly (readonly string[])[] => {
  const depth = new Map(tasks.map(({ id }) => [id, 0]));
  for (const _ of tasks) for (const { from, to } of gates) depth.set(to, Math.max(depth.get(to) ?? 0, (depth.get(from) ?? 0) + 1));
  const layers: string[][] = [];
  for (const { id } of tasks) (layers[depth.get(id) ?? 0] ??= []).push(id);
  return layers.filter((layer) => layer.length > 0);
};

/** Layers in which no two tasks hold the same exclusive resource: the later one goes into a later layer. */
const exclusiveLayers = (walked: Walked): readonly (readonly string[])[] => {
  const byId = new Map(walked.tasks.map((task) => [task.id, task]));
  const layers: string[][] = [];
  const placed = new Map<string, number>();
  for (const id of waveLayers(walked.tasks, walked.gates).flat()) {
    let layer = Math.max(0, ...walked.gates.filter(({ to }) => to === id).map(({ from }) => (placed.get(from) ?? 0) + 1));
    const mine = byId.get(id)!.resource_requirements.estimated.exclusive_resources;
    const clashes = (other: string): boolean => byId.get(other)!.resource_requirements.estimated.exclusive_resources.some((name) => mine.includes(name));
    while ((layers[layer] ?? []).some(clashes) || (layers[layer] ?? []).length >= walked.maxWaveSize) layer += 1;
    while (layers.length <= layer) layers.push([]);
    layers[layer]!.push(id);
    placed.set(id, layer);
  }
  return layers.filter((layer) => layer.length > 0);
};

const asksOf = ({ resource_requirements: { estimated } }: PlannedTask): ReadonlyMap<string, number> => new Map([...estimated.exclusive_resources.map((name) => [name, 1] as const), ...Object.entries(estimated.shared_resources)]);

const walk = ({ tasks, gates, capacities, maxConcurrent }: Walked): Walk => {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const done: string[] = [];
  const running = new Map<string, number>();
  const snapshots: Snapshot[] = [];
  const waits = new Map<string, { tasks: Set<string>; hours: number }>();
  const usageOf = (ids: readonly string[]): Map<string, number> => {
    const usage = new Map([['cpu_cores', 2 * ids.length], ['memory_gb', 0.5 * ids.length], ...[...capacities.keys()].map((name) => [name, 0] as const)]);
    for (const id of ids) for (const [name, units] of asksOf(byId.get(id)!)) usage.set(name, (usage.get(name) ?? 0) + units);
    return usage;
  };
  let at = 0;
  let work = 0;
  let most = 0;
  for (let step = 0; step <= tasks.length; step += 1) {
    const waiting: { id: string; resource: string | undefined }[] = [];
    const isReady = (id: string): boolean => !done.includes(id) && !running.has(id) && gates.every(({ from, to }) => to !== id || done.includes(from));
    for (const { id } of tasks.filter((task) => isReady(task.id))) {
      const usage = usageOf([...running.keys()]);
      const lacking = [...asksOf(byId.get(id)!)].find(([name, units]) => (usage.get(name) ?? 0) + units > (capacities.get(name) ?? Infinity));
      if (lacking === undefined && running.size < maxConcurrent) running.set(id, at + byId.get(id)!.duration.mostLikely);
      else waiting.push({ id, resource: lacking?.[0] });
    }
    const now = [...running.keys()];
    most = Math.max(most, now.length);
    const ready = waiting.map(({ id }) => id);
    snapshots.push({ at, running: now, ready, blocked: tasks.map(({ id }) => id).filter((id) => !done.includes(id) && !now.includes(id) && !ready.includes(id)), completed: [...done], usage: Object.fromEntries(usageOf(now)) });
    const next = Math.min(...running.values());
    if (running.size === 0) break;
    for (const { id, resource } of waiting) {
      if (resource === undefined) continue;
      const one = waits.get(resource) ?? { tasks: new Set(), hours: 0 };
      waits.set(resource, { tasks: one.tasks.add(id), hours: one.hours + next - at });
    }
    work += now.length * (next - at);
    at = next;
    for (const [id, end] of running) {
      if (end > next) continue;
      running.delete(id);
      done.push(id);
    }
  }
  const names = [...new Set(snapshots.flatMap(({ usage }) => Object.keys(usage)))];
  const over = (fold: (values: readonly number[]) => number): Record<string, number> => Object.fromEntries(names.map((name) => [name, fold(snapshots.map(({ usage }) => usage[name] ?? 0))]));
  const averageUsage = over((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const peakUsage = over((values) => Math.max(...values));
  return { averageUsage, peakUsage, completion: percentiles(at), snapshots, averageConcurrency: at > 0 ? work / at : 0, maxConcurrency: most, waits: [...waits].map(([resource, { tasks: who, hours }]) => ({ resource, tasks: who.size, hours })) };
};

export const forecastOf = (walked: Walked): Forecast => {
  const rolling = walk(walked);
  const hoursWith = (change: Partial<Walked>): number => walk({ ...walked, ...change }).completion.p50;
  const capacity = (name: string, units: number): Partial<Walked> => ({ capacities: new Map([...walked.capacities, [name, units]]) });
  const layers = exclusiveLayers(walked);
  const waves = layers.map((ids, index) => {
    const one = walk({ ...walked, tasks: walked.tasks.filter(({ id }) => ids.includes(id)), gates: [] });
    const names = [...new Set(one.snapshots.flatMap(({ usage }) => Object.keys(usage)))];
    return { number: index + 1, tasks: ids, duration: one.completion, usage: Object.fromEntries(names.map((name) => [name, Math.max(...one.snapshots.map(({ usage }) => usage[name] ?? 0))])) };
  });
  const hours = waves.reduce((total, each) => total + each.duration.p50, 0);
  const serialHours = walked.tasks.reduce((total, { duration }) => total + duration.mostLikely, 0);
  return {
    optimalHours: hoursWith({ maxConcurrent: 1e6, capacities: new Map() }),
    serialHours,
    rolling,
    waveBased: { ...rolling, completion: percentiles(hours), averageConcurrency: hours > 0 ? serialHours / hours : 0, waves: waves.map(({ number, tasks, duration, usage }) => ({ number, tasks, duration, usage })) },
    byConcurrency: [1, 2, 4, 8, 10].map((concurrency) => ({ concurrency, hours: hoursWith({ maxConcurrent: concurrency }) })),
    byResource: rolling.waits.map(({ resource }) => {
      const units = walked.capacities.get(resource) ?? 1;
      return { resource, capacity: units, hours: rolling.completion.p50, twice: hoursWith(capacity(resource, units * 2)), unlimited: hoursWith(capacity(resource, 1e6)) };
    }),
  };
};
