/** The object around a plan's tasks: checked, and its unknown keys named. */
import type { z } from 'zod';
import type { Findings } from './draft.ts';
import { isRecord } from './read-task.ts';
import { schemaProblems } from './schema-problems.ts';
import type { SourceDocument, Where } from './source.ts';
import { problemAt } from './source.ts';
import { didYouMean, quote } from './words.ts';

export const top = (doc: SourceDocument): Where => ({ doc, path: [] });

/** Undefined when it does not pass; what is wrong is in `findings`. Unknown keys only warn: they are kept. */
export const readEnvelope = <T>(options: {
  readonly schema: z.ZodObject<z.ZodRawShape, z.core.$loose> & z.ZodType<T>;
  readonly value: unknown;
  readonly where: Where;
  readonly findings: Findings;
  /** Keys that mean something here beside those of the schema. */
  readonly more?: readonly string[];
}): T | undefined => {
  const { schema, value, where, findings, more = [] } = options;
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    findings.problems.push(...schemaProblems({ schema, issues: parsed.error.issues, value, where }));
    return undefined;
  }
  const known = [...Object.keys(schema.shape), ...more];
  for (const key of Object.keys(isRecord(value) ? value : {})) {
    if (known.includes(key)) continue;
    findings.warnings.push(
      problemAt({
        code: 'TASKS1006',
        message: `the key ${quote(key)} is not known here: it is kept and has no effect`,
        where: { doc: where.doc, path: [...where.path, key], key: true },
        hint: didYouMean(key, known),
      }),
    );
  }
  return parsed.data;
};

/** The members of an object but for some; own ones only, whatever their names. */
export const without = (value: unknown, ...keys: readonly string[]): Readonly<Record<string, unknown>> =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) : {};
