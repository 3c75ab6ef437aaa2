/** Plans the rollback of an execution that is open: from how it says it stands, and from what its plan says of its tasks. */
import type { Client } from '@temporalio/client';
import type { PlannedRollback, PlanRollbackRequest } from '../../model/activity.ts';
import { fail, ok, TasksError } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import { rollbackIdOf } from '../../model/rollback.ts';
import { planRollback } from '../../planner/rollback/plan-rollback.ts';
import type { PlanStore } from '../../store/plan-store.ts';
import { taskSpecs } from '../../store/task-specs.ts';
import { readStanding } from '../../temporal/standing.ts';

export const createPlanRollback =
  ({ store, client }: { readonly store: PlanStore; readonly client: Client }) =>
  async ({ execution, target, number }: PlanRollbackRequest): Promise<Result<PlannedRollback>> => {
    const standing = await readStanding(client, execution);
    const rollback = rollbackIdOf(execution, number);
    if (standing.rollbackOf) return fail([{ code: 'TASKS3105', message: `${execution} is a rollback itself, of ${standing.rollbackOf}`, hint: 'Run the plan again to have done what it has undone.' }]);
    if (!rollback) return fail([{ code: 'TASKS3105', message: `the id ${execution} is too long for that of a rollback` }]);
    const graph = { tasks: standing.tasks.map(({ task }) => task), sources: standing.sources };
    const specs = await taskSpecs(store, graph).catch(problemsOf);
    if (!Array.isArray(specs)) return specs as Result<PlannedRollback>;
    const planned = planRollback({ standing, specs, target, number });
    if (!planned.ok) return planned;
    const { steps } = planned.value.outline;
    const plan = await store.put(planned.value.plan);
    return ok({ plan, rollback, tasks: steps.map(({ task }) => task), byHand: steps.flatMap(({ task, how }) => (how === 'hand' ? [task] : [])) });
  };

/** What is not in the store will not be there at the next try. */
const problemsOf = (error: unknown): Result<never> => {
  if (error instanceof TasksError) return fail(error.problems);
  throw error;
};
