/**
 * The execution's contract with the outside: its input, signals, updates, queries and their payloads.
 * Names are what `temporal workflow signal|query|update` takes; the same table serves client and workflow.
 */
import type { AcceptedFindings } from './accepted.ts';
import type { WantedPoint } from './checkpoint.ts';
import type { ContentHash, ExecutionId, TaskId } from './ids.ts';
import type { ExecutionEvent } from './event.ts';
import type { Graph, GraphTask, Policies } from './graph.ts';
import type { LateEdge } from './late-edge.ts';
import type { Counts, ExecutionStatus } from './outcome.ts';
import type { RollbackOutcome, RollbackSummary } from './rollback.ts';
import type { Mark } from './sentinel.ts';
import type { Resolution, Resolutions } from './self-heal.ts';
import type { TaskState } from './state.ts';
import type { AttemptFailure } from './attempt.ts';

export const WORKFLOW = { execution: 'execution', task: 'task', plan: 'plan', mutex: 'mutex', pool: 'pool', quarantine: 'quarantine' } as const;

/** Signals never fail: a bad one becomes a `request_rejected` event. */
export const SIGNAL = {
  hotUpdate: 'hotUpdate',
  pause: 'pause',
  resume: 'resume',
  abort: 'abort',
  completeTask: 'completeTask',
  retryTask: 'retryTask',
  skipTask: 'skipTask',
  quarantineTask: 'quarantineTask',
  approve: 'approve',
  resetBreaker: 'resetBreaker',
  rollback: 'rollback',
} as const;

/** Updates of the same meaning: they validate first and answer. A client uses these. */
export const UPDATE = {
  applyHotUpdate: 'applyHotUpdate',
  applyPause: 'applyPause',
  applyResume: 'applyResume',
  applyAbort: 'applyAbort',
  applyCompleteTask: 'applyCompleteTask',
  applyRetryTask: 'applyRetryTask',
  applySkipTask: 'applySkipTask',
  applyQuarantineTask: 'applyQuarantineTask',
  applyApprove: 'applyApprove',
  applyResetBreaker: 'applyResetBreaker',
  applyRollback: 'applyRollback',
} as const;

export const QUERY = {
  state: 'state',
  frontier: 'frontier',
  events: 'events',
  task: 'task',
  timeline: 'timeline',
  graph: 'graph',
  /** What more workers could do now: see {@link DemandView}. */
  demand: 'demand',
  /** {@link BreakerView}s: what spots failures, and what it does now. */
  breakers: 'breakers',
  /** The live graph as it is, and what was done of it: what a rollback is planned from. */
  standing: 'standing',
} as const;

/** For clients of ours only. */
export const INTERNAL_QUERY = {
  /** What a parsed patch would do: a {@link PatchPreview}. */
  previewPatch: 'previewPatch',
  /** Where tasks have their own parts: {@link SourcesQuery} to {@link TaskSource}s. */
  sources: 'sources',
  /** The graph as the execution carries it, page by page: {@link SkeletonPage}. */
  skeleton: 'skeleton',
} as const;

/** For clients of ours only: what it takes has been made by us. */
export const INTERNAL_UPDATE = {
  /** A patch that the client has parsed, and whose tasks it has stored: applied without an activity. */
  applyParsedPatch: 'applyParsedPatch',
} as const;

/** Signals between an execution and the children of its earlier runs, and to a task that waits for a person. */
export const INTERNAL_SIGNAL = {
  /** To a child: report your result to the execution's workflow id by signal. */
  reportTo: 'reportTo',
  /** To the execution: the result of an attempt whose run has ended. */
  attemptEnded: 'attemptEnded',
  /** To a child of the `human` executor. */
  complete: 'complete',
  /** From a mutex to the execution: what it asked for is its own, or never will be. */
  granted: 'granted',
  refused: 'refused',
  /** From a pool to the execution: the workers there are. */
  workers: 'workers',
  /** From an attempt to the execution: it has failed, and undoes what it did. */
  compensating: 'compensating',
  /** From a rollback to the execution that it undoes: it is about to end. */
  rollbackEnded: 'rollbackEnded',
  /** From the worker of an attempt under way to the execution: how far it is, and what it has passed. */
  attemptProgress: 'attemptProgress',
} as const;

/** Kept with an execution for whoever lists executions. */
export const MEMO = {
  /** The execution whose finished tasks it has taken over. */
  resumeFrom: 'tasksResumeFrom',
  /** The execution that it rolls back. */
  rollbackOf: 'tasksRollbackOf',
} as const;

/** Keyword search attributes; see `temporal-dev.yml`. */
export const SEARCH_ATTRIBUTE = {
  plan: 'TasksPlan',
  execution: 'TasksExecution',
  task: 'TasksTask',
  state: 'TasksState',
} as const;

/** What an execution changes of its plan's policies. */
export type PolicyOverrides = Partial<Omit<Policies, 'wave' | 'retry' | 'approval' | 'matching' | 'preemption' | 'backpressure' | 'background' | 'rollback' | 'checkpoints' | 'workspaceTerms' | 'monitoring'>> & {
  readonly wave?: Partial<Policies['wave']>;
  readonly retry?: Partial<Policies['retry']>;
  readonly approval?: Partial<Policies['approval']>;
  readonly matching?: Partial<Policies['matching']>;
  readonly preemption?: Partial<Policies['preemption']>;
  readonly backpressure?: Partial<Policies['backpressure']>;
  readonly background?: Partial<Policies['background']>;
  readonly rollback?: Partial<Policies['rollback']>;
  readonly checkpoints?: Partial<Policies['checkpoints']>;
  readonly workspaceTerms?: NonNullable<Policies['workspaceTerms']>;
  readonly monitoring?: Partial<Policies['monitoring']>;
};

/** Input of the `execution` workflow. Only `plan` is needed: Schedules and `temporal workflow start` stay small. */
export interface ExecutionInput {
  /** Hash of a {@link StoredPlan} in the plan store. */
  readonly plan: ContentHash;
  /** Absolute path in which commands run; the plan's recorded codebase path when left out. */
  readonly workspace?: string;
  readonly policies?: PolicyOverrides;
  /** Executor of tasks that have neither a command nor an executor of their own. */
  readonly executor?: string;
  /** Commit per task, tag per frontier depth. */
  readonly git?: boolean;
  /** Between SIGTERM and SIGKILL, in milliseconds. */
  readonly graceMs?: number;
  /** An earlier execution of the same plan whose finished tasks are taken over. */
  readonly resumeFrom?: ExecutionId;
  /** The plan is a rollback of this execution, and its number. */
  readonly rollbackOf?: { readonly execution: ExecutionId; readonly number: number };
  /** With `resumeFrom`: tasks that had succeeded and are run again, as if they had not. */
  readonly runAgain?: readonly TaskId[];
  /** With `resumeFrom`: the checkpoints that tasks go on from instead of their last ones. */
  readonly resumeAt?: readonly ResumeAt[];
  /** What the plan was found wanting in, and somebody accepted: kept for the events and the ledger. */
  readonly accepted?: readonly AcceptedFindings[];
  /** Absolute path of the directory for checkpoints; `.tasks/checkpoints` of the workspace when left out. */
  readonly checkpoints?: string;
  /** Whether the search attributes are registered, so that the workflow may set them. */
  readonly searchAttributes?: boolean;
}

/** Which of the checkpoints that it takes over a task goes on from. */
export interface ResumeAt {
  readonly task: TaskId;
  /** The last that is not after this one; it must be there itself when it is named. Null begins the task anew. */
  readonly point: WantedPoint | null;
}

export interface PauseRequest {
  readonly by?: string;
  readonly reason?: string;
}
export type ResumeRequest = PauseRequest;
export type AbortRequest = PauseRequest;

export interface TaskRequest {
  readonly task: string;
  readonly by?: string;
  readonly reason?: string;
}

export interface CompleteTaskRequest extends TaskRequest {
  /** `failed` rejects the work; `succeeded` unless stated. */
  readonly outcome?: 'succeeded' | 'failed';
}

/** What a breaker holds goes on, and it may trip as often as at first. */
export interface ResetBreakerRequest {
  readonly breaker: string;
  readonly by?: string;
  readonly reason?: string;
}

/** Lets a task start that needs an approval, also before it is asked for. */
export interface ApproveRequest extends TaskRequest {
  /** `false` refuses it: the task fails. `true` unless stated. */
  readonly approved?: boolean;
}

/** Answer of the `state` query and, once it has ended, the execution's result. Never longer than a page. */
export interface ExecutionState {
  readonly executionId: ExecutionId;
  readonly plan: ContentHash;
  readonly name: string;
  readonly workspace: string;
  readonly status: ExecutionStatus;
  readonly total: number;
  readonly counts: Counts;
  readonly version: number;
  readonly startedAt: number;
  readonly finishedAt?: number;
  /** Seconds of estimated work in all, and of the longest chain of it. */
  readonly estimatedSeconds: number;
  readonly criticalPathSeconds: number;
  readonly retries: number;
  /** How tasks that met an error came out of it. Undefined where an older version ended the execution. */
  readonly resolutions?: Resolutions;
  readonly hotUpdates: number;
  /** Continue-as-new runs, the first counted; and the longest time nothing could start at a boundary. */
  readonly runs: number;
  readonly longestBoundaryMs: number;
  /** Highest sequence number given out. */
  readonly lastEvent: number;
  readonly concurrencyMax: number;
  /** Alerts that hold; left out while none does. */
  readonly alerts?: readonly { readonly alert: string; readonly condition: string; readonly since: number }[];
  /** Schema of the state and version of the worker's code, so that a mismatch can be said. */
  readonly version_info: { readonly state: number; readonly worker: string };
  /** Tasks that failed for good or are quarantined, at most 50, with what is known of why. */
  readonly failed: readonly FailedTask[];
  readonly failedTotal: number;
  /** It is a rollback of that execution. */
  readonly rollbackOf?: ExecutionId;
  /** Of a rollback that has ended: what it has done, of each list at most 50. */
  readonly rollback?: RollbackSummary;
  /** The last rollback that began while it was open, once that has ended. */
  readonly rolledBack?: RollbackOutcome;
  /** Where its checkpoints lie, on the machines of its workers. Undefined in the last state of one that an older version ended. */
  readonly checkpoints?: string;
  /** They were removed at its end. */
  readonly checkpointsPruned?: true;
  /** Where the ledger was written; undefined while running, and when it could not be written. */
  readonly ledger?: string;
}

export interface FailedTask {
  readonly task: TaskId;
  readonly attempts: number;
  /** It does not run again by itself, here and in later executions; or it was left out from the beginning. */
  readonly quarantined?: true;
  readonly failure?: AttemptFailure;
  readonly tail?: string;
  readonly log?: string;
}

/**
 * `approval`: a person must say that it may start. `window`: the calendar of a resource it asks for is closed.
 * `resource`: somebody of this execution holds it. `reserved`: it is kept for a task that is before this one.
 * `grant`: executions share it, and its mutex has not granted it yet. `worker`: no worker can take it, or none that can
 * has room. `pressure`: too much has failed of late, or a machine has just recovered. `stopping`: nothing starts after a failure. `breaker`: one has tripped over
 * failures like its own, and something is done about it.
 */
export type WaitingFor = 'slot' | 'dependencies' | 'backoff' | 'wave' | 'approval' | 'window' | 'person' | 'decision' | 'paused' | 'stopping' | 'resource' | 'reserved' | 'grant' | 'worker' | 'pressure' | 'breaker';

/** One task as queries show it. */
export interface TaskView {
  readonly task: TaskId;
  readonly title?: string;
  /** It looks at what others have left behind. */
  readonly mark?: Mark;
  readonly state: TaskState;
  readonly attempt: number;
  readonly waitingFor?: WaitingFor;
  /** The same in words, with names, of a task that is ready, or that waits for what produces its files. */
  readonly waitingReason?: string;
  /** There is nothing of it to run: a person does it. */
  readonly byHand?: boolean;
  /** Since when it is ready, or was before its running or last attempt. */
  readonly readySince?: number;
  /** When the running or last attempt was handed to Temporal. */
  readonly dispatchedAt?: number;
  /** When its command started and ended, by the worker's clock, once it has reported. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly retryAt?: number;
  /** How it came out of an error. */
  readonly resolution?: Resolution;
  readonly dispatch?: 'child' | 'activity';
  readonly estimateMs: number;
  readonly worker?: string;
  readonly exitCode?: number;
  readonly failure?: AttemptFailure;
  /** As its running attempt last told, 0 to 100. */
  readonly percent?: number;
  /** The last point that it has passed, in whatever attempt: where the next one goes on. */
  readonly checkpoint?: TaskCheckpoint;
}

/** The last of a task's checkpoints, and how many there were. */
export interface TaskCheckpoint {
  readonly name: string;
  readonly percent?: number;
  /** Milliseconds since the epoch, by the worker's clock. */
  readonly at: number;
  readonly count: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass as `from` to get the next page; undefined at the end. */
  readonly next?: number;
}

/** Argument of every paged query. `from` is a sequence number (events) or a task index. */
export interface PageRequest {
  readonly from?: number;
  readonly limit?: number;
}

export interface EventsPage extends Page<ExecutionEvent> {
  /** The oldest sequence number still at hand. */
  readonly oldest: number;
  readonly status: ExecutionStatus;
}

export interface FrontierView {
  readonly ready: readonly TaskView[];
  readonly running: readonly TaskView[];
  readonly backoff: readonly TaskView[];
  readonly waiting: readonly TaskView[];
  readonly counts: Counts;
  readonly version: number;
}

/** Ready tasks for which no worker is there, or none has room, by what they ask a worker for. Never longer than a page. */
export interface DemandView {
  readonly waiting: readonly { readonly capabilities: readonly string[]; readonly tasks: number }[];
}

/** One circuit breaker of an execution. */
export interface BreakerView {
  readonly breaker: string;
  readonly state: 'closed' | 'repairing' | 'throttling' | 'gated' | 'resting' | 'spent' | 'reduced' | 'open' | 'half_open';
  readonly trips: number;
  readonly budget: number;
  /** In words. */
  readonly trigger: string;
  readonly action: string;
  readonly scope?: readonly string[];
  /** Tasks that failed and wait; what its scope covers waits as well. */
  readonly holds?: readonly TaskId[];
  /** Those that repair. */
  readonly tasks?: readonly TaskId[];
  /** When the next throttled task may start, in milliseconds since the epoch. */
  readonly nextAt?: number;
}

/** Argument of the `task` query. */
export interface TaskQuery {
  readonly task: string;
}

/** Argument of the `sources` query. */
export interface SourcesQuery {
  readonly tasks: readonly string[];
}

/** The plan store object that holds a task's own part. */
export interface TaskSource {
  readonly task: TaskId;
  readonly source: ContentHash;
}

/** Some of the live graph's tasks. Of the first page also what is beside them. */
export interface SkeletonPage extends Page<GraphTask> {
  /** Pages of different versions do not fit together. */
  readonly version: number;
  readonly beside?: Omit<Graph, 'tasks'>;
}

/** A task of the live graph, by id, for the `graph` query. */
export interface GraphNode {
  readonly task: TaskId;
  readonly mark?: Mark;
  readonly deps: readonly TaskId[];
  readonly soft: readonly TaskId[];
  /** Those of both kinds that no plan states: the task touches what these produce. */
  readonly late?: readonly { readonly from: TaskId; readonly produces: string; readonly seen: LateEdge['seen'] }[];
  readonly state: TaskState;
  readonly depth: number;
  readonly estimateMs: number;
}

/** Answer to `applyPause`, `applyResume`, `applyAbort` and the requests about one task. */
export interface RequestReceipt {
  readonly status: ExecutionStatus;
  readonly state?: TaskState;
}
