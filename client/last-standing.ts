/**
 * Where an execution stood when its last run began, from Temporal's history alone: what the run before handed over,
 * or the graph that its first activity loaded.
 */
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { LoadedGraph } from '../model/activity.ts';
import type { ContentHash, ExecutionId } from '../model/ids.ts';
import { defaultCheckpoints } from '../model/checkpoint.ts';
import type { Graph } from '../model/graph.ts';
import type { ExecutionInput } from '../model/message.ts';
import type { ExecutionStatus } from '../model/outcome.ts';
import { TasksError } from '../model/problem.ts';
import type { TaskState } from '../model/state.ts';
import type { HealingState } from '../scheduler/healing/state.ts';
import { mergePolicies } from '../scheduler/policies.ts';
import { executionHistory } from '../temporal/history.ts';
import { firstValue } from '../temporal/payload.ts';
import type { AttemptSummary, Carried, CarriedProgress, STATE_SCHEMA } from '../workflows/execution/carry.ts';

/** Of an execution that was never continued. Its type stops a change of the schema that forgets this. */
const SCHEMA: typeof STATE_SCHEMA = 1;
const LOADING = 'loadGraph';

export interface LastStanding {
  readonly plan: ContentHash;
  readonly graph: Graph;
  readonly workspace: string;
  /** Where its checkpoints lie. */
  readonly checkpoints: string;
  /** How far tasks had come, by their index. */
  readonly progress: readonly CarriedProgress[];
  /** By task index. */
  readonly records: readonly { readonly state: TaskState; readonly attempt: number }[];
  /** By task index; empty or null where nothing is known. */
  readonly attempts: readonly (AttemptSummary | null)[];
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly version: number;
  readonly retries: number;
  readonly hotUpdates: number;
  /** Runs, the first counted. */
  readonly runs: number;
  readonly longestBoundaryMs: number;
  /** What events up to this number say is here already. */
  readonly lastEvent: number;
  readonly worker: string;
  readonly schema: number;
  /** What its breakers knew; undefined when nothing had failed. */
  readonly healing?: HealingState;
}

interface Found {
  input?: ExecutionInput;
  loaded?: LoadedGraph;
  carried?: Carried;
  startedAt: number;
}

/** @throws TasksError TASKS3012 when its plan was never loaded, and those of {@link executionHistory}. */
export const lastStanding = async (request: { readonly client: Client; readonly execution: ExecutionId }): Promise<LastStanding> => {
  const { input, loaded, carried, startedAt } = await find(request);
  if (carried) return ofCarried(carried);
  if (input && loaded) return ofLoaded(loaded, input, startedAt);
  const hint = 'Nothing of it has run: start it again.';
  throw new TasksError({ code: 'TASKS3012', message: `execution ${request.execution} ended before it had loaded its plan`, hint });
};

const find = async ({ client, execution }: { readonly client: Client; readonly execution: ExecutionId }): Promise<Found> => {
  const found: Found = { startedAt: 0 };
  let loading: string | undefined;
  for await (const { run, event } of executionHistory({ client, execution })) {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) {
      const [, handedOver] = started.input?.payloads ?? [];
      found.input = (await firstValue(client, started.input)) as ExecutionInput;
      if (handedOver) found.carried = (await firstValue(client, { payloads: [handedOver] })) as Carried;
      if (run === 0) found.startedAt = tsToMs(event.eventTime);
    }
    if (run > 0 || found.loaded) continue;
    if (event.activityTaskScheduledEventAttributes?.activityType?.name === LOADING) loading = String(event.eventId);
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed && String(completed.scheduledEventId) === loading) found.loaded = (await firstValue(client, completed.result)) as LoadedGraph;
  }
  return found;
};

const ofCarried = (carried: Carried): LastStanding => {
  const { workspace, startedAt, longestBoundaryMs, lastEvent, worker, schema, scheduler, attempts, run } = carried;
  const { graph, version, retries, patches, records, mode, healing } = scheduler;
  const status = mode === 'paused' || mode === 'aborting' ? mode : 'running';
  const checkpoints = carried.checkpointDirectory ?? defaultCheckpoints(workspace);
  return { plan: carried.plan, graph, workspace, checkpoints, progress: carried.progress ?? [], records, attempts, status, startedAt, version, retries, hotUpdates: patches.length, runs: run + 1, longestBoundaryMs, lastEvent, worker, schema, ...(healing && { healing }) };
};

const ofLoaded = ({ graph, codebasePath, carried = [], worker }: LoadedGraph, input: ExecutionInput, startedAt: number): LastStanding => {
  const takenOver = new Map(carried.map((task) => [task.task, task]));
  const workspace = input.workspace ?? codebasePath ?? '';
  return {
    plan: input.plan,
    graph: { ...graph, sources: [input.plan], policies: mergePolicies(graph.policies, input.policies) },
    workspace,
    checkpoints: input.checkpoints ?? defaultCheckpoints(workspace),
    progress: [],
    records: graph.tasks.map(({ id }) => {
      const before = takenOver.get(id);
      return { state: before?.succeeded ? 'SUCCEEDED' : 'PENDING', attempt: before?.attempts ?? 0 };
    }),
    attempts: [],
    status: 'running',
    startedAt,
    version: 1,
    retries: 0,
    hotUpdates: 0,
    runs: 1,
    longestBoundaryMs: 0,
    lastEvent: 0,
    worker,
    schema: SCHEMA,
  };
};
