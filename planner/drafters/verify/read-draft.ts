/** An answer, item by item: what has another shape is left out and told, and does no harm to the rest. */
import type { z } from 'zod';
import { fail, ok } from '../../../model/problem.ts';
import type { Result } from '../../../model/problem.ts';
import { counted, pathText } from '../../read/words.ts';
import { draftDeclineSchema, draftDependencySchema, draftFeatureSchema, draftTaskSchema } from '../draft.schema.ts';
import type { DraftDecline, DraftDependency, DraftFeature, DraftTask } from '../draft.schema.ts';
import type { Findings } from './findings.ts';

export const MAX_DRAFT = { features: 100, tasks: 500, dependencies: 2_000, declined: 1_000 } as const;

export interface ReadDraft {
  readonly features: readonly DraftFeature[];
  /** Hours as they were written: they can be estimated where they are not usable. */
  readonly tasks: readonly (Omit<DraftTask, 'hours'> & { readonly hours?: unknown })[];
  readonly dependencies: readonly DraftDependency[];
  readonly declined: readonly DraftDecline[];
  /** How many tasks the answer has, readable or not. */
  readonly drafted: number;
}

const lenientTask = draftTaskSchema.partial({ hours: true }).extend({ kind: draftTaskSchema.shape.kind.catch('implementation') }).omit({ hours: true }).loose();

/** Fails when it is no draft at all. */
export const readDraft = (answer: unknown, findings: Findings): Result<ReadDraft, string> => {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return fail('the answer is no object');
  const listOf = (key: keyof typeof MAX_DRAFT): readonly unknown[] | undefined => {
    const value: unknown = Object.hasOwn(answer, key) ? (answer as Record<string, unknown>)[key] : undefined;
    if (!Array.isArray(value)) return undefined;
    const most = MAX_DRAFT[key];
    if (value.length > most) findings.add('dropped', key, `more than ${most}: ${counted(value.length - most, 'item')} at the end left out`);
    return value.slice(0, most) as readonly unknown[];
  };
  const [features, tasks] = [listOf('features'), listOf('tasks')];
  if (!features || !tasks) return fail('the answer has no "features" or no "tasks"');
  return ok({
    features: items(features, 'features', draftFeatureSchema.extend({ priority: draftFeatureSchema.shape.priority.catch('medium') }), findings),
    tasks: items(tasks, 'tasks', lenientTask, findings),
    dependencies: items(listOf('dependencies') ?? [], 'dependencies', draftDependencySchema, findings),
    declined: items(listOf('declined') ?? [], 'declined', draftDeclineSchema, findings),
    drafted: tasks.length,
  });
};

const items = <T>(list: readonly unknown[], name: string, schema: z.ZodType<T>, findings: Findings): readonly T[] =>
  list.flatMap((item, at) => {
    const parsed = schema.safeParse(item);
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    findings.add('dropped', `${name}[${at}]`, issue ? `${issue.path.length > 0 ? `${pathText(issue.path)}: ` : ''}${issue.message}` : 'not what was asked for');
    return [];
  });
