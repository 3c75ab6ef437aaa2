/**
 * What is said of an execution at its end, as data: `-o json` prints it, the final summary is made from it.
 * `status`, `metrics` and `timeline` are those of S.L.A.P.S. "Monitoring Output".
 */
import type { ContentHash, ExecutionId, TaskId } from '../../../model/ids.ts';
import type { ExecutionState, FailedTask } from '../../../model/message.ts';
import type { Counts, ExecutionOutcome } from '../../../model/outcome.ts';
import type { RollbackOutcome, RollbackSummary } from '../../../model/rollback.ts';
import { EXIT } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import { countResolutions } from '../../../model/self-heal.ts';
import type { Resolutions } from '../../../model/self-heal.ts';
import { isoTime } from '../time-text.ts';
import type { Milestone, RunBoard } from './run-board.ts';

export type FinalOutcome = ExecutionOutcome | 'terminated';

export interface SlowTask {
  readonly task: TaskId;
  readonly durationMs: number;
  readonly estimateMs?: number;
}

export interface RunReport {
  readonly executionId: ExecutionId;
  readonly plan?: ContentHash;
  readonly outcome: FinalOutcome;
  readonly status: 'completed' | 'failed' | 'aborted' | 'terminated';
  readonly total: number;
  readonly counts: Counts;
  readonly metrics: {
    readonly total_duration_hours: number;
    readonly estimated_hours: number | null;
    readonly critical_path_hours: number | null;
    readonly tasks_completed: number;
    readonly tasks_failed: number;
    readonly retries_total: number;
    /** Turns of error policies, and the tasks that met an error, by how they came out of it. */
    readonly self_heal_turns: number;
    readonly resolutions: Resolutions;
    readonly circuit_breaker_activations: number;
    readonly circuit_breakers_resolved: number;
    readonly hot_updates_applied: number;
    /** Points that tasks have passed and of which something was kept, and attempts that went on from one. */
    readonly checkpoints_saved: number;
    readonly checkpoints_restored: number;
    /** Share, 0 to 1, of the points passed of which something was kept. */
    readonly checkpoint_success_rate: number | null;
    /** Share, 0 to 1, of the execution's concurrency that commands used over the whole time. */
    readonly resource_efficiency: number | null;
    /** Nothing knows what an hour of a worker costs. */
    readonly cost_estimate_usd: null;
  };
  readonly timeline: {
    readonly started_at: string;
    readonly completed_at: string;
    readonly checkpoints: readonly { readonly progress: number; readonly at: string }[];
  };
  readonly durationMs: number;
  /** Checkpoints of its tasks are kept. */
  readonly hasCheckpoints: boolean;
  /** All estimated work, and the longest chain of it. */
  readonly estimatedSeconds?: number;
  readonly criticalPathSeconds?: number;
  readonly slowest: readonly SlowTask[];
  readonly failed: readonly FailedTask[];
  readonly failedTotal: number;
  /** Of a rollback: what it has done. */
  readonly rollback?: RollbackSummary;
  /** The rollback that it had while it was open. */
  readonly rolledBack?: RollbackOutcome;
  readonly webUrl?: string;
}

const SLOWEST_SHOWN = 5;
const HOUR = 3_600_000;

export interface ReportOptions {
  readonly executionId: ExecutionId;
  readonly outcome: FinalOutcome;
  readonly board: RunBoard;
  /** Undefined when the execution was terminated and cannot say. */
  readonly state?: ExecutionState;
  readonly estimates?: ReadonlyMap<string, number>;
  readonly webUrl?: string;
}

export const makeReport = ({ executionId, outcome, board, state, estimates, webUrl }: ReportOptions): RunReport => {
  const counts = state?.counts ?? countsOf(board);
  const startedAt = state?.startedAt ?? board.startedAt ?? board.at;
  const finishedAt = state?.finishedAt ?? board.at;
  const durationMs = Math.max(0, finishedAt - startedAt);
  const capacity = durationMs * (state?.concurrencyMax ?? 0);
  const failed = state?.failed ?? [...board.failed.values()].map(({ task, attempt, error, tail }) => ({ task, attempts: attempt, failure: error, tail }));
  return {
    executionId,
    ...(state && { plan: state.plan }),
    outcome,
    status: outcome === 'succeeded' ? 'completed' : outcome,
    total: state?.total ?? board.total,
    counts,
    metrics: {
      total_duration_hours: round(durationMs / HOUR),
      estimated_hours: state ? round(state.estimatedSeconds / 3600) : null,
      critical_path_hours: state ? round(state.criticalPathSeconds / 3600) : null,
      tasks_completed: counts.SUCCEEDED ?? 0,
      tasks_failed: counts.FAILED ?? 0,
      retries_total: state?.retries ?? board.retries,
      self_heal_turns: board.turns,
      resolutions: state?.resolutions ?? countResolutions(board.resolved.values()),
      circuit_breaker_activations: board.breakers,
      circuit_breakers_resolved: board.breakersResolved,
      hot_updates_applied: state?.hotUpdates ?? board.hotUpdates,
      ...checkpointMetrics(board),
      resource_efficiency: capacity > 0 ? round(Math.min(1, board.busyMs / capacity)) : null,
      cost_estimate_usd: null,
    },
    timeline: {
      started_at: isoTime(startedAt),
      completed_at: isoTime(finishedAt),
      checkpoints: board.milestones.map(({ progress, at }: Milestone) => ({ progress, at: isoTime(at) })),
    },
    durationMs,
    hasCheckpoints: !state?.checkpointsPruned && board.checkpoints.some(({ stored }) => stored !== false),
    ...(state && { estimatedSeconds: state.estimatedSeconds, criticalPathSeconds: state.criticalPathSeconds }),
    slowest: slowest(board, estimates),
    failed,
    failedTotal: state?.failedTotal ?? failed.length,
    ...(state?.rollback && { rollback: state.rollback }),
    ...(state?.rolledBack && { rolledBack: state.rolledBack }),
    ...(webUrl !== undefined && { webUrl }),
  };
};

const checkpointMetrics = ({ checkpoints, restored }: RunBoard): Pick<RunReport['metrics'], 'checkpoints_saved' | 'checkpoints_restored' | 'checkpoint_success_rate'> => {
  const saved = checkpoints.filter(({ stored }) => stored !== false).length;
  return { checkpoints_saved: saved, checkpoints_restored: restored, checkpoint_success_rate: checkpoints.length > 0 ? round(saved / checkpoints.length) : null };
};

/** 7 when the plan can be taken up where it stopped, which needs something that succeeded or a checkpoint; else 8. */
export const exitOf = (report: Pick<RunReport, 'outcome' | 'counts' | 'hasCheckpoints'>): ExitCode => {
  if (report.outcome === 'succeeded') return EXIT.ok;
  if (report.outcome === 'aborted') return EXIT.aborted;
  return isResumable(report) ? EXIT.failedResumable : EXIT.failed;
};

export const isResumable = ({ counts, hasCheckpoints }: Pick<RunReport, 'counts' | 'hasCheckpoints'>): boolean => (counts.SUCCEEDED ?? 0) > 0 || hasCheckpoints;

const slowest = (board: RunBoard, estimates: ReadonlyMap<string, number> | undefined): readonly SlowTask[] =>
  [...board.succeeded.values()]
    .sort((a, b) => b.durationMs - a.durationMs || (a.task < b.task ? -1 : 1))
    .slice(0, SLOWEST_SHOWN)
    .map(({ task, durationMs }) => {
      const estimateMs = estimates?.get(task);
      return { task, durationMs, ...(estimateMs !== undefined && { estimateMs }) };
    });

const countsOf = (board: RunBoard): Counts => {
  const open = board.total - board.settled - board.running.size - board.retrying.size - board.decisions.size;
  const all: Counts = {
    SUCCEEDED: board.succeeded.size,
    RUNNING: board.running.size,
    BACKOFF: board.retrying.size,
    PAUSED: board.decisions.size,
    FAILED: board.failed.size,
    UPSTREAM_FAILED: board.blocked.size,
    SKIPPED: board.skipped.size,
    CANCELLED: board.cancelled.size,
    ROLLED_BACK: board.rolledBack.size,
    QUARANTINED: board.quarantined.size,
    PENDING: Math.max(0, open),
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
};

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
