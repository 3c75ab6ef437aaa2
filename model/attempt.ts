/**
 * What one attempt reports. A command that fails is a *result*, never an exception: the scheduler decides
 * what follows, so breakers and retries see every failure.
 */
import type { CheckpointOrders, CheckpointPoint, RefusedPoint, ResumedPoint } from './checkpoint.ts';
import type { ContentHash, ExecutionId, TaskId } from './ids.ts';
import type { Announcement } from './mutex.ts';
import type { ParsedPatch } from './patch.ts';
import type { WorkspaceTerms } from './workspace.ts';

/** Classes of failure (S.L.A.P.S. "Failure Classification"); the class decides what follows. */
export const FAILURE_CLASSES = ['transient', 'systemic', 'resource', 'logic', 'external'] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** Kinds of error of the execution itself (spec/003 "Error classes for execution"). */
export const ERROR_KINDS = ['E_TOOL_FAILURE', 'E_MCP_FAILURE', 'E_RESOURCE_LIMIT', 'E_OS_MODE_FAILURE', 'E_PLAN_CONSISTENCY', 'E_UNKNOWN'] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/**
 * Why an attempt did not succeed. `reason` tells them apart; the text is for people and is redacted.
 * - `exit`: the command ended with a code other than 0.
 * - `signal`: the command was ended by a signal that we did not send.
 * - `timeout`: it ran longer than its limit and its process group was ended.
 * - `check`: the command passed, and `smoke` or an acceptance check did not.
 * - `spawn`: it could not be started (no such directory, no shell, no permission).
 * - `lost`: nobody knows how it ended: its worker died. The only outcome that can hide side effects.
 * - `rejected`: a person completed the task as failed.
 * - `unplaced`: its worker did not take it, or had no slot for it, in time. Nothing was done, and no attempt is used up.
 * - `preempted`: it was stopped for a more urgent task, or because its machine was over its limit. No attempt is used up.
 * - `unapproved`: a person refused to let it start, or nobody answered in time.
 * - `conflict`: it passed, and what it has changed in its worktree contradicts what has been merged into the workspace since it began.
 * - `dirty`: it passed, and files that it has changed have changes in the workspace that nobody has committed.
 * - `compensation`: it was to be undone, and could not be.
 * - `internal`: our own fault or a part of the plan that could not be read.
 */
export const ATTEMPT_FAILURE_REASONS = [
  'exit',
  'signal',
  'timeout',
  'check',
  'spawn',
  'lost',
  'rejected',
  'unplaced',
  'preempted',
  'unapproved',
  'conflict',
  'dirty',
  'compensation',
  'internal',
] as const;
export type AttemptFailureReason = (typeof ATTEMPT_FAILURE_REASONS)[number];

export interface AttemptFailure {
  readonly reason: AttemptFailureReason;
  readonly class: FailureClass;
  /** One sentence, redacted. */
  readonly message: string;
  /** The check that failed, in words, when `reason` is `check`. */
  readonly check?: string;
  /** Missing in results of older workers, as are all that follow. */
  readonly kind?: ErrorKind;
  /** The rule of the table that decided class and kind. */
  readonly rule?: string;
  /** What it says, in lower case, with paths, numbers, hashes, times and quoted names masked: the same for failures that are alike. */
  readonly signature?: string;
  /** Patterns of breakers that its output matches; left out when there are none. */
  readonly matches?: readonly string[];
  /** Whoever refused asks not to be asked again for so long. Milliseconds. */
  readonly retryAfterMs?: number;
}

/** What became of undoing a failed attempt at once, where its task must not be done by halves. */
export interface CompensationResult {
  readonly outcome: 'succeeded' | 'failed';
  /** Times that the compensation was run. */
  readonly tries: number;
  /** Why it failed: one sentence, redacted. */
  readonly message?: string;
}

/** A declared artifact after an attempt: `hash` is undefined when the path no longer exists. */
export interface ArtifactChange {
  /** Relative to the workspace, with `/` as the separator. */
  readonly path: string;
  readonly hash?: ContentHash;
  readonly bytes?: number;
}

export interface ResourceUse {
  /** User and system time of the process group, in seconds. */
  readonly cpuSeconds?: number;
  /** Peak resident memory of the process group, in bytes; undefined where it could not be sampled. */
  readonly peakMemoryBytes?: number;
}

export type AttemptOutcome = 'succeeded' | 'failed' | 'cancelled' | 'orphaned';

/**
 * The result of one attempt: small enough that thousands fit in a history. `tail` is at most 4 KB after a
 * failure and 200 bytes after a success; the rest is in the attempt's log on `host`.
 */
export interface AttemptResult {
  readonly task: TaskId;
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  /** Milliseconds since the epoch, by the worker's clock: when the command (not the wait for it) started. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly worker: string;
  readonly host: string;
  /** Undefined when no command ran or a signal ended it. */
  readonly exitCode?: number;
  readonly signal?: string;
  readonly failure?: AttemptFailure;
  /** Absent unless the attempt failed and its task is compensated in place. */
  readonly compensation?: CompensationResult;
  /** Redacted end of the output, stdout and stderr as they came. */
  readonly tail: string;
  /** Absolute path on `host`; undefined when nothing was written. */
  readonly log?: string;
  readonly artifacts?: readonly ArtifactChange[];
  /** Declared artifacts, named without a glob, that it left as they were: a few, so that a resume can tell whether they are still so. */
  readonly unchanged?: readonly ArtifactChange[];
  /**
   * Files that it was seen to change, relative to the workspace, the first few hundred: in a shared workspace among what the task declares
   * (artifacts and `files_scope.writes`), in a worktree of its own all of them. Left out when there are none.
   */
  readonly touched?: readonly string[];
  /** The hot update that it answered with. */
  readonly patch?: ParsedPatch;
  readonly use?: ResourceUse;
  /** Who completed a human task, as they gave it. */
  readonly completedBy?: string;
  readonly commit?: string;
  /** Points that it has passed, in that order. */
  readonly checkpoints?: readonly CheckpointPoint[];
  readonly resumed?: ResumedPoint;
  /** Those that it could not resume from, and why. */
  readonly refused?: readonly RefusedPoint[];
}

/** Input of a task's attempt, the same for a child workflow and for an activity straight from the execution. */
export interface AttemptInput {
  readonly execution: ExecutionId;
  readonly task: TaskId;
  readonly attempt: number;
  /** Where the task's own part (command, checks, prose) lies: an object of the plan store. */
  readonly source: ContentHash;
  readonly executor: string;
  /** Absolute path on the worker. */
  readonly workspace: string;
  /** Limit of the command in milliseconds. */
  readonly timeoutMs: number;
  /** Between SIGTERM and SIGKILL, in milliseconds. */
  readonly graceMs: number;
  /** First run of the execution's workflow: what tells a new execution under an old id from this one. */
  readonly firstRunId: string;
  readonly git?: boolean;
  /** What the plan says of workspaces; what the task itself states is in its own part, and wins. */
  readonly workspaceTerms?: WorkspaceTerms;
  /** The first of its attempts before this one of which nobody has heard how they ended: one of them may have been merged. */
  readonly lostSince?: number;
  /** The plan whose rules and patterns its failure is judged by, beside those there always are. */
  readonly rules?: ContentHash;
  /** The plan whose executors and names count, where it has some of its own. */
  readonly plan?: ContentHash;
  /** A turn of context repair: the workspace is looked at first, and the attempt is told what it found and what failed before. */
  readonly repairContext?: boolean;
  /** After a failure whose outcome is known it runs the task's compensation: so long each try, with these pauses between them. */
  readonly compensation?: { readonly timeoutMs: number; readonly pausesMs: readonly number[] };
  /** Lower is more urgent. */
  readonly priority?: number;
  /** The worker may end it when the machine is over its hard limit: it is tried again without using up an attempt. */
  readonly preemptible?: boolean;
  /** The worker may suspend its processes until the machine is no longer over its hard limit. */
  readonly pausable?: boolean;
  /** The worker whose own queue it goes to; any worker of the shared queue unless stated. */
  readonly placedOn?: string;
  /** What mutexes have granted for it: the attempt's workflow gives it back when its process has ended. */
  readonly grants?: readonly HeldGrant[];
  readonly checkpoints?: CheckpointOrders;
}

export interface HeldGrant {
  readonly domain: string;
  readonly announcement: Announcement;
}
