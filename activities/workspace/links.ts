/** What a worktree has of the workspace although git ignores it, such as installed packages: links, which are gone before anything is committed. */
import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isLinkPath } from '../../model/workspace.ts';
import { confine } from '../../store/confine.ts';
import { asked } from './run-git.ts';

export interface Linked {
  readonly path: string;
  readonly target: string;
}

const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, () => false);

const linkOne = async ({ workspace, tree, path }: { readonly workspace: string; readonly tree: string; readonly path: string }): Promise<Linked | string | undefined> => {
  const shown = JSON.stringify(path);
  // The workspace's own input may come from anybody.
  if (!isLinkPath(path)) return `${shown} cannot be linked into a worktree`;
  const place = await confine({ workspace, path });
  if (!place.inside) return `${place.message}, and cannot be linked into a worktree`;
  if (!(await exists(place.path))) return undefined;
  const ignored = await asked(['check-ignore', '--quiet', '--', path], { at: workspace });
  if (ignored.exitCode !== 0) return `${shown} cannot be linked into a worktree: git does not ignore it`;
  const at = await confine({ workspace: tree, path: dirname(path) });
  if (!at.inside) return `${at.message} of the worktree`;
  const link = join(tree, path);
  if (await exists(link)) return `${shown} cannot be linked into a worktree: it is there already`;
  await mkdir(dirname(link), { recursive: true });
  await symlink(place.path, link);
  return { path: link, target: place.path };
};

/** What the workspace does not have is left out, and named in `missing`. A text says why it cannot be. */
export const makeLinks = async (options: { readonly workspace: string; readonly tree: string; readonly paths: readonly string[] }): Promise<{ readonly links: readonly Linked[]; readonly missing: readonly string[] } | string> => {
  const { workspace, tree, paths } = options;
  const links: Linked[] = [];
  const missing: string[] = [];
  for (const path of paths) {
    const made = await linkOne({ workspace, tree, path });
    if (typeof made === 'string') return made;
    if (made) links.push(made);
    else missing.push(path);
  }
  return { links, missing };
};

/** Those that are still ours: a rule such as `node_modules/` ignores directories, and no links. */
export const removeLinks = async (links: readonly Linked[]): Promise<void> => {
  for (const { path, target } of links) {
    if ((await readlink(path).catch(() => undefined)) === target) await rm(path);
  }
};
