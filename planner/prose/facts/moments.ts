/** What happens in a walk, moment by moment. */
import type { Snapshot } from '../../simulate/forecast.ts';
import { hours } from '../numbers.ts';
import type { Shared } from './shared.ts';

export interface Waiting {
  readonly task: string;
  /** What it waits for, and who holds it; undefined when it waits for a free place among those that run. */
  readonly resource?: string;
  readonly holders: readonly string[];
}

export interface Moment {
  /** As it is written: moments that read the same are one. */
  readonly label: string;
  readonly completed: readonly string[];
  readonly stillRunning: readonly string[];
  readonly started: readonly string[];
  /** Ready by now, started or not, and blocked before. */
  readonly newlyReady: readonly string[];
  readonly waiting: readonly Waiting[];
  /** Shared resources that what has completed held, by task. */
  readonly released: ReadonlyMap<string, readonly string[]>;
  /** Those that somebody waited for and has now. */
  readonly handedOn: readonly string[];
}

const less = (list: readonly string[], other: ReadonlySet<string>): readonly string[] => list.filter((id) => !other.has(id));

const waitingFor = (task: string, running: readonly string[], shared: readonly Shared[]): Waiting => {
  for (const { name, units, capacity } of shared) {
    const mine = units.get(task);
    if (mine === undefined) continue;
    const holders = running.filter((id) => units.has(id));
    if (holders.reduce((used, id) => used + (units.get(id) ?? 0), mine) > capacity) return { task, resource: name, holders };
  }
  return { task, holders: [] };
};

const heldBy = (id: string, shared: readonly Shared[]): readonly string[] => shared.filter(({ units }) => units.has(id)).map(({ name }) => name);

/** The last of the snapshots that are written alike. */
const distinct = (snapshots: readonly Snapshot[]): readonly Snapshot[] => snapshots.filter(({ at }, index) => index === snapshots.length - 1 || hours(snapshots[index + 1]?.at ?? at) !== hours(at));

export const momentsOf = (snapshots: readonly Snapshot[], shared: readonly Shared[]): readonly Moment[] => {
  const all = distinct(snapshots);
  const done = new Set<string>();
  let waited: readonly Waiting[] = [];
  return all.map(({ at, running, ready, completed }, index): Moment => {
    const before = all[index - 1];
    const wasRunning = new Set(before?.running);
    const wasOpen = new Set([...(before?.running ?? []), ...(before?.ready ?? [])]);
    const nowCompleted = less(completed, done);
    for (const id of nowCompleted) done.add(id);
    const started = less(running, wasRunning);
    const handedOn = waited.flatMap(({ task, resource }) => (resource !== undefined && started.includes(task) ? [resource] : []));
    waited = ready.map((task) => waitingFor(task, running, shared));
    return {
      label: hours(at),
      completed: nowCompleted,
      stillRunning: running.filter((id) => wasRunning.has(id)),
      started,
      newlyReady: before ? less([...running, ...ready], wasOpen) : [],
      waiting: waited,
      released: new Map(nowCompleted.map((id) => [id, heldBy(id, shared)])),
      handedOn: [...new Set(handedOn)],
    };
  });
};
