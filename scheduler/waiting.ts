/** What a ready task waits for, for people: as data, and in words. */
import type { TaskId } from '../model/ids.ts';
import { ERROR_POLICY } from '../model/self-heal.ts';
import { shellWord } from '../model/shell-word.ts';

export type Waiting = { readonly reason: string } & (
  | { readonly kind: 'decision' }
  | { readonly kind: 'wave' }
  /** `until`, in milliseconds since the epoch: when nobody is waited for any more. */
  | { readonly kind: 'approval'; readonly until?: number }
  /** `opensAt` in milliseconds since the epoch, where it is known. */
  | { readonly kind: 'window'; readonly calendar: string; readonly opensAt?: number }
  /** The execution starts nothing now. */
  | { readonly kind: 'paused' | 'stopping' }
  | { readonly kind: 'slot' }
  /** `heldBy` is empty when there is less of it than the task asks for. */
  | { readonly kind: 'resource'; readonly resource: string; readonly heldBy: readonly TaskId[] }
  /** It is kept for a task that is before it in line. */
  | { readonly kind: 'reserved'; readonly resource: string; readonly by: TaskId }
  /** It has asked mutexes, or is about to; `since` in milliseconds since the epoch. */
  | { readonly kind: 'grant'; readonly resources: readonly string[]; readonly since: number }
  /** Too much has failed, or pressure has just gone; `until`, in milliseconds since the epoch, as far as is known. */
  | { readonly kind: 'pressure'; readonly until?: number }
  /** Failures like its own have tripped it; `tasks` repair what made them, where they are known. */
  | { readonly kind: 'breaker'; readonly breaker: string; readonly tasks: readonly TaskId[] }
  /** `missing` is what no worker can do; empty when those that can take it have no room, or nobody knows yet. */
  | { readonly kind: 'worker'; readonly missing: readonly string[] }
);

const MAX_NAMES = 3;

const listed = (names: readonly string[]): string => {
  if (names.length <= MAX_NAMES) return names.join(', ');
  return `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;
};

export const waitsForDecision = (reason: string): Waiting => ({ kind: 'decision', reason });

export const waitsForWave = (): Waiting => ({ kind: 'wave', reason: 'waits for its wave to open' });

const time = (at: number): string => new Date(at).toISOString().replace(/\.\d+/u, '');

export const waitsForApproval = (until: number | undefined): Waiting => ({
  kind: 'approval',
  ...(until !== undefined && { until }),
  reason: `waits for somebody to approve it${until === undefined ? '' : `, until ${time(until)}`}`,
});

export const waitsForWindow = (calendar: string, opensAt: number | undefined): Waiting => ({
  kind: 'window',
  calendar,
  ...(opensAt !== undefined && { opensAt }),
  reason: `waits for the window ${calendar}${opensAt === undefined ? '' : `, which opens ${time(opensAt)}`}`,
});

export const waitsForMode = (kind: 'paused' | 'stopping'): Waiting => ({
  kind,
  reason: kind === 'paused' ? 'the execution is paused' : 'the execution starts no more tasks after a failure',
});

export const waitsForSlot = (): Waiting => ({ kind: 'slot', reason: 'waits for a slot: as many tasks run as may run at once' });

/** `errors` is how many failed attempts a minute are borne, if that is it. */
export const waitsForCalm = (errors: number | undefined, until: number | undefined): Waiting => {
  const when = until === undefined ? '' : `, until ${time(until)} at least`;
  return {
    kind: 'pressure',
    ...(until !== undefined && { until }),
    reason: errors === undefined ? 'tasks start again one after the other, now that pressure is over' : `more failed attempts within a minute than ${errors}: nothing starts${when}`,
  };
};

export const waitsForSpare = (): Waiting => ({ kind: 'slot', reason: 'waits for a slot that others leave: as many background tasks run as may' });

export const waitsForResource = (resource: string, heldBy: readonly TaskId[]): Waiting => ({
  kind: 'resource',
  resource,
  heldBy,
  reason: heldBy.length > 0 ? `waits for ${resource}, held by ${listed(heldBy)}` : `asks for more of ${resource} than there is`,
});

export const waitsForReserved = (resource: string, by: TaskId): Waiting => ({
  kind: 'reserved',
  resource,
  by,
  reason: `waits for ${resource}, which is kept for ${by}`,
});

export const waitsForGrant = (resources: readonly string[], since: number): Waiting => ({
  kind: 'grant',
  resources,
  since,
  reason: `has asked for ${listed(resources)}, which executions share`,
});

const both = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) as string}`);

/** No worker that lives can take it, as far as anybody knows. */
export const waitsForSkill = (wanted: readonly string[], missing: readonly string[], isKnown: boolean): Waiting => {
  const start = `start one with \`tasks worker ${wanted.map((each) => `--capability ${shellWord(each)}`).join(' ')}\``;
  const reason = !isKnown
    ? 'waits to hear which workers there are'
    : missing.length > 0
      ? `no worker can do ${both(missing)}: ${start}`
      : `no one worker can do both ${both(wanted)}: ${start}`;
  return { kind: 'worker', missing, reason };
};

/** `doing` is what the breaker does about it. */
export const waitsForBreaker = (breaker: string, doing: 'repair' | 'throttle' | 'gate', tasks: readonly TaskId[], until: number | undefined): Waiting => {
  const ways = {
    repair: tasks.length > 0 ? `waits for ${listed(tasks)}, which repairs what failed` : 'waits for a repair of what failed',
    throttle: `is throttled${until === undefined ? '' : `, until ${time(until)} at least`}`,
    gate: 'waits for a person to look at what failed',
  };
  return { kind: 'breaker', breaker, tasks, reason: `${ways[doing]} (${breaker === ERROR_POLICY ? 'error policy' : `breaker ${breaker}`})` };
};

/** Those that can take it have no room for it now. */
export const waitsForRoom = (workers: readonly { readonly worker: string; readonly silent: boolean; readonly pressure: string }[]): Waiting => {
  const names = listed(workers.map(({ worker }) => worker));
  const reason = workers.every(({ silent }) => silent)
    ? `waits for ${names}, which did not take what it was given`
    : workers.every(({ pressure }) => pressure !== 'none')
      ? `waits for ${names}: the machine is over its limits`
      : `waits for room on ${names}`;
  return { kind: 'worker', missing: [], reason };
};
