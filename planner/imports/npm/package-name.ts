/** From what an import names to the npm package that has to provide it. */
import { builtinModules } from 'node:module';
import validate from 'validate-npm-package-name';

const BUILT_IN = new Set(builtinModules);

const MAX_LENGTH = 214;

/**
 * A name that a package of npm's registry may have: nothing else reaches a command line or a manifest. Old packages have
 * capitals or the name of a built-in module; none that is in use has a sign that a shell knows.
 */
export const isPackageName = (name: string): boolean => name.length <= MAX_LENGTH && !/[~'!()*]/.test(name) && validate(name).validForOldPackages;

/**
 * `@scope/x/y` → `@scope/x`, `x/y?raw` → `x`. Undefined for what comes from nowhere: files, `#imports`, addresses and
 * virtual modules (`node:fs`, `https://…`, `bun:test`), what Node has built in, what is no name at all (`@/x`, `~/x`).
 */
export const packageNameOf = (specifier: string): string | undefined => {
  const path = specifier.split('?', 1)[0] ?? '';
  if (/^[./\\#~$]|[:!\\]/.test(path) || BUILT_IN.has(path)) return undefined;
  const [first = '', second] = path.split('/', 2);
  const name = first.startsWith('@') ? `${first}/${second ?? ''}` : first;
  // `util/` is how the package is asked for that has the name of a built-in module.
  return isPackageName(name) ? name : undefined;
};

/** Where the types of a package are that has none of its own. */
export const typesPackageOf = (name: string): string => `@types/${name.startsWith('@') ? name.slice(1).replace('/', '__') : name}`;
