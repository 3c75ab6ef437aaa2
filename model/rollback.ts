/**
 * Rolling back: undoing what an execution has done, in reverse order. A rollback is an execution of its own,
 * of the reversed graph, with an id made from that of the execution it undoes.
 */
import type { GraphTask, Policies } from './graph.ts';
import type { Calendar } from './calendar.ts';
import type { Resource } from './resource.ts';
import type { ContentHash, ExecutionId, TaskId } from './ids.ts';
import { isExecutionId } from './ids.ts';
import type { ExecutionOutcome, ExecutionStatus } from './outcome.ts';
import type { TaskState } from './state.ts';

/**
 * How far back.
 * - `all`: everything that was done.
 * - `failed`: what tasks that failed have done, and what they built upon, with everything that was built upon that.
 * - `after`: whatever depends, over however many, on a point: a task by its id, or those that carry a checkpoint label.
 * - `depth`: whatever is deeper than that; roots are depth 0.
 */
export type RollbackTarget =
  | { readonly kind: 'all' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'after'; readonly point: string }
  | { readonly kind: 'depth'; readonly depth: number };

const DEPTH = /^depth:(0|[1-9][0-9]{0,5})$/;

/** As people write it: nothing for everything, `--failed`, or a point or `depth:N`. Undefined for what cannot be meant. */
export const targetOf = ({ to, failed = false }: { readonly to?: string | undefined; readonly failed?: boolean | undefined }): RollbackTarget | undefined => {
  if (to === undefined) return { kind: failed ? 'failed' : 'all' };
  if (failed || to === '') return undefined;
  const depth = DEPTH.exec(to)?.[1];
  if (depth !== undefined) return { kind: 'depth', depth: Number(depth) };
  return to.startsWith('depth:') ? undefined : { kind: 'after', point: to };
};

/** The target in words that follow "rolls back". */
export const targetText = (target: RollbackTarget): string => {
  if (target.kind === 'all') return 'everything that was done';
  if (target.kind === 'failed') return 'what failed, and what it was built upon';
  return target.kind === 'depth' ? `what is deeper than ${target.depth}` : `what comes after ${target.point}`;
};

/** The id of an execution's nth rollback, counted from 1; undefined when the execution's own is too long for that. */
export const rollbackIdOf = (execution: ExecutionId, number: number): ExecutionId | undefined => {
  const id = `${execution}.r${number}`;
  return isExecutionId(id) ? id : undefined;
};

/** How one task stands, as far as undoing it goes. */
export interface TaskStanding {
  /** `deps` and `soft` are indices into all tasks of the standing. */
  readonly task: GraphTask;
  readonly state: TaskState;
  /** Attempts begun. */
  readonly attempt: number;
  /** An attempt of it may have done something that has not been undone since. */
  readonly acted: boolean;
  /** It failed for good, whether or not that was undone since. */
  readonly failed: boolean;
  /** Its command ended well: whatever points there are in it, it has passed them. */
  readonly passed: boolean;
  /** A point that it has told of, and that no way leads back behind. */
  readonly noReturn?: string;
  /** Why the last attempt that failed did. */
  readonly why?: string;
}

/** What there is to know of an execution beside its tasks. */
export interface StandingHead {
  readonly execution: ExecutionId;
  readonly name: string;
  readonly workspace: string;
  readonly graceMs: number;
  readonly status: ExecutionStatus;
  /** It is a rollback itself, of that one. */
  readonly rollbackOf?: ExecutionId;
  /** Rollbacks that have begun while it was open: its tasks' states know of them. */
  readonly rollbacks: number;
  /** Plan store objects of the tasks' own parts. */
  readonly sources: readonly ContentHash[];
  readonly policies: Policies;
  readonly resources?: readonly Resource[];
  readonly calendars?: readonly Calendar[];
}

/** An execution as it stands: its live graph, with all patches in it, and what was done of it. */
export interface Standing extends StandingHead {
  readonly tasks: readonly TaskStanding[];
}

/** A page of the `standing` query; the first one has the head. */
export interface StandingPage {
  readonly head?: StandingHead;
  readonly items: readonly TaskStanding[];
  readonly next?: number;
}

/** One task to be undone. */
export interface RollbackStep {
  readonly task: TaskId;
  readonly title?: string;
  /** By its compensation, or by a person. */
  readonly how: 'command' | 'hand';
  readonly command?: string;
  /** Why a person. */
  readonly reason?: string;
  /** Longest number of steps that come before it. */
  readonly depth: number;
}

/** A task that has acted and is left as it is: nothing says that it must be undone. */
export interface LeftTask {
  readonly task: TaskId;
  readonly why: 'idempotent' | 'undeclared';
}

/** What a rollback will do. */
export interface RollbackOutline {
  readonly of: ExecutionId;
  readonly target: RollbackTarget;
  /** In an order that keeps all of theirs. */
  readonly steps: readonly RollbackStep[];
  readonly left: readonly LeftTask[];
}

/** What became of one task in a rollback; `kept` when nothing of it was tried. */
export interface UndoResult {
  readonly task: TaskId;
  readonly result: 'undone' | 'failed' | 'kept';
  /** Why it was not undone. */
  readonly reason?: string;
}

/** How the workspace looks after a rollback. */
export interface TreeState {
  /** Of the git repository that holds it; undefined when none does. */
  readonly head?: string;
  /** Paths that differ from it, at most 200, as `git status` writes them; and how many there are. */
  readonly changed?: readonly string[];
  readonly changedTotal?: number;
  /** Where there is no repository: files that the undone tasks declare as artifacts, at most 200. */
  readonly artifacts?: readonly { readonly path: string; readonly hash?: ContentHash }[];
}

/** What a rollback has done, for the ledger. */
export interface RollbackRecord {
  readonly of: ExecutionId;
  readonly target: RollbackTarget;
  readonly undone: readonly TaskId[];
  readonly notUndone: readonly { readonly task: TaskId; readonly reason: string }[];
  readonly left: readonly LeftTask[];
  /** Undefined where the workspace could not be looked at. */
  readonly tree?: TreeState;
}

/** How a rollback ended, counted in tasks. */
export interface RollbackOutcome {
  readonly rollback: ExecutionId;
  readonly outcome: ExecutionOutcome | 'terminated';
  readonly undone: number;
  readonly notUndone: number;
}

/** A record within a state: of each list at most 50. */
export interface RollbackSummary extends Omit<RollbackRecord, 'undone'> {
  readonly undone: number;
  readonly notUndoneTotal: number;
  readonly leftTotal: number;
}

/** Asks for the rollback of an open execution: see {@link targetOf}. */
export interface RollbackRequest {
  readonly to?: string;
  readonly failed?: boolean;
  readonly by?: string;
  readonly reason?: string;
}

export interface RollbackReceipt {
  /** The execution that undoes. */
  readonly rollback: ExecutionId;
  readonly steps: number;
  /** Of them, those that a person must do. */
  readonly byHand: readonly TaskId[];
}
