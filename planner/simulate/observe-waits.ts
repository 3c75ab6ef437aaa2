/** What ready tasks wait for in a simulated execution, and for how long: the scheduler's own word, moment by moment. */
import type { Waiting } from '../../scheduler/waiting.ts';
import type { Moment } from './simulate.ts';
import type { Timeline } from './timeline.ts';
import { startOf } from './timeline.ts';

export interface ObservedWait {
  /** By index of the graph. */
  readonly task: number;
  readonly kind: Waiting['kind'];
  /** Of those that wait for one: what it is. */
  readonly resource?: string;
  /** Milliseconds from the start. */
  readonly from: number;
  readonly to: number;
}

/** Tasks that are asked about for each moment, on average: where more are ready, moments are passed over. */
const LOOKS = 100;

interface Open {
  readonly kind: Waiting['kind'];
  readonly resource: string | undefined;
  readonly from: number;
}

export interface WaitObserver {
  readonly onMoment: (moment: Moment) => void;
  /** In the order in which they ended, once it has come to its end. */
  readonly waits: (timeline: Timeline) => readonly ObservedWait[];
}

const reasonOf = (waiting: Waiting, lacking: readonly string[]): Pick<Open, 'kind' | 'resource'> => {
  if (waiting.kind === 'resource' || waiting.kind === 'reserved') return { kind: 'resource', resource: waiting.resource };
  if (waiting.kind === 'grant') return { kind: 'resource', resource: lacking[0] ?? waiting.resources[0] };
  if (waiting.kind === 'window') return { kind: 'window', resource: waiting.calendar };
  return { kind: waiting.kind, resource: undefined };
};

export const observeWaits = (): WaitObserver => {
  const open = new Map<number, Open>();
  const ended: { readonly task: number; readonly to: number; readonly wait: Open }[] = [];
  let passOver = 0;
  const close = (task: number, to: number): void => {
    const wait = open.get(task);
    open.delete(task);
    if (wait && to > wait.from) ended.push({ task, to, wait });
  };
  const onMoment = ({ at, now, scheduler, mutexes }: Moment): void => {
    if (passOver > 0) {
      passOver -= 1;
      return;
    }
    let looks = 0;
    for (const [task, { state }] of scheduler.state.records.entries()) {
      if (state !== 'READY') {
        if (open.has(task)) close(task, at);
        continue;
      }
      looks += 1;
      const waiting = scheduler.waiting(task, now);
      if (!waiting) continue;
      const { kind, resource } = reasonOf(waiting, mutexes.lacking(task));
      const before = open.get(task);
      if (before?.kind === kind && before.resource === resource) continue;
      close(task, at);
      open.set(task, { kind, resource, from: at });
    }
    passOver = Math.floor(looks / LOOKS);
  };
  const waits = (timeline: Timeline): readonly ObservedWait[] => {
    for (const task of open.keys()) close(task, timeline.endsAt);
    return ended.flatMap(({ task, to, wait: { kind, resource, from } }): readonly ObservedWait[] => {
      // Moments that were passed over: it had begun before.
      const begun = timeline.tasks[task] && startOf(timeline.tasks[task]);
      const until = begun !== undefined && begun > from ? Math.min(to, begun) : to;
      return until > from ? [{ task, kind, from, to: until, ...(resource !== undefined && { resource }) }] : [];
    });
  };
  return { onMoment, waits };
};
