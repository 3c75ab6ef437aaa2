/** What an execution hands to its next run, and how it begins: all of its state, as plain data. */
import type { AttemptFailure } from '../../model/attempt.ts';
import type { EventBody, ExecutionEvent } from '../../model/event.ts';
import { UNASSIGNED } from '../../model/graph.ts';
import type { ContentHash, ExecutionId } from '../../model/ids.ts';
import type { CarriedTask, LoadedGraph, TakenOver, TaskProgress } from '../../model/activity.ts';
import { defaultCheckpoints } from '../../model/checkpoint.ts';
import type { CheckpointSource } from '../../model/checkpoint.ts';
import type { CompleteTaskRequest, ExecutionInput, ResumeAt } from '../../model/message.ts';
import type { QuarantineNews } from '../../model/quarantine.ts';
import { createState } from '../../scheduler/create-state.ts';
import { mergePolicies } from '../../scheduler/policies.ts';
import type { SchedulerState } from '../../scheduler/protocol.ts';
import type { CarriedGrants } from './grants.ts';
import { leftOut } from './left-out.ts';

/** Schema of {@link Carried}. A change of its shape raises it and adds a step to {@link migrate}. */
export const STATE_SCHEMA = 1;

/** What is known of a task's last attempt, beside the scheduler's record. Left out while there is nothing. */
export interface AttemptSummary {
  readyAt?: number;
  dispatchedAt?: number;
  startedAt?: number;
  finishedAt?: number;
  worker?: string;
  exitCode?: number;
  failure?: AttemptFailure;
  /** Only of a failure. */
  tail?: string;
  log?: string;
  /** The first of the attempts of which, up to now, nobody has heard how they ended. */
  lostSince?: number;
}

/** An attempt whose child belongs to an earlier run (or was there already): it reports by signal, or is fetched. */
export interface ForeignAttempt {
  readonly index: number;
  readonly attempt: number;
  /** It could not be told to report: it has closed, and its result must be fetched. */
  readonly closed: boolean;
  /** Asked of it, and perhaps dropped: a message sent in the moment in which a run closes goes nowhere. */
  readonly cancel?: boolean;
  readonly completion?: CompleteTaskRequest;
}

export interface Carried {
  readonly schema: number;
  readonly execution: ExecutionId;
  readonly plan: ContentHash;
  readonly firstRunId: string;
  readonly workspace: string;
  readonly graceMs: number;
  readonly git: boolean;
  /** Of tasks that leave it open. */
  readonly executor: string;
  readonly searchAttributes: boolean;
  readonly worker: string;
  /** What it rolls back, and which rollback of that it is. */
  readonly rollbackOf?: ExecutionInput['rollbackOf'];
  readonly startedAt: number;
  readonly scheduler: SchedulerState;
  /** By task index; sparse entries are null in JSON. */
  readonly attempts: (AttemptSummary | null)[];
  readonly events: ExecutionEvent[];
  lastEvent: number;
  run: number;
  longestBoundaryMs: number;
  /** With `git`: the lowest depth that has no tag yet. */
  nextTag: number;
  /** When starting stopped for the hand-over. */
  stoppedAt?: number;
  /** Decided and not yet handed to Temporal. */
  readonly unstarted: number[];
  readonly foreign: readonly ForeignAttempt[];
  /** Undefined while nothing was asked of a mutex. */
  readonly grants?: CarriedGrants;
  /** Where checkpoints lie; `.tasks/checkpoints` of the workspace when left out. */
  readonly checkpointDirectory?: string;
  /** Of an execution that resumes another one: where attempts look for what they go on from. */
  readonly resume?: { readonly lineage: readonly CheckpointSource[]; readonly at: readonly ResumeAt[] };
  /** The last event of an alert that its file has been told. */
  notedAlerts?: number;
  /** What there is to tell at the very beginning. */
  opening?: readonly EventBody[];
  /** What the register of quarantined tasks does not know yet; undefined while there is nothing. */
  untold?: QuarantineNews[];
  /** Undefined while no attempt has told anything. */
  readonly progress?: readonly CarriedProgress[];
}

/** How far a task is. */
export interface CarriedProgress {
  readonly index: number;
  readonly percent?: number;
  /** What was heard of its last attempt so far, so that nothing is told twice. */
  readonly heard?: { readonly attempt: number; readonly isResumed: boolean; readonly n: number; readonly refused: number };
  readonly progress: TaskProgress;
}

/** The hand-over is one payload of at most 2 MB, and output does not compress: events get this many characters of it, */
const EVENT_BUDGET = 512 * 1024;
/** and the output of this many failures goes along: those that the state shows. */
const TAILS = 50;

/** What is handed over without what can be had elsewhere: older events from the history, output from the logs. */
export const trimmed = (carried: Carried): Carried => {
  let budget = EVENT_BUDGET;
  let first = carried.events.length;
  while (first > 0 && budget > 0) {
    budget -= JSON.stringify(carried.events[first - 1]).length;
    if (budget > 0) first -= 1;
  }
  let tails = TAILS;
  const attempts = carried.attempts.map((summary, index) => {
    if (summary?.tail === undefined) return summary;
    if (carried.scheduler.records[index]?.state === 'FAILED' && tails > 0) {
      tails -= 1;
      return summary;
    }
    const { tail: _tail, ...rest } = summary;
    return rest;
  });
  return { ...carried, events: carried.events.slice(first), attempts };
};

/** A migrated copy of what an older worker handed over. */
export const migrate = (carried: Carried): Carried => {
  if (carried.schema === STATE_SCHEMA) {
    // Policies that an older worker did not know yet have their defaults.
    const { graph } = carried.scheduler;
    return { ...carried, scheduler: { ...carried.scheduler, graph: { ...graph, policies: mergePolicies(graph.policies) } } };
  }
  throw new Error(`[TASKS2009] the state of this execution has schema ${carried.schema}; this worker knows ${STATE_SCHEMA}`);
};

export const beginState = (options: {
  readonly input: ExecutionInput;
  readonly loaded: LoadedGraph;
  readonly execution: ExecutionId;
  readonly firstRunId: string;
  readonly workspace: string;
  readonly now: number;
}): Carried => {
  const { input, loaded, execution, firstRunId, workspace, now } = options;
  const policies = mergePolicies(loaded.graph.policies, input.policies);
  const executor = input.executor ?? 'human';
  const tasks = loaded.graph.tasks.map((task) => assigned(task, executor));
  const graph = { ...loaded.graph, tasks, sources: [input.plan], policies };
  const byId = new Map(loaded.carried?.map((task) => [task.task, task]));
  const carried = new Map(
    tasks.flatMap((task, index) => {
      const before = byId.get(task.id);
      return before ? [[index, before] as const] : [];
    }),
  );
  const progress = tasks.flatMap(({ id }, index): CarriedProgress[] => {
    const known = byId.get(id)?.progress;
    return known ? [{ index, progress: known }] : [];
  });
  const left = leftOut(loaded, { tasks, carried });
  const accepted: readonly EventBody[] = input.accepted && input.accepted.length > 0 ? [{ type: 'findings_accepted', findings: input.accepted }] : [];
  const opening = [...accepted, ...(loaded.takenOver ? openingOf(loaded.takenOver, loaded.carried ?? []) : []), ...left.events];
  const forceWaves = input.policies?.executionModel === 'wave_based';
  return {
    schema: STATE_SCHEMA,
    execution,
    plan: input.plan,
    firstRunId,
    workspace,
    graceMs: input.graceMs ?? 10_000,
    git: input.git ?? false,
    executor,
    searchAttributes: input.searchAttributes ?? false,
    worker: loaded.worker,
    ...(input.rollbackOf && { rollbackOf: input.rollbackOf }),
    startedAt: now,
    scheduler: createState({ graph, seed: input.plan, now, carried, quarantined: left.indices, forceWaves }),
    attempts: tasks.map(() => null),
    events: [],
    lastEvent: 0,
    run: 0,
    longestBoundaryMs: 0,
    nextTag: 0,
    unstarted: [],
    foreign: [],
    ...(input.checkpoints !== undefined && { checkpointDirectory: input.checkpoints }),
    ...(loaded.takenOver && { resume: { lineage: loaded.takenOver.lineage, at: input.resumeAt ?? [] } }),
    ...(opening.length > 0 && { opening }),
    ...(progress.length > 0 && { progress }),
  };
};

/** What was taken over, and what is run again all the same. */
const openingOf = ({ from, unchecked }: TakenOver, carried: readonly CarriedTask[]): readonly EventBody[] => {
  const again = carried.flatMap(({ task, again: reason }): EventBody[] => (reason === undefined ? [] : [{ type: 'task_run_again', task, reason }]));
  const tasks = carried.filter(({ succeeded }) => succeeded).length;
  return [{ type: 'execution_resumed_from', from, tasks, again: again.length, ...(unchecked !== undefined && { unchecked }) }, ...again];
};

/** A task that leaves its executor open gets the execution's. */
export const assigned = <T extends { readonly executor?: string }>(task: T, executor: string): T =>
  task.executor === UNASSIGNED ? { ...task, executor } : task;

/** Where an execution's checkpoints lie, on the machines of its workers. */
export const checkpointsOf = ({ checkpointDirectory, workspace }: Pick<Carried, 'checkpointDirectory' | 'workspace'>): string => checkpointDirectory ?? defaultCheckpoints(workspace);
