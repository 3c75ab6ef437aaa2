/** Files of the workspace that paths and globs of a plan name. Nothing outside the workspace is ever found. */
import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { confine, isInside } from './confine.ts';

const NEVER = ['**/.git/**', '**/.tasks/**'];
const MODULES = '**/node_modules/**';

const kindOf = async (path: string): Promise<'file' | 'directory' | undefined> => {
  try {
    const stat = await lstat(path);
    if (stat.isDirectory()) return 'directory';
    return stat.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
};

const escapeGlob = (path: string): string => path.replaceAll(/[\\*?[\]{}()!+@|]/g, String.raw`\$&`);

/** Whether a found file's directory really lies in the workspace: a pattern may lead through a link. */
const insideReally = (workspace: string): ((path: string) => Promise<boolean>) => {
  const known = new Map<string, Promise<boolean>>();
  return (path) => {
    const directory = dirname(path);
    let inside = known.get(directory);
    if (!inside) known.set(directory, (inside = confine({ workspace, path: directory }).then((it) => it.inside)));
    return inside;
  };
};

/**
 * Paths relative to the workspace (a real path), with `/`, sorted, at most `limit`. A directory stands for all
 * files in it. `node_modules` is only searched when a pattern names it. Links to directories are not followed.
 */
export const findFiles = async ({
  workspace,
  patterns,
  literal = [],
  except,
  limit,
}: {
  readonly workspace: string;
  readonly patterns: readonly string[];
  /** Paths as they are, whatever characters they hold. */
  readonly literal?: readonly string[];
  /** Absolute: a directory in which nothing is found. */
  readonly except?: string;
  readonly limit: number;
}): Promise<readonly string[]> => {
  const found = new Set<string>();
  const globs: string[] = [];
  const isGlob = (pattern: string): boolean => isDynamicPattern(pattern);
  // A pattern's own `..` would leave the workspace before any file is looked at.
  for (const pattern of patterns.filter(isGlob)) if (!pattern.startsWith('/') && !pattern.split('/').includes('..')) globs.push(pattern);
  for (const pattern of [...patterns.filter((pattern) => !isGlob(pattern)), ...literal]) {
    const confined = await confine({ workspace, path: pattern });
    if (!confined.inside) continue;
    const kind = await kindOf(confined.path);
    const path = relative(workspace, confined.path).split(sep).join('/');
    if (kind === 'file') found.add(path);
    else if (kind === 'directory') globs.push(path === '' ? '**' : `${escapeGlob(path)}/**`);
  }
  if (globs.length > 0) {
    const ignore = globs.some((pattern) => pattern.includes('node_modules')) ? NEVER : [...NEVER, MODULES];
    const matches = await glob(globs, { cwd: workspace, ignore, dot: true, onlyFiles: true, followSymbolicLinks: false, expandDirectories: false });
    const reachable = insideReally(workspace);
    for (const match of matches) if (await reachable(match)) found.add(match);
  }
  const isWanted = (path: string): boolean => except === undefined || !isInside({ workspace: except, path: join(workspace, path) });
  return [...found].filter(isWanted).sort().slice(0, limit);
};
