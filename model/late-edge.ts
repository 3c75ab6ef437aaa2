/** Edges that follow from files: what tasks say of these, and what became of it. */

/** Paths and globs relative to the workspace, each with everything below what it matches; the first {@link MAX_TASK_FILES} of each kind. */
export interface TaskFiles {
  /** Artifacts, outputs, and what its scope lets it write. */
  readonly produces?: readonly string[];
  /** What its scope lets it read. */
  readonly reads?: readonly string[];
  /** Directories that it runs in or that its command names: it needs them, and not all that is below. */
  readonly names?: readonly string[];
}

export const MAX_TASK_FILES = 20;

/** Why a task waits for another one that it was not said to depend on. */
export interface LateEdge {
  /** Index of the task that produces it. */
  readonly from: number;
  /** As that one states it; a path where it was seen. */
  readonly produces: string;
  /** As the task itself states it, or what it was seen to change; left out where it is the same. */
  readonly touches?: string;
  readonly seen: 'declared' | 'observed';
}

/** What becomes of it when one task touches what another one produces, and nothing orders the two. */
export const LATE_BOUND_EDGES = ['off', 'report', 'soft', 'hard'] as const;

/** Late edges of one execution in all. */
export const MAX_LATE_EDGES = 5_000;
