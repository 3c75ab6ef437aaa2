/** Which files of the code base an import means, language by language. */
import type { Language } from '../analysis.ts';
import type { SourceFacts } from '../source/source-facts.ts';

export interface SourceFile {
  /** Relative to the code base. */
  readonly path: string;
  readonly language: Language;
  readonly facts: SourceFacts;
}

/** Files that may hold what is imported; none for what lies outside of the code base. */
export type Resolve = (file: string, specifier: string) => readonly string[];

export const NOWHERE: Resolve = () => [];

/** Groups by a key, in order of arrival. */
export const grouped = <T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};
