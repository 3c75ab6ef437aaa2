/** What conditions are about, as it is now. Nothing is counted on the way but what attempts came to. */
import type { Metric } from '../../model/alert.ts';
import { holdsGrants, occupiesSlot } from '../../model/state.ts';
import type { TaskState } from '../../model/state.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { SchedulerState, TaskRecord } from '../protocol.ts';
import type { AlertState } from './state.ts';
import { knownSince, MIN_ATTEMPTS, WINDOW_MS } from './state.ts';

/** What is looked at, and when. */
export interface Moment {
  readonly state: SchedulerState;
  readonly alerts: AlertState;
  readonly now: number;
}

/** Before, a rate of tasks is not known. */
export const RATE_FROM_MS = 60_000;

/** However many end at once, a rate is of so long at least. */
const LEAST_MS = 1_000;

const MINUTE = 60_000;

const share = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);

/** A count of tasks in some states: each look at all of them is O(tasks), and made at most once in an interval. */
const count = (records: readonly TaskRecord[], wanted: (state: TaskState) => boolean): number => records.reduce((sum, { state }) => sum + Number(wanted(state)), 0);

const waits = ({ records }: SchedulerState): readonly number[] => records.flatMap(({ state, readyAt }) => (state === 'READY' && readyAt !== undefined ? [readyAt] : []));

/** Of what there is of each resource that its tasks hold, the slots among them. */
const utilization = ({ graph, records }: SchedulerState, of: string | undefined): number | undefined => {
  const used = new Map<string, number>();
  let slots = 0;
  for (const [at, { state }] of records.entries()) {
    if (occupiesSlot(state)) slots += 1;
    if (holdsGrants(state)) for (const { resource, units } of graph.tasks[at]?.asks ?? []) used.set(resource, (used.get(resource) ?? 0) + units);
  }
  // Readers share what they hold.
  const shares = (graph.resources ?? []).filter(({ name }) => of === undefined || name === of).map(({ name, capacity }) => Math.min(1, share(used.get(name) ?? 0, capacity) ?? 1));
  if (of === undefined) shares.push(slots / graph.policies.concurrencyMax);
  return shares.length > 0 ? Math.max(...shares) : undefined;
};

export const measure = ({ metric, of }: Metric, { state, alerts, now }: Moment): number | undefined => {
  const { records } = state;
  const recent = alerts.ended.filter(({ at }) => now - at < WINDOW_MS);
  switch (metric) {
    case 'failure_rate':
      return recent.length < MIN_ATTEMPTS ? undefined : share(recent.filter(({ failed }) => failed).length, recent.length);
    case 'checkpoint_success_rate':
      return share(recent.reduce((sum, { kept = 0 }) => sum + kept, 0), recent.reduce((sum, { kept = 0, lost = 0 }) => sum + kept + lost, 0));
    case 'resource_utilization':
      return utilization(state, of);
    case 'average_wait_time': {
      const since = waits(state);
      return since.length === 0 ? 0 : since.reduce((sum, at) => sum + now - at, 0) / since.length;
    }
    case 'task_throughput': {
      const elapsed = Math.max(LEAST_MS, now - knownSince(alerts, now));
      return now - alerts.since < RATE_FROM_MS ? undefined : (recent.filter(({ failed }) => !failed).length / elapsed) * MINUTE;
    }
    case 'running':
      return count(records, occupiesSlot);
    case 'ready':
      return count(records, (is) => is === 'READY');
    case 'pending':
      return count(records, (is) => is === 'PENDING');
    case 'queue_depth':
      return count(records, (is) => is === 'READY' || is === 'BACKOFF');
    case 'succeeded':
      return count(records, (is) => is === 'SUCCEEDED');
    case 'failed':
      return count(records, (is) => is === 'FAILED' || is === 'QUARANTINED');
    case 'retries':
      return state.retries;
    default:
      return unreachable(metric);
  }
};
