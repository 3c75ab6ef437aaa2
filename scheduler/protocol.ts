/**
 * What goes into the scheduler and what comes out: `(state, event) -> (state, decisions)`. Times are
 * milliseconds since the epoch, given by the driver; the scheduler has no clock.
 */
import type { AttemptFailure, AttemptResult } from '../model/attempt.ts';
import type { RepairAction } from '../model/breaker.ts';
import type { Openings } from '../model/calendar.ts';
import type { EventBody } from '../model/event.ts';
import type { Ask, Dispatch, Graph, GraphTask } from '../model/graph.ts';
import type { ContentHash, ExecutionId, TaskId } from '../model/ids.ts';
import type { ApproveRequest, CompleteTaskRequest, PauseRequest, ResetBreakerRequest, TaskRequest } from '../model/message.ts';
import type { ExecutionOutcome } from '../model/outcome.ts';
import type { ParsedPatch, PatchReceipt } from '../model/patch.ts';
import type { WorkerTable } from '../model/pool.ts';
import type { Problem } from '../model/problem.ts';
import type { Fences, Resource } from '../model/resource.ts';
import type { RollbackOutcome, RollbackTarget, UndoResult } from '../model/rollback.ts';
import type { MendAction } from '../model/self-heal.ts';
import type { TaskState } from '../model/state.ts';
import type { RaisedLimits } from './healing/raise-limits.ts';
import type { AlertState } from './alerts/state.ts';
import type { HealingState, SeenFailure } from './healing/state.ts';
import type { LadderRecord } from './ladder/climb.ts';
import type { LateState } from './late-edges/late-edges.ts';

export type SchedulerEvent =
  /** The first event of an execution, once. */
  | { readonly type: 'begin' }
  /** Time has passed: something may be due. */
  | { readonly type: 'tick' }
  /** Temporal has confirmed a start; `dispatch` is how it was really done. */
  | { readonly type: 'started'; readonly index: number; readonly attempt: number; readonly dispatch: Dispatch }
  | { readonly type: 'ended'; readonly index: number; readonly result: AttemptResult }
  /** All that a request asked for is granted: the task must start soon, or the grant is given back. */
  | { readonly type: 'granted'; readonly index: number; readonly round: number; readonly fences: Fences }
  /** A request asks for what is not there, and never will be. */
  | { readonly type: 'refused'; readonly index: number; readonly round: number; readonly message: string }
  | ({ readonly type: 'pause' | 'resume' | 'abort' } & PauseRequest)
  | ({ readonly type: 'retry' | 'skip' | 'quarantine' } & TaskRequest)
  | ({ readonly type: 'complete' } & CompleteTaskRequest)
  | ({ readonly type: 'approve' } & ApproveRequest)
  /** The workers there are, as the pool tells. */
  | { readonly type: 'workers'; readonly table: WorkerTable }
  /** When calendars are open: the answer to `lookAhead`. */
  | { readonly type: 'openings'; readonly calendars: WindowState['calendars'] }
  | { readonly type: 'patch'; readonly patch: ParsedPatch }
  /** The answer to `repair`: the tasks to inject, or why there are none. */
  | { readonly type: 'repaired'; readonly breaker: string; readonly trip: number; readonly patch?: ParsedPatch; readonly problem?: string }
  | ({ readonly type: 'resetBreaker' } & ResetBreakerRequest)
  /** An attempt that has failed undoes what it did. */
  | { readonly type: 'compensating'; readonly index: number; readonly attempt: number }
  /** A rollback has been planned, at somebody's request or (`automatic`) because of `planRollback`; or none can be had. */
  | ({
      readonly type: 'rollback';
      readonly number: number;
      readonly automatic: boolean;
      readonly plan: ContentHash;
      readonly rollback: ExecutionId;
      readonly target: RollbackTarget;
      readonly tasks: readonly TaskId[];
    } & PauseRequest)
  | { readonly type: 'rollbackRefused'; readonly problems: readonly Problem[] }
  /** The rollback of that number has ended. */
  | { readonly type: 'rolledBack'; readonly number: number; readonly outcome: RollbackOutcome['outcome']; readonly results: readonly UndoResult[] };

/** What the driver must do, in this order. */
export type Decision =
  | {
      readonly type: 'start';
      readonly index: number;
      readonly task: TaskId;
      readonly attempt: number;
      readonly dispatch: Dispatch;
      /** Since when it was ready. */
      readonly readyAt: number;
      /** The worker whose own queue it goes to, instead of the shared one. */
      readonly placedOn?: string;
      /** Of the task's global asks. Its attempt gives the grant back. */
      readonly fences?: Fences;
    }
  /** Ask mutexes for what the attempt needs of them; answered by `granted` or `refused`. */
  | {
      readonly type: 'request';
      readonly index: number;
      readonly task: TaskId;
      /** The number that the attempt will have. */
      readonly attempt: number;
      /** Grows with every request of the task, and never restarts. */
      readonly round: number;
      /** When the task first asked for this attempt, in whatever round: its age. */
      readonly since: number;
      /** The task's own class: mutexes lift it by age. */
      readonly priority: number;
      readonly asks: readonly Ask[];
    }
  /** Take a request back, or give back a grant that no attempt was started with. */
  | { readonly type: 'withdraw'; readonly index: number; readonly task: TaskId; readonly attempt: number; readonly round: number }
  /** The task fails without an attempt: this is all that is to be known of the one it would have been. */
  | { readonly type: 'forgo'; readonly index: number; readonly attempt: number; readonly error: AttemptFailure }
  | { readonly type: 'cancel'; readonly index: number; readonly task: TaskId; readonly attempt: number }
  /** Tell the attempt that a person has completed its task. */
  | { readonly type: 'complete'; readonly index: number; readonly attempt: number; readonly request: CompleteTaskRequest }
  /** The graph's resources are these now; the mutexes of those in `told` must hear of it. */
  | {
      readonly type: 'resources';
      readonly resources: readonly Resource[];
      readonly told: readonly { readonly domain: string; readonly resource: string; readonly capacity: number }[];
      readonly by?: string;
      readonly reason?: string;
    }
  /** Compute when the graph's calendars are open from then on; answered by `openings`. */
  | { readonly type: 'lookAhead'; readonly from: number }
  /** Prepare the tasks that repair what made these attempts fail; answered by `repaired`. */
  | { readonly type: 'repair'; readonly breaker: string; readonly trip: number; readonly action: RepairAction | MendAction; readonly failures: readonly SeenFailure[] }
  /** Plan a rollback; answered by `rollback` or `rollbackRefused`. */
  | { readonly type: 'planRollback'; readonly target: RollbackTarget }
  /** Start the current rollback, and listen to it until `rolledBack` can be said. */
  | { readonly type: 'runRollback' }
  | { readonly type: 'emit'; readonly event: EventBody }
  | { readonly type: 'finish'; readonly outcome: ExecutionOutcome };

export interface Step {
  readonly decisions: readonly Decision[];
  /** Present when the event was a request that cannot be met: nothing has changed. */
  readonly rejected?: readonly Problem[];
  /** Answer to a patch. */
  readonly receipt?: PatchReceipt;
}

/** What a READY task with global asks has of mutexes. Plain data. */
export interface GlobalRequest {
  /**
   * - `queued`: it is to ask, and as many requests are out as may be;
   * - `asked`: its request is out;
   * - `granted`: it may start as soon as there is a slot and what it needs inside the execution;
   * - `withdrawn`: it had asked, and will ask again at its turn.
   */
  readonly state: 'queued' | 'asked' | 'granted' | 'withdrawn';
  /** When it was first to ask for this attempt. */
  readonly since: number;
  /** Present when granted. */
  readonly fences?: Fences;
  /** When a grant that was of no use goes back. */
  readonly until?: number;
}

/** What the scheduler knows of one task. Plain data. */
export interface TaskRecord {
  state: TaskState;
  /** Attempts begun; never restarts. */
  attempt: number;
  /** Failed attempts since the start or since a person asked for a retry: what `maxAttempts` counts. */
  failures: number;
  readyAt?: number;
  /** READY: since when it is refused a resource of the execution's own. */
  blockedAt?: number;
  /** Deleted when the task starts. */
  request?: GlobalRequest;
  /** Requests made so far, for all attempts: the round of the last one. */
  rounds?: number;
  /** In BACKOFF: when it is ready again. */
  retryAt?: number;
  /** How the running or last attempt was, or is to be, dispatched. */
  dispatch?: Dispatch;
  /** The worker that the running or last attempt was placed on; undefined when any could take it. */
  placedOn?: string;
  /** A light attempt ran into the default limit: the next one gets a child of its own. */
  heavy?: boolean;
  /** What the end of the running attempt means, when it was cancelled for a reason. */
  onEnd?: 'skip' | 'cancel' | 'preempt' | 'recall';
  /** READY: since when others are being stopped for it. It goes ahead of the line, and keeps what it asks for. */
  roomMadeAt?: number;
  /** The more urgent task that it makes room for. */
  preemptedBy?: TaskId;
  /** When the running or last attempt began; kept where tasks may be stopped for others. */
  beganAt?: number;
  /** READY: what keeps it out of the line (`gates.ts`). */
  parked?: 'decision' | 'breaker' | 'wave' | 'approval' | 'window' | 'worker';
  /** Why a person must decide on it, once nothing else is left to try. */
  escalation?: string;
  /** What its limits were before they were raised for the next attempt. */
  raised?: RaisedLimits;
  /** How its attempts ended, where that changed: `F` failed, `P` passed; the last three. */
  ends?: string;
  /** Under way: when it will have taken far longer than it was thought to. */
  overrunAt?: number;
  /** How far it has climbed the ladder of its error policy. */
  ladder?: LadderRecord;
  /** The answer of a review has brought it: it has no review of its own. */
  brought?: true;
  /** Its next attempt looks at the workspace first; deleted when that ends. */
  mendContext?: true;
  /** An attempt of it has failed. */
  erred?: true;
  /** A person has had a hand in what became of it after that. */
  helped?: true;
  /** An attempt of it may have done something that has not been undone. */
  acted?: true;
  /** COMPENSATING by a rollback: what it was before. */
  unwinding?: TaskState;
  /** ROLLED_BACK: it runs again when the execution goes on. */
  again?: true;
  /** Asked for when it became ready and `until` then; or given. */
  approval?: { readonly state: 'asked' | 'given'; readonly since: number; readonly until?: number };
}

/** Plain data, part of the scheduler's state. */
export interface RollbackState {
  /** Rollbacks that have begun. */
  count: number;
  /** One is to be had before the execution ends. */
  planning?: 'failed' | 'all';
  readonly current?: {
    readonly number: number;
    readonly plan: ContentHash;
    readonly rollback: ExecutionId;
    readonly tasks: readonly number[];
    readonly automatic: boolean;
  };
  readonly last?: RollbackOutcome;
  /** What was rolled back waits for `resume`. */
  resting?: boolean;
  /** The one before the end has been had. */
  readonly served?: boolean;
}

/** The graph as patches change it: tasks are appended, and replaced when they gain a dependency or an ask. */
export interface LiveGraph extends Omit<Graph, 'tasks' | 'sources' | 'resources'> {
  readonly tasks: GraphTask[];
  readonly sources: ContentHash[];
  resources?: readonly Resource[];
}

export type Mode = 'running' | 'paused' | 'stopping' | 'aborting' | 'finished';

/** Plain data, part of the scheduler's state. Waves count from 1. */
export interface WaveState {
  /** Wave of every task. */
  readonly of: number[];
  open: number;
  openedAt: number;
  /** The fallback of the open wave has been applied. */
  fallen: boolean;
}

/** Plain data, part of the scheduler's state. */
export interface WindowState {
  /** What is known of the graph's calendars, by name. */
  calendars: Readonly<Record<string, Openings>>;
  /** More has been asked for, by `lookAhead`. */
  asked: boolean;
}

/** Plain data, part of the scheduler's state. */
export interface PlacementState {
  /** Undefined until the pool has told of its workers. */
  table?: WorkerTable;
  /** By affinity: the host on which the last task with it was placed. */
  hosts: readonly (readonly [affinity: string, host: string])[];
  /** Workers that did not take what they were given, or were lost with it; `misses` in a row. */
  doubts: { readonly worker: string; readonly misses: number; readonly until: number }[];
  /** Since when there are tasks that nobody can take, and for which sets of capabilities that has been told. */
  missing?: { readonly since: number; isDue: boolean; readonly told: string[] };
}

/** Plain data, part of the scheduler's state. */
export interface PressureState {
  /** When the last attempts failed, as many as matter, oldest first. */
  errors?: readonly number[];
  /** Since when nothing starts because of them. */
  heldFrom?: number;
  /** Things start again slowly, since then; `started` are those that have. */
  ramp?: { readonly from: number; started: number };
}

/** The whole state: plain data that survives `JSON.parse(JSON.stringify())`, and all there is to carry over. */
export interface SchedulerState {
  readonly schema: 1;
  readonly graph: LiveGraph;
  /** 1 for the plan itself, one more for every patch. */
  version: number;
  readonly records: TaskRecord[];
  mode: Mode;
  /** Seed of every jitter. */
  readonly seed: string;
  retries: number;
  wave?: WaveState;
  /** Of a graph that has calendars. */
  readonly windows?: WindowState;
  placement?: PlacementState;
  pressure?: PressureState;
  healing?: HealingState;
  /** Undefined until there was something to say. */
  late?: LateState;
  /** Of a plan that has alerts. */
  alerts?: AlertState;
  /** Answers to the patches applied so far: what makes them idempotent. */
  readonly patches: PatchReceipt[];
  rollback?: RollbackState;
}
