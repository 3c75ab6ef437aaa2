/**
 * The client library: what the command line, scripts and (later) the HTTP API use to start and steer
 * executions. Nothing here decides anything; everything is a message to, or a query of, the execution.
 */
import type { StoredPlan } from '../model/graph.ts';
import type { ExecutionEvent } from '../model/event.ts';
import type { ContentHash, ExecutionId } from '../model/ids.ts';
import type { LedgerLine } from '../model/ledger.ts';
import type {
  ApproveRequest,
  CompleteTaskRequest,
  ExecutionInput,
  ExecutionState,
  FrontierView,
  GraphNode,
  PauseRequest,
  RequestReceipt,
  TaskRequest,
  TaskView,
} from '../model/message.ts';
import type { ExecutionOutcome, ExecutionStatus } from '../model/outcome.ts';
import type { PatchReceipt } from '../model/patch.ts';
import type { PlannedTakeOver, PlanTakeOverRequest } from '../store/checkpoint/plan-take-over.ts';
import type { ResourceOperations } from './resources.ts';
import type { WorkerOperations } from './workers.ts';

export interface StartOptions extends Omit<ExecutionInput, 'plan' | 'searchAttributes'> {
  /** Chosen when left out: `<plan name>-<time>-<random>`. Must be unused. */
  readonly executionId?: ExecutionId;
}

export interface StartedExecution {
  readonly executionId: ExecutionId;
  readonly workflowId: string;
  readonly runId: string;
  readonly plan: ContentHash;
  /** Where Temporal's web UI shows it, when the UI's address is known. */
  readonly webUrl?: string;
}

export interface ExecutionSummary {
  readonly executionId: ExecutionId;
  /** From Temporal's visibility, which tells no pause: an open one is `running`; `state` asks the execution itself. */
  readonly status: ExecutionStatus | 'unknown';
  readonly plan?: ContentHash;
  readonly startedAt: string;
  readonly closedAt?: string;
}

export interface EventsOptions {
  /** First sequence number wanted; 1 unless stated. */
  readonly from?: number;
  /** Go on until the execution ends; otherwise stop at the last event there is. */
  readonly follow?: boolean;
  /** While following: how long server or worker may not answer before that is an error; 60 s unless stated. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

export interface LogChunk {
  readonly attempt: number;
  /** Absolute path on `host`. */
  readonly path: string;
  readonly text: string;
}

/**
 * A connection to one namespace. Errors are `TasksError`s with a code. Every method that takes an id takes
 * the full id; `resolve` turns what a person typed (unique prefix, `@latest`, a workflow id) into one.
 */
export interface TasksClient extends AsyncDisposable {
  readonly namespace: string;
  readonly address: string;
  store(plan: StoredPlan): Promise<ContentHash>;
  start(plan: StoredPlan | ContentHash, options?: StartOptions): Promise<StartedExecution>;
  resolve(reference: string): Promise<ExecutionId>;
  /** Newest first. */
  list(options?: { readonly plan?: ContentHash; readonly limit?: number }): Promise<readonly ExecutionSummary[]>;
  webUrl(execution: ExecutionId): string | undefined;

  /** Of a terminated one: as it stood then, with that status and end. Needs a worker while it is open. */
  state(execution: ExecutionId): Promise<ExecutionState>;
  frontier(execution: ExecutionId): Promise<FrontierView>;
  task(execution: ExecutionId, task: string): Promise<TaskView>;
  /** All tasks, page by page, in the order of the graph. */
  tasks(execution: ExecutionId): AsyncIterable<TaskView>;
  graph(execution: ExecutionId): AsyncIterable<GraphNode>;
  /** In order, every sequence number once, also across continue-as-new; older ones are rebuilt from history. */
  events(execution: ExecutionId, options?: EventsOptions): AsyncIterable<ExecutionEvent>;
  /** Waits for the end; follows continue-as-new. */
  result(execution: ExecutionId): Promise<{ readonly outcome: ExecutionOutcome | 'terminated'; readonly state?: ExecutionState }>;
  /** From Temporal's history alone: needs no worker, works on terminated executions. */
  ledger(execution: ExecutionId): Promise<readonly LedgerLine[]>;

  /** What resuming the execution would take over, and what it would run again; starts nothing. Looks at the artifacts in the workspace on this machine. */
  takeOver(execution: ExecutionId, request: Pick<PlanTakeOverRequest, 'tasks' | 'workspace' | 'runAgain'>): Promise<PlannedTakeOver>;

  pause(execution: ExecutionId, request?: PauseRequest): Promise<RequestReceipt>;
  resume(execution: ExecutionId, request?: PauseRequest): Promise<RequestReceipt>;
  abort(execution: ExecutionId, request?: PauseRequest): Promise<RequestReceipt>;
  retry(execution: ExecutionId, request: TaskRequest): Promise<RequestReceipt>;
  skip(execution: ExecutionId, request: TaskRequest): Promise<RequestReceipt>;
  complete(execution: ExecutionId, request: CompleteTaskRequest): Promise<RequestReceipt>;
  /** Lets a task start that needs an approval, or refuses it; also before it is asked for. */
  approve(execution: ExecutionId, request: ApproveRequest): Promise<RequestReceipt>;
  /** One patch or an array, applied whole or not at all. */
  patch(execution: ExecutionId, patch: unknown): Promise<PatchReceipt>;

  /** What executions share, whoever holds it. */
  readonly resources: ResourceOperations;
  /** Who lives of the workers of this client's queue. */
  readonly workers: WorkerOperations;
}
