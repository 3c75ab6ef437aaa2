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

/** Directories that are read at the same time. */
const AT_ONCE = 32;

interface Open {
  readonly path: string;
  readonly outer: GitIgnore;
}

interface Looked {
  readonly files: readonly string[];
  readonly directories: readonly Open[];
  readonly problems: readonly Problem[];
}

export const walkFiles = async (options: WalkFilesOptions): Promise<Result<WalkedFiles>> => {
  const { root, counts, limits } = options;
  const files: string[] = [];
  const problems: Problem[] = [];
  const open: Open[] = [{ path: '.', outer: await aboveDirectory(root, (directory) => existsSync(join(directory, '.git'))) }];
  let directories = 0;
  let counting = 0;
  while (open.length > 0) {
    const next = open.splice(-AT_ONCE);
    directories += next.length;
    for (const found of await Promise.all(next.map((one) => look(options, one)))) {
      for (const file of found.files) {
        files.push(file);
        if (counts(file)) counting += 1;
      }
      for (const directory of found.directories) open.push(directory);
      problems.push(...found.problems);
    }
    if (counting > limits.counted || files.length > (limits.files ?? Infinity) || directories > limits.directories) return fail([tooMany(options)]);
  }
  const placeOf = ({ place }: Problem): string => place?.file ?? '';
  return ok({ files: files.sort(), problems: problems.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)) });
};

/** One directory, and what below it is to be looked at. */
const look = async ({ root, keeps, leavesOut = () => false }: WalkFilesOptions, { path, outer }: Open): Promise<Looked> => {
  const absolute = join(root, path);
  const problems: Problem[] = [];
  const entries: readonly Dirent[] = await readdir(absolute, { withFileTypes: true }).catch((error: unknown) => {
    problems.push(unreadableDirectory({ path, absolute, error }));
    return [];
  });
  const names = new Set(entries.map(({ name }) => name));
  // An environment of Python's, whatever it is called.
  if (names.has('pyvenv.cfg')) return { files: [], directories: [], problems };
  // A pipe of that name would never end.
  const hasRules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
  const rules = hasRules ? await withDirectory(outer, absolute) : outer;
  const files: string[] = [];
  const directories: Open[] = [];
  for (const entry of entries) {
    const inside = joined(path, entry.name);
    if (entry.isDirectory()) {
      const isOut = LEFT_OUT.has(entry.name) || entry.name.endsWith('.egg-info') || leavesOut(entry.name, names);
      if (!isOut && !isIgnored(rules, join(root, inside), 'directory')) directories.push({ path: inside, outer: rules });
    } else if (entry.isFile() && keeps(inside) && !isIgnored(rules, join(root, inside), 'file')) files.push(inside);
  }
  return { files, directories, problems };
};

const unreadableDirectory = ({ path, absolute, error }: { readonly path: string; readonly absolute: string; readonly error: unknown }): Problem => ({
  code: 'TASKS5001',
  message: `the directory ${quote(path)} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  place: { file: absolute },
});

const tooMany = ({ root, counted, limits }: WalkFilesOptions): Problem => ({
  code: 'TASKS5001',
  message: `${quote(basename(root) || root)} holds more than ${limits.counted.toLocaleString('en')} ${counted}${limits.files === undefined ? '' : `, ${limits.files.toLocaleString('en')} files`} or ${limits.directories.toLocaleString('en')} directories`,
  place: { file: root },
  hint: 'Name a directory below it, or let .gitignore leave out what is not yours.',
});
