/**
 * Checkpoints: named points inside a task that a later attempt can resume from. What is told of them, what an attempt
 * is ordered to do about them, and from where no way leads back.
 */
import { isTaskId } from './ids.ts';
import type { ExecutionId, TaskId } from './ids.ts';

/** Of a checkpoint: a letter or digit, then letters, digits, `.`, `_`, `-`; at most 64 characters. */
const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const isCheckpointName = (text: string): boolean => NAME_PATTERN.test(text);

/** Of one attempt: a command that says more of them is told so in its log. */
export const MAX_CHECKPOINTS = 100;

/** A point that an attempt has passed. Small: it is told by signal and kept in a history. */
export interface CheckpointPoint {
  /** Counts those of the attempt from 1. */
  readonly n: number;
  readonly name: string;
  /** 0 to 100; undefined when nothing was said. */
  readonly percent?: number;
  /** Milliseconds since the epoch, by the worker's clock. */
  readonly at: number;
  readonly files: number;
  readonly bytes: number;
  /** Nothing could be kept of it (too large, a full disk): it was passed, and nobody can resume from it. */
  readonly stored?: false;
  /** Once it was passed, neither a resume nor a rollback goes back to before it. */
  readonly rollbackCapable?: false;
}

/** The point that an attempt went on from. */
export interface ResumedPoint {
  readonly checkpoint: string;
  readonly percent?: number;
  /** The execution that had passed it, when it was another one. */
  readonly execution?: ExecutionId;
}

/** A checkpoint that an attempt could not go on from. */
export interface RefusedPoint {
  readonly checkpoint: string;
  /** In words, and printable. */
  readonly reason: string;
}

/** What an attempt under way tells its execution, by signal. Heard twice, or late, it changes nothing. */
export interface AttemptProgress {
  /** Tells a new execution under an old id from the one that is meant. */
  readonly firstRunId: string;
  readonly task: TaskId;
  readonly attempt: number;
  readonly percent?: number;
  readonly checkpoints?: readonly CheckpointPoint[];
  readonly resumed?: ResumedPoint;
  readonly refused?: readonly RefusedPoint[];
}

/** Orders the points of a task: attempts never restart, also over executions that resume one another. */
export interface PointPosition {
  readonly attempt: number;
  readonly n: number;
}

export const isBefore = (a: PointPosition, b: PointPosition): boolean => a.attempt < b.attempt || (a.attempt === b.attempt && a.n < b.n);

/** The last that is not after this position; exactly the one of this name, where it has one. */
export interface WantedPoint extends PointPosition {
  readonly name?: string;
}

/** Where checkpoints of an execution lie. */
export interface CheckpointSource {
  readonly execution: ExecutionId;
  /** Absolute: the `checkpoints/` of its plan. */
  readonly directory: string;
}

/** Of an execution that names no directory. */
export const defaultCheckpoints = (workspace: string): string => `${workspace.replace(/\/+$/, '')}/.tasks/checkpoints`;

/** What becomes of checkpoints, and when they are made beside those that a command asks for. */
export interface CheckpointPolicy {
  /** Progress between two of them, in percent. */
  readonly intervalPercent: number;
  /** Of one task: older ones go once a newer one is complete. */
  readonly keep: number;
  /** When those of an execution go: when it has succeeded, when it has ended in whatever way, or never by themselves. */
  readonly prune: (typeof PRUNE_CHOICES)[number];
  /** Of one checkpoint: a larger one is not kept. */
  readonly maxBytes: number;
  /** A task estimated, or seen, to take longer than this gets one at its end. */
  readonly expensiveMs: number;
  /** `false`: every attempt begins anew. */
  readonly recovery: boolean;
}

export const PRUNE_CHOICES = ['on_success', 'on_end', 'never'] as const;

export const DEFAULT_CHECKPOINTS: CheckpointPolicy = {
  intervalPercent: 25,
  keep: 3,
  prune: 'on_success',
  maxBytes: 1024 ** 3,
  expensiveMs: 30 * 60_000,
  recovery: true,
};

/** What an attempt is to do about checkpoints. What is left out has its default. */
export interface CheckpointOrders {
  /** Absolute; `.tasks/checkpoints` of the workspace when left out. */
  readonly directory?: string;
  readonly policy?: Partial<CheckpointPolicy>;
  /** One before its command begins: it is risky. */
  readonly before?: true;
  /** One after it has succeeded: it was expensive. */
  readonly after?: true;
  /** Where to look for one to resume from, beside its own execution: the newest first. */
  readonly from?: readonly CheckpointSource[];
  /** Of those that `from` has, where to resume instead of at the last; null for none of them. */
  readonly wanted?: WantedPoint | null;
  /** What attempts up to this one have passed was undone: none of it is resumed from. */
  readonly since?: number;
  /** The last point that no way leads back from: what is older will not do, nor will beginning anew. */
  readonly notBefore?: PointPosition & { readonly name: string };
}

const PERCENT = /^\d{1,3}(?:\.\d{1,6})?%?$/;

/** `40`, `"40"`, `"40%"`, `40.5`, to one decimal; undefined for what is no percentage from 0 to 100. */
export const percentAt = (written: unknown): number | undefined => {
  const number = typeof written === 'string' && PERCENT.test(written) ? Number.parseFloat(written) : written;
  return typeof number === 'number' && number >= 0 && number <= 100 ? Math.round(number * 10) / 10 : undefined;
};

/** A task's checkpoint as people write it, or a point of the run: when so many percent of its tasks had settled. */
export type CheckpointReference = { readonly kind: 'task'; readonly task: TaskId; readonly name: string } | { readonly kind: 'run'; readonly percent: number };

/** The points of a run, in percent of its tasks that have settled. */
export const RUN_POINTS = [25, 50, 75, 100] as const;

export const taskCheckpointId = (task: TaskId, name: string): string => `${task}/${name}`;
export const runCheckpointId = (percent: number): string => `cp-${percent}`;

/** `TASK/NAME` or `cp-25`; undefined for anything else. */
export const parseCheckpointId = (text: string): CheckpointReference | undefined => {
  const run = RUN_POINTS.find((percent) => runCheckpointId(percent) === text);
  if (run !== undefined) return { kind: 'run', percent: run };
  const [task = '', name = '', ...rest] = text.split('/');
  return isTaskId(task) && isCheckpointName(name) && rest.length === 0 ? { kind: 'task', task, name } : undefined;
};
