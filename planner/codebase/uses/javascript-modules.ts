/** Imports of TypeScript and JavaScript: relative ones, aliases of a tsconfig, and packages of the same workspace. */
import { aliased } from '../../imports/npm/aliases.ts';
import type { Aliases } from '../../imports/npm/aliases.ts';
import { stemOf } from '../../imports/parse/languages.ts';
import { directoryOf, joined } from '../../imports/project/paths.ts';
import { grouped } from './modules.ts';
import type { Resolve } from './modules.ts';

export interface WorkspacePackage {
  readonly name: string;
  readonly directory: string;
  /** Files that its manifest names, from its directory. */
  readonly entries: readonly string[];
}

export interface JavaScriptProject {
  readonly files: readonly string[];
  readonly packages: readonly WorkspacePackage[];
  readonly aliasesOf: (file: string) => Aliases;
}

/** What is built from a file has its name, in another directory. */
const BUILT = /^(?:\.\/)?(?:dist|build|lib|out|es|esm|cjs)\//;

export const javaScriptModules = ({ files, packages, aliasesOf }: JavaScriptProject): Resolve => {
  const byStem = grouped(files, stemOf);
  const byName = new Map(packages.map((own) => [own.name, own]));
  const at = (path: string): readonly string[] => byStem.get(stemOf(path)) ?? byStem.get(path) ?? byStem.get(`${path}/index`) ?? [];
  const first = (paths: readonly string[]): readonly string[] => {
    for (const path of paths) {
      const found = at(path);
      if (found.length > 0) return found;
    }
    return [];
  };
  const known = new Map<string, readonly string[]>();
  const resolve: Resolve = (file, specifier) => {
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) return at(joined(directoryOf(file), specifier));
    const alias = aliased(specifier, aliasesOf(file), (stem) => at(stem).length > 0);
    if (alias) return first(alias);
    const parts = specifier.split('/');
    const depth = specifier.startsWith('@') ? 2 : 1;
    const own = byName.get(parts.slice(0, depth).join('/'));
    if (!own) return [];
    const rest = parts.slice(depth).join('/');
    const inside = (path: string): string => joined(own.directory, path);
    if (rest !== '') return first([inside(rest), inside(`src/${rest}`)]);
    return first([...own.entries.flatMap((entry) => [inside(entry), inside(entry.replace(BUILT, 'src/'))]), inside('src/index'), inside('index')]);
  };
  return (file, specifier) => {
    const key = `${directoryOf(file)}\0${specifier}`;
    const found = known.get(key) ?? resolve(file, specifier);
    known.set(key, found);
    return found;
  };
};
