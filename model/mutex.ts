/**
 * The contract of the `mutex` workflow, `mutex/<domain>`: it grants the resources of one lock domain to every
 * execution of the namespace, a request whole or not at all.
 *
 * A grant belongs to the workflow of the attempt it was asked for. That workflow gives it back when it ends, and
 * announces it again every {@link RENEW_MS}; the mutex looks for holders that ended without a word.
 */
import type { Ask } from './graph.ts';
import type { ExecutionId, TaskId } from './ids.ts';
import { WORKFLOW } from './message.ts';
import type { Fences, Resource } from './resource.ts';

/**
 * Signals to a mutex; idempotent by request id. A release of a request that is not known yet also forbids it.
 * `modify` is `modifyResource` from an execution's hot update: of a resource that nobody has asked for it is of no account.
 */
export const MUTEX_SIGNAL = { acquire: 'acquire', release: 'release', announce: 'announce', modify: 'modify' } as const;
/** For operators: they answer. */
export const MUTEX_UPDATE = { releaseHolder: 'releaseHolder', modifyResource: 'modifyResource' } as const;
/** `waits` is for the search for deadlocks: see {@link WaitView}. */
export const MUTEX_QUERY = { state: 'state', waits: 'waits' } as const;

/** Visibility query of the mutexes there are. */
export const OPEN_MUTEXES = `WorkflowType = '${WORKFLOW.mutex}' AND ExecutionStatus = 'Running'`;

/** A holder says so this often: a mutex that somebody terminated learns from it what is held. */
export const RENEW_MS = 10_000;
/** A mutex that starts anew, and not by continue-as-new, grants nothing for so long. */
export const LEASE_MS = 3 * RENEW_MS;
/** Asks of one request in one lock domain; more are refused before they are sent. */
export const MAX_ASKS = 200;
/** While somebody waits, one of so many looks of a mutex is for deadlocks, too. */
export const DEADLOCK_CHECKS = 6;
/** How often a mutex looks whether holders still live, while somebody waits; {@link IDLE_CHECK_MS} while nobody does. */
export const CHECK_MS = 5_000;
export const IDLE_CHECK_MS = 60_000;

/** Input of a mutex. `probation`: an earlier one was ended by somebody, and what it granted may still be held. */
export interface MutexInput {
  readonly probation?: boolean;
}

export interface GrantRequest {
  /** `<holder>#<round>`: unique for every time of asking, so that a late release never frees a later grant. */
  readonly id: string;
  /** Workflow id of the attempt that will hold it. */
  readonly holder: string;
  readonly execution: ExecutionId;
  readonly task: TaskId;
  readonly attempt: number;
  /** Resources of this domain only; never empty. */
  readonly asks: readonly Ask[];
  /** When the task first asked, through all its rounds: its age. Milliseconds since the epoch. */
  readonly since: number;
  /** Priority class, lower is sooner. */
  readonly priority: number;
  /** What the execution takes the asked resources to be. Of two capacities the smaller rules. */
  readonly resources: readonly Resource[];
  /**
   * How long after the holder's workflow closed in another way than by ending its process may still be at work,
   * in milliseconds.
   */
  readonly graceMs: number;
  /**
   * Wait-die: something of another domain is already held for it. If an older request holds or awaits what it
   * asks for, it is refused with `die` instead of waiting.
   */
  readonly holdsMore?: boolean;
}

export interface ReleaseRequest {
  readonly id: string;
}

/** To the execution, by signal (`granted`): start the attempt, or give the grant back. */
export interface Granted {
  readonly id: string;
  readonly fences: Fences;
}

/**
 * To the execution, by signal (`refused`). `die`: give back what other domains granted and ask again, later and
 * with the same age. `never`: it asks for more than there is, or for what is not there. `spent`: what had this id was
 * given back; an execution that was reset asks so, and then with another id.
 */
export interface Refused {
  readonly id: string;
  readonly why: 'die' | 'never' | 'spent';
  readonly message: string;
}

/** What a holder sends again and again: its request and the numbers it was given. */
export interface Announcement extends GrantRequest {
  readonly fences: Fences;
  readonly grantedAt: number;
}

export interface ReleaseHolderRequest {
  readonly resource: string;
  /** Workflow id of the holder, or `<execution>/<task>`. */
  readonly holder: string;
  readonly by: string;
  readonly reason: string;
}

/** `capacity` is the new one; a smaller one drains: nobody who holds is interrupted. 0 grants nothing any more. */
export interface ModifyResourceRequest {
  readonly resource: string;
  readonly capacity: number;
  readonly by?: string;
  readonly reason?: string;
}

/** Of one resource, in an answer to a query, which must stay far below 2 MB. */
export const MAX_QUEUE_SHOWN = 100;

export interface HolderView {
  readonly id: string;
  readonly holder: string;
  readonly execution: ExecutionId;
  readonly task: TaskId;
  readonly attempt: number;
  readonly units: number;
  readonly access: 'read' | 'write';
  readonly since: number;
  readonly fence: string;
}

export interface WaiterView {
  readonly id: string;
  readonly execution: ExecutionId;
  readonly task: TaskId;
  readonly units: number;
  readonly access: 'read' | 'write';
  /** When it began to wait. */
  readonly since: number;
  readonly priority: number;
  /** One sentence: who holds what it lacks, who is before it, or what is closed. */
  readonly reason: string;
}

export interface ResourceView extends Resource {
  /** Units taken by writers (exclusive) or by anybody (semaphore). */
  readonly units: number;
  readonly readers: number;
  /** What executions take the capacity to be, smallest first, where it is not one number, the one that rules. */
  readonly capacities?: readonly number[];
  readonly holders: readonly HolderView[];
  /** The first {@link MAX_QUEUE_SHOWN} of them, in the order in which they will be served. */
  readonly queue: readonly WaiterView[];
  /** How many wait in all. */
  readonly waiting: number;
}

/** One request that waits: workflow ids of the attempts. */
export interface WaitView {
  readonly waiter: string;
  /** Those that must give back before it can go on. */
  readonly holders: readonly string[];
}

export interface MutexView {
  readonly domain: string;
  readonly resources: readonly ResourceView[];
  /** Until then it grants nothing, because it started anew. */
  readonly grantsFrom?: number;
  /**
   * Attempts that wait for each other in a circle, over any number of lock domains, when it was last looked: by the
   * rules of granting there is none. Each is a path in the direction of waiting.
   */
  readonly deadlocks?: readonly (readonly string[])[];
  /** What operators did to it, the newest last, at most 100. */
  readonly interventions: readonly { readonly at: number; readonly by: string; readonly what: string; readonly reason: string }[];
}
