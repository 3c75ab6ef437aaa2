/** `policies.limits`: tasks at once by label and by workspace, as semaphores that each such task takes one of. */
import type { DraftTask, Limits } from '../read/draft.ts';
import type { Implicit } from './implicit.ts';
import { collect, semaphore, writes } from './implicit.ts';

/** `./apps/web/` and `apps/web` are one workspace. */
const normalised = (workspace: string): string => workspace.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '') || '.';

/** Everything that may count a task with these labels and this workspace. */
export const limitNames = (labels: readonly string[], workspace: string | undefined): readonly string[] => {
  const where = workspace === undefined ? [] : [normalised(workspace)];
  return [...where.map((each) => `workspace:${each}`), ...[...new Set(labels)].flatMap((label) => [`label:${label}`, ...where.map((each) => `label:${label} in ${each}`)])];
};

export const limitAsks = (tasks: readonly DraftTask[], limits: Limits | undefined): Implicit => {
  const ofLabel = new Map(Object.entries(limits?.labels ?? {}));
  const inWorkspace = new Map(Object.entries(limits?.perWorkspace?.labels ?? {}));
  const each = limits?.perWorkspace?.tasks;
  const capacities = new Map<string, number>();
  const asks: { task: number; ask: ReturnType<typeof writes> }[] = [];
  const limit = (task: number, name: string, capacity: number | undefined): void => {
    if (capacity === undefined) return;
    capacities.set(name, capacity);
    asks.push({ task, ask: writes(name) });
  };
  for (const [task, { node, exclusions }] of tasks.entries()) {
    const workspace = exclusions.workspace === undefined ? undefined : normalised(exclusions.workspace);
    if (workspace !== undefined) limit(task, `workspace:${workspace}`, each);
    for (const label of new Set(node.labels)) {
      limit(task, `label:${label}`, ofLabel.get(label));
      if (workspace !== undefined) limit(task, `label:${label} in ${workspace}`, inWorkspace.get(label));
    }
  }
  return collect(asks, (name) => semaphore(name, capacities.get(name) ?? 1));
};
