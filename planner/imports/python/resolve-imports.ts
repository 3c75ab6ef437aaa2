/** What the imports of Python projects mean: a module of the project, one of Python's own, or a distribution. */
import type { ImportUse, PackageCensus } from '../census.ts';
import { stemOf } from '../parse/languages.ts';
import type { ParsedImport, ParsedSource } from '../parse/parsed-source.ts';
import { isDevFile } from '../project/dev-files.ts';
import { directoryOf, isInside, joined, upwards } from '../project/paths.ts';
import { distributionsOf, isNamespace, namespaced, normalized } from './distributions.ts';
import type { PythonProject } from './find-projects.ts';
import { isDistributionName } from './requirement.ts';
import { STANDARD_MODULES } from './standard-modules.ts';

/** Found by a framework or started by hand, and imported by nobody. */
const ENTRY = /(?:^|\/)(?:__init__|__main__|main|cli|app|manage|wsgi|asgi|settings|urls|models|admin|apps|views|tasks|signals|migrations\/[^/]+)\.pyi?$/;

export interface PythonSources {
  readonly project: PythonProject;
  /** By path, relative to the root of the tree. */
  readonly files: ReadonlyMap<string, ParsedSource>;
}

export interface PythonContext {
  readonly projects: readonly PythonProject[];
  /** Paths of all sources of the tree. */
  readonly sources: readonly string[];
}

export const resolvePythonImports = (all: readonly PythonSources[], { projects, sources }: PythonContext): readonly PackageCensus[] => {
  const modules = modulesOf(sources);
  const reached = new Set<string>();
  const found = all.map(({ project, files }) => {
    const resolve = resolver({ project, projects, modules, reached });
    return { project, files, uses: [...files].flatMap(([file, { imports }]) => imports.flatMap((one) => resolve(one, file))) };
  });
  return found.map(({ project, files, uses }) => {
    const isReached = (file: string): boolean => reached.has(stemOf(file)) || ENTRY.test(file) || isDevFile(within(project, file)) || (files.get(file)?.isProgram ?? false);
    const unreached = new Set([...files.keys()].filter((file) => !isReached(file)));
    return {
      ecosystem: 'python',
      name: project.name,
      directory: project.directory,
      files: files.size,
      imports: uses.map((use) => (unreached.has(use.file) ? { ...use, unreached: true } : use)),
    };
  });
};

const within = ({ directory }: PythonProject, file: string): string => (directory === '.' ? file : file.slice(directory.length + 1));

/** Paths that are modules: files without their ending, and directories that hold any. */
const modulesOf = (sources: readonly string[]): ReadonlySet<string> => {
  const modules = new Set<string>();
  for (const path of sources) {
    if (!/\.pyi?$/.test(path)) continue;
    modules.add(stemOf(path));
    for (let at = directoryOf(path); at !== '.' && !modules.has(at); at = directoryOf(at)) modules.add(at);
  }
  return modules;
};

interface Resolver {
  readonly project: PythonProject;
  readonly projects: readonly PythonProject[];
  readonly modules: ReadonlySet<string>;
  readonly reached: Set<string>;
}

const resolver = ({ project, projects, modules, reached }: Resolver) => {
  /** A module of the project, all packages above it, and the names taken from it, which may be modules too. */
  const reach = (base: string, module: string, names: readonly string[] = []): void => {
    const parts = module.split('.').filter((part) => part !== '');
    for (let length = 0; length <= parts.length; length += 1) {
      const path = joined(base, parts.slice(0, length).join('/') || '.');
      reached.add(path).add(joined(path, '__init__'));
    }
    for (const name of names) reached.add(joined(base, [...parts, name].join('/')));
  };
  return ({ specifier, kind, line, column, optional, names = [] }: ParsedImport, file: string): readonly ImportUse[] => {
    const use: ImportUse = { file, line, column, specifier, kind, ...(isDevFile(within(project, file)) && { dev: true }), ...(optional && { optional }) };
    const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
    const home = directoryOf(file);
    if (dots > 0) {
      reach(joined(home, '../'.repeat(dots - 1) || '.'), specifier.slice(dots), names);
      return [use];
    }
    const [top = ''] = specifier.split('.');
    if (STANDARD_MODULES.has(top) || top.startsWith('_')) return [use];
    // Where Python looks: the directory of the program, what is on its path, the directory it is started in.
    const near = [...upwards(home)].filter((directory) => isInside(directory, project.directory));
    const base = [...project.roots, ...near, '.'].find((directory) => {
      const path = joined(directory, top);
      // `redis.py` that imports `redis` does not mean itself.
      return modules.has(path) && path !== stemOf(file);
    });
    if (base !== undefined) {
      reach(base, specifier, names);
      return [use];
    }
    const sibling = projects.find(({ directory, roots }) => directory !== project.directory && roots.some((root) => modules.has(joined(root, top))));
    if (sibling) return [isDistributionName(sibling.name) ? { ...use, package: sibling.name } : use];
    return distributions(specifier, names)
      .filter(({ distribution }) => isDistributionName(distribution) && normalized(distribution) !== normalized(project.name))
      .map(({ module, distribution }) => ({ ...use, specifier: module, package: distribution }));
  };
};

/** Of a namespace, each name may come from a distribution of its own. */
const distributions = (module: string, names: readonly string[]): readonly { readonly module: string; readonly distribution: string }[] => {
  const modules = isNamespace(module.split('.')[0] ?? '') ? (names.length > 0 ? names : [undefined]).map((name) => namespaced(module, name)) : [module];
  return [...new Set(modules)].flatMap((one) => {
    const [distribution] = distributionsOf(one);
    return distribution === undefined ? [] : [{ module: one, distribution }];
  });
};
