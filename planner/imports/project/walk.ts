/** The files of a project that a scan looks at. Symbolic links are not followed. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import { MAX_DIRECTORIES, MAX_SOURCES } from '../limits.ts';
import { ecosystemOf } from '../parse/languages.ts';
import { aboveDirectory, isIgnored, withDirectory } from './gitignore.ts';
import type { GitIgnore } from './gitignore.ts';
import { joined } from './paths.ts';

const LEFT_OUT = new Set(
  'node_modules bower_components jspm_packages dist build .git .hg .svn .next .nuxt .output .svelte-kit .turbo .cache .parcel-cache .yarn .pnpm-store .tasks coverage __pycache__ site-packages .venv venv .tox .nox .eggs .mypy_cache .ruff_cache .pytest_cache .direnv .idea .vscode'.split(' '),
);
const MANIFESTS = /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.cfg|Pipfile|[^/]*requirements[^/]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in)|tsconfig[^/]*\.json|jsconfig[^/]*\.json)$/;

/** Relative to the root, with slashes, sorted. */
export interface Tree {
  readonly sources: readonly string[];
  /** Manifests, and what else is read to understand the sources. */
  readonly manifests: readonly string[];
  /** Directories that could not be read. */
  readonly problems: readonly Problem[];
}

export const walk = async (root: string): Promise<Result<Tree>> => {
  const sources: string[] = [];
  const manifests: string[] = [];
  const problems: Problem[] = [];
  const open: { readonly path: string; readonly outer: GitIgnore }[] = [{ path: '.', outer: await aboveDirectory(root, (directory) => existsSync(join(directory, '.git'))) }];
  let directories = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { path } = next;
    const absolute = join(root, path);
    directories += 1;
    if (directories > MAX_DIRECTORIES || sources.length > MAX_SOURCES) return fail([tooMany(root)]);
    const rules = await withDirectory(next.outer, absolute);
    const entries = await readdir(absolute, { withFileTypes: true }).catch((error: unknown) => {
      problems.push({ code: 'TASKS5001', message: `the directory ${quote(path)} cannot be read: ${error instanceof Error ? error.message : String(error)}`, place: { file: absolute } });
      return [];
    });
    // An environment of Python's, whatever it is called.
    if (entries.some(({ name }) => name === 'pyvenv.cfg')) continue;
    for (const entry of entries) {
      const inside = joined(path, entry.name);
      if (entry.isDirectory()) {
        if (!isLeftOut(entry.name) && !isIgnored(rules, join(root, inside), 'directory')) open.push({ path: inside, outer: rules });
      } else if (entry.isFile()) {
        const list = MANIFESTS.test(inside) ? manifests : sources;
        if (list === sources && !ecosystemOf(inside)) continue;
        if (!isIgnored(rules, join(root, inside), 'file')) list.push(inside);
      }
    }
  }
  return ok({ sources: sources.sort(), manifests: manifests.sort(), problems });
};

const isLeftOut = (name: string): boolean => LEFT_OUT.has(name) || name.endsWith('.egg-info');

const tooMany = (root: string): Problem => ({
  code: 'TASKS5001',
  message: `${quote(basename(root) || root)} holds more than ${MAX_SOURCES.toLocaleString('en')} source files or ${MAX_DIRECTORIES.toLocaleString('en')} directories`,
  place: { file: root },
  hint: 'Name a directory below it, or let .gitignore leave out what is not yours.',
});
