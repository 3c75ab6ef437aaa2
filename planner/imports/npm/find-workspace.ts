/** The npm packages of a project: the root, and its workspaces, as npm, yarn or pnpm have them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { parse } from 'yaml';
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { directoryOf, staysInside } from '../project/paths.ts';
import { readProjectFile } from '../project/read-file.ts';
import { parseNpmManifest } from './manifest.ts';
import type { NpmManifest } from './manifest.ts';

export interface NpmPackage {
  /** Relative to the root of the project. */
  readonly directory: string;
  readonly manifest: NpmManifest;
  /** It is the root or one of its workspaces: an install at the root is one for it too. */
  readonly isLinked: boolean;
}

export interface NpmWorkspace {
  /** Of the root directory, where there is one. */
  readonly root?: NpmPackage;
  /** All there are, the root among them. */
  readonly packages: readonly NpmPackage[];
  /** Every package can import every other, declared or not: npm and yarn link them all, pnpm does not. */
  readonly linksSiblings: boolean;
}

const PNPM_WORKSPACE = 'pnpm-workspace.yaml';

/** @param extra directories that were asked for, whether the root knows them or not */
export const findNpmWorkspace = async (root: string, extra: readonly string[]): Promise<Result<NpmWorkspace>> => {
  const problems: Problem[] = [];
  const packages = new Map<string, NpmPackage>();
  const add = async (directory: string, isLinked: boolean): Promise<void> => {
    if (packages.has(directory)) return;
    const read = await readNpmManifest(join(root, directory, 'package.json'));
    if (read === undefined) return;
    if (read.ok) packages.set(directory, { directory, manifest: read.value, isLinked });
    else problems.push(...read.error);
  };
  await add('.', true);
  const top = packages.get('.');
  const patterns = top ? await workspacePatterns(root, top.manifest, (problem) => problems.push(problem)) : [];
  const globs = patterns.filter((pattern) => staysInside(pattern.replace(/^!/, ''))).map((pattern) => `${pattern.replace(/\/+$/, '')}/package.json`);
  const found = globs.length === 0 ? [] : await glob(globs, { cwd: root, ignore: ['**/node_modules/**'], expandDirectories: false, followSymbolicLinks: false, dot: true });
  for (const path of found.sort()) await add(directoryOf(path), true);
  for (const directory of extra) await add(directory, false);
  if (problems.length > 0) return fail(problems);
  return ok({ ...(top && { root: top }), packages: [...packages.values()], linksSiblings: !existsSync(join(root, PNPM_WORKSPACE)) });
};

/** Undefined when there is none. */
export const readNpmManifest = async (path: string): Promise<Result<NpmManifest> | undefined> => {
  const text = await readProjectFile(path, 'package.json');
  if (!text.ok) return fail([text.error]);
  return text.value === undefined ? undefined : parseNpmManifest(path, text.value);
};

const workspacePatterns = async (root: string, { workspaces }: NpmManifest, report: (problem: Problem) => void): Promise<readonly string[]> => {
  const path = join(root, PNPM_WORKSPACE);
  const text = await readProjectFile(path, PNPM_WORKSPACE);
  if (!text.ok) report(text.error);
  if (!text.ok || text.value === undefined) return workspaces;
  try {
    const value: unknown = parse(text.value);
    const listed: unknown = typeof value === 'object' && value !== null && 'packages' in value ? value.packages : [];
    return [...workspaces, ...(Array.isArray(listed) ? listed.filter((item) => typeof item === 'string') : [])];
  } catch (error) {
    report({ code: 'TASKS5003', message: `pnpm-workspace.yaml is not valid YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`, place: { file: path } });
    return [];
  }
};
