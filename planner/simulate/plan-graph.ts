/**
 * The graph that an execution of the plan would walk: made by the reader, of what the artifacts will hold. There is no second
 * mapping that could say something else.
 */
import type { Graph } from '../../model/graph.ts';
import type { Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Dependency, Tasks } from '../artifacts/tasks.schema.ts';
import { compile } from '../read/compile.ts';
import { newFindings } from '../read/draft.ts';
import { LineIndex } from '../read/line-index.ts';
import type { WrittenPolicies } from '../read/policies.schema.ts';
import { readTasksV3 } from '../read/read-tasks-v3.ts';
import type { SourceDocument } from '../read/source.ts';

export interface PlanGraphInput {
  readonly tasks: readonly PlannedTask[];
  /** As they are written to `tasks.json`. */
  readonly dependencies: readonly Dependency[];
  readonly meta: Tasks['meta'];
  readonly policies: WrittenPolicies;
}

/** A document that was never text: problems name the file, and no line. */
const documentOf = (name: string, value: unknown): SourceDocument => ({ file: name, name, value, lines: new LineIndex(''), locate: () => ({ start: 0, end: 0 }) });

/** @returns what the reader finds wrong; a task that needs more of a quota than there is as TASKS1606. */
export const planGraph = ({ tasks, dependencies, meta, policies }: PlanGraphInput): Result<Graph> => {
  const findings = newFindings();
  const main = documentOf('tasks.json', { meta, tasks, dependencies });
  const coordinator = documentOf('coordinator.json', { version: '1.0.0', policies });
  const draft = readTasksV3({ main, coordinator }, {}, findings);
  if (!draft) return fail(findings.problems);
  const compiled = compile({ draft, findings, name: 'plan' });
  if (compiled.ok) return ok(compiled.value.plan.graph);
  return fail(compiled.error.map((problem) => (problem.code === 'TASKS1214' ? { ...problem, code: 'TASKS1606' as const } : problem)));
};
