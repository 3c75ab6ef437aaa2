/** A plan's directory as the plan that goes on: its artifacts, checked. */
import { join } from 'node:path';
import type { z } from 'zod';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { COVERAGE_NAME, META_NAME } from '../../planner/artifacts/bundle.ts';
import { coverageSchema } from '../../planner/artifacts/coverage.schema.ts';
import { featuresSchema } from '../../planner/artifacts/features.schema.ts';
import { metaSchema } from '../../planner/artifacts/meta.schema.ts';
import type { Meta } from '../../planner/artifacts/meta.schema.ts';
import { tasksSchema } from '../../planner/artifacts/tasks.schema.ts';
import { MAX_JSON_BYTES } from '../../planner/read/limits.ts';
import { readText } from '../../planner/read/read-bytes.ts';
import type { PreviousPlan } from '../../planner/replan/previous-plan.ts';

export interface ReadPrevious {
  readonly plan: Omit<PreviousPlan, 'finished'>;
  readonly meta: Meta;
  /** As `tasks.json` states it, relative to the directory. */
  readonly codebasePath?: string;
}

/** Fails with TASKS1309 for a file that is missing or not what its schema asks for. */
export const readPrevious = async (directory: string): Promise<Result<ReadPrevious>> => {
  const [tasks, features, coverage, meta] = await Promise.all([
    read(directory, 'tasks.json', tasksSchema),
    read(directory, 'features.json', featuresSchema),
    read(directory, COVERAGE_NAME, coverageSchema),
    read(directory, META_NAME, metaSchema),
  ]);
  if (!tasks.ok || !features.ok || !coverage.ok || !meta.ok) return fail([tasks, features, coverage, meta].flatMap((each) => (each.ok ? [] : each.error)));
  const { planId, replan } = meta.value;
  const { codebase_path: codebasePath } = tasks.value.meta as { readonly codebase_path?: unknown };
  return ok({
    plan: { planId, tasks: tasks.value, features: features.value, coverage: coverage.value, ...(replan && { record: replan }) },
    meta: meta.value,
    ...(typeof codebasePath === 'string' && { codebasePath }),
  });
};

const HINT = 'Only a plan of `tasks plan` can be planned again: `tasks validate-plan` says what is wrong with this one.';

const read = async <T>(directory: string, name: string, schema: z.ZodType<T>): Promise<Result<T>> => {
  const file = join(directory, name);
  const problem = (message: string): Problem => ({ code: 'TASKS1309', message, place: { file }, hint: HINT });
  const text = await readText(file, MAX_JSON_BYTES);
  if (!text.ok) return fail(text.error.map(({ code, message }) => (code === 'TASKS1003' ? { code, message, place: { file } } : problem(`the plan has no ${name} that can be read`))));
  let value: unknown;
  try {
    value = JSON.parse(text.value);
  } catch (error) {
    return fail([problem(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`)]);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return fail([problem(`${name} is not what its schema asks for: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())]);
};
