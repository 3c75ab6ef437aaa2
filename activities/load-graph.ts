/** The execution's first activity: the skeleton of its plan, which of its tasks are left out, and what an earlier execution of it has done. */
import { ApplicationFailure } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { LoadedGraph, LoadGraphRequest } from '../model/activity.ts';
import type { StoredPlan } from '../model/graph.ts';
import { TasksError } from '../model/problem.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { VERSION } from '../temporal/version.ts';
import { quarantinedOf } from './quarantine.ts';
import { takeOverFrom } from './take-over.ts';

export const createLoadGraph =
  (context: { readonly store: PlanStore; readonly client: Client }) =>
  async ({ plan, resumeFrom, workspace, taskQueue, ...resume }: LoadGraphRequest): Promise<LoadedGraph> => {
    const stored = await context.store.get(plan).then(asPlan).catch(asFailure);
    const { graph } = stored;
    return {
      graph,
      worker: VERSION,
      ...(stored.codebasePath !== undefined && { codebasePath: stored.codebasePath }),
      ...(taskQueue !== undefined && (await quarantinedOf({ client: context.client, taskQueue, graph }))),
      ...(resumeFrom && (await takeOverFrom(context, { ...resume, from: resumeFrom, graph, workspace: workspace ?? stored.codebasePath }))),
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
