/** What the manifests of a code base say about names of modules, as resolvers by language. */
import { findAliases } from '../../imports/npm/find-aliases.ts';
import { isManifest } from '../../imports/project/walk.ts';
import { directoryOf } from '../../imports/project/paths.ts';
import type { Language } from '../analysis.ts';
import type { Configs } from '../configs/configs.ts';
import { goModules } from './go-modules.ts';
import type { GoModule } from './go-modules.ts';
import { javaModules } from './java-modules.ts';
import { javaScriptModules } from './javascript-modules.ts';
import type { WorkspacePackage } from './javascript-modules.ts';
import { NOWHERE } from './modules.ts';
import type { Resolve, SourceFile } from './modules.ts';
import { pythonModules } from './python-modules.ts';
import { rustModules } from './rust-modules.ts';
import type { Crate } from './rust-modules.ts';

export interface FindModulesOptions {
  readonly root: string;
  readonly files: readonly string[];
  readonly sources: readonly SourceFile[];
  readonly configs: Configs;
}

const SCRIPTS = new Set<Language>(['typescript', 'tsx', 'javascript']);

export const findModules = async ({ root, files, sources, configs }: FindModulesOptions): Promise<(language: Language) => Resolve> => {
  const pathsOf = (is: (language: Language) => boolean): readonly string[] => sources.filter(({ language }) => is(language)).map(({ path }) => path);
  const scripts = pathsOf((language) => SCRIPTS.has(language));
  const { aliasesOf } = await findAliases(root, { sources: scripts, manifests: files.filter(isManifest), problems: [] });
  const javascript = javaScriptModules({ files: scripts, packages: packagesOf(configs), aliasesOf });
  const python = pythonModules(pathsOf((language) => language === 'python'));
  const go = goModules(pathsOf((language) => language === 'go'), goModulesOf(configs));
  const rust = rustModules(pathsOf((language) => language === 'rust'), cratesOf(configs));
  const java = javaModules(sources.filter(({ language }) => language === 'java'));
  return (language) => {
    if (SCRIPTS.has(language)) return javascript;
    if (language === 'python') return python;
    if (language === 'go') return go;
    if (language === 'rust') return rust;
    return language === 'java' ? java : NOWHERE;
  };
};

const packagesOf = (configs: Configs): readonly WorkspacePackage[] =>
  configs.named('package.json').flatMap((path) => {
    const manifest = configs.data(path);
    const name = manifest.text('name');
    const entries = ['source', 'module', 'main', 'types'].flatMap((key) => manifest.text(key) ?? []);
    return name === undefined ? [] : [{ name, directory: directoryOf(path), entries }];
  });

const goModulesOf = (configs: Configs): readonly GoModule[] =>
  configs.named('go.mod').flatMap((path) => {
    const name = /^module\s+"?([^\s"]+)"?/m.exec(configs.text(path))?.[1];
    return name === undefined ? [] : [{ name, directory: directoryOf(path) }];
  });

const cratesOf = (configs: Configs): readonly Crate[] =>
  configs.named('Cargo.toml').flatMap((path) => {
    const name = configs.data(path).at('package').text('name');
    return name === undefined ? [] : [{ name: name.replaceAll('-', '_'), directory: directoryOf(path) }];
  });
