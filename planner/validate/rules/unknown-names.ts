/** TASKS1311, the shape that most of it has: a list names something that is not there, or leaves something out. */
import { counted, didYouMean, quote } from '../../read/words.ts';
import type { Where } from '../../read/source.ts';
import type { Finding, Severity } from '../finding.ts';
import { findingAt } from '../finding.ts';

export const CODE = 'TASKS1311';
const NAMED = 5;

export const reference = (message: string, where: Where, more: { readonly hint?: string | undefined; readonly severity?: Severity } = {}): Finding => findingAt({ code: CODE, message, where, ...more });

interface Named {
  readonly text: string;
  readonly where: Where;
}

/** `kind` is what the names are of, such as `task`; `place` is what lists them. */
export const unknownNames = (options: { readonly names: readonly Named[]; readonly known: { has(name: string): boolean; keys(): Iterable<string> }; readonly kind: string; readonly place: string; readonly severity?: Severity }): readonly Finding[] => {
  const { names, known, kind, place, severity = 'error' } = options;
  // Likenesses are looked for once in a while: comparing with every name of a large plan takes its time.
  let likenesses = 0;
  return names
    .filter(({ text }) => !known.has(text))
    .map(({ text, where }) => reference(`${place} names ${quote(text)}, and there is no such ${kind}`, where, { severity, hint: likenesses++ < NAMED ? didYouMean(text, known.keys()) : undefined }));
};

/** Ids that a list should hold and does not, in one finding. */
export const leftOut = (options: { readonly ids: readonly string[]; readonly listed: ReadonlySet<string>; readonly place: string; readonly where: Where }): readonly Finding[] => {
  const { ids, listed, place, where } = options;
  const missing = ids.filter((id) => id !== '' && !listed.has(id));
  if (missing.length === 0) return [];
  const rest = missing.length > NAMED ? ` and ${counted(missing.length - NAMED, 'other')}` : '';
  return [reference(`${place} leaves out ${missing.slice(0, NAMED).map(quote).join(', ')}${rest}`, where)];
};

/** Ids that stand twice. */
export const twice = (options: { readonly names: readonly Named[]; readonly place: string }): readonly Finding[] => {
  const seen = new Set<string>();
  return options.names.flatMap(({ text, where }) => {
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [reference(`${options.place} has ${quote(text)} twice`, where)];
  });
};
