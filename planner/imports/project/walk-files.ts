/** The files below a directory that git would keep. Symbolic links are not followed. */
import { existsSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import { aboveDirectory, isIgnored, withDirectory } from './gitignore.ts';
import type { GitIgnore } from './gitignore.ts';
import { joined } from './paths.ts';

const LEFT_OUT = new Set(
  'node_modules bower_components jspm_packages dist build .git .hg .svn .next .nuxt .output .svelte-kit .turbo .cache .parcel-cache .yarn .pnpm-store .tasks coverage __pycache__ site-packages .venv venv .tox .nox .eggs .mypy_cache .ruff_cache .pytest_cache .direnv .idea .vscode'.split(' '),
);

export interface WalkFilesOptions {
  /** Absolute. */
  readonly root: string;
  /** Whether a file is wanted, by its path from the root. */
  readonly keeps: (path: string) => boolean;
  /** Whether it counts towards the limit. */
  readonly counts: (path: string) => boolean;
  /** What messages call the files that count. */
  readonly counted: string;
  readonly limits: { readonly counted: number; readonly directories: number; readonly files?: number };
  /** Directories that are left out beyond the usual ones, by their name and what lies beside them. */
  readonly leavesOut?: (name: string, beside: ReadonlySet<string>) => boolean;
}

export interface WalkedFiles {
  /** Relative to the root, with slashes, sorted. */
  readonly files: readonly string[];
  /** Directories that could not be read. */
  readonly problems: readonly Problem[];
}

export const walkFiles = async ({ root, keeps, counts, counted, limits, leavesOut = () => false }: WalkFilesOptions): Promise<Result<WalkedFiles>> => {
  const files: string[] = [];
  const problems: Problem[] = [];
  const open: { readonly path: string; readonly outer: GitIgnore }[] = [{ path: '.', outer: await aboveDirectory(root, (directory) => existsSync(join(directory, '.git'))) }];
  let directories = 0;
  let counting = 0;
  const isTooMuch = (): boolean => counting > limits.counted || files.length > (limits.files ?? Infinity);
  for (let next = open.pop(); next; next = open.pop()) {
    const { path } = next;
    const absolute = join(root, path);
    directories += 1;
    if (directories > limits.directories || isTooMuch()) return fail([tooMany({ root, counted, limits })]);
    const entries: readonly Dirent[] = await readdir(absolute, { withFileTypes: true }).catch((error: unknown) => {
      problems.push(unreadableDirectory({ path, absolute, error }));
      return [];
    });
    const names = new Set(entries.map(({ name }) => name));
    // An environment of Python's, whatever it is called.
    if (names.has('pyvenv.cfg')) continue;
    // A pipe of that name would never end.
    const hasRules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
    const rules = hasRules ? await withDirectory(next.outer, absolute) : next.outer;
    for (const entry of entries) {
      const inside = joined(path, entry.name);
      if (entry.isDirectory()) {
        const isOut = LEFT_OUT.has(entry.name) || entry.name.endsWith('.egg-info') || leavesOut(entry.name, names);
        if (!isOut && !isIgnored(rules, join(root, inside), 'directory')) open.push({ path: inside, outer: rules });
      } else if (entry.isFile() && keeps(inside) && !isIgnored(rules, join(root, inside), 'file')) {
        files.push(inside);
        if (counts(inside)) counting += 1;
      }
    }
  }
  if (isTooMuch()) return fail([tooMany({ root, counted, limits })]);
  return ok({ files: files.sort(), problems });
};

const unreadableDirectory = ({ path, absolute, error }: { readonly path: string; readonly absolute: string; readonly error: unknown }): Problem => ({
  code: 'TASKS5001',
  message: `the directory ${quote(path)} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  place: { file: absolute },
});

const tooMany = ({ root, counted, limits }: Pick<WalkFilesOptions, 'root' | 'counted' | 'limits'>): Problem => ({
  code: 'TASKS5001',
  message: `${quote(basename(root) || root)} holds more than ${limits.counted.toLocaleString('en')} ${counted}${limits.files === undefined ? '' : `, ${limits.files.toLocaleString('en')} files`} or ${limits.directories.toLocaleString('en')} directories`,
  place: { file: root },
  hint: 'Name a directory below it, or let .gitignore leave out what is not yours.',
});
