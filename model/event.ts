/**
 * Events of an execution: the one stream that every view, log and API is made from. Names follow the
 * S.L.A.P.S. event protocol; `seq` counts from 1 without gaps, also across continue-as-new.
 */
import type { AttemptFailure, AttemptResult, FailureClass } from './attempt.ts';
import type { ApprovalPolicy } from './graph.ts';
import type { Counts, ExecutionOutcome } from './outcome.ts';
import type { ExecutionId, TaskId } from './ids.ts';
import type { CapacityChange } from './patch.ts';
import type { OverLimit, Pressure } from './pool.ts';
import type { RollbackTarget } from './rollback.ts';
import type { TaskState } from './state.ts';

export type EventBody =
  | { readonly type: 'execution_started'; readonly plan: string; readonly tasks: number }
  | { readonly type: 'execution_paused'; readonly by?: string; readonly reason?: string }
  | { readonly type: 'execution_resumed'; readonly by?: string; readonly reason?: string }
  | { readonly type: 'execution_aborting'; readonly by?: string; readonly reason?: string }
  /** The execution continued as new; `blockedMs` is how long nothing could start because of it. */
  | { readonly type: 'execution_continued'; readonly run: number; readonly blockedMs: number }
  | { readonly type: 'execution_completed'; readonly outcome: ExecutionOutcome; readonly counts: Counts }
  | { readonly type: 'task_started'; readonly task: TaskId; readonly attempt: number; readonly worker?: string }
  | { readonly type: 'task_progress'; readonly task: TaskId; readonly percent: number }
  | { readonly type: 'task_checkpoint'; readonly task: TaskId; readonly checkpoint: string }
  | {
      readonly type: 'task_succeeded';
      readonly task: TaskId;
      readonly attempt: number;
      readonly artifacts: AttemptResult['artifacts'];
      readonly durationMs: number;
      readonly worker: string;
    }
  | {
      readonly type: 'task_failed';
      readonly task: TaskId;
      readonly attempt: number;
      readonly error: AttemptFailure;
      readonly canRetry: boolean;
      /** When the next attempt becomes ready, in milliseconds since the epoch. */
      readonly retryAt?: number;
      readonly exitCode?: number;
      readonly tail: string;
    }
  /** So many tasks ask for what no worker that lives can do; `missing` is empty when no one worker can do all of it. Told once for each set. */
  | { readonly type: 'worker_missing'; readonly capabilities: readonly string[]; readonly missing: readonly string[]; readonly tasks: number }
  /**
   * `worker`, on which it was placed or which took it from the shared queue, had no slot for it in time; or, without one,
   * nobody takes from that queue. It is placed anew, and no attempt is used up.
   */
  | { readonly type: 'task_unplaced'; readonly task: TaskId; readonly attempt: number; readonly worker: string }
  /** It was stopped for a more urgent task (`by`), or by its worker because the machine was over its limit: it starts anew later, and no attempt is used up. */
  | { readonly type: 'task_preempted'; readonly task: TaskId; readonly attempt: number; readonly by?: TaskId }
  /**
   * RESOURCE_LIMIT_EXCEEDED (spec/003), once when a limit is crossed and once when it is over (`none`): of a host, or of
   * the execution's own failures in a minute (`error_rate`).
   */
  | {
      readonly type: 'resource_limit';
      readonly level: Pressure;
      readonly host?: string;
      readonly metric?: OverLimit['metric'] | 'error_rate';
      /** Percent, or failed attempts in a minute. */
      readonly value?: number;
      readonly limit?: number;
    }
  /** The attempt's outcome is unknown and the task is not idempotent, or nothing is left to try: retry, skip, complete. */
  | {
      readonly type: 'task_needs_decision';
      readonly task: TaskId;
      readonly attempt: number;
      readonly reason: string;
      /** There is nothing to try: it is done by a person, or passed over. */
      readonly byHand?: boolean;
    }
  /** A task of the `human` executor waits for `completeTask`. */
  | { readonly type: 'task_waiting_for_person'; readonly task: TaskId; readonly attempt: number }
  | { readonly type: 'task_skipped'; readonly task: TaskId; readonly by?: string; readonly reason?: string }
  | { readonly type: 'task_cancelled'; readonly task: TaskId }
  | { readonly type: 'task_retried'; readonly task: TaskId; readonly by?: string }
  | { readonly type: 'task_upstream_failed'; readonly task: TaskId; readonly upstream: TaskId }
  /** The task waits for a person's approval; `until` (milliseconds since the epoch) is when `onTimeout` is done instead. */
  | { readonly type: 'approval_requested'; readonly task: TaskId; readonly until?: number }
  | { readonly type: 'approval_given'; readonly task: TaskId; readonly by?: string; readonly reason?: string }
  | { readonly type: 'approval_refused'; readonly task: TaskId; readonly by?: string; readonly reason?: string }
  /** Nobody answered in time; `outcome` is what the policy does then. */
  | { readonly type: 'approval_timed_out'; readonly task: TaskId; readonly outcome: ApprovalPolicy['onTimeout'] }
  | { readonly type: 'wave_opened'; readonly wave: number; readonly tasks: number }
  | { readonly type: 'wave_fallback'; readonly wave: number; readonly deferred: readonly TaskId[] }
  | { readonly type: 'resource_acquired'; readonly task: TaskId; readonly resources: readonly string[] }
  | { readonly type: 'resource_released'; readonly task: TaskId; readonly resources: readonly string[] }
  | {
      readonly type: 'hot_update';
      readonly patchId: string;
      readonly version: number;
      readonly injected: readonly TaskId[];
      readonly edges: number;
      readonly capacities?: readonly CapacityChange[];
      readonly by?: string;
      readonly reason?: string;
    }
  /** A signal or an update that was refused: nothing changed. */
  | { readonly type: 'request_rejected'; readonly request: string; readonly code: string; readonly reason: string }
  /** What the task has done is being undone: by that attempt after its failure, or by a `rollback`. */
  | { readonly type: 'task_compensating'; readonly task: TaskId; readonly attempt: number; readonly rollback?: ExecutionId }
  | { readonly type: 'task_rolled_back'; readonly task: TaskId; readonly attempt: number }
  /** A rollback has left it as it was, and it is so again. */
  | { readonly type: 'task_not_rolled_back'; readonly task: TaskId; readonly state: TaskState; readonly reason: string }
  | {
      readonly type: 'rollback_started';
      /** The execution that undoes. */
      readonly rollback: ExecutionId;
      readonly target: RollbackTarget;
      readonly tasks: number;
      readonly by?: string;
      readonly reason?: string;
    }
  | { readonly type: 'rollback_finished'; readonly rollback: ExecutionId; readonly outcome: ExecutionOutcome | 'terminated'; readonly undone: number; readonly notUndone: number }
  | { readonly type: 'circuit_breaker'; readonly pattern: string; readonly action: string; readonly class?: FailureClass };

/** Every event's `type`, once. */
export type EventType = EventBody['type'];

export type ExecutionEvent = EventBody & {
  readonly seq: number;
  /** Milliseconds since the epoch, by the workflow's clock. */
  readonly at: number;
};

/** How many events an execution keeps at hand; older ones are rebuilt from its history. */
export const EVENT_WINDOW = 2_000;
