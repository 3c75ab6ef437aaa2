/**
 * Which points tasks have passed, and from which no way leads back: what a resume and a rollback ask before they go
 * back. Read from the ledger, which has them of every attempt, however it ended.
 */
import { isBefore } from './checkpoint.ts';
import type { CheckpointPoint, PointPosition } from './checkpoint.ts';
import { isAttemptLine } from './ledger.ts';
import type { LedgerCheckpoint, LedgerLine } from './ledger.ts';
import type { TaskId } from './ids.ts';

export interface PassedPoint extends CheckpointPoint {
  readonly task: TaskId;
  readonly attempt: number;
}

/** As the ledger writes it: FlowOps' and S.L.A.P.S.' names. */
export const ledgerCheckpoint = ({ name, n, percent, at, files, bytes, stored, rollbackCapable }: CheckpointPoint): LedgerCheckpoint => ({
  name,
  n,
  ...(percent !== undefined && { percent }),
  time: new Date(at).toISOString(),
  files,
  bytes,
  stored: stored ?? true,
  rollback_capable: rollbackCapable ?? true,
});

const pointOf = ({ name, n, percent, time, files, bytes, stored, rollback_capable }: LedgerCheckpoint): CheckpointPoint => ({
  n,
  name,
  ...(percent !== undefined && { percent }),
  at: Date.parse(time),
  files,
  bytes,
  ...(!stored && { stored: false }),
  ...(!rollback_capable && { rollbackCapable: false }),
});

/** In the order in which each task has passed them. */
export const passedPoints = (lines: readonly LedgerLine[]): readonly PassedPoint[] =>
  lines
    .filter(isAttemptLine)
    .flatMap(({ task_id: task, attempt, checkpoints = [] }) => checkpoints.map((checkpoint) => ({ task, attempt, ...pointOf(checkpoint) })))
    .sort((a, b) => (isBefore(a, b) ? -1 : Number(isBefore(b, a))));

/**
 * The last point of a task that is not rollback capable; of those after `position` alone, where one is given. As long as
 * there is one, the task can be taken back to it or to what came later, and neither undone nor begun anew.
 */
export const pointOfNoReturn = (points: readonly PassedPoint[], task: TaskId, position?: PointPosition): PassedPoint | undefined =>
  points.findLast((point) => point.task === task && point.rollbackCapable === false && (!position || isBefore(position, point)));
