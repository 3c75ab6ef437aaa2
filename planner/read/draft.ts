/** What every format's reader makes of its files; `compile.ts` makes the graph of it. */
import type { GraphTask, Policies, TaskSpec, StoredPlan } from '../../model/graph.ts';
import type { Problem } from '../../model/problem.ts';
import type { Where } from './source.ts';

export type NodeFields = Omit<GraphTask, 'id' | 'deps' | 'soft' | 'source'>;
export type SpecFields = Omit<TaskSpec, 'id' | 'place'>;

export interface DraftTask {
  /** As written: not checked yet. */
  readonly id: string;
  readonly where: Where;
  readonly node: NodeFields;
  readonly spec: SpecFields;
}

export interface DraftEdge {
  readonly from: string;
  readonly to: string;
  readonly type: 'hard' | 'soft';
  /** What asks for it. */
  readonly where: Where;
}

export type RetryChanges = Partial<Policies['retry']>;
export type PolicyChanges = Partial<Omit<Policies, 'wave' | 'retry'>> & {
  readonly wave?: Partial<Policies['wave']>;
  readonly retry?: RetryChanges;
};

export interface Draft {
  readonly format: StoredPlan['format'];
  readonly name?: string | undefined;
  /** The top of the main document: where a problem of the whole plan is shown. */
  readonly where: Where;
  readonly tasks: readonly DraftTask[];
  readonly edges: readonly DraftEdge[];
  readonly policies: PolicyChanges;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly codebasePath?: string | undefined;
}

/** Where readers leave what they found wrong: an error refuses the plan, a warning does not. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

export const newFindings = (): Findings => ({ problems: [], warnings: [] });
