/**
 * What the events of an execution add up to so far. Every view reads from here, so that a counts line, a
 * summary and a JSON report cannot disagree.
 */
import type { AttemptFailure } from '../../../model/attempt.ts';
import { RUN_POINTS } from '../../../model/checkpoint.ts';
import type { ExecutionEvent } from '../../../model/event.ts';
import type { ExecutionId, TaskId } from '../../../model/ids.ts';
import type { ExecutionOutcome } from '../../../model/outcome.ts';
import type { Resolution } from '../../../model/self-heal.ts';
import { unreachable } from '../../../model/unreachable.ts';

export interface RunningTask {
  readonly task: TaskId;
  readonly attempt: number;
  readonly since: number;
  /** As it last told, 0 to 100. */
  readonly percent?: number;
}

/** A point that a task has passed. */
export type PassedCheckpoint = Extract<ExecutionEvent, { readonly type: 'task_checkpoint' }>;

export interface EndedTask {
  readonly task: TaskId;
  readonly attempt: number;
  readonly durationMs: number;
  /** The event that said so. */
  readonly seq: number;
}

export interface LostTask {
  readonly task: TaskId;
  readonly attempt: number;
  readonly error: AttemptFailure;
  readonly tail: string;
}

/** When a quarter of the tasks had settled. */
export interface Milestone {
  readonly progress: number;
  readonly at: number;
  /** The event with which they had. */
  readonly seq: number;
}

export class RunBoard {
  readonly running = new Map<TaskId, RunningTask>();
  readonly succeeded = new Map<TaskId, EndedTask>();
  /** Failed for good, or waiting to be tried again. */
  readonly failed = new Map<TaskId, LostTask>();
  readonly retrying = new Map<TaskId, number | undefined>();
  readonly skipped = new Set<TaskId>();
  readonly cancelled = new Set<TaskId>();
  /** Task that cannot run, to the task whose failure is why. */
  readonly blocked = new Map<TaskId, TaskId>();
  readonly people = new Set<TaskId>();
  /** Wait for somebody to let them start. */
  readonly approvals = new Set<TaskId>();
  readonly decisions = new Map<TaskId, string>();
  /** What they did is being undone; or has been, of those that had not failed. */
  readonly undoing = new Set<TaskId>();
  readonly rolledBack = new Set<TaskId>();
  readonly milestones: Milestone[] = [];
  /** In the order in which they were passed. */
  readonly checkpoints: PassedCheckpoint[] = [];
  /** Attempts that went on from one. */
  restored = 0;
  /** Succeeded in an earlier execution and taken over. */
  carried = 0;
  resumedFrom: ExecutionId | undefined;
  total = 0;
  startedAt: number | undefined;
  /** Time of the latest event. */
  at = 0;
  lastSeq = 0;
  retries = 0;
  hotUpdates = 0;
  breakers = 0;
  /** Of them, those after which all was well. */
  breakersResolved = 0;
  /** Turns of error policies. */
  turns = 0;
  /** Parked by this execution, or by an earlier one. */
  readonly quarantined = new Set<TaskId>();
  /** Tasks that met an error, by how they came out of it. */
  readonly resolved = new Map<TaskId, Resolution>();
  /** Time that commands ran, over all attempts that ended, in milliseconds. */
  busyMs = 0;
  state: 'waiting' | 'running' | 'paused' | 'aborting' | ExecutionOutcome = 'waiting';

  /** Tasks to which nothing more happens. */
  get settled(): number {
    return this.carried + this.succeeded.size + this.failed.size + this.skipped.size + this.cancelled.size + this.blocked.size + this.rolledBack.size + this.quarantined.size;
  }

  apply(event: ExecutionEvent): void {
    this.at = event.at;
    this.lastSeq = event.seq;
    this.startedAt ??= event.at;
    switch (event.type) {
      case 'execution_started':
        this.total = event.tasks;
        this.state = 'running';
        return;
      case 'execution_paused':
        this.state = 'paused';
        return;
      case 'execution_resumed':
        this.state = 'running';
        return;
      case 'execution_aborting':
        this.state = 'aborting';
        return;
      case 'execution_completed':
        this.state = event.outcome;
        return;
      case 'hot_update':
        this.total += event.injected.length;
        this.hotUpdates += 1;
        for (const task of event.unblocked ?? []) this.blocked.delete(task);
        return;
      case 'circuit_breaker':
        // Of the one that looks at the share of failures, only its opening is a trip.
        if (event.trip !== undefined || event.action === 'open') this.breakers += 1;
        return;
      case 'task_started':
        this.#clear(event.task);
        this.running.set(event.task, { task: event.task, attempt: event.attempt, since: event.at });
        if (event.attempt > 1) this.retries += 1;
        return;
      case 'task_waiting_for_person':
        this.people.add(event.task);
        return;
      case 'approval_requested':
        this.approvals.add(event.task);
        return;
      case 'approval_given':
      case 'approval_refused':
      case 'approval_timed_out':
        this.approvals.delete(event.task);
        return;
      case 'task_needs_decision':
        this.#clear(event.task);
        this.decisions.set(event.task, event.reason);
        return;
      case 'task_succeeded':
        this.busyMs += event.durationMs;
        this.#clear(event.task);
        if (event.resolution) this.resolved.set(event.task, event.resolution);
        this.succeeded.set(event.task, { task: event.task, attempt: event.attempt, durationMs: event.durationMs, seq: event.seq });
        this.#milestone(event.at);
        return;
      case 'task_failed':
        this.busyMs += this.#ranFor(event.task, event.at);
        this.#clear(event.task);
        if (event.canRetry) this.retrying.set(event.task, event.retryAt);
        else this.failed.set(event.task, { task: event.task, attempt: event.attempt, error: event.error, tail: event.tail });
        this.#milestone(event.at);
        return;
      case 'task_skipped':
        if (this.failed.has(event.task) || this.decisions.has(event.task) || this.resolved.has(event.task)) this.resolved.set(event.task, 'RESOLVED_HUMAN');
        this.#clear(event.task);
        this.skipped.add(event.task);
        this.#milestone(event.at);
        return;
      case 'task_cancelled':
        this.#clear(event.task);
        this.cancelled.add(event.task);
        this.#milestone(event.at);
        return;
      case 'task_upstream_failed':
        this.#clear(event.task);
        this.blocked.set(event.task, event.upstream);
        this.#milestone(event.at);
        return;
      case 'breaker_ended':
        if (event.outcome === 'repaired') this.breakersResolved += 1;
        return;
      case 'task_quarantined':
        // One that was left out from the beginning, or parked before it ever failed, has met no error.
        if (this.failed.has(event.task) || this.retrying.has(event.task)) this.resolved.set(event.task, 'QUARANTINED');
        this.#clear(event.task);
        this.quarantined.add(event.task);
        this.#milestone(event.at);
        return;
      case 'task_unplaced':
      case 'task_preempted':
        this.#clear(event.task);
        return;
      case 'task_retried':
        this.resolved.delete(event.task);
        this.#clear(event.task);
        for (const [blocked, upstream] of this.blocked) if (upstream === event.task) this.blocked.delete(blocked);
        return;
      case 'task_compensating':
        this.busyMs += this.#ranFor(event.task, event.at);
        for (const place of [this.running, this.decisions, this.skipped, this.cancelled]) place.delete(event.task);
        this.undoing.add(event.task);
        return;
      case 'task_rolled_back':
        this.undoing.delete(event.task);
        this.succeeded.delete(event.task);
        if (!this.failed.has(event.task) && !this.retrying.has(event.task)) this.rolledBack.add(event.task);
        return;
      case 'task_not_rolled_back':
        this.undoing.delete(event.task);
        return;
      case 'task_progress':
        this.#tell(event.task, event.percent);
        return;
      case 'task_checkpoint':
        this.checkpoints.push(event);
        if (event.percent !== undefined) this.#tell(event.task, event.percent);
        return;
      case 'task_resumed':
        this.restored += 1;
        this.#tell(event.task, event.percent ?? 0);
        return;
      case 'execution_resumed_from':
        this.resumedFrom = event.from;
        this.carried = event.tasks;
        return;
      case 'rollback_started':
      case 'rollback_finished':
      case 'findings_accepted':
      case 'execution_continued':
      case 'task_run_again':
      case 'checkpoint_refused':
      case 'wave_opened':
      case 'wave_fallback':
      case 'resource_acquired':
      case 'resource_released':
      case 'request_rejected':
      case 'resource_limit':
      case 'worker_missing':
      case 'task_limits_raised':
      case 'quarantine_unknown':
      case 'task_mended':
        return;
      case 'task_self_heal':
        this.turns += 1;
        return;
      case 'late_edge':
      case 'alert':
      case 'alert_not_written':
      case 'late_edges':
        return;
      default:
        unreachable(event);
    }
  }

  #tell(task: TaskId, percent: number): void {
    const running = this.running.get(task);
    if (running) this.running.set(task, { ...running, percent });
  }

  #ranFor(task: TaskId, at: number): number {
    const since = this.running.get(task)?.since;
    return since === undefined ? 0 : at - since;
  }

  #clear(task: TaskId): void {
    for (const place of [this.running, this.succeeded, this.failed, this.rolledBack, this.undoing, this.retrying, this.skipped, this.cancelled, this.blocked, this.people, this.approvals, this.decisions, this.quarantined]) {
      place.delete(task);
    }
  }

  #milestone(at: number): void {
    if (this.total === 0) return;
    for (const progress of RUN_POINTS) {
      if (this.milestones.some((milestone) => milestone.progress === progress)) continue;
      if ((this.settled / this.total) * 100 >= progress) this.milestones.push({ progress, at, seq: this.lastSeq });
    }
  }
}
