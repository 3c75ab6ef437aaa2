/** The execution's first activity: the skeleton of its plan, and what an earlier execution of it has done. */
import { ApplicationFailure } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { CarriedTask, LoadedGraph, LoadGraphRequest } from '../model/activity.ts';
import type { StoredPlan } from '../model/graph.ts';
import type { ExecutionId } from '../model/ids.ts';
import { TasksError } from '../model/problem.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { laterRollbacks } from '../temporal/later-rollbacks.ts';
import { readStanding } from '../temporal/standing.ts';
import { VERSION } from '../temporal/version.ts';

export const createLoadGraph =
  (context: { readonly store: PlanStore; readonly client: Client }) =>
  async ({ plan, resumeFrom }: LoadGraphRequest): Promise<LoadedGraph> => {
    const stored = await context.store.get(plan).then(asPlan).catch(asFailure);
    return {
      graph: stored.graph,
      worker: VERSION,
      ...(stored.codebasePath !== undefined && { codebasePath: stored.codebasePath }),
      ...(resumeFrom && { carried: await carriedFrom(context.client, resumeFrom) }),
    };
  };

/** What a hot update brought lies in the same store, without the tasks that it builds on. */
const asPlan = (stored: StoredPlan): StoredPlan => {
  if (stored.format !== 'patch') return stored;
  throw new TasksError({ code: 'TASKS1005', message: 'this hash names what a hot update brought, which is no plan: it cannot be executed' });
};

/** Temporal tells failures apart by their type: what no retry can mend is not retried. */
const asFailure = (error: unknown): never => {
  const problem = error instanceof TasksError ? error.problems[0] : undefined;
  if (!problem) throw error;
  throw ApplicationFailure.create({ type: problem.code, message: (error as Error).message });
};

/** What succeeded and has not been rolled back since. */
const carriedFrom = async (client: Client, execution: ExecutionId): Promise<CarriedTask[]> => {
  const { tasks, rollbacks } = await readStanding(client, execution);
  const { open, undone } = await laterRollbacks(client, execution, rollbacks);
  if (open) throw ApplicationFailure.nonRetryable(`execution ${execution} is being rolled back by ${open}: resume from it when that has ended`, 'TASKS3103');
  return tasks.flatMap(({ task: { id }, attempt, state, acted }): CarriedTask[] => {
    const isUndone = undone.has(id);
    return attempt > 0 ? [{ task: id, attempts: attempt, succeeded: state === 'SUCCEEDED' && !isUndone, acted: acted && !isUndone }] : [];
  });
};
