/** What the imports of npm packages mean: a file of the project, or a package that has to be declared. */
import type { ImportUse, PackageCensus } from '../census.ts';
import { stemOf } from '../parse/languages.ts';
import type { ParsedSource } from '../parse/parsed-source.ts';
import { isDevFile } from '../project/dev-files.ts';
import { directoryOf, joined } from '../project/paths.ts';
import { aliased } from './aliases.ts';
import type { Aliases } from './aliases.ts';
import { isEntryFile } from './entry-files.ts';
import type { NpmPackage } from './find-workspace.ts';
import { packageNameOf } from './package-name.ts';

export interface NpmSources {
  readonly package: NpmPackage;
  /** By path, relative to the root of the project. */
  readonly files: ReadonlyMap<string, ParsedSource>;
}

export interface NpmContext {
  /** All packages there are, also those that were not asked for. */
  readonly packages: readonly NpmPackage[];
  readonly aliasesOf: (file: string) => Aliases;
  /** Paths of all sources of the project. */
  readonly sources: readonly string[];
}

export const resolveNpmImports = (all: readonly NpmSources[], context: NpmContext): readonly PackageCensus[] => {
  const resolve = resolver(context);
  const reached = new Set<string>();
  const found = all.map((sources) => ({ sources, uses: usesOf(sources, resolve, reached) }));
  return found.map(({ sources: { package: own, files }, uses }) => {
    const isEntry = isEntryFile(own.manifest);
    const isReached = (file: string): boolean => reached.has(stemOf(file)) || isEntry(within(own, file)) || (files.get(file)?.isProgram ?? false);
    const unreached = new Set([...files.keys()].filter((file) => !isReached(file)));
    return {
      ecosystem: 'npm',
      name: own.manifest.name ?? own.directory,
      directory: own.directory,
      files: files.size,
      imports: uses.map((use) => (unreached.has(use.file) ? { ...use, unreached: true } : use)),
    };
  });
};

const within = ({ directory }: NpmPackage, file: string): string => (directory === '.' ? file : file.slice(directory.length + 1));

interface Resolved {
  /** Files that it may stand for, without their endings. */
  readonly stems: readonly string[];
  readonly package?: string;
}

type Resolve = (specifier: string, file: string, own: NpmPackage) => Resolved;

const resolver = ({ packages, aliasesOf, sources }: NpmContext): Resolve => {
  const stems = new Set(sources.map(stemOf));
  const directories = new Set(sources.flatMap((path) => [...parents(path)]));
  const exists = (path: string): boolean => stems.has(stemOf(path)) || directories.has(path);
  const siblings = new Map(packages.flatMap(({ directory, manifest: { name } }) => (name === undefined ? [] : [[name, directory] as const])));
  const files = (...paths: readonly string[]): readonly string[] => paths.flatMap((path) => [stemOf(path), joined(path, 'index')]);
  return (specifier, file, own) => {
    const path = specifier.split('?', 1)[0] ?? '';
    if (/^\.\.?(?:\/|$)/.test(path)) return { stems: files(joined(directoryOf(file), path)) };
    const alias = aliased(path, aliasesOf(file), exists);
    if (alias) return { stems: files(...alias) };
    const name = packageNameOf(path);
    if (name === undefined) return { stems: [] };
    const sibling = siblings.get(name);
    const inside = path.slice(name.length + 1);
    const reached = sibling === undefined || inside === '' ? [] : files(joined(sibling, inside), joined(sibling, `src/${inside}`));
    return name === own.manifest.name ? { stems: reached } : { stems: reached, package: name };
  };
};

function* parents(path: string): Generator<string> {
  for (let at = directoryOf(path); at !== '.'; at = directoryOf(at)) yield at;
}

const usesOf = ({ package: own, files }: NpmSources, resolve: Resolve, reached: Set<string>): readonly ImportUse[] =>
  [...files].flatMap(([file, { imports }]) => {
    const dev = isDevFile(within(own, file));
    return imports.map(({ specifier, kind, line, column, optional }): ImportUse => {
      const resolved = resolve(specifier, file, own);
      for (const stem of resolved.stems) reached.add(stem);
      return {
        file,
        line,
        column,
        specifier,
        kind,
        ...(resolved.package !== undefined && { package: resolved.package }),
        ...(dev && { dev }),
        ...(optional && { optional }),
      };
    });
  });
