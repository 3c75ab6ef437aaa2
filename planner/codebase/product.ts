/** Which files are part of what a project makes, and not of its tests, tools and examples. */
import { isDevFile } from '../imports/project/dev-files.ts';
import { directoryOf, upwards } from '../imports/project/paths.ts';

const MANIFEST = /\/(?:package\.json|pyproject\.toml|Cargo\.toml|go\.mod|pom\.xml|build\.gradle(?:\.kts)?)$/;
/** Names of tests beyond those of JavaScript and Python. */
const TEST = /(?:_test\.go|_(?:spec|test)\.rb|(?:Test|Tests|IT)\.java)$/;
/** Within them, `tools` or `samples` is a part of the product like any other. */
const CONTAINERS = new Set(['src', 'app', 'lib', 'internal', 'pkg', 'cmd']);
const TESTS = /^(?:tests?|specs?|e2e|cypress|playwright|__.{0,40}(?:test|mock|spec).{0,40}__)$/;
const FIXTURES = /^(?:fixtures?|__fixtures__|testdata|test-data)$/;
const ASIDE = /^(?:examples?|samples?|demos?|templates?|docs?|website)$/;

interface Parts {
  /** Directories up to the first that holds sources, with it. */
  readonly head: readonly string[];
  /** Those below it; a package of Java says nothing. */
  readonly tail: readonly string[];
  readonly name: string;
}

const partsOf = (path: string): Parts => {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const at = parts.findIndex((part) => CONTAINERS.has(part));
  const tail = at === -1 ? [] : parts.slice(at + 1);
  const java = tail.findIndex((part) => part === 'java' || part === 'kotlin');
  return { head: at === -1 ? parts : parts.slice(0, at + 1), tail: java === -1 ? tail : tail.slice(0, java), name };
};

/** What lies there shows or tests something: it is no part of what the project runs. */
export const isAside = (path: string): boolean => {
  const { head, tail } = partsOf(path);
  return head.some((part) => ASIDE.test(part) || FIXTURES.test(part)) || tail.some((part) => FIXTURES.test(part));
};

export type IsProduct = (path: string) => boolean;

/** A package of a workspace is judged by what lies in it: `packages/tools` is as good as any. */
export const productOf = (files: readonly string[]): IsProduct => {
  const packages = new Set(files.filter((path) => MANIFEST.test(path)).map(directoryOf).filter((directory) => directory.includes('/') && !isAside(`${directory}/`) && !isDevFile(directory)));
  const known = new Map<string, boolean>();
  const judge: IsProduct = (path) => {
    if (isAside(path) || TEST.test(path)) return false;
    const home = [...upwards(directoryOf(path))].find((directory) => packages.has(directory));
    const { head, tail, name } = partsOf(home === undefined ? path : path.slice(home.length + 1));
    return !isDevFile([...head, name].join('/')) && !tail.some((part) => TESTS.test(part));
  };
  return (path) => {
    const answer = known.get(path) ?? judge(path);
    known.set(path, answer);
    return answer;
  };
};
