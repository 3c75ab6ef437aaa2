/** How an execution stands and how it ended, in words that every part uses. */
import type { TaskState } from './state.ts';

export type ExecutionOutcome = 'succeeded' | 'failed' | 'aborted';
/**
 * `terminated`: Temporal ended it (terminated, timed out) without asking it. Only clients say so: a workflow that
 * is replayed stands for ever where it stood then.
 */
export type ExecutionStatus = 'running' | 'paused' | 'aborting' | 'terminated' | ExecutionOutcome;

export const isOpen = (status: ExecutionStatus | 'unknown'): boolean => status === 'running' || status === 'paused' || status === 'aborting';

/** Tasks by state; the states that hold none are left out. */
export type Counts = Readonly<Partial<Record<TaskState, number>>>;
