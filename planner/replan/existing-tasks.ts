/** What each feature has already of what a feature has one of, and what goes on in the whole plan. */
import type { ExistingTasks } from '../breakdown/draft-tasks.ts';
import type { TaskKind } from '../breakdown/task-draft.ts';
import type { Decision } from './decide-tasks.ts';

export interface ExistingPlan {
  readonly existingOf: (feature: string) => ExistingTasks;
  /** Interfaces of tasks that go on. */
  readonly produced: ReadonlySet<string>;
  readonly hasIntegration: boolean;
}

export const existingTasks = (decisions: readonly Decision[]): ExistingPlan => {
  const found = new Map<string, { contract?: string; kinds: Set<TaskKind> }>();
  for (const { kind, old } of decisions) {
    if (kind === 'dropped' || kind === 'adapting' || old.adapts.length > 0) continue;
    const own = found.get(old.task.feature_id) ?? { kinds: new Set<TaskKind>() };
    // What is finished does not take in what is new.
    if (!old.isFinished) own.kinds.add(old.kind);
    const contract = old.kind === 'contract' ? old.task.interfaces_produced.at(-1) : undefined;
    // The latest version comes last.
    if (contract !== undefined) own.contract = contract;
    found.set(old.task.feature_id, own);
  }
  const lasting = decisions.filter(({ kind }) => kind !== 'dropped').map(({ old }) => old);
  return {
    existingOf: (feature) => found.get(feature) ?? { kinds: new Set() },
    produced: new Set(lasting.flatMap(({ task }) => task.interfaces_produced)),
    hasIntegration: lasting.some(({ kind, isFinished }) => kind === 'integration' && !isFinished),
  };
};
