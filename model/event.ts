/**
 * Events of an execution: the one stream that every view, log and API is made from. Names follow the
 * S.L.A.P.S. event protocol; `seq` counts from 1 without gaps, also across continue-as-new.
 */
import type { AcceptedFindings } from './accepted.ts';
import type { AlertAction, Measured } from './alert.ts';
import type { AttemptFailure, AttemptResult } from './attempt.ts';
import type { Evidence } from './breaker.ts';
import type { ApprovalPolicy, GraphTask } from './graph.ts';
import type { BreakerView } from './message.ts';
import type { LateEdge } from './late-edge.ts';
import type { Counts, ExecutionOutcome } from './outcome.ts';
import type { CheckpointPoint, RefusedPoint, ResumedPoint } from './checkpoint.ts';
import type { ContentHash, ExecutionId, TaskId } from './ids.ts';
import type { PatchNews } from './patch.ts';
import type { OverLimit, Pressure } from './pool.ts';
import type { Resource } from './resource.ts';
import type { RollbackTarget } from './rollback.ts';
import type { LadderStep, Resolution } from './self-heal.ts';
import type { TaskState } from './state.ts';

export type EventBody =
  | { readonly type: 'execution_started'; readonly plan: string; readonly tasks: number }
  /** The plan has hard fails (T.A.S.K.S. v3), and somebody accepted them. */
  | { readonly type: 'findings_accepted'; readonly findings: readonly AcceptedFindings[] }
  | { readonly type: 'execution_paused'; readonly by?: string; readonly reason?: string }
  | { readonly type: 'execution_resumed'; readonly by?: string; readonly reason?: string }
  | { readonly type: 'execution_aborting'; readonly by?: string; readonly reason?: string }
  /** The execution continued as new; `blockedMs` is how long nothing could start because of it. */
  | { readonly type: 'execution_continued'; readonly run: number; readonly blockedMs: number }
  | { readonly type: 'execution_completed'; readonly outcome: ExecutionOutcome; readonly counts: Counts }
  | { readonly type: 'task_started'; readonly task: TaskId; readonly attempt: number; readonly worker?: string }
  /** At each crossing of the checkpoint interval, and not more often than every few seconds. */
  | { readonly type: 'task_progress'; readonly task: TaskId; readonly attempt: number; readonly percent: number }
  /** It has passed a point; `id` is what `--checkpoint-id` takes. */
  | ({ readonly type: 'task_checkpoint'; readonly task: TaskId; readonly attempt: number; readonly checkpoint: string; readonly id: string } & Pick<
      CheckpointPoint,
      'n' | 'percent' | 'files' | 'bytes' | 'stored' | 'rollbackCapable'
    >)
  /** An attempt went on from a point that an earlier one had passed. */
  | ({ readonly type: 'task_resumed'; readonly task: TaskId; readonly attempt: number } & ResumedPoint)
  /** A checkpoint was there and is of no use (damaged, missing): the one before is taken, or none. */
  | ({ readonly type: 'checkpoint_refused'; readonly task: TaskId; readonly attempt: number } & RefusedPoint)
  /** What an earlier execution had finished was taken over; `unchecked` says why its artifacts could not be looked at. */
  | { readonly type: 'execution_resumed_from'; readonly from: ExecutionId; readonly tasks: number; readonly again: number; readonly unchecked?: string }
  /** It had succeeded in the execution that is resumed, and is run again. */
  | { readonly type: 'task_run_again'; readonly task: TaskId; readonly reason: string }
  | {
      readonly type: 'task_succeeded';
      readonly task: TaskId;
      readonly attempt: number;
      readonly artifacts: AttemptResult['artifacts'];
      readonly durationMs: number;
      readonly worker: string;
      /** Present when an attempt of it had failed before. */
      readonly resolution?: Resolution;
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
      /** A breaker keeps it from being tried again for now; no attempt is used up. */
      readonly heldBy?: string;
    }
  /** So many tasks ask for what no worker that lives can do; `missing` is empty when no one worker can do all of it. Told once for each set. */
  | { readonly type: 'worker_missing'; readonly capabilities: readonly string[]; readonly missing: readonly string[]; readonly tasks: number }
  /**
   * `worker`, on which it was placed or which took it from the shared queue, had no slot for it in time; or, without one,
   * nobody takes from that queue. It is placed anew, and no attempt is used up.
   */
  | { readonly type: 'task_unplaced'; readonly task: TaskId; readonly attempt: number; readonly worker: string }
  /** It was stopped for a more urgent task (`by`), or by its worker because the machine was over its limit: it is begun again later, from its last checkpoint if it has one, and no attempt is used up. */
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
  /** `revived`: it was quarantined. */
  | { readonly type: 'task_retried'; readonly task: TaskId; readonly by?: string; readonly revived?: true }
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
  /** Comes before what follows from it: tasks cancelled, blocked, started. */
  | ({ readonly type: 'hot_update'; readonly by?: string; readonly reason?: string } & PatchNews)
  /**
   * `to` touches what `from` produces, and nothing ordered the two. `applied`: it waits for it from now on; not where the policy only
   * reports, where it would close a cycle, or (`late`) where `to` had begun before that was known. Of what is found at once
   * the first hundred are told.
   */
  | {
      readonly type: 'late_edge';
      readonly from: TaskId;
      readonly to: TaskId;
      readonly kind: 'soft' | 'hard';
      readonly because: { readonly produces: string; readonly touches: string };
      readonly seen: LateEdge['seen'];
      readonly applied: boolean;
      readonly late?: boolean;
      readonly reason?: string;
    }
  /** So many more late edges came at once than were told one by one; `limited`: not all could be looked for, or kept. */
  | { readonly type: 'late_edges'; readonly applied: number; readonly refused: number; readonly limited: boolean }
  /** An alert of the plan has begun to hold, or is over. `metrics`: what was measured, shares as numbers of 0 to 1, times in milliseconds. */
  | {
      readonly type: 'alert';
      readonly alert: string;
      readonly condition: string;
      readonly metrics: Measured;
      readonly action: AlertAction;
      readonly state: 'firing' | 'over';
      /** The file that is told. */
      readonly notify?: string;
    }
  /** The file of an alert could not be written to. */
  | { readonly type: 'alert_not_written'; readonly alert: string; readonly file: string; readonly reason: string }
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
  /**
   * A breaker has tripped, for the `trip`th time, over the failures in `evidence`, of which `pattern` is the last one's text. Of the one that
   * looks at the share of failures, `action` is its new state: `open`, `half_open`, `close` or `reduce_concurrency`; `spent` is a
   * breaker that may trip no more.
   */
  | {
      readonly type: 'circuit_breaker';
      readonly breaker: string;
      readonly trip?: number;
      readonly pattern: string;
      readonly action: string;
      readonly evidence?: readonly Evidence[];
    }
  /** What a breaker did is over, and the tasks that it held go on: those that failed are tried again as if for the first time when it was `repaired`, or `reset` by a person. */
  | {
      readonly type: 'breaker_ended';
      readonly breaker: string;
      readonly trip: number;
      readonly outcome: 'repaired' | 'failed' | 'over' | 'reset';
      readonly reason?: string;
      readonly by?: string;
      readonly tasks: readonly TaskId[];
    }
  /**
   * It does not run again unless a person revives it: a breaker has parked it, or a person (`by`). With `execution` it was parked there,
   * at `since` (milliseconds since the epoch), and this execution leaves it out from its beginning.
   */
  | {
      readonly type: 'task_quarantined';
      readonly task: TaskId;
      readonly attempt: number;
      readonly breaker?: string;
      readonly by?: string;
      readonly reason?: string;
      readonly execution?: ExecutionId;
      readonly since?: number;
    }
  /** At the beginning nobody could say which tasks of the plan are quarantined: none was left out. */
  | { readonly type: 'quarantine_unknown'; readonly reason: string }
  /** A turn of its error policy (`ERR-EXEC-01` to `03`): what is tried before it counts as failed. */
  | { readonly type: 'task_self_heal'; readonly task: TaskId; readonly attempt: number; readonly step: LadderStep; readonly strategy: string; readonly turn: number; readonly turns: number }
  /** What such a turn had done about it is over: it is tried again, or the next turn comes. `reset` is somebody's word. */
  | { readonly type: 'task_mended'; readonly task: TaskId; readonly attempt: number; readonly outcome: 'repaired' | 'failed' | 'over' | 'reset'; readonly reason?: string }
  /** Its next attempt has more of what the last one lacked. */
  | { readonly type: 'task_limits_raised'; readonly task: TaskId; readonly attempt: number; readonly timeoutMs?: number; readonly asks?: readonly { readonly resource: string; readonly from: number; readonly to: number }[] };

/** Every event's `type`, once. */
export type EventType = EventBody['type'];

export type ExecutionEvent = EventBody & {
  readonly seq: number;
  /** Milliseconds since the epoch, by the workflow's clock. */
  readonly at: number;
};

/** What a hot update, or a late edge, has made of the graph. */
export interface GraphChange {
  /** By index; those at the end are new. */
  readonly tasks: readonly (readonly [index: number, task: GraphTask])[];
  /** Plan store objects that came to the graph's. */
  readonly sources: readonly ContentHash[];
  /** All there are now, if they are other ones. */
  readonly resources?: readonly Resource[];
}

/** What is told beside an event, to sinks only: for whoever rebuilds an execution from its history. */
export interface EventNews {
  readonly change?: GraphChange;
  /** How the breakers stand after it, where that may have changed. */
  readonly breakers?: readonly BreakerView[];
}

/** How many events an execution keeps at hand; older ones are rebuilt from its history. */
export const EVENT_WINDOW = 2_000;
