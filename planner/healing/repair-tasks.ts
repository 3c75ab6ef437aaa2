/** The steps of a playbook as tasks to inject, one after the other. */
import type { Playbook, PlaybookStep } from '../../model/healing.ts';
import { present } from '../read/optional.ts';

/** What a step is told of what it repairs. */
export interface Occasion {
  readonly execution: string;
  readonly breaker: string;
  readonly trip: number;
  /** The task that failed last. */
  readonly task: string;
  /** Directories of the tasks that failed, relative to the execution's workspace, each once, the last one first; `.` is the workspace itself. */
  readonly workspaces: readonly string[];
  /** Values of the playbook's variables that hold instead of its own. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Id of the task of a step; {@link repairId} unless stated. */
  readonly idOf?: (step: string) => string;
}

/** Before everything of the plan's. */
const PRIORITY = 0;
/** One in a hundred failures of a repair has a cause that passes. */
const RETRIES = 1;

/** What tasks of a repair have in common. What they install or mend must be there for all: none has a worktree. */
export const REPAIR = { priority: PRIORITY, retries: RETRIES, labels: ['repair'] as readonly string[], workspace_mode: 'shared' } as const;

/** `AUTO.MISSING-DEPENDENCIES.1.install`: ids of the system's own tasks begin so. */
export const repairId = (breaker: string, trip: number, step: string): string => `AUTO.${breaker.toUpperCase()}.${trip}.${step}`.replaceAll(/[^A-Za-z0-9._-]/gu, '-').slice(0, 120);

interface Run {
  readonly step: PlaybookStep;
  readonly id: string;
  readonly workspace: string;
}

const runsOf = ({ steps }: Playbook, { breaker, trip, workspaces, idOf = (step) => repairId(breaker, trip, step) }: Occasion): readonly Run[] =>
  steps.flatMap((step) => {
    const places = step.eachWorkspace ? workspaces : workspaces.slice(0, 1);
    return places.map((workspace, at) => ({ step, workspace, id: idOf(places.length > 1 ? `${step.name}.${at + 1}` : step.name) }));
  });

/** In the form in which plans write tasks. */
export const repairTasks = (playbook: Playbook, occasion: Occasion): readonly Readonly<Record<string, unknown>>[] => {
  const runs = runsOf(playbook, occasion);
  return runs.map(({ step, id, workspace }, at) => {
    const before = runs[at - 1];
    const after = before?.step.onFailure === 'continue' ? { soft_deps: [before.id] } : { deps: before ? [before.id] : [] };
    return {
      id,
      title: `${playbook.name}: ${step.name}`,
      cmd: step.command,
      env: {
        ...playbook.variables,
        ...occasion.variables,
        workspace,
        workspaces: occasion.workspaces.join('\n'),
        task: occasion.task,
        breaker: occasion.breaker,
        execution: occasion.execution,
      },
      ...REPAIR,
      retries: step.retries ?? RETRIES,
      ...(step.onFailure === 'continue' && { optional: true }),
      ...after,
      ...present({ directory: step.directory, timeout: step.timeoutMs === undefined ? undefined : `${step.timeoutMs}ms` }),
    };
  });
};
