/** What a schema found wrong, as problems that point at the source. */
import { z } from 'zod';
import type { Problem, ProblemCode } from '../../model/problem.ts';
import type { Path, Where } from './source.ts';
import { problemAt } from './source.ts';
import { didYouMean, pathText, quote } from './words.ts';

export type Issue = z.core.$ZodIssue;

/** One thing that is wrong, free of any document. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  /** Whether it is the key that is wrong, not its value. */
  readonly key?: boolean;
  readonly hint?: string | undefined;
  /** A value or a key that is not among those accepted. */
  readonly unknown: boolean;
}

const steps = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === 'number' ? step : String(step)));

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, step) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    return (at as Record<string | number, unknown>)[step];
  }, value);

const plain = (message: string): string => {
  const text = message.replace(/^(?:Invalid input|Invalid option|Too small|Too big|Invalid string): /, '');
  return text.endsWith(', received undefined') ? `is missing: ${text.slice(0, -', received undefined'.length)}` : text;
};

/** Of a union's branches, the one that got furthest: its complaints are about the value, not about its kind. */
const closestBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined =>
  branches.find((issues) => issues.every((issue) => issue.path.length > 0 || issue.code !== 'invalid_type') && issues.length > 0);

export const findings = (issues: readonly Issue[], value: unknown, base: Path = []): readonly Finding[] =>
  issues.flatMap((issue): readonly Finding[] => {
    const path = [...base, ...steps(issue.path)];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...path, key],
        key: true,
        message: `unknown key ${quote(key)}`,
        unknown: true,
      }));
    }
    if (issue.code === 'invalid_key') {
      return issue.issues.map((inner) => ({ path, key: true, message: `${quote(String(path.at(-1)))} is no name that is accepted here: ${plain(inner.message)}`, unknown: false }));
    }
    if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
      const branch = closestBranch(issue.errors);
      if (branch) return findings(branch, value, path);
      const expected = [...new Set(issue.errors.flat().map((inner) => plain(inner.message)))].join('; or ');
      return [{ path, message: expected || 'not accepted here', unknown: false }];
    }
    if (issue.code === 'invalid_value') {
      const given = valueAt(value, path);
      const accepted = issue.values.map(String);
      const hint = typeof given === 'string' ? didYouMean(given, accepted) : undefined;
      const found = given === undefined ? 'is missing' : `${typeof given === 'string' ? quote(given) : JSON.stringify(given)} is not accepted`;
      return [{ path, message: `${found}: expected ${accepted.length > 1 ? 'one of ' : ''}${accepted.join(', ')}`, hint, unknown: true }];
    }
    return [{ path, message: plain(issue.message), unknown: false }];
  });

/** The keys that a schema takes at a path; undefined where it takes any, or is no object. */
const keysAt = (schema: z.core.$ZodType, path: Path): readonly string[] | undefined => {
  let at: z.core.$ZodType | undefined = schema;
  for (let step = 0; at; ) {
    if (at instanceof z.ZodOptional) at = at.def.innerType;
    else if (step === path.length) return at instanceof z.ZodObject ? Object.keys(at.shape) : undefined;
    else {
      const key = path[step];
      step += 1;
      if (at instanceof z.ZodArray) at = at.def.element;
      else if (at instanceof z.ZodRecord) at = at.def.valueType;
      else at = at instanceof z.ZodObject && Object.hasOwn(at.shape, key ?? '') ? (at.shape as Record<string, z.core.$ZodType>)[key ?? ''] : undefined;
    }
  }
  return undefined;
};

const keyHint = (schema: z.core.$ZodType, path: Path): string | undefined => {
  const accepted = keysAt(schema, path.slice(0, -1));
  return accepted && (didYouMean(String(path.at(-1)), accepted) ?? `Accepted here: ${accepted.join(', ')}.`);
};

/** Like {@link findings}, placed. `unknownCode` is the code of values and keys that are not accepted. */
export const schemaProblems = (options: {
  readonly schema: z.core.$ZodType;
  readonly issues: readonly Issue[];
  /** What was checked, and where it stands. */
  readonly value: unknown;
  readonly where: Where;
  readonly unknownCode?: ProblemCode;
}): readonly Problem[] => {
  const { schema, issues, value, where, unknownCode = 'TASKS1006' } = options;
  return findings(issues, value).map((finding) => {
    const path = [...where.path, ...finding.path];
    return problemAt({
      code: finding.unknown ? unknownCode : 'TASKS1006',
      message: `${pathText(path) || 'the document'}: ${finding.message}`,
      where: { doc: where.doc, path, key: finding.key ?? false },
      hint: finding.hint ?? (finding.key ? keyHint(schema, finding.path) : undefined),
    });
  });
};
