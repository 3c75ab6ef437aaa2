/** Before a run: whether tasks that are to run in git worktrees of their own can, and what they will not see. */
import { UNASSIGNED } from '../../model/graph.ts';
import type { StoredPlan } from '../../model/graph.ts';
import type { PolicyOverrides } from '../../model/message.ts';
import { TasksError } from '../../model/problem.ts';
import { termsOf } from '../../model/workspace.ts';
import type { Context } from './context.ts';
import { reportWarnings } from './errors.ts';
import { counted } from './view/counts-text.ts';

export interface WorktreeRun {
  readonly plan: StoredPlan;
  readonly policies: PolicyOverrides;
  /** What does a task that names nothing. */
  readonly executor: string;
}

/** With a command, or an executor of the plan's: others have no files. */
export const worktreeTasks = ({ plan: { graph, tasks }, policies, executor: open }: WorktreeRun): number => {
  const terms = termsOf(graph.policies.workspaceTerms, policies.workspaceTerms);
  const runs = (command: string | undefined, named = 'command'): boolean => {
    const executor = named === UNASSIGNED ? open : named;
    return executor === 'command' ? command !== undefined : (graph.executors?.includes(executor) ?? false);
  };
  return tasks.filter(({ command, workspaceTerms }, at) => runs(command, graph.tasks[at]?.executor) && termsOf(terms, workspaceTerms).mode === 'worktree').length;
};

/** @throws TasksError TASKS1219 when they cannot. */
export const checkWorktrees = async ({ services, out }: Context, { workspace, ...run }: WorktreeRun & { readonly workspace: string }): Promise<void> => {
  const count = worktreeTasks(run);
  if (count === 0) return;
  const { problem, uncommitted } = await services.worktreeOutlook(workspace);
  const whose = `${counted(count, 'task', 'tasks')} in git worktrees of their own`;
  if (problem !== undefined) {
    throw new TasksError({ code: 'TASKS1219', message: `the plan runs ${whose}, and there can be none: ${problem}`, hint: 'Say `git init` and commit there, name another directory with --codebase-path, or run them all in one workspace: --workspace-mode shared.' });
  }
  if (uncommitted === 0) return;
  reportWarnings(out, [{ code: 'TASKS1219', message: `the plan runs ${whose}, which do not have what is not committed: ${counted(uncommitted, 'file differs', 'files differ')} in ${workspace}`, hint: 'Commit it first. A task that changes one of these files cannot be merged.' }]);
};
