/** The provenance record of an execution: one line a task attempt, in the order they finished. */
import type { ArtifactChange, AttemptFailure } from './attempt.ts';
import type { ContentHash, ExecutionId, TaskId } from './ids.ts';

/** Names are FlowOps' (`task_id`, `started`, `finished`, `exit_code`, `artifacts_changed`); times are ISO 8601 UTC. */
export interface LedgerLine {
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
}
