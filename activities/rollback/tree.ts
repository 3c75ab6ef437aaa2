/** How a workspace looks: what git says of it, or, without a repository, which declared artifacts are there. */
import type { TreeState } from '../../model/rollback.ts';
import { artifactStates } from '../command/artifacts.ts';
import { git } from '../git/git.ts';

const MAX_PATHS = 200;

export const treeState = async (request: { readonly workspace: string; readonly patterns: readonly string[] }): Promise<TreeState> => (await ofRepository(request.workspace)) ?? ofArtifacts(request);

const ofRepository = async (workspace: string): Promise<TreeState | undefined> => {
  const head = await git({ workspace, args: ['rev-parse', 'HEAD'] }).catch(() => undefined);
  if (head === undefined) return undefined;
  const status = await git({ workspace, args: ['-c', 'core.quotePath=true', 'status', '--porcelain=v1', '--', '.'] });
  const changed = status.split('\n').filter((line) => line !== '');
  return { head: head.trim(), changed: changed.slice(0, MAX_PATHS), changedTotal: changed.length };
};

const ofArtifacts = async ({ workspace, patterns }: { readonly workspace: string; readonly patterns: readonly string[] }): Promise<TreeState> => {
  if (patterns.length === 0) return {};
  const states = await artifactStates({ workspace, patterns: [...new Set(patterns)] });
  const artifacts = [...states].slice(0, MAX_PATHS).map(([path, { hash }]) => ({ path, ...(hash !== undefined && { hash }) }));
  return { artifacts };
};
