/** What events make of the tasks they speak of: the states, without the scheduler that decided them. */
import type { TaskProgress } from '../model/activity.ts';
import type { AttemptFailure } from '../model/attempt.ts';
import type { EventType, ExecutionEvent } from '../model/event.ts';
import type { GraphTask } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import type { TaskCheckpoint } from '../model/message.ts';
import type { ExecutionStatus } from '../model/outcome.ts';
import { isSettled, satisfiesHard } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import type { LastStanding } from './last-standing.ts';

export interface FoldedTask {
  readonly task: GraphTask;
  state: TaskState;
  attempt: number;
  retryAt?: number;
  /** Of the last attempt, with the tail of its output. */
  failure?: AttemptFailure;
  tail?: string;
  /** Of the attempt that was under way. */
  percent?: number;
  /** The last point that it has passed. */
  checkpoint?: TaskCheckpoint;
}

export interface Folded {
  readonly tasks: readonly FoldedTask[];
  status: ExecutionStatus;
  /** Counted since the last run began. */
  retries: number;
  hotUpdates: number;
  /** Longest time that nothing could start because of a boundary, in milliseconds. */
  blockedMs: number;
  lastEvent: number;
}

const STATE_AFTER: ReadonlyMap<EventType, TaskState> = new Map([
  ['task_started', 'RUNNING'],
  ['task_succeeded', 'SUCCEEDED'],
  ['task_needs_decision', 'PAUSED'],
  ['task_skipped', 'SKIPPED'],
  ['task_cancelled', 'CANCELLED'],
  ['task_upstream_failed', 'UPSTREAM_FAILED'],
  ['task_retried', 'READY'],
  ['task_unplaced', 'READY'],
  ['task_preempted', 'READY'],
]);

const STATUS_AFTER: ReadonlyMap<EventType, ExecutionStatus> = new Map([
  ['execution_paused', 'paused'],
  ['execution_resumed', 'running'],
  ['execution_aborting', 'aborting'],
]);

/**
 * A task that a hot update brought since then is known by its id alone: title, estimate and dependencies are in the
 * plan store, not in the events.
 */
export const foldEvents = async (base: LastStanding, events: AsyncIterable<ExecutionEvent>): Promise<Folded> => {
  const tasks = base.graph.tasks.map((task, at): FoldedTask => {
    const { failure, tail } = base.attempts[at] ?? {};
    const { state = 'PENDING', attempt = 0 } = base.records[at] ?? {};
    return { task, state, attempt, ...(failure && { failure }), ...(tail !== undefined && { tail }) };
  });
  for (const { index, percent, progress } of base.progress) foldProgress(tasks[index], { percent, progress });
  const byId = new Map(tasks.map((task) => [task.task.id, task]));
  const folded: Folded = { tasks, status: base.status, retries: 0, hotUpdates: 0, blockedMs: 0, lastEvent: base.lastEvent };
  const blockedBy = new Map<TaskId, TaskId>();
  for await (const event of events) {
    folded.lastEvent = event.seq;
    folded.status = STATUS_AFTER.get(event.type) ?? folded.status;
    if (event.type === 'execution_completed') folded.status = event.outcome;
    if (event.type === 'execution_continued') folded.blockedMs = Math.max(folded.blockedMs, event.blockedMs);
    if (event.type === 'hot_update') {
      folded.hotUpdates += 1;
      for (const id of event.injected) {
        const added: FoldedTask = { task: { id }, state: 'PENDING', attempt: 0 };
        byId.set(id, added);
        tasks.push(added);
      }
    }
    if (event.type === 'task_upstream_failed') blockedBy.set(event.task, event.upstream);
    // What it had blocked waits for it again.
    if (event.type === 'task_retried') for (const [blocked, upstream] of blockedBy) if (upstream === event.task) unblock(byId.get(blocked));
    const task = 'task' in event ? byId.get(event.task) : undefined;
    if (task) apply(task, event, folded);
  }
  for (const task of tasks) if (task.state === 'PENDING' || task.state === 'READY') task.state = isReady(task, tasks) ? 'READY' : 'PENDING';
  return folded;
};

const unblock = (task: FoldedTask | undefined): void => {
  if (task?.state === 'UPSTREAM_FAILED') task.state = 'PENDING';
};

const apply = (task: FoldedTask, event: ExecutionEvent, folded: Folded): void => {
  task.state = STATE_AFTER.get(event.type) ?? task.state;
  if ('attempt' in event) task.attempt = event.attempt;
  if (event.type === 'task_started') delete task.retryAt;
  if (STATE_AFTER.has(event.type) || event.type === 'task_failed') delete task.percent;
  if (event.type === 'task_progress' || event.type === 'task_resumed') task.percent = event.percent ?? 0;
  if (event.type === 'task_checkpoint') passed(task, event);
  if (event.type === 'task_retried' || (event.type === 'task_failed' && event.canRetry)) folded.retries += 1;
  if (event.type !== 'task_failed') return;
  task.state = event.canRetry ? 'BACKOFF' : 'FAILED';
  task.failure = event.error;
  task.tail = event.tail;
  if (event.retryAt !== undefined) task.retryAt = event.retryAt;
};

const passed = (task: FoldedTask, { checkpoint: name, percent, at }: Extract<ExecutionEvent, { readonly type: 'task_checkpoint' }>): void => {
  task.checkpoint = { name, ...(percent !== undefined && { percent }), at, count: (task.checkpoint?.count ?? 0) + 1 };
  if (percent !== undefined) task.percent = Math.max(task.percent ?? 0, percent);
};

const foldProgress = (task: FoldedTask | undefined, { percent, progress: { last, count } }: { readonly percent: number | undefined; readonly progress: TaskProgress }): void => {
  if (!task) return;
  if (percent !== undefined) task.percent = percent;
  if (last) task.checkpoint = { name: last.name, ...(last.percent !== undefined && { percent: last.percent }), at: last.at, count };
};

/** Nobody says it in an event: a task is ready when what it depends on is done. */
const isReady = ({ task }: FoldedTask, tasks: readonly FoldedTask[]): boolean => {
  const stateOf = (at: number): TaskState => tasks[at]?.state ?? 'PENDING';
  return (task.deps ?? []).every((at) => satisfiesHard(stateOf(at))) && (task.soft ?? []).every((at) => isSettled(stateOf(at)));
};
