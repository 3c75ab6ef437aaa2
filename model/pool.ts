/**
 * The contract of the `pool` workflow, `pool/<task queue>`: which workers of a queue live and what they can do. It
 * decides nothing: it tells every execution that has joined, and each places its own tasks (`scheduler/matching.ts`).
 *
 * A worker that announces no capabilities is *generic*: it takes any task, from the shared queue. One that announces
 * some is *specialised* (one) or *hybrid* (several, the first is its primary one): it takes only what an execution
 * places on the queue of its own.
 */
import type { ExecutionId } from './ids.ts';

/** Signals to a pool. All are idempotent. */
export const POOL_SIGNAL = { announce: 'announce', leave: 'leave', join: 'join' } as const;
export const POOL_QUERY = { state: 'state' } as const;

/** A worker announces itself this often, and whenever something of its profile has changed. */
export const ANNOUNCE_MS = 60_000;
/** One that has not been heard of for so long is taken off the table. */
export const UNHEARD_MS = 150_000;
/** Changes within this time are told at once. */
export const GATHER_MS = 200;
/** Of one queue. A worker beyond them is not taken in. */
export const MAX_WORKERS = 500;
export const MAX_CAPABILITIES = 32;

/** How long a task may lie on a worker's own queue before it is placed anew. */
export const PLACED_MS = 10_000;
/**
 * How long a command of the shared queue waits for a slot of the worker that took it, which commands placed on that
 * worker may hold; then it is given back, `unplaced`, for any other. Short, for it counts against the attempt's limit.
 */
export const SEAT_MS = 30_000;

/**
 * How loaded a worker's machine is: over its soft limit it should be given nothing more that can wait, over the hard
 * one nothing at all.
 */
export const PRESSURES = ['none', 'soft', 'hard'] as const;
export type Pressure = (typeof PRESSURES)[number];

/** What a worker says of itself. */
export interface WorkerProfile {
  /** Unique for ever: a worker that is started again has another name. */
  readonly worker: string;
  readonly host: string;
  /** The first is the primary one; none for a generic worker. */
  readonly capabilities: readonly string[];
  /** Commands at once. */
  readonly slots: number;
  readonly cpus: number;
  readonly memoryMb: number;
  /** Of our code. */
  readonly version: string;
  readonly pressure: Pressure;
}

export interface LeaveRequest {
  readonly worker: string;
}

export interface JoinRequest {
  readonly execution: ExecutionId;
}

/** From a pool to an execution, by signal (`workers`): all there are. */
export interface WorkerTable {
  /** Start of the pool's first run, in milliseconds since the epoch, and a number that grows: an older table is not a newer one. */
  readonly epoch: number;
  readonly version: number;
  /** By name. */
  readonly workers: readonly WorkerProfile[];
}

export interface WorkerView extends WorkerProfile {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly heardAt: number;
}

export interface PoolView {
  readonly name: string;
  readonly workers: readonly WorkerView[];
  /** Executions that are told of changes. */
  readonly executions: number;
}
