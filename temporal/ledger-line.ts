/** One line of the ledger: from what an attempt reported, from what Temporal said when it could not, or of a limit that was crossed. */
import type { AttemptFailure, AttemptResult } from '../model/attempt.ts';
import type { ContentHash, ExecutionId, TaskId } from '../model/ids.ts';
import { isAttemptLine } from '../model/ledger.ts';
import type { AcceptedLine, AttemptLine, LedgerLine, LimitLine, RollbackLine } from '../model/ledger.ts';
import { ledgerCheckpoint } from '../model/passed-points.ts';
import type { AcceptedFindings } from '../model/accepted.ts';
import { targetText } from '../model/rollback.ts';
import type { HostCrossing } from './pressure-history.ts';
import type { ConcludedRollback } from './rollback-history.ts';

export interface LedgerHead {
  readonly execution: ExecutionId;
  readonly plan: ContentHash;
}

/** An attempt that reported nothing. Times are Temporal's: when it was handed out, when it was given up. */
export interface UnreportedAttempt {
  readonly task: TaskId;
  readonly attempt: number;
  /** `cancelled` when that was asked for and confirmed; otherwise nobody knows how it ended. */
  readonly outcome: 'lost' | 'cancelled';
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Identity of the worker that took it; empty when none is known. */
  readonly worker: string;
  readonly message: string;
}

/** What an attempt under way has told of itself: all there is to know of one that never reported. */
export type HeardProgress = Pick<AttemptResult, 'checkpoints' | 'resumed'>;

export const lineOfResult = (head: LedgerHead, result: AttemptResult, heard: HeardProgress = {}): AttemptLine => ({
  ...identityOf(head, result),
  outcome: result.failure?.reason === 'lost' ? 'lost' : result.outcome,
  ...timesOf(result),
  exit_code: result.exitCode ?? null,
  ...(result.signal !== undefined && { signal: result.signal }),
  artifacts_changed: result.artifacts ?? [],
  cpu_seconds: result.use?.cpuSeconds ?? null,
  peak_memory_bytes: result.use?.peakMemoryBytes ?? null,
  worker: result.worker,
  host: result.host,
  ...(result.failure && { failure: result.failure }),
  ...(result.compensation && { compensation: result.compensation }),
  ...(result.completedBy !== undefined && { completed_by: result.completedBy }),
  ...(result.commit !== undefined && { commit: result.commit }),
  ...(result.log !== undefined && { log: result.log }),
  ...pointsOf({ ...heard, ...(result.checkpoints && { checkpoints: result.checkpoints }), ...(result.resumed && { resumed: result.resumed }) }),
  ...(result.unchanged && { artifacts_unchanged: result.unchanged }),
});

/** Of the attempt, as it told them itself or as was heard of it while it ran. */
const pointsOf = ({ checkpoints, resumed }: HeardProgress): Pick<AttemptLine, 'checkpoints' | 'resumed_from'> => ({
  ...(resumed && { resumed_from: resumed }),
  ...(checkpoints && { checkpoints: checkpoints.map(ledgerCheckpoint) }),
});

export const lineOfUnreported = (head: LedgerHead, attempt: UnreportedAttempt, heard: HeardProgress = {}): AttemptLine => {
  const failure: AttemptFailure = { reason: 'lost', class: 'transient', message: attempt.message };
  return {
    ...identityOf(head, attempt),
    outcome: attempt.outcome,
    ...timesOf(attempt),
    exit_code: null,
    artifacts_changed: [],
    cpu_seconds: null,
    peak_memory_bytes: null,
    worker: attempt.worker,
    host: '',
    ...(attempt.outcome === 'lost' && { failure }),
    ...pointsOf(heard),
  };
};

export const lineOfCrossing = (head: LedgerHead, { at, host, level, over }: HostCrossing): LimitLine => ({
  execution_id: head.execution,
  plan: head.plan,
  event: 'RESOURCE_LIMIT_EXCEEDED',
  time: new Date(at).toISOString(),
  host,
  level,
  ...(over && { metric: over.metric, percent: Math.round(over.percent * 10) / 10, limit: over.limit }),
});

export const lineOfAccepted = (head: LedgerHead, { at, findings }: { readonly at: number; readonly findings: readonly AcceptedFindings[] }): AcceptedLine => ({
  execution_id: head.execution,
  plan: head.plan,
  event: 'FINDINGS_ACCEPTED',
  time: new Date(at).toISOString(),
  findings,
});

export const lineOfRollback = (head: LedgerHead, { at, record }: ConcludedRollback): RollbackLine => ({
  execution_id: head.execution,
  plan: head.plan,
  event: 'ROLLBACK',
  time: new Date(at).toISOString(),
  rollback_of: record.of,
  target: targetText(record.target),
  undone: record.undone,
  not_undone: record.notUndone,
  left: record.left,
  ...(record.tree && { tree: record.tree }),
});

/** By time (of an attempt: when it finished), then by host, task and attempt: the same for the same history, whoever reads it. */
export const compareLines = (a: LedgerLine, b: LedgerLine): number =>
  compareText(timeOf(a), timeOf(b)) || compareText(a.host ?? '', b.host ?? '') || compareText(a.task_id ?? '', b.task_id ?? '') || (a.attempt ?? 0) - (b.attempt ?? 0);

const timeOf = (line: LedgerLine): string => (isAttemptLine(line) ? line.finished : line.time);

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const identityOf = (head: LedgerHead, of: { readonly task: TaskId; readonly attempt: number }) => ({
  execution_id: head.execution,
  plan: head.plan,
  task_id: of.task,
  attempt: of.attempt,
});

const timesOf = (of: { readonly startedAt: number; readonly finishedAt: number }) => ({
  started: new Date(of.startedAt).toISOString(),
  finished: new Date(of.finishedAt).toISOString(),
});
