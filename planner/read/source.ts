/**
 * One parsed text of a plan, and the way back from a value to the characters it came from. Positions are
 * looked up only when there is something to say about them.
 */
import type { Problem, ProblemCode } from '../../model/problem.ts';
import type { Place } from '../../model/graph.ts';
import type { LineIndex, Span } from './line-index.ts';

/** Keys and indices from the top of the document to a value. */
export type Path = readonly (string | number)[];

export interface SourceDocument {
  /** As people know it: the path they gave, or what stands for standard input. */
  readonly file: string;
  /** Its name within the plan: the same wherever the plan lies. */
  readonly name: string;
  readonly value: unknown;
  readonly lines: LineIndex;
  /**
   * Where a value stands; of a path that leads nowhere, its nearest ancestor. With `key`, the key of the last
   * step instead of its value.
   */
  locate(path: Path, options?: { readonly key?: boolean }): Span;
}

/** A value in a document, to be located if need be. */
export interface Where {
  readonly doc: SourceDocument;
  readonly path: Path;
  readonly key?: boolean;
}

/** `where` within the same document. */
export const inside = (where: Where, ...steps: readonly (string | number)[]): Where => ({
  doc: where.doc,
  path: [...where.path, ...steps],
});

const spanOf = (where: Where): Span => where.doc.locate(where.path, { key: where.key ?? false });

export const placeOf = (where: Where): Place => ({
  file: where.doc.file,
  ...where.doc.lines.position(spanOf(where).start),
});

/** A problem with its place and the line it stands in. */
export const problemAt = (options: {
  readonly code: ProblemCode;
  readonly message: string;
  readonly where: Where;
  readonly hint?: string | undefined;
  readonly related?: Problem['related'] | undefined;
}): Problem => {
  const { code, message, where, hint, related } = options;
  const span = spanOf(where);
  return {
    code,
    message,
    place: { file: where.doc.file, ...where.doc.lines.position(span.start) },
    excerpt: where.doc.lines.excerpt(span),
    ...(hint === undefined ? {} : { hint }),
    ...(related === undefined ? {} : { related }),
  };
};
