/** JSON text to a document. Refuses what JSON.parse lets pass: keys that stand twice, and bottomless nesting. */
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { childrenAt, scanJson, skipSpace, skipValue } from './json-scan.ts';
import type { JsonChildren } from './json-scan.ts';
import { findJsonFault } from './json-syntax.ts';
import { MAX_DEPTH, MAX_PROBLEMS } from './limits.ts';
import type { Span } from './line-index.ts';
import { LineIndex } from './line-index.ts';
import type { Path, SourceDocument } from './source.ts';
import { quote } from './words.ts';

export interface SourceText {
  /** As people know it. */
  readonly file: string;
  /** Its name within the plan. */
  readonly name: string;
  readonly text: string;
}

const locator = (text: string): SourceDocument['locate'] => {
  const known = new Map<number, JsonChildren>();
  const children = (start: number): JsonChildren => {
    const found = known.get(start) ?? childrenAt(text, start);
    known.set(start, found);
    return found;
  };
  const start = skipSpace(text, 0);
  const root: Span = { start, end: skipValue(text, start) };
  return (path: Path, options = {}): Span => {
    let span = root;
    for (const [depth, step] of path.entries()) {
      const child = children(span.start).get(step);
      if (!child) break;
      span = options.key && depth === path.length - 1 && child.key ? child.key : child;
    }
    return span;
  };
};

const parse = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

export const parseJson = (source: SourceText): Result<SourceDocument> => {
  const { file, name, text } = source;
  const lines = new LineIndex(text);
  const problem = (span: Span, message: string, extra: Partial<Problem> = {}): Problem => ({
    code: 'TASKS1004',
    message,
    place: { file, ...lines.position(span.start) },
    excerpt: lines.excerpt(span),
    ...extra,
  });
  const parsed = parse(text);
  if (!parsed) {
    const fault = findJsonFault(text) ?? { start: 0, end: 1, message: 'this is not JSON' };
    return fail([problem(fault, `not valid JSON: ${fault.message}`, fault.hint ? { hint: fault.hint } : {})]);
  }
  const scan = scanJson(text, { maxDepth: MAX_DEPTH, maxDuplicates: MAX_PROBLEMS });
  const problems = scan.duplicates.map(({ key, first, again }) =>
    problem(again, `the key ${quote(key)} stands twice in one object`, {
      hint: 'Only one of them would count: take the other out.',
      related: [{ message: `${quote(key)} first stands here`, place: { file, ...lines.position(first.start) } }],
    }),
  );
  if (scan.tooDeep) problems.push(problem(scan.tooDeep, `nested deeper than ${MAX_DEPTH} levels`));
  if (problems.length > 0) return fail(problems);
  return ok({ file, name, value: parsed.value, lines, locate: locator(text) });
};
