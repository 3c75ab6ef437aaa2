/** Helpers for tests that read plans: text in, plan or problems out. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { GraphTask } from '../../../model/graph.ts';
import type { Problem } from '../../../model/problem.ts';
import { readPlan } from '../../../planner/read/read-plan.ts';
import type { PlanSource, ReadPlan, ReadPlanOptions } from '../../../planner/read/read-plan.ts';

export const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/plans/${name}`, import.meta.url));

export const accepted = async (source: PlanSource, options: ReadPlanOptions = {}): Promise<ReadPlan> => {
  const read = await readPlan({ source, options });
  if (!read.ok) expect.fail(read.error.map((p) => `${p.code} ${p.place?.line} ${p.message}`).join('\n'));
  return read.value;
};

export const refused = async (source: PlanSource, options: ReadPlanOptions = {}): Promise<readonly Problem[]> => {
  const read = await readPlan({ source, options });
  if (read.ok) expect.fail('the plan was accepted');
  return read.error;
};

/** `[code, line]` of each problem, as the tables of bad inputs have it. */
export const summary = (problems: readonly Problem[]): readonly (readonly [string, number | undefined])[] =>
  problems.map((problem) => [problem.code, problem.place?.line]);

export const taskOf = (read: ReadPlan, id: string): GraphTask => {
  const task = read.plan.graph.tasks.find((each) => each.id === id);
  return task ?? expect.fail(`no task ${id}`);
};

/** Ids of a task's predecessors. */
export const before = (read: ReadPlan, id: string, kind: 'deps' | 'soft' = 'deps'): readonly string[] =>
  (taskOf(read, id)[kind] ?? []).map((index) => read.plan.graph.tasks[index]?.id ?? '?').toSorted();
