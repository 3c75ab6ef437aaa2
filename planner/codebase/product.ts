/** Which files are part of what a project makes, and not of its tests, tools and examples. */
import { isDevFile } from '../imports/project/dev-files.ts';
import { directoryOf, upwards } from '../imports/project/paths.ts';
import { isAside } from './configs/configs.ts';

const MANIFEST = /\/(?:package\.json|pyproject\.toml|Cargo\.toml|go\.mod|pom\.xml|build\.gradle(?:\.kts)?)$/;
/** Names of tests beyond those of JavaScript and Python. */
const TEST = /(?:_test\.go|_(?:spec|test)\.rb|(?:Test|Tests|IT)\.java)$/;

export type IsProduct = (path: string) => boolean;

/** A package of a workspace is judged by what lies in it: `packages/tools` is as good as any. */
export const productOf = (files: readonly string[]): IsProduct => {
  const packages = new Set(files.filter((path) => MANIFEST.test(path)).map(directoryOf).filter((directory) => directory.includes('/') && !isAside(`${directory}/`) && !isDevFile(directory)));
  const known = new Map<string, boolean>();
  const judge: IsProduct = (path) => {
    if (isAside(path) || TEST.test(path)) return false;
    const home = [...upwards(directoryOf(path))].find((directory) => packages.has(directory));
    return !isDevFile(home === undefined ? path : path.slice(home.length + 1));
  };
  return (path) => {
    const answer = known.get(path) ?? judge(path);
    known.set(path, answer);
    return answer;
  };
};
