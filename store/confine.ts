/** Keeps paths that a plan names inside the workspace, also when symbolic links lead out of it. */
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The message is a sentence without its full stop. */
export type Confined = { readonly inside: true; readonly path: string } | { readonly inside: false; readonly message: string };

export const isInside = ({ workspace, path }: { workspace: string; path: string }): boolean => {
  const way = relative(workspace, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
};

/** The real path; of something that does not exist, the real path of its nearest existing parent and the rest. */
const realOrIntended = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realOrIntended(parent), path.slice(parent.length));
  }
};

/** `workspace` must be a real path already. Whether `path` exists is not asked. */
export const confine = async ({ workspace, path }: { workspace: string; path: string }): Promise<Confined> => {
  const outside: Confined = { inside: false, message: `The path ${JSON.stringify(path)} leads out of the workspace` };
  if (path.includes('\0')) return { inside: false, message: 'A path holds a NUL character' };
  const intended = resolve(workspace, path);
  if (!isInside({ workspace, path: intended })) return outside;
  const real = await realOrIntended(intended);
  return isInside({ workspace, path: real }) ? { inside: true, path: real } : outside;
};
