/** What events make of the tasks they speak of: the states, without the scheduler that decided them. */
import type { TaskProgress } from '../model/activity.ts';
import type { AttemptFailure } from '../model/attempt.ts';
import type { EventType, ExecutionEvent } from '../model/event.ts';
import type { Graph, GraphTask } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import type { BreakerView, TaskCheckpoint } from '../model/message.ts';
import type { ExecutionStatus } from '../model/outcome.ts';
import type { Resolution } from '../model/self-heal.ts';
import { isSettled, isUnderWay, satisfiesHard } from '../model/state.ts';
import type { TaskState } from '../model/state.ts';
import { resolutionOf } from '../scheduler/ladder/resolution.ts';
import type { LastStanding } from './last-standing.ts';
import type { RebuiltEvent } from './rebuild-events.ts';

export interface FoldedTask {
  task: GraphTask;
  state: TaskState;
  attempt: number;
  retryAt?: number;
  /** Of the last attempt, with the tail of its output. */
  failure?: AttemptFailure;
  tail?: string;
  /** How it came out of an error. */
  resolution?: Resolution;
  /** Of the attempt that was under way. */
  percent?: number;
  /** The last point that it has passed. */
  checkpoint?: TaskCheckpoint;
}

export interface Folded {
  readonly tasks: readonly FoldedTask[];
  /** As patches have made it. */
  readonly graph: Graph;
  status: ExecutionStatus;
  /** Counted since the last run began. */
  retries: number;
  hotUpdates: number;
  /** Longest time that nothing could start because of a boundary, in milliseconds. */
  blockedMs: number;
  lastEvent: number;
  /** How the breakers stood last; undefined when they have done nothing since. */
  breakers?: readonly BreakerView[];
  /** Time of the last event. */
  at: number;
}

const STATE_AFTER: ReadonlyMap<EventType, TaskState> = new Map([
  ['task_started', 'RUNNING'],
  ['task_succeeded', 'SUCCEEDED'],
  // Of an attempt that was under way: see `undecided`.
  ['task_needs_decision', 'PAUSED'],
  ['task_skipped', 'SKIPPED'],
  ['task_cancelled', 'CANCELLED'],
  ['task_upstream_failed', 'UPSTREAM_FAILED'],
  ['task_retried', 'READY'],
  ['task_unplaced', 'READY'],
  ['task_preempted', 'READY'],
  ['task_quarantined', 'QUARANTINED'],
  ['task_compensating', 'COMPENSATING'],
  ['task_rolled_back', 'ROLLED_BACK'],
]);

/** What was blocked may no longer be. */
const UNBLOCKING: ReadonlySet<EventType> = new Set<EventType>(['task_retried', 'task_skipped', 'hot_update']);

const STATUS_AFTER: ReadonlyMap<EventType, ExecutionStatus> = new Map([
  ['execution_paused', 'paused'],
  ['execution_resumed', 'running'],
  ['execution_aborting', 'aborting'],
]);

export const foldEvents = async (base: LastStanding, rebuilt: AsyncIterable<RebuiltEvent>): Promise<Folded> => {
  const tasks = base.graph.tasks.map((task, at): FoldedTask => {
    const { failure, tail } = base.attempts[at] ?? {};
    const record = base.records[at];
    const { state = 'PENDING', attempt = 0 } = record ?? {};
    const resolution = record && resolutionOf(record);
    return { task, state, attempt, ...(failure && { failure }), ...(tail !== undefined && { tail }), ...(resolution && { resolution }) };
  });
  for (const { index, percent, progress } of base.progress) foldProgress(tasks[index], { percent, progress });
  const byId = new Map(tasks.map((task) => [task.task.id, task]));
  const folded: Omit<Folded, 'graph'> = { tasks, status: base.status, retries: 0, hotUpdates: 0, blockedMs: 0, lastEvent: base.lastEvent, at: base.startedAt };
  const sources = [...base.graph.sources];
  let { resources } = base.graph;
  const again = new Set<TaskId>();
  let isRollingBack = false;
  for await (const { event, change, breakers } of rebuilt) {
    folded.lastEvent = event.seq;
    folded.at = event.at;
    if (breakers) folded.breakers = breakers;
    folded.status = STATUS_AFTER.get(event.type) ?? folded.status;
    if (event.type === 'execution_completed') folded.status = event.outcome;
    if (event.type === 'execution_continued') folded.blockedMs = Math.max(folded.blockedMs, event.blockedMs);
    if (event.type === 'hot_update') folded.hotUpdates += 1;
    if (change) {
      for (const [at, task] of change.tasks) {
        const known = tasks[at];
        const folding: FoldedTask = known ?? { task, state: 'PENDING', attempt: 0 };
        folding.task = task;
        tasks[at] = folding;
        byId.set(task.id, folding);
      }
      sources.push(...change.sources);
      resources = change.resources ?? resources;
    }
    if (event.type === 'rollback_started') isRollingBack = true;
    if (event.type === 'rollback_finished') isRollingBack = false;
    if (event.type === 'task_rolled_back' && isRollingBack) again.add(event.task);
    // What was rolled back on request runs again when the execution goes on.
    if (event.type === 'execution_resumed') for (const id of again) if (byId.get(id)?.state === 'ROLLED_BACK') (byId.get(id) as FoldedTask).state = 'PENDING';
    const task = 'task' in event ? byId.get(event.task) : undefined;
    if (task) apply(task, event, folded);
    if (UNBLOCKING.has(event.type)) unblock(tasks);
  }
  for (const task of tasks) if (task.state === 'PENDING' || task.state === 'READY') task.state = isReady(task, tasks) ? 'READY' : 'PENDING';
  return { ...folded, graph: { ...base.graph, tasks: tasks.map(({ task }) => task), sources, ...(resources && { resources }) } };
};

/** Nobody says it in an event: what no dependency blocks any more waits for them again, and so does what it had blocked. */
const unblock = (tasks: readonly FoldedTask[]): void => {
  const isDead = (at: number): boolean => {
    const state = tasks[at]?.state ?? 'PENDING';
    return isSettled(state) && !satisfiesHard(state);
  };
  for (let again = true; again; ) {
    again = false;
    for (const folded of tasks) {
      if (folded.state !== 'UPSTREAM_FAILED' || folded.task.deps?.some(isDead)) continue;
      folded.state = 'PENDING';
      again = true;
    }
  }
};

/** Nobody knows what an attempt did that was under way; one that has ended, or never began, holds nothing. */
const undecided = ({ state }: FoldedTask): TaskState => (isUnderWay(state) || state === 'COMPENSATING' ? 'PAUSED' : 'READY');

const apply = (task: FoldedTask, event: ExecutionEvent, folded: { retries: number }): void => {
  task.state = event.type === 'task_needs_decision' ? undecided(task) : (STATE_AFTER.get(event.type) ?? task.state);
  if ('attempt' in event) task.attempt = event.attempt;
  if (event.type === 'task_started') delete task.retryAt;
  resolve(task, event);
  if (event.type === 'task_not_rolled_back') task.state = event.state;
  // Undone by the attempt that failed, which is tried again.
  if (event.type === 'task_rolled_back' && task.retryAt !== undefined) task.state = 'BACKOFF';
  if (STATE_AFTER.has(event.type) || event.type === 'task_failed') delete task.percent;
  if (event.type === 'task_progress' || event.type === 'task_resumed') task.percent = event.percent ?? 0;
  if (event.type === 'task_checkpoint') passed(task, event);
  if (event.type === 'task_retried' || (event.type === 'task_failed' && event.canRetry)) folded.retries += 1;
  if (event.type !== 'task_failed') return;
  // What a breaker holds is ready, and waits for it.
  task.state = event.heldBy !== undefined ? 'READY' : event.canRetry ? 'BACKOFF' : 'FAILED';
  task.failure = event.error;
  task.tail = event.tail;
  if (event.retryAt !== undefined) task.retryAt = event.retryAt;
};

/** As `resolutionOf` says it of a record. */
const resolve = (task: FoldedTask, event: ExecutionEvent): void => {
  if (!STATE_AFTER.has(event.type) && event.type !== 'task_failed') return;
  delete task.resolution;
  if (event.type === 'task_succeeded' && event.resolution) task.resolution = event.resolution;
  if (event.type === 'task_quarantined' && task.failure) task.resolution = 'QUARANTINED';
  if (event.type === 'task_skipped' && task.failure) task.resolution = 'RESOLVED_HUMAN';
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
