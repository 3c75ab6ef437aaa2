/** Answers of the execution's queries: pages of plain data, none longer than Temporal carries. */
import type { DemandView, ExecutionState, EventsPage, FailedTask, FrontierView, GraphNode, Page, PageRequest, TaskView, WaitingFor } from '../../model/message.ts';
import type { Counts, ExecutionStatus } from '../../model/outcome.ts';
import type { GraphTask } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';
import { countResolutions } from '../../model/self-heal.ts';
import { markedAs } from '../../model/sentinel.ts';
import { isUnderWay, occupiesSlot } from '../../model/state.ts';
import { unreachable } from '../../model/unreachable.ts';
import { executorOf } from '../../scheduler/dispatch.ts';
import { resolutionOf } from '../../scheduler/ladder/resolution.ts';
import type { TaskRecord } from '../../scheduler/protocol.ts';
import { checkpointsOf, STATE_SCHEMA } from './carry.ts';
import type { AttemptSummary } from './carry.ts';
import type { Driver } from './driver.ts';

const MAX_FAILED = 50;
const MAX_FRONTIER = 500;
/** Of waiting, in an answer to `demand`. */
const MAX_KINDS = 200;

export const statusOf = (driver: Driver): ExecutionStatus => {
  if (driver.outcome) return driver.outcome;
  const { mode } = driver.carried.scheduler;
  switch (mode) {
    case 'paused':
      return 'paused';
    case 'aborting':
      return 'aborting';
    case 'running':
    case 'stopping':
    case 'finished':
      return 'running';
    default:
      return unreachable(mode);
  }
};

export const stateView = (driver: Driver, finishedAt?: number): ExecutionState => {
  const { carried, scheduler } = driver;
  const { index } = scheduler;
  const failed = carried.scheduler.records.flatMap((record, i) =>
    record.state === 'FAILED' || record.state === 'QUARANTINED' || isFailureUndone(driver, record, i) ? [i] : [],
  );
  let estimated = 0;
  for (let i = 0; i < index.tasks.length; i += 1) estimated += index.estimate(i);
  return {
    executionId: carried.execution,
    plan: carried.plan,
    name: carried.scheduler.graph.name,
    workspace: carried.workspace,
    status: statusOf(driver),
    total: index.tasks.length,
    counts: scheduler.counts,
    version: carried.scheduler.version,
    startedAt: carried.startedAt,
    ...(finishedAt !== undefined && { finishedAt }),
    estimatedSeconds: estimated / 1_000,
    criticalPathSeconds: index.criticalPathMs / 1_000,
    retries: carried.scheduler.retries,
    resolutions: countResolutions(carried.scheduler.records.map(resolutionOf)),
    hotUpdates: carried.scheduler.patches.length,
    runs: carried.run,
    longestBoundaryMs: carried.longestBoundaryMs,
    lastEvent: driver.log.last,
    concurrencyMax: carried.scheduler.graph.policies.concurrencyMax,
    version_info: { state: STATE_SCHEMA, worker: carried.worker },
    failed: failed.slice(0, MAX_FAILED).map((i) => failedView(driver, i)),
    failedTotal: failed.length,
    ...(carried.rollbackOf && { rollbackOf: carried.rollbackOf.execution }),
    ...(carried.scheduler.rollback?.last && { rolledBack: carried.scheduler.rollback.last }),
    checkpoints: checkpointsOf(carried),
  };
};

/** It failed for good, and what it did has been undone: that it failed is still why the execution did. */
const isFailureUndone = (driver: Driver, { state, again }: TaskRecord, index: number): boolean => state === 'ROLLED_BACK' && !again && driver.carried.attempts[index]?.failure !== undefined;

const failedView = (driver: Driver, index: number): FailedTask => {
  const summary = driver.carried.attempts[index];
  return {
    task: driver.scheduler.index.id(index),
    attempts: driver.carried.scheduler.records[index]?.attempt ?? 0,
    ...(driver.carried.scheduler.records[index]?.state === 'QUARANTINED' && { quarantined: true }),
    ...(summary?.failure && { failure: summary.failure }),
    ...(summary?.tail !== undefined && { tail: summary.tail }),
    ...(summary?.log !== undefined && { log: summary.log }),
  };
};

export const taskView = (driver: Driver, index: number): TaskView => {
  const { carried, scheduler } = driver;
  const task = scheduler.index.tasks[index] as GraphTask;
  const record = carried.scheduler.records[index];
  if (!record) throw new RangeError(`no task ${index}`);
  const summary = carried.attempts[index];
  const resolution = resolutionOf(record);
  const waiting = record.state === 'READY' ? scheduler.waiting(index, Date.now()) : undefined;
  const waitingFor = waiting?.kind ?? waitingOf(driver, index);
  return {
    task: task.id,
    ...(task.title !== undefined && { title: task.title }),
    ...markedAs(task),
    state: record.state,
    attempt: record.attempt,
    ...(waitingFor && { waitingFor }),
    ...(waiting && { waitingReason: waiting.reason }),
    ...(task.byHand !== undefined && { byHand: true }),
    ...readySinceOf(record, summary),
    ...(record.retryAt !== undefined && { retryAt: record.retryAt }),
    ...(resolution && { resolution }),
    ...(record.dispatch && { dispatch: record.dispatch }),
    estimateMs: scheduler.index.estimate(index),
    ...(summary?.dispatchedAt !== undefined && { dispatchedAt: summary.dispatchedAt }),
    ...(summary?.startedAt !== undefined && { startedAt: summary.startedAt }),
    ...(summary?.finishedAt !== undefined && { finishedAt: summary.finishedAt }),
    ...(workerOf(record, summary)),
    ...(summary?.exitCode !== undefined && { exitCode: summary.exitCode }),
    ...(summary?.failure && { failure: summary.failure }),
    ...driver.progress.view(index),
  };
};

const readySinceOf = ({ readyAt }: TaskRecord, summary: AttemptSummary | null | undefined): { readonly readySince?: number } => {
  const since = readyAt ?? summary?.readyAt;
  return since === undefined ? {} : { readySince: since };
};

/** Of the last attempt, once it has reported; the one it was placed on until then. */
const workerOf = ({ state, placedOn }: TaskRecord, summary: AttemptSummary | null | undefined): { readonly worker?: string } => {
  const worker = summary?.worker || (isUnderWay(state) ? placedOn : undefined);
  return worker ? { worker } : {};
};

const waitingOf = (driver: Driver, index: number): WaitingFor | undefined => {
  const record = driver.carried.scheduler.records[index];
  if (record?.state === 'PENDING') return 'dependencies';
  if (record?.state === 'BACKOFF') return 'backoff';
  if (record?.state === 'PAUSED') return 'decision';
  const person = executorOf(driver.scheduler.index.tasks[index] as GraphTask) === 'human';
  return record?.state === 'RUNNING' && person ? 'person' : undefined;
};

export const frontierView = (driver: Driver): FrontierView => {
  const { records } = driver.carried.scheduler;
  const pick = (wanted: (index: number) => boolean): TaskView[] => {
    const views: TaskView[] = [];
    for (let i = 0; i < records.length && views.length < MAX_FRONTIER; i += 1) if (wanted(i)) views.push(taskView(driver, i));
    return views;
  };
  const state = (index: number): string | undefined => records[index]?.state;
  return {
    ready: driver.scheduler.frontier(Date.now()).slice(0, MAX_FRONTIER).map((i) => taskView(driver, i)),
    running: pick((i) => occupiesSlot(records[i]?.state ?? 'PENDING') && state(i) !== 'PAUSED'),
    backoff: pick((i) => state(i) === 'BACKOFF'),
    waiting: pick((i) => state(i) === 'PAUSED' || records[i]?.parked !== undefined),
    counts: driver.scheduler.counts,
    version: driver.carried.scheduler.version,
  };
};

/** By what they ask a worker for, in the order of the graph. */
export const demandView = (driver: Driver): DemandView => {
  const { records, graph } = driver.carried.scheduler;
  const waiting = new Map<string, { readonly capabilities: readonly string[]; tasks: number }>();
  for (const [index, { state }] of records.entries()) {
    if (state !== 'READY' || driver.scheduler.waiting(index, Date.now())?.kind !== 'worker') continue;
    const { capabilities = [] } = graph.tasks[index] as GraphTask;
    const kind = JSON.stringify(capabilities);
    const found = waiting.get(kind);
    if (found) found.tasks += 1;
    else if (waiting.size < MAX_KINDS) waiting.set(kind, { capabilities, tasks: 1 });
  }
  return { waiting: [...waiting.values()] };
};

export const page = <T>(request: Required<PageRequest>, total: number, view: (index: number) => T): Page<T> => {
  const end = Math.min(request.from + request.limit, total);
  const items: T[] = [];
  for (let i = request.from; i < end; i += 1) items.push(view(i));
  return end < total ? { items, next: end } : { items };
};

export const graphNode = (driver: Driver, index: number): GraphNode => {
  const task = driver.scheduler.index.tasks[index] as GraphTask;
  const ids = (list: readonly number[] = []): TaskId[] => list.map((i) => driver.scheduler.index.id(i));
  return {
    task: task.id,
    ...markedAs(task),
    deps: ids(task.deps),
    soft: ids(task.soft),
    state: driver.carried.scheduler.records[index]?.state ?? 'PENDING',
    depth: driver.scheduler.index.depth[index] ?? 0,
    estimateMs: driver.scheduler.index.estimate(index),
  };
};

export const eventsPage = (driver: Driver, request: Required<PageRequest>): EventsPage => {
  const from = Math.max(request.from, driver.log.oldest, 1);
  const items = driver.log.page(from, request.limit);
  const next = from + items.length;
  return { items, oldest: driver.log.oldest, status: statusOf(driver), ...(next <= driver.log.last && { next }) };
};

/** A short Markdown table for Temporal's web UI. */
export const details = (driver: Driver): string => {
  const { counts } = driver.scheduler;
  const row = (names: Counts): string => Object.entries(names).map(([state, count]) => `| ${state} | ${count} |`).join('\n');
  return `**${statusOf(driver)}** · ${driver.scheduler.index.tasks.length} tasks · run ${driver.carried.run}\n\n| state | tasks |\n|---|---|\n${row(counts)}`;
};
