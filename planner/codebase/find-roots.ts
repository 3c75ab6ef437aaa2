/** Where sources and tests of a code base lie. */
import type { CodeSymbol } from './analysis.ts';
import { isAside } from './product.ts';
import type { IsProduct } from './product.ts';

/** Directories that are there to hold others. */
const CONTAINERS = new Set(['src', 'app', 'apps', 'lib', 'libs', 'packages', 'services', 'internal', 'cmd', 'pkg', 'crates', 'modules', 'backend', 'frontend', 'server', 'client']);
const TESTS = /^(?:tests?|spec|specs|__tests__|e2e|cypress|testing|integration)$/;

export interface Roots {
  readonly sourceRoots: readonly string[];
  readonly testRoots: readonly string[];
}

export interface FindRootsOptions {
  /** Paths of source files. */
  readonly sources: readonly string[];
  readonly symbols: readonly CodeSymbol[];
  readonly isProduct: IsProduct;
}

/** Directories at the top, those inside of what only holds others, and those with endpoints. */
export const findRoots = ({ sources, symbols, isProduct }: FindRootsOptions): Roots => {
  const roots = new Set<string>();
  const tests = new Set<string>();
  let isAtTop = false;
  for (const path of sources) {
    if (isAside(path)) continue;
    const parts = path.split('/').slice(0, -1);
    if (!isProduct(path)) {
      const test = testRoot(parts);
      if (test !== undefined) tests.add(test);
      continue;
    }
    const [top] = parts;
    if (top === undefined) {
      isAtTop = true;
      continue;
    }
    roots.add(top);
    const java = parts.indexOf('java');
    if (java > 0) roots.add(parts.slice(0, java + 1).join('/'));
    for (let depth = 1; depth < parts.length && depth < 3 && CONTAINERS.has(parts[depth - 1] ?? ''); depth += 1) roots.add(parts.slice(0, depth + 1).join('/'));
  }
  for (const { kind, file } of symbols) if (kind === 'endpoint' && file.includes('/') && isProduct(file)) roots.add(file.slice(0, file.lastIndexOf('/')));
  if (roots.size === 0 && isAtTop) roots.add('.');
  return { sourceRoots: [...roots].sort(), testRoots: [...tests].sort() };
};

/** The outermost directory of tests around a file. Beside their sources (`__tests__`) they are too many to be named. */
const testRoot = (parts: readonly string[]): string | undefined => {
  const at = parts.findIndex((part) => TESTS.test(part));
  if (at === -1) return undefined;
  // `src/test/java` holds tests in its language.
  return parts.slice(0, at + 1).join('/');
};
