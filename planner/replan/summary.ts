/** What planning again changed, and why: for people and for machines. */

export interface RequirementChange {
  readonly id: string;
  /** Its own id in the document. */
  readonly key?: string;
  readonly before?: { readonly quote: string; readonly section: string };
  readonly after?: { readonly quote: string; readonly section: string };
}

/** Why a task is not what it was. */
export type ChangeReason =
  | { readonly kind: 'added' | 'removed' | 'reworded' | 'moved'; readonly requirement: RequirementChange }
  /** Something that it builds upon is gone. */
  | { readonly kind: 'interface'; readonly interface: string }
  /** The document leaves out something else than before. */
  | { readonly kind: 'scope' }
  /** Other tasks cover what it covered. */
  | { readonly kind: 'covered'; readonly tasks: readonly string[] }
  /** The code base has something else to offer. */
  | { readonly kind: 'codebase' };

export interface TaskChange {
  readonly id: string;
  readonly title: string;
  readonly hours: { readonly before?: number; readonly after?: number };
  /** Fields of `tasks.json` that are others. */
  readonly fields: readonly string[];
  readonly reasons: readonly ChangeReason[];
  /** Of a new task: finished ones that it adapts. */
  readonly adapts: readonly string[];
}

/** A finished task that did what nobody asks for any more. */
export interface OrphanedTask {
  readonly id: string;
  readonly title: string;
  /** Nothing of what it did is asked for. */
  readonly isWhole: boolean;
  readonly requirements: readonly RequirementChange[];
}

export interface ReplanSummary {
  /** Plan that it comes from. */
  readonly from: string;
  readonly isEmpty: boolean;
  readonly requirements: { readonly same: number; readonly moved: readonly RequirementChange[]; readonly reworded: readonly RequirementChange[]; readonly added: readonly RequirementChange[]; readonly removed: readonly RequirementChange[] };
  readonly tasks: { readonly finished: readonly string[]; readonly kept: readonly string[]; readonly changed: readonly TaskChange[]; readonly added: readonly TaskChange[]; readonly dropped: readonly TaskChange[] };
  readonly orphaned: readonly OrphanedTask[];
  readonly dependencies: { readonly added: number; readonly removed: number };
  /** Most likely, of all tasks and of those that are not finished. */
  readonly hours: { readonly before: number; readonly after: number; readonly leftBefore: number; readonly leftAfter: number };
  /** Tasks of the plan before that are still there under their ids. */
  readonly ids: { readonly kept: number; readonly of: number; readonly share: number };
}
