/** What a preflight finds: a problem, how sure it is, and what would mend it. */
import type { TaskId } from '../../model/ids.ts';
import type { Problem } from '../../model/problem.ts';

/**
 * `certain`: as things are, the task fails, or works on what is not there, provided that commands run where it was
 * looked. `likely`: it may be; somebody should look.
 */
export type Certainty = 'certain' | 'likely';

export interface SuggestedEdge {
  readonly from: TaskId;
  readonly to: TaskId;
  readonly type: 'hard' | 'soft';
  readonly reason: string;
}

/** An operation of a hot update, as `tasks patch` takes it. */
export type Suggestion =
  | { readonly op: 'add_edge'; readonly edges: readonly SuggestedEdge[] }
  | { readonly op: 'inject_task'; readonly task: Readonly<Record<string, unknown>> & { readonly id: TaskId }; readonly edges: readonly SuggestedEdge[] };

export interface Finding extends Problem {
  readonly certainty: Certainty;
  readonly task?: TaskId;
  /** What is missing, where it is a package. */
  readonly package?: { readonly ecosystem: 'npm' | 'python'; readonly name: string };
  readonly suggestion?: readonly Suggestion[];
}
