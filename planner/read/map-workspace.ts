/** Where tasks run, from what a task or a plan states. */
import type { WrittenTask } from '../../model/task.schema.ts';
import type { WorkspaceTerms } from '../../model/workspace.ts';
import { present } from './optional.ts';

type Written = Pick<WrittenTask, 'workspace_mode' | 'worktree'>;

/** Undefined where nothing is stated. */
export const mapWorkspace = ({ workspace_mode: mode, worktree }: Written): WorkspaceTerms | undefined => {
  const terms: WorkspaceTerms = present({ mode, link: worktree?.link && [...new Set(worktree.link)], keepFailed: worktree?.keep_failed });
  return Object.keys(terms).length > 0 ? terms : undefined;
};

/** The same as a plan writes it. */
export const writeWorkspace = ({ mode, link, keepFailed }: WorkspaceTerms = {}): Written =>
  present({ workspace_mode: mode, worktree: link || keepFailed !== undefined ? present({ link: link && [...link], keep_failed: keepFailed }) : undefined });
