/** Declared artifacts that git ignores would go with their worktree: they are copied into the workspace. */
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { confine } from '../../store/confine.ts';
import { gitError } from '../git/git.ts';
import { asked } from './run-git.ts';

const ignoredOf = async (paths: readonly string[], tree: string): Promise<readonly string[]> => {
  if (paths.length === 0) return [];
  const args = ['check-ignore', '-z', '--stdin'];
  const answer = await asked(args, { at: tree, input: paths.join('\0') });
  // 1: none of them is.
  if (answer.exitCode !== 0 && answer.exitCode !== 1) throw gitError(args, answer);
  return answer.stdout.split('\0').filter((path) => path !== '');
};

/** Each at once, or not at all. @throws Error when one cannot be copied. */
export const bringIgnored = async (options: { readonly tree: string; readonly workspace: string; readonly paths: readonly string[] }): Promise<void> => {
  const { tree, workspace, paths } = options;
  for (const path of await ignoredOf(paths, tree)) {
    const parent = await confine({ workspace, path: dirname(path) });
    if (!parent.inside) throw new Error(`the artifact ${JSON.stringify(path)} has no place in the workspace: ${parent.message}`);
    await mkdir(parent.path, { recursive: true });
    const temporary = join(parent.path, `.${randomUUID()}.tmp`);
    try {
      await copyFile(join(tree, path), temporary);
      await rename(temporary, join(parent.path, path.slice(path.lastIndexOf('/') + 1)));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
};
