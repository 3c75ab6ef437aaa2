/** What an execution knows of failures, and what it is doing about them. Plain data, part of the scheduler's state. */
import type { FailureClass } from '../../model/attempt.ts';
import type { MendAction } from '../../model/self-heal.ts';

export interface SeenFailure {
  readonly index: number;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly class: FailureClass;
  readonly message: string;
  readonly signature?: string;
  readonly matches?: readonly string[];
}

/** What a breaker has done so far; only of those that have tripped. */
export interface BreakerState {
  readonly name: string;
  /** Since the start, or since a person reset it: what its budget counts. */
  trips: number;
  /** The number of its last trip, which repairs are named by: never restarts. Undefined in a state of an older worker: as many as `trips`. */
  last?: number;
  /** Failures before it do not count. */
  countsFrom: number;
  /** Before it, it does not trip. */
  restsUntil: number;
  /** It has been told that it would have tripped once more. */
  isSpent?: boolean;
}

/** Tasks that are kept from starting. */
export interface Hold {
  readonly breaker: string;
  readonly trip: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly kind: 'repair' | 'throttle' | 'gate';
  /** Those that failed so, in the order of their failures. */
  readonly members: number[];
  /** It is no breaker's, but a turn of an error policy about its one member. */
  readonly mend?: { readonly action: MendAction; readonly failure: SeenFailure };
  /** Of a repair: its tasks; undefined while it is being prepared. */
  tasks?: readonly number[];
  /** Of a throttle: those that it has let go. */
  released?: readonly number[];
  /** Of a throttle: when the next task may start. */
  nextAt?: number;
}

export interface RateState {
  /** Attempts that ended within the window, oldest first: when, and whether they failed. */
  ended: { readonly at: number; readonly failed: boolean }[];
  /** `probing`: one task at a time, until one succeeds. */
  mode: 'closed' | 'reduced' | 'open' | 'probing';
  /** Of `open`: when probing begins. */
  until?: number;
}

export interface HealingState {
  /** Newest last. */
  failures: SeenFailure[];
  breakers: BreakerState[];
  holds: Hold[];
  /** Turns of error policies that asked for a repair: the number of the last one. */
  mends?: number;
  rate?: RateState;
}

/** Failures that are remembered: the newest. */
export const MAX_FAILURES = 200;
