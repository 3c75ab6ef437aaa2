/**
 * Matches a regular expression that a plan brought. Such a pattern may take exponential time (`(a+)+$`), so
 * it runs in a context of its own that is stopped after a quarter of a second.
 */
import { createContext, Script } from 'node:vm';
import { fail, ok, type Result } from '../../model/problem.ts';

const LIMIT_MS = 250;
const MAX_PATTERN = 1_000;
const script = new Script('new RegExp(pattern, flags).test(text)');

const codeOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined);

const isPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern, 'mu') instanceof RegExp;
  } catch {
    return false;
  }
};

/** `m` and `u` are set: `^` and `$` match at lines. The error says what is wrong with the pattern. */
export const matchesPattern = ({ pattern, text, ignoreCase = false }: { pattern: string; text: string; ignoreCase?: boolean }): Result<boolean, string> => {
  if (pattern.length > MAX_PATTERN) return fail(`its pattern is longer than ${MAX_PATTERN} characters`);
  if (!isPattern(pattern)) return fail(`its pattern /${pattern}/ is no regular expression`);
  try {
    // Only text goes in and only a truth value comes out.
    const context = createContext(Object.assign(Object.create(null) as object, { pattern, text, flags: ignoreCase ? 'miu' : 'mu' }));
    return ok(script.runInContext(context, { timeout: LIMIT_MS }) === true);
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return fail(`its pattern /${pattern}/ takes too long on this output; make it simpler`);
    return fail(`its pattern /${pattern}/ could not be tried`);
  }
};
