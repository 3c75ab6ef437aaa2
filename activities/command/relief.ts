/**
 * What a worker does to its own attempts while its machine is over a hard limit, as far as their plan allows it:
 *
 * 1. all that may be suspended are, until the pressure is no longer hard;
 * 2. while that does not help, background attempts that may be pre-empted are ended, one at each look, the least urgent
 *    first and of equals the one that began last; never the only attempt that there is.
 *
 * Nothing is done by a look that finds the machine below the limit, although the pressure comes down only later.
 */
import { isBackground } from '../../model/graph.ts';
import type { Pressure } from '../../model/pool.ts';

/** One attempt that runs on this worker. */
export interface Guarded {
  /** Lower is more urgent. */
  readonly priority: number;
  readonly preemptible: boolean;
  readonly pausable: boolean;
  suspend(why: string): void;
  resume(): void;
  /** It need not have ended when this returns. It resumes what is suspended. */
  end(why: string): void;
}

export interface ReliefLook {
  readonly pressure: Pressure;
  /** Whether the machine is over a hard limit at this moment. */
  readonly isOver: boolean;
  /** For logs: `memory 97 %, limit 95 %`. */
  readonly why: string;
}

export type ReliefAct = 'suspended' | 'resumed' | 'ended';

export interface Relief {
  /** From now on until what it answers is disposed of. */
  guard(attempt: Guarded): Disposable;
  /** After every look at the machine. */
  look(look: ReliefLook): void;
}

interface Entry {
  readonly attempt: Guarded;
  state: 'running' | 'suspended' | 'ending';
}

/** @param onAct - told of each, once it is done. */
export const createRelief = (onAct: (act: ReliefAct) => void = () => undefined): Relief => {
  /** In the order in which they began. */
  const entries = new Set<Entry>();
  const inState = (state: Entry['state']): Entry[] => [...entries].filter((entry) => entry.state === state);

  const resumeAll = (): void => {
    for (const entry of inState('suspended')) {
      entry.state = 'running';
      entry.attempt.resume();
      onAct('resumed');
    }
  };
  /** Answers whether there were any. */
  const suspendAll = (why: string): boolean => {
    const pausable = inState('running').filter(({ attempt }) => attempt.pausable);
    for (const entry of pausable) {
      entry.state = 'suspended';
      entry.attempt.suspend(why);
      onAct('suspended');
    }
    return pausable.length > 0;
  };
  const endOne = (why: string): void => {
    const open = [...entries].filter(({ state }) => state !== 'ending');
    if (open.length < 2) return;
    const [least] = open
      .filter(({ attempt }) => attempt.preemptible && isBackground(attempt))
      .toReversed()
      .sort((a, b) => b.attempt.priority - a.attempt.priority);
    if (!least) return;
    least.state = 'ending';
    least.attempt.end(why);
    onAct('ended');
  };

  return {
    guard: (attempt) => {
      const entry: Entry = { attempt, state: 'running' };
      entries.add(entry);
      return { [Symbol.dispose]: () => void entries.delete(entry) };
    },
    look: ({ pressure, isOver, why }) => {
      if (pressure !== 'hard') resumeAll();
      else if (isOver && !suspendAll(why)) endOne(why);
    },
  };
};
