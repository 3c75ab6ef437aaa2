/**
 * The activities that workflows call, as types: workflows import no implementation. Every side effect of an
 * execution is one of these.
 */
import type { AttemptFailure, AttemptInput, AttemptResult } from './attempt.ts';
import type { RepairAction } from './breaker.ts';
import type { Calendar, Openings } from './calendar.ts';
import type { ContentHash, ExecutionId, TaskId } from './ids.ts';
import type { CheckpointPoint, CheckpointSource, PointPosition } from './checkpoint.ts';
import type { Graph } from './graph.ts';
import type { TaskSource } from './message.ts';
import type { ResumeAt } from './message.ts';
import type { ParsedPatch } from './patch.ts';
import type { Result } from './problem.ts';
import type { QuarantineEntry, QuarantineNews } from './quarantine.ts';
import type { RollbackOutcome, RollbackRecord, RollbackTarget, UndoResult } from './rollback.ts';
import type { MendAction } from './self-heal.ts';

export interface LoadGraphRequest {
  readonly plan: ContentHash;
  readonly resumeFrom?: ExecutionId;
  readonly runAgain?: readonly TaskId[];
  readonly resumeAt?: readonly ResumeAt[];
  /** As the input states it; else the plan's. */
  readonly workspace?: string;
  /** The queue whose register says which tasks are left out; undefined when none is, as in a rollback. */
  readonly taskQueue?: string;
}

/** A task taken over from an earlier execution of the same plan: it succeeded, or its attempts go on counting. */
export interface CarriedTask {
  readonly task: TaskId;
  readonly attempts: number;
  readonly succeeded: boolean;
  /** It may have done something that has not been undone. Absent in histories of before: only what succeeded did. */
  readonly acted?: boolean;
  /** It had succeeded, and is run again all the same: why. */
  readonly again?: string;
  /** How far it had come. */
  readonly progress?: TaskProgress;
}

/** What is known of the points that a task has passed, in whatever attempt. Plain data, kept in the execution's state. */
export interface TaskProgress {
  readonly last?: CheckpointPoint & { readonly attempt: number };
  /** Points passed. */
  readonly count: number;
  /** The last one that no way leads back from. */
  readonly noReturn?: PointPosition & { readonly name: string };
  /** What attempts up to this one have passed was undone. */
  readonly since?: number;
}

/** What an execution takes over beside its tasks. */
export interface TakenOver {
  readonly from: ExecutionId;
  /** It and those that it had itself resumed, newest first. */
  readonly lineage: readonly CheckpointSource[];
  /** Why artifacts could not be looked at; undefined when they were. */
  readonly unchecked?: string;
}

export interface LoadedGraph {
  readonly graph: Graph;
  /** The codebase path recorded in the plan, if any. */
  readonly codebasePath?: string;
  readonly carried?: readonly CarriedTask[];
  readonly takenOver?: TakenOver;
  /** Tasks of the plan that are left out; undefined when there are none. */
  readonly quarantined?: readonly QuarantineEntry[];
  /** Why nobody could say which these are; undefined when somebody could. */
  readonly quarantineUnknown?: string;
  /** Version of the worker's code, for the state it will carry. */
  readonly worker: string;
}

export interface FetchAttemptRequest {
  readonly execution: ExecutionId;
  readonly task: TaskId;
  readonly attempt: number;
}

/** What became of an attempt: `running` while its workflow is open, `lost` when it was terminated or is gone. */
export type FetchedAttempt =
  | { readonly status: 'running' }
  | { readonly status: 'lost'; readonly reason: string }
  | { readonly status: 'ended'; readonly result: AttemptResult };

export interface WriteLedgerRequest {
  readonly execution: ExecutionId;
  readonly workspace: string;
}

export interface PruneCheckpointsRequest {
  /** Those of these executions go. */
  readonly sources: readonly CheckpointSource[];
}

export interface TagDepthRequest {
  readonly workspace: string;
  readonly execution: ExecutionId;
  /** Longest number of edges from a root; the roots are depth 0. */
  readonly depth: number;
}

export interface ParsePatchRequest {
  /** As it came: one patch or an array of them, from anybody. */
  readonly payload: unknown;
  readonly execution: ExecutionId;
  /** Stands in for a patch without an id of its own; the same on replay. */
  readonly fallbackId: string;
  /** Where the tasks that it would change have their own parts now; left out when there are none. */
  readonly sources?: readonly TaskSource[];
}

export interface PlanRepairRequest {
  readonly execution: ExecutionId;
  readonly plan: ContentHash;
  readonly breaker: string;
  readonly trip: number;
  readonly action: RepairAction | MendAction;
  /** Oldest first. */
  readonly failures: readonly RepairFailure[];
}

/** A failed attempt that is to be repaired. What is known of it in full is there where somebody is asked what to do. */
export interface RepairFailure {
  readonly task: TaskId;
  /** Holds the task's own part. */
  readonly source: ContentHash;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
  readonly executor: string;
  readonly error?: AttemptFailure;
  readonly exitCode?: number;
  /** Redacted end of its output. */
  readonly tail?: string;
  readonly log?: string;
  readonly worker?: string;
}

/** The tasks to inject, or why there are none. */
export interface RepairPlan {
  readonly patch?: ParsedPatch;
  readonly problem?: string;
}

export interface PlanRollbackRequest {
  readonly execution: ExecutionId;
  readonly target: RollbackTarget;
  /** Counted from 1. */
  readonly number: number;
}

/** A rollback that has been planned, its graph stored. */
export interface PlannedRollback {
  readonly plan: ContentHash;
  readonly rollback: ExecutionId;
  readonly tasks: readonly TaskId[];
  readonly byHand: readonly TaskId[];
}

export interface FetchRollbackRequest {
  readonly rollback: ExecutionId;
  /** It has said that it is about to end: that is waited for, for some seconds. */
  readonly isEnding: boolean;
}

export type FetchedRollback =
  | { readonly status: 'running' }
  | { readonly status: 'ended'; readonly outcome: RollbackOutcome['outcome']; readonly results: readonly UndoResult[] };

export interface ConcludeRollbackRequest {
  readonly of: ExecutionId;
  /** Of the rollback. */
  readonly plan: ContentHash;
  readonly workspace: string;
  readonly results: readonly UndoResult[];
}

export interface OpeningsRequest {
  readonly calendars: readonly Calendar[];
  /** Milliseconds since the epoch. */
  readonly from: number;
}

export interface EnsureMutexRequest {
  readonly domain: string;
  /** Queue of the workflows that ask: the mutex runs on the same one. */
  readonly taskQueue: string;
}

export interface JoinPoolRequest {
  readonly execution: ExecutionId;
  /** Queue on which workers and executions meet. */
  readonly taskQueue: string;
}

export interface TellQuarantineRequest {
  readonly taskQueue: string;
  /** At most as many as one message takes. */
  readonly news: readonly QuarantineNews[];
}

export interface GoneRequest {
  readonly holders: readonly {
    readonly id: string;
    readonly holder: string;
    readonly execution: ExecutionId;
    readonly graceMs: number;
    /** Its task asks anew: if its workflow never came to be, its execution was reset and knows nothing of it. */
    readonly forgotten?: boolean;
  }[];
  readonly waiters: readonly { readonly id: string; readonly execution: ExecutionId }[];
}

export interface OwnerRequest {
  readonly execution: ExecutionId;
  readonly firstRunId: string;
}

export interface ClosedAttemptsRequest {
  readonly execution: ExecutionId;
  readonly attempts: readonly { readonly task: TaskId; readonly attempt: number }[];
}

/**
 * Run by any worker of the queue. None is retried by Temporal unless stated. None is a *local* activity: with
 * SDK 1.24 one that ends while a query is being answered is recorded a workflow task too early, and the
 * history can then not be replayed.
 */
export interface Activities {
  /** Reads the skeleton of a plan from the plan store. Retried by Temporal: it changes nothing. */
  loadGraph(request: LoadGraphRequest): Promise<LoadedGraph>;
  /**
   * Runs one attempt: command, then `smoke`, then acceptance checks. Never retried by Temporal. Cancellation,
   * a time-out and the worker's shutdown end the whole process group; a failure is a result.
   */
  runAttempt(input: AttemptInput): Promise<AttemptResult>;
  /** Looks up an attempt whose child belongs to an earlier run, or never reported. Retried by Temporal. */
  fetchAttempt(request: FetchAttemptRequest): Promise<FetchedAttempt>;
  /** Writes `provenance/<timestamp>.jsonl` under the workspace; answers its path. Retried by Temporal. */
  writeLedger(request: WriteLedgerRequest): Promise<{ readonly path: string }>;
  /** Removes the checkpoints of executions, and what only they kept. Retried by Temporal: what is gone is gone. */
  pruneCheckpoints(request: PruneCheckpointsRequest): Promise<void>;
  /** Tags the workspace's repository when every task of a depth has settled (`--git`). Idempotent. */
  tagDepth(request: TagDepthRequest): Promise<{ readonly tag: string }>;
  /** Checks a hot update against its schema and stores the parts of its tasks. Retried by Temporal. */
  parsePatch(request: ParsePatchRequest): Promise<Result<ParsedPatch>>;
  /** Makes the tasks that repair what tripped a breaker, and stores their parts. Retried by Temporal: the same twice is the same. */
  planRepair(request: PlanRepairRequest): Promise<RepairPlan>;
  /** Whether the execution that owns a child is still open (and is still the same one). Retried by Temporal. */
  ownerIsOpen(request: OwnerRequest): Promise<boolean>;
  /** Has the pool of the queue tell the execution which workers there are, now and whenever that changes; starts the pool where there is none. Retried by Temporal. */
  joinPool(request: JoinPoolRequest): Promise<void>;
  /** Tells the register of the queue what was quarantined and revived; starts the register where there is none. Retried by Temporal: twice is no harm. */
  tellQuarantine(request: TellQuarantineRequest): Promise<void>;
  /** Starts the mutex of a lock domain where there is none. Retried by Temporal. */
  ensureMutex(request: EnsureMutexRequest): Promise<void>;
  /** Which holders and waiters of a mutex have ended, as request ids. Retried by Temporal. */
  goneRequests(request: GoneRequest): Promise<readonly string[]>;
  /** When calendars are open from a time on, by name. Retried by Temporal: it changes nothing. */
  computeOpenings(request: OpeningsRequest): Promise<Readonly<Record<string, Openings>>>;
  /** Attempts that wait for each other in a circle over all lock domains of the namespace, as workflow ids. Retried by Temporal. */
  findDeadlocks(): Promise<readonly (readonly string[])[]>;
  /** Plans the rollback of an execution, which must be paused or about to end, and stores its graph. Retried by Temporal: the same standing gives the same plan. */
  planRollback(request: PlanRollbackRequest): Promise<Result<PlannedRollback>>;
  /** What has become of a rollback. Retried by Temporal. */
  fetchRollback(request: FetchRollbackRequest): Promise<FetchedRollback>;
  /** Looks at the workspace after a rollback, and puts together what the ledger says of it. Retried by Temporal. */
  concludeRollback(request: ConcludeRollbackRequest): Promise<RollbackRecord>;
  /** Which of these attempts' children have closed, as positions in the request. Retried by Temporal. */
  closedAttempts(request: ClosedAttemptsRequest): Promise<readonly number[]>;
}
