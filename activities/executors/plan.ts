/** Runs the program that a plan brings, with what the plan says of it and of the task. */
import type { PlanExecutor } from '../../model/executor.ts';
import type { TaskSpec } from '../../model/graph.ts';
import type { ExecutorSteps } from './executor.ts';

/** The task with the executor's variables, which its own win over. */
export const planExecutor = ({ command, environment = {}, secrets = [] }: PlanExecutor, spec: TaskSpec): { readonly steps: ExecutorSteps; readonly spec: TaskSpec } => {
  const all = [...new Set([...secrets, ...(spec.secrets ?? [])])];
  return { steps: { ok: true, command, verify: true }, spec: { ...spec, environment: { ...environment, ...spec.environment }, ...(all.length > 0 && { secrets: all }) } };
};
