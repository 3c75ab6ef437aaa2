/** Whether a person's request about one task can be met in the state it is in. Nothing is changed here. */
import type { Problem } from '../model/problem.ts';
import type { TaskState } from '../model/state.ts';
import type { Mode, TaskRecord } from './protocol.ts';

export type TaskRequestKind = 'retry' | 'skip' | 'quarantine' | 'cancel' | 'complete' | 'approve' | 'disapprove';

const ACCEPTED: Readonly<Record<TaskRequestKind, ReadonlySet<TaskState>>> = {
  retry: new Set<TaskState>(['FAILED', 'BACKOFF', 'PAUSED', 'QUARANTINED', 'SKIPPED', 'CANCELLED', 'ROLLED_BACK']),
  skip: new Set<TaskState>([
    'PENDING',
    'READY',
    'BACKOFF',
    'ASSIGNED',
    'RUNNING',
    'PAUSED',
    'FAILED',
    'UPSTREAM_FAILED',
    'QUARANTINED',
    'ROLLED_BACK',
  ]),
  // Not PAUSED: nobody knows what still runs.
  quarantine: new Set<TaskState>(['PENDING', 'READY', 'BACKOFF', 'FAILED', 'UPSTREAM_FAILED']),
  cancel: new Set<TaskState>(['PENDING', 'READY', 'BACKOFF', 'ASSIGNED', 'RUNNING', 'PAUSED', 'CHECKPOINTED', 'UPSTREAM_FAILED', 'QUARANTINED']),
  // Not ASSIGNED: a child that has not been confirmed cannot be told.
  complete: new Set<TaskState>(['RUNNING', 'PAUSED']),
  // Ahead of time, too.
  approve: new Set<TaskState>(['PENDING', 'READY', 'BACKOFF']),
  disapprove: new Set<TaskState>(['READY']),
};

const WAY_OUT: Readonly<Record<TaskRequestKind, string>> = {
  retry: 'Only a task that failed, was skipped, cancelled or rolled back, backs off or waits for a decision can be retried.',
  skip: 'A task that has succeeded cannot be skipped.',
  quarantine: 'Only a task that has not succeeded and is not at work can be quarantined; once the execution has ended, any can be.',
  cancel: 'A task that has ended cannot be cancelled; one that failed can be passed over ("skip": true).',
  complete: 'Only a task that waits for a person or for a decision can be completed.',
  approve: 'Only a task that has not started yet can be approved.',
  disapprove: 'Only a task that is ready, and waits for it, can be refused; before that it can be skipped.',
};

/** It is being ended so already, or for good. */
const isEndedSo = ({ onEnd }: TaskRecord, kind: TaskRequestKind): boolean => (kind === 'skip' && onEnd === 'skip') || (kind === 'cancel' && (onEnd === 'skip' || onEnd === 'cancel'));

/** Its dependencies come first. */
const isBehind = ({ state }: TaskRecord): boolean => state === 'PENDING' || state === 'UPSTREAM_FAILED';

export const refuseTaskRequest = (options: {
  readonly kind: TaskRequestKind;
  readonly task: string;
  readonly mode: Mode;
  readonly record: TaskRecord | undefined;
  readonly executor: string;
  /** Whether it needs one. */
  readonly approval: boolean;
  /** There is nothing of it to run: a person does it. */
  readonly byHand: boolean;
}): Problem | undefined => {
  const { kind, task, mode, record, executor, approval, byHand } = options;
  if (mode === 'finished') return { code: 'TASKS3002', message: 'the execution has ended' };
  if (!record) return { code: 'TASKS3004', message: `no task ${JSON.stringify(task)} in this execution` };
  if (mode === 'aborting') return { code: 'TASKS3005', message: `the execution is being aborted: cannot ${kind} ${task}` };
  if (mode === 'stopping' && kind === 'retry') {
    return { code: 'TASKS3005', message: `the execution starts no more tasks after a failure: cannot retry ${task}` };
  }
  if ((kind === 'approve' || kind === 'disapprove') && !approval) {
    return { code: 'TASKS3005', message: `task ${task} needs no approval`, hint: 'The policy "approval" and a task\'s own "risk" say which do.' };
  }
  if (record.parked === 'decision' && kind === 'complete') return undefined;
  if (record.parked === 'decision' && kind === 'retry') {
    return byHand ? { code: 'TASKS3005', message: `there is nothing of ${task} to try: a person does it`, hint: 'Complete it when it is done, or skip it to leave things as they are.' } : undefined;
  }
  if (record.escalation !== undefined && isBehind(record) && (kind === 'complete' || kind === 'retry')) {
    const hint = 'A decision is asked for again as soon as what it depends on is done. Until then it can be skipped, or quarantined.';
    return { code: 'TASKS3005', message: `task ${task} is ${record.state}: cannot ${kind} it before it is READY`, hint };
  }
  const person = kind !== 'complete' || executor === 'human' || record.state === 'PAUSED';
  if (ACCEPTED[kind].has(record.state) && person && !isEndedSo(record, kind)) return undefined;
  return { code: 'TASKS3005', message: `task ${task} is ${record.state}: cannot ${kind} it`, hint: WAY_OUT[kind] };
};

/** Who asked and why, where they said so. */
export const who = (request: { readonly by?: string; readonly reason?: string }): { by?: string; reason?: string } => ({
  ...(request.by !== undefined && { by: request.by }),
  ...(request.reason !== undefined && { reason: request.reason }),
});
