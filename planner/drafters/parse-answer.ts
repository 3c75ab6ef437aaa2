/** JSON in what a model or a program wrote: alone, within a fence, or with words around it. */
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';

const FENCE = /^```[^\n`]{0,20}\n/m;

/** What stands in the first fence, else from the first brace to the last. */
function* candidates(text: string): Generator<string> {
  yield text.replace(/^\uFEFF/, '');
  const opened = FENCE.exec(text);
  if (opened) {
    const from = opened.index + opened[0].length;
    const to = text.indexOf('\n```', from);
    yield text.slice(from, to === -1 ? undefined : to);
  }
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from !== -1 && to > from) yield text.slice(from, to + 1);
}

/** Fails with what is wrong, in words that show nothing of the text. */
export const parseAnswer = (text: string): Result<unknown, string> => {
  if (text.trim() === '') return fail('it answered nothing');
  for (const candidate of candidates(text)) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === 'object' && value !== null) return ok(value);
    } catch {
      // The next one may be it.
    }
  }
  return fail('its answer is no JSON object');
};
