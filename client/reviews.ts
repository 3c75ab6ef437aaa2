/** What waits for a person's decision (HUMAN_REVIEW of spec/003), with all that is known of how it came to that. */
import type { AttemptFailure } from '../model/attempt.ts';
import type { ExecutionEvent } from '../model/event.ts';
import type { ExecutionId, TaskId } from '../model/ids.ts';
import type { TaskView } from '../model/message.ts';
import { TasksError } from '../model/problem.ts';
import type { TasksClient } from './api.ts';
import { adviceOf } from './review-advice.ts';
import type { Advice } from './review-advice.ts';

export interface ReviewItem {
  readonly execution: ExecutionId;
  readonly task: TaskId;
  readonly title?: string;
  readonly attempt: number;
  readonly reason: string;
  readonly failure?: AttemptFailure;
  /** Nobody knows what its last attempt did. */
  readonly unknown?: true;
  /** There is nothing of it to run. */
  readonly byHand?: true;
}

/** One attempt that did not succeed. */
export interface ReviewAttempt {
  readonly attempt: number;
  /** Milliseconds since the epoch; the first is missing where it never began. */
  readonly startedAt?: number;
  readonly endedAt: number;
  readonly worker?: string;
  readonly error: AttemptFailure;
  readonly exitCode?: number;
  /** Redacted end of its output. */
  readonly tail: string;
}

/** What was tried by itself, and after which attempt. */
export type ReviewTurn = Pick<Extract<ExecutionEvent, { readonly type: 'task_self_heal' }>, 'attempt' | 'step' | 'strategy' | 'turn' | 'turns' | 'at'>;

export interface Review extends ReviewItem {
  /** Since when it waits, in milliseconds since the epoch. */
  readonly since?: number;
  readonly attempts: readonly ReviewAttempt[];
  readonly turns: readonly ReviewTurn[];
  readonly next: readonly Advice[];
}

export interface ReviewOperations {
  /** In the order of the graph. */
  list(execution: ExecutionId): Promise<readonly ReviewItem[]>;
  /** @throws TasksError TASKS3005 when the task waits for nobody's decision. */
  check(execution: ExecutionId, task: string): Promise<void>;
  /** @throws TasksError as `check` does. */
  show(execution: ExecutionId, task: string): Promise<Review>;
}

const isUndecided = ({ state, waitingFor }: TaskView): boolean => state === 'PAUSED' || waitingFor === 'decision';

const itemOf = (execution: ExecutionId, { task, title, attempt, state, failure, byHand, waitingReason }: TaskView): ReviewItem => ({
  execution,
  task,
  ...(title !== undefined && { title }),
  attempt,
  reason: waitingReason ?? failure?.message ?? 'nobody knows how its last attempt ended',
  ...(failure && { failure }),
  ...(state === 'PAUSED' && { unknown: true as const }),
  ...(byHand && { byHand: true as const }),
});

interface Known {
  readonly attempts: ReviewAttempt[];
  readonly turns: ReviewTurn[];
  since?: number;
}

const known = async (events: AsyncIterable<ExecutionEvent>, id: string): Promise<Known> => {
  const found: Known = { attempts: [], turns: [] };
  let start: { readonly at: number; readonly worker?: string } | undefined;
  for await (const event of events) {
    if (!('task' in event) || event.task !== id) continue;
    if (event.type === 'task_started') start = { at: event.at, ...(event.worker !== undefined && { worker: event.worker }) };
    else if (event.type === 'task_needs_decision') found.since = event.at;
    else if (event.type === 'task_self_heal') found.turns.push({ attempt: event.attempt, step: event.step, strategy: event.strategy, turn: event.turn, turns: event.turns, at: event.at });
    else if (event.type === 'task_failed') {
      const { attempt, at, error, exitCode, tail } = event;
      found.attempts.push({ attempt, ...(start && { startedAt: start.at, ...(start.worker !== undefined && { worker: start.worker }) }), endedAt: at, error, ...(exitCode !== undefined && { exitCode }), tail });
      start = undefined;
    }
  }
  return found;
};

const undecided = async (client: Pick<TasksClient, 'task'>, execution: ExecutionId, task: string): Promise<TaskView> => {
  const view = await client.task(execution, task);
  if (isUndecided(view)) return view;
  throw new TasksError({ code: 'TASKS3005', message: `task ${view.task} is ${view.state}: it waits for nobody's decision`, hint: `\`tasks review list ${execution}\` shows what does.` });
};

export const reviewOperations = (client: Pick<TasksClient, 'tasks' | 'task' | 'events' | 'state'>): ReviewOperations => ({
  list: async (execution) => {
    const items: ReviewItem[] = [];
    for await (const view of client.tasks(execution)) if (isUndecided(view)) items.push(itemOf(execution, view));
    return items;
  },
  check: async (execution, task) => void (await undecided(client, execution, task)),
  show: async (execution, task) => {
    const view = await undecided(client, execution, task);
    const item = itemOf(execution, view);
    const { attempts, turns, since } = await known(client.events(execution), view.task);
    const { rollbackOf } = await client.state(execution);
    const next = adviceOf({ execution, task: view.task, failure: view.failure, unknown: item.unknown === true, byHand: item.byHand === true, isRollback: rollbackOf !== undefined });
    return { ...item, ...(since !== undefined && { since }), attempts, turns, next };
  },
});
