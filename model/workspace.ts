/** Where the commands of tasks run: all in the one workspace, or each attempt in a git worktree of its own. */

export const WORKSPACE_MODES = ['shared', 'worktree'] as const;
export type WorkspaceMode = (typeof WORKSPACE_MODES)[number];

/** What a plan states for its tasks, or a task for itself. */
export interface WorkspaceTerms {
  /** `shared` unless stated. */
  readonly mode?: WorkspaceMode;
  /** What worktrees have from the workspace although git ignores it; see {@link isLinkPath}. */
  readonly link?: readonly string[];
  /** The worktree of an attempt that failed stays until the task's next attempt. */
  readonly keepFailed?: boolean;
}

export const MAX_LINKS = 50;
const MAX_LINK_PATH = 500;
/** Git's own, and ours. */
const FORBIDDEN = new Set(['', '.', '..', '.git', '.tasks']);

/** Whether it may be linked into a worktree: a plain path below the workspace, with `/`, no glob. */
export const isLinkPath = (path: string): boolean =>
  path.length <= MAX_LINK_PATH && !/[\0\\*?[\]]/u.test(path) && path.split('/').every((part) => !FORBIDDEN.has(part.toLowerCase()));

/** What a task states wins, key by key. */
export const termsOf = (plan: WorkspaceTerms | undefined, task: WorkspaceTerms | undefined): WorkspaceTerms => ({ ...plan, ...task });
