/** What a rollback has done, and how the workspace looks after it, for the ledger. */
import type { ConcludeRollbackRequest } from '../../model/activity.ts';
import type { StoredPlan } from '../../model/graph.ts';
import type { LeftTask, RollbackRecord, RollbackTarget } from '../../model/rollback.ts';
import type { PlanStore } from '../../store/plan-store.ts';
import { treeState } from './tree.ts';

/** As the plan of a rollback carries it. */
interface Carried {
  readonly target: RollbackTarget;
  readonly left: readonly LeftTask[];
}

export const createConcludeRollback =
  ({ store }: { readonly store: PlanStore }) =>
  async ({ of, plan, workspace, results }: ConcludeRollbackRequest): Promise<RollbackRecord> => {
    const stored = await store.get(plan);
    const { target, left } = carriedBy(stored);
    const tree = await treeState({ workspace, patterns: stored.tasks.flatMap(({ artifacts = [] }) => artifacts) }).catch(() => undefined);
    return {
      of,
      target,
      undone: results.flatMap(({ task, result }) => (result === 'undone' ? [task] : [])),
      notUndone: results.flatMap(({ task, result, reason = '' }) => (result === 'undone' ? [] : [{ task, reason }])),
      left,
      ...(tree && { tree }),
    };
  };

const carriedBy = ({ fields }: StoredPlan): Carried => {
  const carried = fields['rollback'] as Partial<Carried> | undefined;
  return { target: carried?.target ?? { kind: 'all' }, left: carried?.left ?? [] };
};
