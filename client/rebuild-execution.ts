/**
 * How an execution that has closed stood at its end, without a worker: where its last run began, and what its
 * events say happened since. Times, exit codes and reasons of attempts are those of the ledger.
 */
import type { Client } from '@temporalio/client';
import { DEFAULT_ESTIMATE_MS } from '../model/graph.ts';
import type { Graph, GraphTask } from '../model/graph.ts';
import type { ExecutionId } from '../model/ids.ts';
import { isAttemptLine } from '../model/ledger.ts';
import type { AttemptLine } from '../model/ledger.ts';
import type { BreakerView, ExecutionState, FailedTask, GraphNode, TaskView } from '../model/message.ts';
import type { Counts } from '../model/outcome.ts';
import { countResolutions } from '../model/self-heal.ts';
import { markedAs } from '../model/sentinel.ts';
import type { TaskState } from '../model/state.ts';
import { GraphIndex } from '../scheduler/graph-index.ts';
import type { HealingState } from '../scheduler/healing/state.ts';
import { breakerViews } from '../scheduler/healing/view.ts';
import { readLedger } from '../temporal/ledger.ts';
import { foldEvents } from './fold-events.ts';
import type { Folded, FoldedTask } from './fold-events.ts';
import { lastStanding } from './last-standing.ts';
import type { LastStanding } from './last-standing.ts';
import { rebuildHistory } from './rebuild-events.ts';

export interface RebuiltExecution {
  /** As it stood; its status says `running`, `paused` or `aborting`, as it was before it was closed by force. */
  readonly state: ExecutionState;
  /** In the order of the graph. */
  readonly tasks: readonly TaskView[];
  readonly graph: readonly GraphNode[];
  /** As the execution carried it. */
  readonly skeleton: Graph;
  readonly version: number;
  readonly breakers: readonly BreakerView[];
}

const MAX_FAILED = 50;

/** @throws TasksError TASKS3012 when its plan was never loaded, TASKS4004 when its history is past retention. */
export const rebuildExecution = async (request: { readonly client: Client; readonly execution: ExecutionId }): Promise<RebuiltExecution> => {
  const [base, ledger] = await Promise.all([lastStanding(request), readLedger(request)]);
  const folded = await foldEvents(base, rebuildHistory({ ...request, from: base.lastEvent + 1, before: Infinity }));
  const ends = new Map(ledger.filter(isAttemptLine).map((line) => [`${line.task_id}/${line.attempt}`, line]));
  const tasks = folded.tasks.map((task) => viewOf(task, ends.get(`${task.task.id}/${task.attempt}`)));
  return { state: stateOf(request.execution, base, folded), tasks, graph: nodesOf(folded), skeleton: folded.graph, version: base.version + folded.hotUpdates, breakers: breakersOf(base, folded) };
};

const UNTOUCHED: HealingState = { failures: [], breakers: [], holds: [] };

const breakersOf = ({ graph, healing = UNTOUCHED }: LastStanding, { breakers, at }: Folded): readonly BreakerView[] =>
  breakers ?? breakerViews(graph.policies.breakers, healing, { index: new GraphIndex(graph), now: at });

/** An attempt that was open is shown as open, whatever became of it afterwards. */
const viewOf = ({ task, state, attempt, retryAt, failure, resolution, percent, checkpoint }: FoldedTask, line: AttemptLine | undefined): TaskView => {
  const end = state === 'RUNNING' ? undefined : line;
  return {
    task: task.id,
    ...(task.title !== undefined && { title: task.title }),
    ...markedAs(task),
    state,
    attempt,
    estimateMs: estimateOf(task),
    ...(retryAt !== undefined && { retryAt }),
    ...(end && { startedAt: Date.parse(end.started), finishedAt: Date.parse(end.finished), worker: end.worker }),
    ...(end && end.exit_code !== null && { exitCode: end.exit_code }),
    ...(failure && { failure }),
    ...(resolution && { resolution }),
    ...(percent !== undefined && { percent }),
    ...(checkpoint && { checkpoint }),
  };
};

const estimateOf = ({ estimateMs = DEFAULT_ESTIMATE_MS }: GraphTask): number => estimateMs;

const stateOf = (execution: ExecutionId, base: LastStanding, folded: Folded): ExecutionState => {
  const { tasks, status, retries, hotUpdates, lastEvent } = folded;
  const failed = tasks.filter(({ state }) => state === 'FAILED' || state === 'QUARANTINED');
  return {
    executionId: execution,
    plan: base.plan,
    name: base.graph.name,
    workspace: base.workspace,
    checkpoints: base.checkpoints,
    status,
    total: tasks.length,
    counts: countsOf(tasks),
    version: base.version + hotUpdates,
    startedAt: base.startedAt,
    estimatedSeconds: tasks.reduce((sum, { task }) => sum + estimateOf(task), 0) / 1_000,
    criticalPathSeconds: new GraphIndex(folded.graph).criticalPathMs / 1_000,
    retries: base.retries + retries,
    resolutions: countResolutions(tasks.map(({ resolution }) => resolution)),
    hotUpdates: base.hotUpdates + hotUpdates,
    runs: base.runs,
    longestBoundaryMs: Math.max(base.longestBoundaryMs, folded.blockedMs),
    lastEvent,
    concurrencyMax: base.graph.policies.concurrencyMax,
    version_info: { state: base.schema, worker: base.worker },
    failed: failed.slice(0, MAX_FAILED).map(failedOf),
    failedTotal: failed.length,
  };
};

const countsOf = (tasks: readonly FoldedTask[]): Counts => {
  const counts: Partial<Record<TaskState, number>> = {};
  for (const { state } of tasks) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

const failedOf = ({ task, state, attempt, failure, tail }: FoldedTask): FailedTask => ({
  task: task.id,
  attempts: attempt,
  ...(state === 'QUARANTINED' && { quarantined: true }),
  ...(failure && { failure }),
  ...(tail !== undefined && { tail }),
});

const nodesOf = ({ tasks, graph }: Folded): readonly GraphNode[] => {
  const index = new GraphIndex(graph);
  const ids = (list: readonly number[] = []) => list.map((at) => index.id(at));
  return tasks.map(({ task, state }, at) => ({ task: task.id, ...markedAs(task), deps: ids(task.deps), soft: ids(task.soft), state, depth: index.depth[at] ?? 0, estimateMs: estimateOf(task) }));
};
