/** Which tasks of a plan are done, and which are being done: by what is said, by an execution, by what the plan itself records. */
import type { ExecutionId } from '../../model/ids.ts';
import type { TaskState } from '../../model/state.ts';
import type { TasksClient } from '../api.ts';

const DONE: ReadonlySet<TaskState> = new Set<TaskState>(['SUCCEEDED', 'SKIPPED']);
const UNDER_WAY: ReadonlySet<TaskState> = new Set<TaskState>(['QUEUED', 'ASSIGNED', 'RUNNING', 'CHECKPOINTED', 'PAUSED', 'BACKOFF']);

export interface FinishedTasks {
  readonly finished: ReadonlySet<string>;
  readonly underWay: ReadonlySet<string>;
  /** Tasks of the execution that the plan does not have: brought by hot updates, or of another plan. */
  readonly unknown: readonly string[];
  /** Tasks that both have. */
  readonly known: number;
}

export interface FinishedTasksOptions {
  readonly tasks: ReadonlySet<string>;
  /** Said by somebody. */
  readonly stated: readonly string[];
  /** By the plan: what was done when it was planned again before. */
  readonly recorded: readonly string[];
  readonly standing?: ReadonlyMap<string, TaskState>;
}

/** What an execution says of a task counts for more than what the plan records: it may have been undone since. */
export const finishedTasks = ({ tasks, stated, recorded, standing = new Map() }: FinishedTasksOptions): FinishedTasks => {
  const states = [...standing].filter(([task]) => tasks.has(task));
  return {
    finished: new Set([...recorded.filter((task) => tasks.has(task) && !standing.has(task)), ...states.flatMap(([task, state]) => (DONE.has(state) ? [task] : [])), ...stated]),
    underWay: new Set(states.flatMap(([task, state]) => (UNDER_WAY.has(state) && !stated.includes(task) ? [task] : []))),
    unknown: [...standing.keys()].filter((task) => !tasks.has(task)),
    known: states.length,
  };
};

export const standingOf = async (client: TasksClient, execution: ExecutionId): Promise<ReadonlyMap<string, TaskState>> => {
  const found = new Map<string, TaskState>();
  for await (const { task, state } of client.tasks(execution)) found.set(task, state);
  return found;
};
