/** The provenance record of an execution: one line a task attempt and one for each limit crossed, in the order of time. */
import type { ArtifactChange, AttemptFailure } from './attempt.ts';
import type { ResumedPoint } from './checkpoint.ts';
import type { ContentHash, ExecutionId, TaskId } from './ids.ts';
import type { OverLimit, Pressure } from './pool.ts';

export type LedgerLine = AttemptLine | LimitLine;

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

export const isAttemptLine = (line: LedgerLine): line is AttemptLine => line.task_id !== undefined;
