/** `paths` and `baseUrl` of a tsconfig: names that stand for files of the project. */
import { joined } from '../project/paths.ts';

export interface Aliases {
  /** Directories that names may begin in. */
  readonly bases: readonly string[];
  readonly paths: readonly AliasPath[];
}

export interface AliasPath {
  /** With one `*` at most. */
  readonly pattern: string;
  /** What it stands for, from the root of the project. */
  readonly targets: readonly string[];
}

export const NO_ALIASES: Aliases = { bases: [], paths: [] };

/** The files that a specifier may stand for, or undefined when it is none of these names. */
export const aliased = (specifier: string, { bases, paths }: Aliases, exists: (stem: string) => boolean): readonly string[] | undefined => {
  for (const { pattern, targets } of paths) {
    const rest = matchPattern(pattern, specifier);
    // What leads into node_modules names a package under another name.
    if (rest === undefined || targets.some((target) => target.split('/').includes('node_modules'))) continue;
    const files = targets.map((target) => joined('.', target.replace('*', () => rest)));
    // `*` fits every name there is: it means only those that are there.
    if (pattern !== '*' || files.some(exists)) return files;
  }
  const files = bases.map((base) => joined(base, specifier)).filter(exists);
  return files.length > 0 ? files : undefined;
};

/** What the `*` stands for; undefined when the pattern does not fit. */
const matchPattern = (pattern: string, text: string): string | undefined => {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === text ? '' : undefined;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  const fits = text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits ? text.slice(before.length, text.length - after.length) : undefined;
};
