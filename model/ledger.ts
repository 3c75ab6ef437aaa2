/** The provenance record of an execution: one line a task attempt, one for each limit crossed, one of what was accepted at the start, and one of a rollback's end, in the order of time. */
import type { AcceptedFindings } from './accepted.ts';
import type { ArtifactChange, AttemptFailure, CompensationResult } from './attempt.ts';
import type { ResumedPoint } from './checkpoint.ts';
import type { ContentHash, ExecutionId, TaskId } from './ids.ts';
import type { OverLimit, Pressure } from './pool.ts';
import type { LeftTask, RollbackRecord, TreeState } from './rollback.ts';

export type LedgerLine = AttemptLine | LimitLine | RollbackLine | AcceptedLine;

/** Names are FlowOps' (`task_id`, `started`, `finished`, `exit_code`, `artifacts_changed`); times are ISO 8601 UTC. */
export interface AttemptLine {
  readonly execution_id: ExecutionId;
  readonly plan: ContentHash;
  readonly task_id: TaskId;
  readonly attempt: number;
  readonly outcome: 'succeeded' | 'failed' | 'cancelled' | 'orphaned' | 'lost';
  readonly started: string;
  readonly finished: string;
  readonly exit_code: number | null;
  readonly signal?: string;
  readonly artifacts_changed: readonly ArtifactChange[];
  readonly cpu_seconds: number | null;
  readonly peak_memory_bytes: number | null;
  readonly worker: string;
  readonly host: string;
  readonly failure?: AttemptFailure;
  /** What became of undoing it at once, where that was to be done. */
  readonly compensation?: CompensationResult;
  readonly completed_by?: string;
  readonly commit?: string;
  readonly log?: string;
  /** The point of an earlier attempt that it went on from. */
  readonly resumed_from?: ResumedPoint;
  /** Points that it has passed, in that order. */
  readonly checkpoints?: readonly LedgerCheckpoint[];
  /** Declared artifacts that it left as they were, as far as they are named without a glob. */
  readonly artifacts_unchanged?: readonly ArtifactChange[];
}

/** A point that an attempt has passed. `stored`: it can be resumed from, until it is pruned. */
export interface LedgerCheckpoint {
  readonly name: string;
  /** Counts those of the attempt from 1. */
  readonly n: number;
  readonly percent?: number;
  /** ISO 8601 UTC, by the worker's clock. */
  readonly time: string;
  readonly files: number;
  readonly bytes: number;
  readonly stored: boolean;
  readonly rollback_capable: boolean;
}

/**
 * A host came under pressure, or its pressure has changed or is over (`none`); a host has that of its most loaded worker.
 * The name is that of spec/003. `metric`, `percent` and `limit` say why, where the worker said so.
 */
export interface LimitLine {
  readonly execution_id: ExecutionId;
  readonly plan: ContentHash;
  readonly event: 'RESOURCE_LIMIT_EXCEEDED';
  /** When the execution was told, ISO 8601 UTC. */
  readonly time: string;
  readonly host: string;
  readonly level: Pressure;
  readonly metric?: OverLimit['metric'];
  readonly percent?: number;
  readonly limit?: number;
  /** What only attempts have: this is how the two are told apart. */
  readonly task_id?: never;
  readonly attempt?: never;
  readonly outcome?: never;
}

/** The execution is a rollback, and has ended: what it undid, what it could not, what it left, and how the workspace looks now. */
export interface RollbackLine {
  readonly execution_id: ExecutionId;
  readonly plan: ContentHash;
  readonly event: 'ROLLBACK';
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly rollback_of: ExecutionId;
  /** In words. */
  readonly target: string;
  readonly undone: readonly TaskId[];
  readonly not_undone: RollbackRecord['notUndone'];
  readonly left: readonly LeftTask[];
  readonly tree?: TreeState;
  readonly host?: never;
  readonly task_id?: never;
  readonly attempt?: never;
  readonly outcome?: never;
}

/** The execution was started although its plan has hard fails (T.A.S.K.S. v3), which somebody accepted. */
export interface AcceptedLine {
  readonly execution_id: ExecutionId;
  readonly plan: ContentHash;
  readonly event: 'FINDINGS_ACCEPTED';
  /** When it was started, ISO 8601 UTC. */
  readonly time: string;
  readonly findings: readonly AcceptedFindings[];
  readonly host?: never;
  readonly task_id?: never;
  readonly attempt?: never;
  readonly outcome?: never;
}

export const isAttemptLine = (line: LedgerLine): line is AttemptLine => line.task_id !== undefined;
