/** What `buildDag` makes of tasks and dependencies: the artifact, and which dependencies are left to act. */
import type { Dag } from '../artifacts/dag.schema.ts';
import type { Dependency } from '../artifacts/tasks.schema.ts';

/** `Omit` would forget the fields that a loose schema names. */
export type UnstampedDag = { [K in keyof Dag as K extends 'generated' ? never : K]: Dag[K] };

export interface BuiltDag {
  readonly dag: UnstampedDag;
  /** Those that gate, reduced, in the order of their tasks: hard and certain enough. Mutual exclusions are not among them. */
  readonly hard: readonly Dependency[];
  /** All mutual exclusions and limited resources: asks, and an order. */
  readonly exclusions: readonly Dependency[];
  /** Those that only order: soft, or not certain enough. */
  readonly soft: readonly Dependency[];
  /** All dependencies that are written to `tasks.json`: what a broken cycle has lost is left out. */
  readonly dependencies: readonly Dependency[];
}
