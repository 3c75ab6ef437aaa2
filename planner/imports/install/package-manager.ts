/** Which program installs the packages of an npm project. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import type { NpmManifest } from '../npm/manifest.ts';

export interface PackageManager {
  readonly program: 'npm' | 'pnpm';
  /** Of the one install; scripts of packages are run unless told otherwise. */
  readonly args: readonly string[];
  /** Files that it writes beside the manifests. */
  readonly locks: readonly string[];
}

const MANAGERS: Readonly<Record<PackageManager['program'], PackageManager>> = {
  npm: { program: 'npm', args: ['install', '--no-audit', '--no-fund'], locks: ['package-lock.json', 'npm-shrinkwrap.json'] },
  pnpm: { program: 'pnpm', args: ['install', '--no-frozen-lockfile'], locks: ['pnpm-lock.yaml'] },
};

const LOCKS = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['pnpm-workspace.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
] as const;

/** By the root's `packageManager`, else by its lock file, else npm. */
export const packageManagerOf = (root: string, manifest: NpmManifest): Result<PackageManager, Problem> => {
  const stated = manifest.packageManager?.split('@')[0];
  const program = stated ?? LOCKS.find(([file]) => existsSync(join(root, file)))?.[1] ?? 'npm';
  if (program === 'npm' || program === 'pnpm') return ok(MANAGERS[program]);
  return fail({
    code: 'TASKS5008',
    message: `${JSON.stringify(program)} installs this project, and only npm and pnpm are known how to`,
    place: { file: manifest.path },
    hint: 'Without --install the missing packages are listed: add them to the manifests, and run its install once.',
  });
};
