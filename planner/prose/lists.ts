/** Long lists: the first ones, and how many more there are. */
import type { Inline, Line, Phrase } from './markdown/nodes.ts';
import { code, inlines } from './markdown/nodes.ts';
import { counted } from './numbers.ts';

export const MAX_LINES = 20;
const MAX_NAMES = 8;

export interface Bounds {
  readonly max?: number;
  readonly one: string;
  readonly many?: string;
}

/** A line for each, and one for the rest: `… and 12 more tasks`. */
export const bounded = <T>(all: readonly T[], { max = MAX_LINES, one, many }: Bounds, line: (each: T, index: number) => Line): readonly Line[] => {
  const shown = all.slice(0, max).map(line);
  const rest = all.length - shown.length;
  return rest > 0 ? [...shown, `… and ${counted(rest, `more ${one}`, `more ${many ?? `${one}s`}`)}`] : shown;
};

/** `a, b and c`. */
export const joined = (parts: readonly Phrase[], { between = ', ', last = between === ', ' ? ' and ' : between }: { readonly between?: string; readonly last?: string } = {}): readonly Inline[] =>
  parts.flatMap((part, index) => [...(index === 0 ? [] : [index === parts.length - 1 ? last : between]), ...inlines(part)]);

/** Ids, names and paths: `a`, `b` and 3 more. */
export const named = (names: readonly string[], write: (name: string) => Inline = code, max = MAX_NAMES): readonly Inline[] => {
  // One name in place of "1 more" takes no more room.
  const shown = names.length <= max + 1 ? names : names.slice(0, max);
  const rest = names.length - shown.length;
  return joined([...shown.map((name) => write(name)), ...(rest > 0 ? [`${rest} more`] : [])]);
};
