/** What is wrong with a plan beyond its structure: where, why, how to mend it, and whether the plan is valid all the same. */
import type { Problem, ProblemCode } from '../../model/problem.ts';
import { redact } from '../../model/redact.ts';
import type { SourceDocument, Where } from '../read/source.ts';
import { problemAt } from '../read/source.ts';
import { pointerOf } from './pointer.ts';

/** A plan with an error is not valid; with warnings it is. */
export type Severity = 'error' | 'warning';

export interface Finding extends Problem {
  readonly severity: Severity;
  /** Name of the file within the plan; undefined for the plan as a whole. */
  readonly file?: string;
  /** RFC 6901, within that file. */
  readonly pointer?: string;
}

interface FindingOptions {
  readonly code: ProblemCode;
  readonly message: string;
  readonly where: Where;
  readonly hint?: string | undefined;
  readonly related?: Problem['related'] | undefined;
  readonly severity?: Severity;
  /** The line holds a secret: it is not shown. */
  readonly isSecret?: boolean;
}

const HIDDEN = { text: '"[REDACTED]"', from: 1, to: 13 } as const;

/** An error unless stated. What looks like a secret never shows up in the line that goes with it. */
export const findingAt = ({ severity = 'error', isSecret = false, ...options }: FindingOptions): Finding => {
  const { doc, path } = options.where;
  const problem = problemAt(options);
  const { excerpt } = problem;
  const shown = excerpt && redact(excerpt.text);
  const safe = isSecret || (excerpt && shown !== excerpt.text) ? HIDDEN : excerpt;
  return { severity, ...problem, ...(safe && { excerpt: safe }), file: doc.name, pointer: pointerOf(path) };
};

/** Of a file as a whole, or of one that is not there. */
export const fileFinding = (options: { readonly code: ProblemCode; readonly message: string; readonly file: string; readonly shown: string; readonly hint?: string; readonly severity?: Severity }): Finding => {
  const { code, message, file, shown, hint, severity = 'error' } = options;
  return { severity, code, message, place: { file: shown }, file, pointer: '', ...(hint !== undefined && { hint }) };
};

/** What reading the plan found wrong: always an error. */
export const structural = (problem: Problem, documents: readonly SourceDocument[]): Finding => {
  const name = documents.find(({ file }) => file === problem.place?.file)?.name;
  return { severity: 'error', ...problem, ...(name !== undefined && { file: name }) };
};

const rank = (severity: Severity): number => (severity === 'error' ? 0 : 1);

/** Errors first, then by code; of one code in the order in which they were found. */
export const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => rank(a.severity) - rank(b.severity) || (a.code < b.code ? -1 : Number(a.code > b.code)));
