/** A census from the text that `tasks scan-imports -o json` printed. */
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { quote } from '../read/words.ts';
import { censusSchema } from './census.schema.ts';
import type { Census, ImportUse } from './census.ts';
import { isPackageName } from './npm/package-name.ts';
import { isDistributionName } from './python/requirement.ts';

/** @param label what messages call it: its path, or standard input */
export const readCensus = (text: string, label: string): Result<Census> => {
  const refuse = (message: string): { readonly ok: false; readonly error: readonly Problem[] } =>
    fail([{ code: 'TASKS5005', message, place: { file: label }, hint: 'It is made by `tasks scan-imports -o json`.' }]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`${quote(label)} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = censusSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(`${quote(label)} is no census of imports: ${issue?.path.join('.') || 'the document'}: ${issue?.message ?? ''}`);
  }
  const { packages, ...census } = parsed.data;
  const wrong = packages.flatMap(({ ecosystem, imports }) => imports.filter((use) => use.package !== undefined && !(ecosystem === 'npm' ? isPackageName : isDistributionName)(use.package)));
  const [first] = wrong;
  if (first) return refuse(`${quote(first.package ?? '')} cannot be the name of a package (${first.file}:${first.line})`);
  return ok({ ...census, packages: packages.map((one) => ({ ...one, imports: one.imports.map((use) => use as ImportUse) })), skipped: [], warnings: [] });
};
