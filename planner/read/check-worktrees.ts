/** What is said of worktrees where there are none. */
import { termsOf } from '../../model/workspace.ts';
import type { WorkspaceTerms } from '../../model/workspace.ts';
import type { Draft, Findings } from './draft.ts';
import { inside, problemAt } from './source.ts';
import { quote } from './words.ts';

const says = ({ link, keepFailed }: WorkspaceTerms = {}): boolean => link !== undefined || keepFailed !== undefined;

/** Warnings only: `--workspace-mode` may still give it an effect. */
export const warnWorktrees = ({ tasks, policies: { workspaceTerms: plan }, where }: Draft, findings: Findings): void => {
  const isAlone = (task: WorkspaceTerms | undefined): boolean => termsOf(plan, task).mode === 'worktree';
  const moot = tasks.filter(({ spec }) => says(spec.workspaceTerms) && !isAlone(spec.workspaceTerms));
  for (const task of moot) {
    findings.warnings.push(problemAt({ code: 'TASKS1006', message: `task ${quote(task.id)}: worktree has no effect, because the task runs in the shared workspace`, where: inside(task.where, 'worktree'), hint: 'State "workspace_mode": "worktree".' }));
  }
  if (says(plan) && !tasks.some(({ spec }) => isAlone(spec.workspaceTerms))) {
    findings.warnings.push(problemAt({ code: 'TASKS1007', message: 'the policy worktree has no effect, because no task runs in a worktree of its own', where, hint: 'State "workspace_mode": "worktree" beside it.' }));
  }
};
