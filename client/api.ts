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
  BreakerView,
  CompleteTaskRequest,
  ExecutionInput,
  ExecutionState,
  FrontierView,
  GraphNode,
  PauseRequest,
  RequestReceipt,
  ResetBreakerRequest,
  TaskRequest,
  TaskView,
} from '../model/message.ts';
import type { ExecutionOutcome, ExecutionStatus } from '../model/outcome.ts';
import type { PatchReceipt } from '../model/patch.ts';
import type { ExportedPlan } from './export-plan.ts';
import type { PatchDifference } from './patches.ts';
import type { RollbackOutline, RollbackReceipt, RollbackRequest } from '../model/rollback.ts';
import type { PlannedTakeOver, PlanTakeOverRequest } from '../store/checkpoint/plan-take-over.ts';
import type { QuarantineOperations } from './quarantine.ts';
import type { ReviewOperations } from './reviews.ts';
import type { ResourceOperations } from './resources.ts';
import type { WorkerOperations } from './workers.ts';

export interface StartOptions extends Omit<ExecutionInput, 'plan' | 'searchAttributes' | 'rollbackOf'> {
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
  /** It rolls that one back. */
  readonly rollbackOf?: ExecutionId;
  /** It has taken over what that one finished. */
  readonly resumeFrom?: ExecutionId;
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
  /** Newest first, 50 unless stated; of one plan, or only those that are open. */
  list(options?: { readonly plan?: ContentHash; readonly limit?: number; readonly open?: boolean }): Promise<readonly ExecutionSummary[]>;
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
  /** What spots failures that are not one task's own, and what it does now. Of an ended execution: as it was then. */
  breakers(execution: ExecutionId): Promise<readonly BreakerView[]>;
  /** What a breaker holds goes on. */
  resetBreaker(execution: ExecutionId, request: ResetBreakerRequest): Promise<RequestReceipt>;
  /** One patch or an array, applied whole or not at all. */
  patch(execution: ExecutionId, patch: unknown): Promise<PatchReceipt>;
  /** What a patch would do to the graph as it is now, or why it would be refused. Changes nothing. */
  previewPatch(execution: ExecutionId, patch: unknown): Promise<PatchDifference>;
  /** The graph with all its patches as a FlowOps plan (`tasks.v2.json`), of an execution that is open or has ended. */
  exportPlan(execution: ExecutionId): Promise<ExportedPlan>;

  /**
   * Undoes what an execution has done, in reverse order, and answers the execution that does so. One that is open must be
   * paused with nothing under way, and sees to it itself; one that has ended is read, and nothing else of it changes. Needs a
   * worker that can answer for it. Asked twice, the second time is refused while the first is under way (TASKS3103), and then
   * undoes only what is left.
   */
  rollBack(execution: ExecutionId, request?: RollbackRequest): Promise<RollbackReceipt>;
  /** Rollbacks of an execution, the last first. Found by search, which lags behind their start by a moment. */
  rollbacks(execution: ExecutionId): Promise<readonly ExecutionSummary[]>;
  /** What {@link TasksClient.rollBack} would do. Nothing is changed. */
  rollbackOutline(execution: ExecutionId, request?: Pick<RollbackRequest, 'to' | 'failed'>): Promise<RollbackOutline>;

  /** What executions share, whoever holds it. */
  readonly resources: ResourceOperations;
  /** Who lives of the workers of this client's queue. */
  readonly workers: WorkerOperations;
  /** Tasks that executions of this client's queue leave out until a person revives them. */
  readonly quarantine: QuarantineOperations;
  /** What waits for a person's decision. */
  readonly reviews: ReviewOperations;
}
