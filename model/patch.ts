/**
 * Hot updates: changes of a live graph. A patch is applied whole or not at all, in one synchronous block,
 * at most once per `id`.
 */
import type { ContentHash, TaskId } from './ids.ts';
import type { Ask, GraphTask, TaskSpec } from './graph.ts';
import type { Problem } from './problem.ts';

export const PATCH_OPERATIONS = ['inject_task', 'add_edge', 'remove_edge', 'update_task', 'cancel_task', 'reprioritize', 'modify_resource'] as const;
export type PatchOperationName = (typeof PATCH_OPERATIONS)[number];

/** Characters of JSON that a parsed patch may come to: it travels as one payload, beside others. */
export const MAX_PATCH_LENGTH = 1_000_000;

export interface PatchEdge {
  readonly from: TaskId;
  readonly to: TaskId;
  readonly type: 'hard' | 'soft';
}

/** An edge to take out; of both kinds unless it says which. */
export type RemovedEdge = Omit<PatchEdge, 'type'> & Partial<Pick<PatchEdge, 'type'>>;

/** A task to inject; its `deps` and `soft` are edges of the patch, by id, because indices are the graph's. */
export type InjectedTask = Omit<GraphTask, 'deps' | 'soft' | 'source' | 'late' | 'escalates' | 'byHand'>;

/** What an update can change of a task as the graph carries it, but for what it asks for. */
export type TaskFields = Omit<InjectedTask, 'id' | 'asks' | 'wave'>;

/**
 * A change of one task that is neither under way nor done. It says what differs, so that whatever else has changed
 * the task meanwhile stays.
 */
export interface TaskUpdate {
  readonly task: TaskId;
  /** The plan store object whose part of the task was changed: refused when the task has another one by now. */
  readonly from: ContentHash;
  readonly set?: TaskFields;
  /** Fields that have their default again. */
  readonly unset?: readonly (keyof TaskFields)[];
  /** Resources that it asks for no more. */
  readonly drop?: readonly string[];
  /** Take the place of what it asked of the same resources. */
  readonly asks?: readonly Ask[];
  /** The same, of resources that the execution may not have: limits by label, quotas. */
  readonly asksIfThere?: readonly Ask[];
  /** The same, of quotas that count only where it has asked for them before. */
  readonly asksIfAsked?: readonly Ask[];
}

/** A task as it is now: its own part, and the plan store object that holds it. */
export interface PresentTask {
  readonly source: ContentHash;
  readonly spec: TaskSpec;
}

/** Not started, it never is; running, it is stopped. */
export interface CancelledTask {
  readonly task: TaskId;
  /** It is passed over instead: SKIPPED, and what depends on it goes on. */
  readonly skip?: boolean;
}

export interface PriorityChange {
  readonly task: TaskId;
  readonly priority: number;
}

/** How a patch changes what there is of resources. Applied in the order of the members. */
export interface ResourceChanges {
  /** The capacities of a profile of the plan take the place of those there are. */
  readonly profile?: string;
  /** Exclusive resources that there are from now on, shared by executions. */
  readonly locks?: readonly string[];
  /** New capacities, by resource. Those of resources that executions share are told their mutex, as an operator's word. */
  readonly capacities?: Readonly<Record<string, number>>;
  /** Units more or, below 0, less; only of what the execution has for itself. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** Tasks that ask for locks from now on, to write them; none of them may have begun. */
  readonly asks?: readonly { readonly task: TaskId; readonly locks: readonly string[] }[];
}

/** A capacity before and after. */
export interface CapacityChange {
  readonly resource: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A patch that has been checked against its schema, its tasks' own parts stored. What is left to check is
 * what depends on the live graph: ids, cycles, the state of the tasks it touches. `{id, tasks, edges}` is one.
 *
 * All of it is one change; but edges are taken out before others close cycles, and cancellations come last.
 */
export interface ParsedPatch {
  readonly id: string;
  /** Refused when the graph has moved on: the version must be this one. */
  readonly expectedVersion?: number;
  readonly by?: string;
  readonly reason?: string;
  readonly tasks: readonly InjectedTask[];
  readonly edges: readonly PatchEdge[];
  readonly removed?: readonly RemovedEdge[];
  readonly updates?: readonly TaskUpdate[];
  readonly priorities?: readonly PriorityChange[];
  readonly cancelled?: readonly CancelledTask[];
  readonly resources?: ResourceChanges;
  /** The plan store object that holds the injected and the updated tasks; undefined when there are none. */
  readonly source?: ContentHash;
}

/** What a patch did, as its answer and its event tell it. What is left out did not happen. */
export interface PatchNews {
  readonly patchId: string;
  /** Version of the graph with the patch in it; the plan itself is version 1. */
  readonly version: number;
  readonly injected: readonly TaskId[];
  readonly edges: number;
  /** Edges taken out. */
  readonly removed?: number;
  /** Tasks that a failure had blocked, and that can run again without these edges. */
  readonly unblocked?: readonly TaskId[];
  readonly updated?: readonly TaskId[];
  /** Tasks that have another priority now. */
  readonly reprioritized?: number;
  /** Tasks cancelled or passed over; one that runs has yet to be stopped. */
  readonly cancelled?: readonly TaskId[];
  /** Capacities that are other ones now. */
  readonly capacities?: readonly CapacityChange[];
}

/** Answer to an applied patch; the same answer is given again to the same `id`. */
export interface PatchReceipt extends PatchNews {
  /** Tasks that the patch made ready at once. */
  readonly ready: readonly TaskId[];
  readonly warnings: readonly string[];
  /** True when the id had been applied before and nothing was done now. */
  readonly duplicate: boolean;
}

/** The first of many, and how many there are. */
export interface Listed<T> {
  readonly total: number;
  readonly first: readonly T[];
}

/** What a patch would do to the live graph as it is now. Nothing has been changed. */
export interface PatchPreview {
  /** Of the graph that it was judged on: `expected_version` for a patch that must mean the same when it is sent. */
  readonly version: number;
  /** Why it would be refused; nothing else would happen then. */
  readonly refused?: readonly Problem[];
  /** The answer that it would get. */
  readonly receipt?: PatchReceipt;
  readonly edges: { readonly added: Listed<PatchEdge>; readonly removed: Listed<PatchEdge> };
  readonly priorities: Listed<PriorityChange & { readonly from: number }>;
  /** Tasks that would start at once, in this order, */
  readonly starts: Listed<TaskId>;
  /** and those that would be stopped. */
  readonly stops: Listed<TaskId>;
  /** Tasks that would no longer wait for dependencies, or could run again. */
  readonly unblocks: Listed<TaskId>;
  /** Ready tasks that would wait for dependencies. */
  readonly holds: Listed<TaskId>;
  /** Tasks that could no longer run, because of what would be cancelled. */
  readonly blocks: Listed<TaskId>;
  /** Ready tasks that the patch brings, changes or unblocks and that would not start yet, and why. */
  readonly waits: Listed<{ readonly task: TaskId; readonly reason: string }>;
  /** It would end the execution at once. */
  readonly ends?: true;
}

/** A field of a task as a patch changes it, as people write it; undefined where it is not stated. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What an update changes of a task, field by field. Values of environment variables are left out. */
export interface TaskDifference {
  readonly task: TaskId;
  readonly changes: readonly FieldChange[];
}
