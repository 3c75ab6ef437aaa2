/** `--git`: a tag for each depth of the frontier, when every task of it has settled. */
import type { TagDepthRequest } from '../../model/activity.ts';
import { git, inTurn } from './git.ts';

/** Idempotent: the tag of an execution and a depth is set once. @returns its name. */
export const tagDepth = async ({ workspace, execution, depth }: TagDepthRequest): Promise<{ readonly tag: string }> => {
  // A ref holds no colon; the id of an execution that a Schedule started does.
  const tag = `tasks/${execution.replaceAll(':', '-')}/depth-${depth}`;
  const repository = (await git({ workspace, args: ['rev-parse', '--show-toplevel'] })).trim();
  await inTurn(repository, async () => {
    const known = await git({ workspace, args: ['tag', '--list', tag] });
    if (known.trim() === '') await git({ workspace, args: ['tag', tag, 'HEAD'] });
  });
  return { tag };
};
