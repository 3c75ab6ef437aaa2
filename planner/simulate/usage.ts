/** What tasks use while they run, and what that comes to over a simulated execution. */
import type { Graph } from '../../model/graph.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import { QUANTITIES } from '../resources/quantities.ts';
import type { Snapshot } from './forecast.ts';
import type { Timeline } from './timeline.ts';
import { endOf, startOf } from './timeline.ts';

export const CPU = 'cpu_cores';
export const MEMORY = 'memory_gb';
const MB_PER_GB = 1_024;
const QUOTAS: ReadonlySet<string> = new Set(QUANTITIES.map(({ resource }) => resource));

/** Units by resource. */
export type Uses = ReadonlyMap<string, number>;

/** Three digits, so that sums of shares read well. */
export const threeDigits = (value: number): number => Math.round(value * 1_000) / 1_000;

/** Of each task, by index: CPU and memory as it is estimated to, and the resources that people have named. Readers use nothing up. */
export const usesOf = (graph: Graph, tasks: readonly PlannedTask[]): readonly Uses[] =>
  graph.tasks.map((task, index) => {
    const estimated = tasks[index]?.resource_requirements.estimated;
    const uses = new Map([[CPU, estimated?.cpu_cores ?? 0], [MEMORY, (estimated?.memory_mb ?? 0) / MB_PER_GB]]);
    for (const { resource, units, access } of task.asks ?? []) if (access === 'write' && !resource.includes(':') && !QUOTAS.has(resource)) uses.set(resource, units);
    return uses;
  });

const namesOf = (uses: readonly Uses[]): readonly string[] => [...new Set(uses.flatMap((each) => [...each.keys()]))];

const recordOf = (names: readonly string[], amounts: Uses): Readonly<Record<string, number>> => Object.fromEntries(names.map((name) => [name, threeDigits(amounts.get(name) ?? 0)]));

interface Change {
  readonly at: number;
  readonly index: number;
  readonly by: 1 | -1;
}

/** Ends before starts, where both are at one time. */
const changesOf = (timeline: Timeline, members: Iterable<number>): readonly Change[] =>
  [...members]
    .flatMap((index) => (timeline.tasks[index]?.runs ?? []).flatMap(({ from, to }): Change[] => (to > from ? [{ at: from, index, by: 1 }, { at: to, index, by: -1 }] : [])))
    .sort((a, b) => a.at - b.at || a.by - b.by || a.index - b.index);

export interface Load {
  readonly averageUsage: Readonly<Record<string, number>>;
  readonly peakUsage: Readonly<Record<string, number>>;
  readonly averageConcurrency: number;
  readonly maxConcurrency: number;
}

const COUNT = '';

/** Of some tasks while they run; averages are over the whole time. */
export const loadOf = (timeline: Timeline, uses: readonly Uses[], members: Iterable<number> = uses.keys()): Load => {
  const names = namesOf(uses);
  const now = new Map<string, number>();
  const total = new Map<string, number>();
  const peak = new Map<string, number>();
  let before = 0;
  const pass = (at: number): void => {
    if (at === before) return;
    for (const [name, amount] of now) {
      total.set(name, (total.get(name) ?? 0) + amount * (at - before));
      peak.set(name, Math.max(peak.get(name) ?? 0, amount));
    }
    before = at;
  };
  const add = (name: string, amount: number): void => void now.set(name, (now.get(name) ?? 0) + amount);
  for (const { at, index, by } of changesOf(timeline, members)) {
    pass(at);
    add(COUNT, by);
    for (const [name, amount] of uses[index] ?? []) add(name, by * amount);
  }
  const mean = new Map([...total].map(([name, sum]) => [name, timeline.endsAt > 0 ? sum / timeline.endsAt : 0]));
  return { averageUsage: recordOf(names, mean), peakUsage: recordOf(names, peak), averageConcurrency: threeDigits(mean.get(COUNT) ?? 0), maxConcurrency: peak.get(COUNT) ?? 0 };
};

export const MAX_SNAPSHOTS = 200;

/** As many as are to be shown, evenly, the first and the last among them. */
export const spread = <T>(items: readonly T[], max: number): readonly T[] => {
  if (items.length <= max) return items;
  return Array.from({ length: max }, (_, at) => items[Math.round((at * (items.length - 1)) / (max - 1))] as T);
};

/** The moments at which something starts or ends. */
export const snapshotsOf = (timeline: Timeline, graph: Graph, uses: readonly Uses[], toHours: (ms: number) => number): readonly Snapshot[] => {
  const times = [...new Set([0, ...timeline.tasks.flatMap(({ runs }) => runs.flatMap(({ from, to }) => [from, to]))])].sort((a, b) => a - b);
  const names = namesOf(uses);
  return spread(times, MAX_SNAPSHOTS).map((at): Snapshot => {
    const [running, ready, blocked, completed]: [string[], string[], string[], string[]] = [[], [], [], []];
    const usage = new Map<string, number>();
    for (const [index, task] of timeline.tasks.entries()) {
      const id = graph.tasks[index]?.id ?? '';
      const start = startOf(task);
      const end = endOf(task);
      if (end !== undefined && end <= at && task.state === 'SUCCEEDED') completed.push(id);
      else if (task.runs.some(({ from, to }) => from <= at && at < to)) {
        running.push(id);
        for (const [name, amount] of uses[index] ?? []) usage.set(name, (usage.get(name) ?? 0) + amount);
      } else if (task.readyAt !== undefined && task.readyAt <= at && start !== undefined) ready.push(id);
      else blocked.push(id);
    }
    return { at: toHours(at), running, ready, blocked, completed, usage: recordOf(names, usage) };
  });
};
