/** Which aliases hold in which directory: those of the nearest one, upwards, with a tsconfig or jsconfig. */
import type { Problem } from '../../../model/problem.ts';
import { directoryOf, upwards } from '../project/paths.ts';
import type { Tree } from '../project/walk.ts';
import { NO_ALIASES } from './aliases.ts';
import type { Aliases } from './aliases.ts';
import { readAliases } from './read-tsconfig.ts';

export interface FoundAliases {
  readonly aliasesOf: (file: string) => Aliases;
  readonly warnings: readonly Problem[];
}

export const findAliases = async (root: string, { manifests }: Tree): Promise<FoundAliases> => {
  const configs = manifests.filter((path) => /(?:^|\/)(?:ts|js)config[^/]*\.json$/.test(path));
  const aliases = new Map<string, Aliases>();
  /** A file that several extend is read for each of them. */
  const warnings = new Map<string, Problem>();
  for (const directory of new Set(configs.map(directoryOf))) {
    const read = await readAliases(root, configs.filter((path) => directoryOf(path) === directory));
    aliases.set(directory, read.aliases);
    for (const problem of read.warnings) warnings.set(`${problem.place?.file ?? ''}\n${problem.message}`, problem);
  }
  const inherited = (directory: string): Aliases => {
    for (const above of upwards(directory)) {
      const found = aliases.get(above);
      if (found) return found;
    }
    return NO_ALIASES;
  };
  return { aliasesOf: (file) => inherited(directoryOf(file)), warnings: [...warnings.values()] };
};
