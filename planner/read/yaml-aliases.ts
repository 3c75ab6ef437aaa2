/** From a YAML document to its value, with the place of the alias that does not allow it. */
import { visit } from 'yaml';
import type { Alias, Document } from 'yaml';
import type { Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { MAX_DEPTH } from './limits.ts';
import type { Path } from './source.ts';

const MAX_ALIASES = 1_000;

export interface AliasFault {
  readonly reason: string;
  /** The one that names nothing, or with which it becomes too many. */
  readonly alias?: Alias;
}

/** The library throws without a place: every alias is asked in such a way that the one that throws is known. */
export const resolveAliases = (document: Document): Result<unknown, AliasFault> => {
  let culprit: Alias | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      const toJSON = alias.toJSON.bind(alias);
      alias.toJSON = (argument, context) => {
        try {
          return toJSON(argument, context);
        } catch (error) {
          culprit ??= alias;
          throw error;
        }
      };
    },
  });
  try {
    return ok<unknown>(document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch (error) {
    return fail({ reason: error instanceof Error ? error.message : String(error), ...(culprit && { alias: culprit }) });
  }
};

interface Step {
  readonly value: unknown;
  readonly depth: number;
  readonly key?: string | number;
  readonly parent?: Step;
}

/** Aliases can nest a value deeper than its text, or in itself: the path to where that is too deep. */
export const tooDeep = (root: unknown): Path | undefined => {
  const pending: Step[] = [{ value: root, depth: 0 }];
  for (let step = pending.pop(); step; step = pending.pop()) {
    const { value, depth } = step;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) return pathOf(step);
    const isList = Array.isArray(value);
    for (const [key, child] of Object.entries(value)) pending.push({ value: child, depth: depth + 1, key: isList ? Number(key) : key, parent: step });
  }
  return undefined;
};

const pathOf = (last: Step): Path => {
  const path: (string | number)[] = [];
  for (let step: Step | undefined = last; step?.key !== undefined; step = step.parent) path.unshift(step.key);
  return path;
};
