/**
 * States of a task and the one table of legal transitions.
 *
 * Names are those of the S.L.A.P.S. specification. Other names for the same states: "blocked" is PENDING,
 * "completed" and DONE are SUCCEEDED. Waiting for a resource, a window or an approval is READY with a reason.
 */
export const TASK_STATES = [
  'PENDING',
  'READY',
  'QUEUED',
  'ASSIGNED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CHECKPOINTED',
  'BACKOFF',
  'COMPENSATING',
  'ROLLED_BACK',
  'PAUSED',
  'SKIPPED',
  'CANCELLED',
  'UPSTREAM_FAILED',
  'QUARANTINED',
] as const;

export type TaskState = (typeof TASK_STATES)[number];

/**
 * PENDING waits for dependencies; READY is the frontier; QUEUED has its grants; ASSIGNED was handed to
 * Temporal; RUNNING was confirmed by it. BACKOFF and CHECKPOINTED hold no grants and go back to READY.
 * PAUSED is suspended with its grants kept: an attempt with an unknown outcome that waits for a decision.
 * READY fails when it asks for a resource that is not there, and is decided on by a person where it was escalated.
 * COMPENSATING is being undone, by its own attempt after a failure (which may be lost), or by a rollback (which may leave
 * it as it was). ROLLED_BACK has been undone.
 * What follows a settled state is what `retryTask`, `skipTask`, `quarantineTask` and a compensation can do to it.
 */
export const TRANSITIONS: Readonly<Record<TaskState, readonly TaskState[]>> = {
  PENDING: ['READY', 'SKIPPED', 'CANCELLED', 'UPSTREAM_FAILED', 'QUARANTINED'],
  READY: ['QUEUED', 'PENDING', 'FAILED', 'PAUSED', 'SKIPPED', 'CANCELLED', 'UPSTREAM_FAILED', 'QUARANTINED'],
  QUEUED: ['ASSIGNED', 'READY', 'CANCELLED'],
  ASSIGNED: ['RUNNING', 'READY', 'CANCELLED'],
  RUNNING: ['SUCCEEDED', 'FAILED', 'CHECKPOINTED', 'PAUSED', 'CANCELLED', 'SKIPPED'],
  SUCCEEDED: ['COMPENSATING', 'READY'],
  FAILED: ['BACKOFF', 'READY', 'PENDING', 'COMPENSATING', 'SKIPPED', 'CANCELLED', 'QUARANTINED'],
  CHECKPOINTED: ['READY', 'RUNNING', 'FAILED', 'CANCELLED'],
  BACKOFF: ['READY', 'SKIPPED', 'CANCELLED', 'FAILED', 'QUARANTINED'],
  COMPENSATING: ['ROLLED_BACK', 'FAILED', 'PAUSED', 'SUCCEEDED'],
  ROLLED_BACK: ['READY', 'PENDING', 'BACKOFF', 'SKIPPED'],
  PAUSED: ['RUNNING', 'READY', 'FAILED', 'SKIPPED', 'CANCELLED', 'SUCCEEDED'],
  SKIPPED: ['READY', 'PENDING'],
  CANCELLED: ['READY', 'PENDING'],
  UPSTREAM_FAILED: ['PENDING', 'SKIPPED', 'CANCELLED', 'QUARANTINED'],
  QUARANTINED: ['READY', 'PENDING', 'SKIPPED', 'CANCELLED'],
};

/** States in which nothing more happens to a task unless somebody asks for it. */
const SETTLED: ReadonlySet<TaskState> = new Set<TaskState>([
  'SUCCEEDED',
  'FAILED',
  'ROLLED_BACK',
  'SKIPPED',
  'CANCELLED',
  'UPSTREAM_FAILED',
  'QUARANTINED',
]);

/** States that occupy a slot of the execution's concurrency. */
const OCCUPYING: ReadonlySet<TaskState> = new Set<TaskState>(['QUEUED', 'ASSIGNED', 'RUNNING', 'PAUSED', 'COMPENSATING']);

/** States in which an attempt is on its way to a worker, or at work there. */
const UNDER_WAY: ReadonlySet<TaskState> = new Set<TaskState>(['ASSIGNED', 'RUNNING']);

/** States in which a task has the resources that it asks for. */
const HOLDING: ReadonlySet<TaskState> = new Set<TaskState>(['QUEUED', 'ASSIGNED', 'RUNNING', 'PAUSED']);

export const isSettled = (state: TaskState): boolean => SETTLED.has(state);
export const occupiesSlot = (state: TaskState): boolean => OCCUPYING.has(state);
export const isUnderWay = (state: TaskState): boolean => UNDER_WAY.has(state);
export const holdsGrants = (state: TaskState): boolean => HOLDING.has(state);
/** A hard dependency is met by success, or by a person's word that it may be passed over. */
export const satisfiesHard = (state: TaskState): boolean => state === 'SUCCEEDED' || state === 'SKIPPED';
export const isLegal = (from: TaskState, to: TaskState): boolean => TRANSITIONS[from].includes(to);
