/**
 * Hot updates: changes of a live graph. A patch is applied whole or not at all, in one synchronous block,
 * at most once per `id`.
 */
import type { ContentHash, TaskId } from './ids.ts';
import type { GraphTask } from './graph.ts';

export const PATCH_OPERATIONS = ['inject_task', 'add_edge', 'modify_resource'] as const;
export type PatchOperationName = (typeof PATCH_OPERATIONS)[number];

export interface PatchEdge {
  readonly from: TaskId;
  readonly to: TaskId;
  readonly type: 'hard' | 'soft';
}

/** A task to inject; its `deps` and `soft` are edges of the patch, by id, because indices are the graph's. */
export type InjectedTask = Omit<GraphTask, 'deps' | 'soft' | 'source' | 'escalates' | 'byHand'>;

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
 * what depends on the live graph: ids, cycles, the state of the tasks it touches.
 */
export interface ParsedPatch {
  readonly id: string;
  /** Refused when the graph has moved on: the version must be this one. */
  readonly expectedVersion?: number;
  readonly by?: string;
  readonly reason?: string;
  readonly tasks: readonly InjectedTask[];
  readonly edges: readonly PatchEdge[];
  readonly resources?: ResourceChanges;
  /** The plan store object that holds the injected tasks; undefined when there are none. */
  readonly source?: ContentHash;
}

/** Answer to an applied patch; the same answer is given again to the same `id`. */
export interface PatchReceipt {
  readonly patchId: string;
  /** Version of the graph with the patch in it; the plan itself is version 1. */
  readonly version: number;
  readonly injected: readonly TaskId[];
  readonly edges: number;
  /** Capacities that are other ones now; left out when there are none. */
  readonly capacities?: readonly CapacityChange[];
  /** Tasks that the patch made ready at once. */
  readonly ready: readonly TaskId[];
  readonly warnings: readonly string[];
  /** True when the id had been applied before and nothing was done now. */
  readonly duplicate: boolean;
}
