/** {@link TasksClient} over a connection to a Temporal namespace. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defineSearchAttributeKey, WorkflowIdReusePolicy } from '@temporalio/common';
import type { StoredPlan } from '../model/graph.ts';
import type { ExecutionEvent } from '../model/event.ts';
import { executionWorkflowId, isExecutionId, TASK_QUEUE } from '../model/ids.ts';
import type { ContentHash, ExecutionId } from '../model/ids.ts';
import type { LedgerLine } from '../model/ledger.ts';
import { MEMO, QUERY, SEARCH_ATTRIBUTE, UPDATE, WORKFLOW } from '../model/message.ts';
import type {
  ApproveRequest,
  BreakerView,
  CompleteTaskRequest,
  EventsPage,
  ExecutionInput,
  ExecutionState,
  FrontierView,
  GraphNode,
  Page,
  PageRequest,
  PauseRequest,
  RequestReceipt,
  ResetBreakerRequest,
  SkeletonPage,
  TaskRequest,
  TaskView,
} from '../model/message.ts';
import type { ExecutionOutcome } from '../model/outcome.ts';
import type { PatchReceipt } from '../model/patch.ts';
import { TasksError } from '../model/problem.ts';
import type { RollbackOutline, RollbackReceipt, RollbackRequest, StandingPage } from '../model/rollback.ts';
import { planTakeOver } from '../store/checkpoint/plan-take-over.ts';
import type { PlannedTakeOver } from '../store/checkpoint/plan-take-over.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { readLedger } from '../temporal/ledger.ts';
import { collectStanding } from '../temporal/standing.ts';
import type { EventsOptions, ExecutionSummary, StartedExecution, StartOptions, TasksClient } from './api.ts';
import { askWorker } from './ask-worker.ts';
import { exportPlan, readSkeleton } from './export-plan.ts';
import type { ExportedPlan, Skeleton } from './export-plan.ts';
import { executionEvents } from './execution-events.ts';
import { isPassing, isServerGone, translated } from './failures.ts';
import { listExecutions, listRollbacks, resolveExecution } from './find-executions.ts';
import { newExecutionId } from './new-execution-id.ts';
import { onceLoaded } from '../temporal/once-loaded.ts';
import { outcomeOf } from './outcome-of.ts';
import { patchOperations } from './patches.ts';
import type { PatchDifference, PatchOperations } from './patches.ts';
import { quarantineOperations } from './quarantine.ts';
import type { QuarantineOperations } from './quarantine.ts';
import { reviewOperations } from './reviews.ts';
import { rebuildEvents } from './rebuild-events.ts';
import { rebuildExecution } from './rebuild-execution.ts';
import type { RebuiltExecution } from './rebuild-execution.ts';
import { rollBack, rollbackOutline } from './rollback.ts';
import type { RollbackServices, StartedRollback } from './rollback.ts';
import { resourceOperations } from './resources.ts';
import type { ResourceOperations } from './resources.ts';
import { whyUnanswered } from './unanswered.ts';
import { workerOperations } from './workers.ts';
import type { WorkerOperations } from './workers.ts';

const PAGE = 500;
const RESULT_AGAIN_MS = 500;
/** Queries and updates need a worker; without one they would wait for as long as they are let. */
const ANSWER_LIMIT_MS = 10_000;

export interface TasksClientOptions {
  readonly client: Client;
  readonly address: string;
  readonly store: PlanStore;
  /** Queue on which executions start; `tasks` unless stated. */
  readonly taskQueue?: string;
  /** Whether the search attributes are registered. */
  readonly searchAttributes: boolean;
  /** Base address of Temporal's web UI, when it is known. */
  readonly webUi?: string;
  /** Closes the connection. */
  readonly close: () => Promise<void>;
}

export const createTasksClient = (options: TasksClientOptions): TasksClient => new TemporalTasksClient(options);

class TemporalTasksClient implements TasksClient {
  readonly address: string;
  readonly namespace: string;
  readonly resources: ResourceOperations;
  readonly workers: WorkerOperations;
  readonly quarantine: QuarantineOperations;
  readonly reviews = reviewOperations(this);
  readonly #client: Client;
  readonly #options: TasksClientOptions;
  readonly #patches: PatchOperations;
  /** What closed stays as it is: made once for all questions in a row. */
  #rebuilt: { readonly execution: ExecutionId; readonly answer: Promise<RebuiltExecution> } | undefined;

  constructor(options: TasksClientOptions) {
    this.#options = options;
    this.#client = options.client;
    this.address = options.address;
    this.namespace = options.client.options.namespace;
    this.resources = resourceOperations(options.client);
    this.#patches = patchOperations({
      store: options.store,
      query: (execution, name, argument) => this.#query(execution, name, argument),
      update: (execution, name, argument) => this.#update(execution, name, argument),
    });
    this.workers = workerOperations({ client: options.client, taskQueue: options.taskQueue ?? TASK_QUEUE });
    this.quarantine = quarantineOperations({
      client: options.client,
      taskQueue: options.taskQueue ?? TASK_QUEUE,
      state: (execution) => this.state(execution),
      task: (execution, task) => this.task(execution, task),
      quarantine: (execution, request) => this.#update(execution, UPDATE.applyQuarantineTask, request),
      retry: (execution, request) => this.retry(execution, request),
    });
  }

  store(plan: StoredPlan): Promise<ContentHash> {
    return this.#options.store.put(plan);
  }

  async start(plan: StoredPlan | ContentHash, options: StartOptions = {}): Promise<StartedExecution> {
    const hash = typeof plan === 'string' ? plan : await this.store(plan);
    const name = typeof plan === 'string' ? plan.slice(0, 8) : plan.graph.name;
    const { executionId = newExecutionId(name), ...rest } = options;
    const runId = await this.#start(executionId, { plan: hash, ...rest }, name);
    const webUrl = this.webUrl(executionId);
    return { executionId, workflowId: executionWorkflowId(executionId), runId, plan: hash, ...(webUrl !== undefined && { webUrl }) };
  }

  /** Answers the id of its first run. */
  async #start(executionId: ExecutionId, rest: Omit<ExecutionInput, 'searchAttributes'>, staticSummary: string): Promise<string> {
    const { searchAttributes } = this.#options;
    const input: ExecutionInput = { ...rest, searchAttributes };
    const { plan, resumeFrom, rollbackOf } = input;
    const attributes = [
      { key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.plan, 'KEYWORD'), value: plan },
      { key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.execution, 'KEYWORD'), value: executionId },
      { key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.state, 'KEYWORD'), value: 'running' },
    ];
    const handle = await this.#translate(executionId, () =>
      this.#client.workflow.start(WORKFLOW.execution, {
        workflowId: executionWorkflowId(executionId),
        taskQueue: this.#options.taskQueue ?? TASK_QUEUE,
        args: [input],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        staticSummary,
        ...(resumeFrom && { memo: { [MEMO.resumeFrom]: resumeFrom } }),
        ...(rollbackOf && { memo: { [MEMO.rollbackOf]: rollbackOf.execution } }),
        ...(searchAttributes && { typedSearchAttributes: attributes }),
      }),
    );
    return handle.firstExecutionRunId;
  }

  resolve(reference: string): Promise<ExecutionId> {
    return resolveExecution({ client: this.#client, reference });
  }

  list(options: { readonly plan?: ContentHash; readonly limit?: number; readonly open?: boolean } = {}): Promise<readonly ExecutionSummary[]> {
    return listExecutions({ client: this.#client, searchAttributes: this.#options.searchAttributes, ...options });
  }

  webUrl(execution: ExecutionId): string | undefined {
    const { webUi } = this.#options;
    return webUi && `${webUi}/namespaces/${encodeURIComponent(this.namespace)}/workflows/${encodeURIComponent(executionWorkflowId(execution))}`;
  }

  /** Of an execution that has ended from its result or its history, so that no worker is needed. */
  async state(execution: ExecutionId): Promise<ExecutionState> {
    const { status, closeTime } = await this.#translate(execution, () => this.#handle(execution).describe());
    const ended = status.name === 'RUNNING' ? undefined : await this.result(execution);
    if (ended?.state) return ended.state;
    const state = await this.#orRebuilt(execution, () => this.#query<ExecutionState>(execution, QUERY.state), (rebuilt) => rebuilt.state);
    if (ended?.outcome !== 'terminated') return state;
    return { ...state, status: 'terminated', ...(closeTime && { finishedAt: closeTime.getTime() }) };
  }

  frontier(execution: ExecutionId): Promise<FrontierView> {
    return this.#query(execution, QUERY.frontier);
  }

  task(execution: ExecutionId, task: string): Promise<TaskView> {
    const ask = (): Promise<TaskView> =>
      this.#query<TaskView>(execution, QUERY.task, { task }).catch((error: unknown) => {
        throw error instanceof TasksError && error.problems[0]?.code === 'TASKS3004' ? unknownTask(execution, task) : error;
      });
    return this.#orRebuilt(execution, ask, ({ tasks }) => taskIn(tasks, execution, task));
  }

  tasks(execution: ExecutionId): AsyncIterable<TaskView> {
    return this.#pages(execution, QUERY.timeline, ({ tasks }) => tasks);
  }

  graph(execution: ExecutionId): AsyncIterable<GraphNode> {
    return this.#pages(execution, QUERY.graph, ({ graph }) => graph);
  }

  events(execution: ExecutionId, options?: EventsOptions): AsyncIterable<ExecutionEvent> {
    const client = this.#client;
    return executionEvents(
      {
        page: (request) => this.#query<EventsPage>(execution, QUERY.events, request),
        rebuild: (range) => rebuildEvents({ client, execution, ...range }),
        isOpen: () => this.#isOpen(execution),
      },
      options,
    );
  }

  async result(execution: ExecutionId): Promise<{ readonly outcome: ExecutionOutcome | 'terminated'; readonly state?: ExecutionState }> {
    for (;;) {
      try {
        const state = (await this.#handle(execution).result()) as ExecutionState;
        return { outcome: 'succeeded', state };
      } catch (error) {
        const outcome = outcomeOf(error);
        if (outcome) return outcome;
        // A server that restarts is waited for: the execution goes on without us.
        if (isServerGone(error)) await delay(RESULT_AGAIN_MS);
        else throw translated(error, execution);
      }
    }
  }

  ledger(execution: ExecutionId): Promise<readonly LedgerLine[]> {
    return this.#translate(execution, () => readLedger({ client: this.#client, execution }));
  }

  async takeOver(execution: ExecutionId, request: Parameters<TasksClient['takeOver']>[1]): Promise<PlannedTakeOver> {
    const left: TaskView[] = [];
    for await (const task of this.tasks(execution)) left.push(task);
    return this.#translate(execution, () => planTakeOver({ client: this.#client, store: this.#options.store, from: execution, left, ...request }));
  }

  pause(execution: ExecutionId, request: PauseRequest = {}): Promise<RequestReceipt> {
    return this.#update(execution, UPDATE.applyPause, request);
  }

  resume(execution: ExecutionId, request: PauseRequest = {}): Promise<RequestReceipt> {
    return this.#update(execution, UPDATE.applyResume, request);
  }

  abort(execution: ExecutionId, request: PauseRequest = {}): Promise<RequestReceipt> {
    return this.#update(execution, UPDATE.applyAbort, request);
  }

  retry(execution: ExecutionId, request: TaskRequest): Promise<RequestReceipt> {
    return this.#update(execution, UPDATE.applyRetryTask, request);
  }

  skip(execution: ExecutionId, request: TaskRequest): Promise<RequestReceipt> {
    return this.#update(execution, UPDATE.applySkipTask, request);
  }

  complete(execution: ExecutionId, request: CompleteTaskRequest): Promise<RequestReceipt> {
    return this.#update(execution, UPDATE.applyCompleteTask, request);
  }

  approve(execution: ExecutionId, request: ApproveRequest): Promise<RequestReceipt> {
    return this.#update(execution, UPDATE.applyApprove, request);
  }

  breakers(execution: ExecutionId): Promise<readonly BreakerView[]> {
    return this.#orRebuilt(execution, () => this.#query(execution, QUERY.breakers), ({ breakers }) => breakers);
  }

  resetBreaker(execution: ExecutionId, request: ResetBreakerRequest): Promise<RequestReceipt> {
    return this.#update(execution, UPDATE.applyResetBreaker, request);
  }

  patch(execution: ExecutionId, patch: unknown): Promise<PatchReceipt> {
    return this.#translate(execution, () => this.#patches.patch(execution, patch));
  }

  previewPatch(execution: ExecutionId, patch: unknown): Promise<PatchDifference> {
    return this.#translate(execution, () => this.#patches.previewPatch(execution, patch));
  }

  async exportPlan(execution: ExecutionId): Promise<ExportedPlan> {
    const page = (name: string, request: PageRequest): Promise<SkeletonPage> => this.#query(execution, name, request);
    const skeleton = await this.#orRebuilt<Skeleton>(execution, () => readSkeleton(page), (rebuilt) => ({ graph: rebuilt.skeleton, version: rebuilt.version }));
    return exportPlan({ store: this.#options.store, execution, skeleton });
  }

  rollBack(execution: ExecutionId, request: RollbackRequest = {}): Promise<RollbackReceipt> {
    return this.#translate(execution, () => rollBack(this.#rollbacks, execution, request));
  }

  rollbacks(execution: ExecutionId): Promise<readonly ExecutionSummary[]> {
    return this.#translate(execution, () => listRollbacks(this.#client, execution));
  }

  rollbackOutline(execution: ExecutionId, request: Pick<RollbackRequest, 'to' | 'failed'> = {}): Promise<RollbackOutline> {
    return this.#translate(execution, () => rollbackOutline(this.#rollbacks, execution, request));
  }

  get #rollbacks(): RollbackServices {
    return {
      client: this.#client,
      store: this.#options.store,
      standing: (execution) => collectStanding((page) => this.#query<StandingPage>(execution, QUERY.standing, page)),
      ask: (execution, request) => this.#update(execution, UPDATE.applyRollback, request),
      start: async ({ of, number, rollback, plan, standing: { workspace, graceMs } }: StartedRollback) => {
        await this.#start(rollback, { plan, workspace, graceMs, executor: 'human', rollbackOf: { execution: of, number } }, `rollback of ${of}`);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.close();
  }

  #handle(execution: ExecutionId): WorkflowHandle {
    return this.#client.workflow.getHandle(executionWorkflowId(execution));
  }

  #query<T>(execution: ExecutionId, name: string, argument?: unknown): Promise<T> {
    const handle = this.#handle(execution);
    const query = (): Promise<T> => this.#client.withDeadline(Date.now() + ANSWER_LIMIT_MS, () => handle.query<T, [unknown]>(name, argument));
    return this.#translate(execution, () => onceLoaded(query).catch((error: unknown) => this.#unanswered(error, execution)));
  }

  #update<T>(execution: ExecutionId, name: string, argument: unknown): Promise<T> {
    const update = (): Promise<T> => this.#handle(execution).executeUpdate<T, [unknown]>(name, { args: [argument] });
    const bounded = (): Promise<T> => this.#client.withDeadline(Date.now() + ANSWER_LIMIT_MS, update);
    return this.#translate(execution, () => bounded().catch((error: unknown) => this.#unanswered(error, execution)));
  }

  async #unanswered(error: unknown, execution: ExecutionId): Promise<never> {
    throw await whyUnanswered(error, { client: this.#client, execution, limitMs: ANSWER_LIMIT_MS });
  }

  async #isOpen(execution: ExecutionId): Promise<boolean> {
    return (await this.#handle(execution).describe()).status.name === 'RUNNING';
  }

  /** A worker knows best; of an execution that has closed its history does, too. */
  async #orRebuilt<T>(execution: ExecutionId, ask: () => Promise<T>, from: (rebuilt: RebuiltExecution) => T): Promise<T> {
    const isOpen = (): Promise<boolean> => this.#isOpen(execution);
    if (this.#rebuilt?.execution === execution) return from(await this.#rebuilt.answer);
    try {
      return await askWorker({ ask, isOpen });
    } catch (error) {
      if (!isPassing(error) || (await isOpen().catch(() => true))) throw error;
      const answer = this.#translate(execution, () => rebuildExecution({ client: this.#client, execution }));
      this.#rebuilt = { execution, answer };
      answer.catch(() => {
        this.#rebuilt = undefined;
      });
      return from(await answer);
    }
  }

  async *#pages<T>(execution: ExecutionId, name: string, from: (rebuilt: RebuiltExecution) => readonly T[]): AsyncGenerator<T> {
    for (let next: number | undefined = 0; next !== undefined; ) {
      const request: PageRequest = { from: next, limit: PAGE };
      const page: Page<T> = await this.#orRebuilt(execution, () => this.#query(execution, name, request), (rebuilt) => ({ items: from(rebuilt).slice(request.from) }));
      yield* page.items;
      next = page.next;
    }
  }

  async #translate<T>(execution: ExecutionId, run: () => Promise<T>): Promise<T> {
    if (!isExecutionId(execution)) {
      throw new TasksError({ code: 'TASKS3010', message: `${JSON.stringify(execution)} is not an execution id` });
    }
    try {
      return await run();
    } catch (error) {
      throw translated(error, execution);
    }
  }
}

const taskIn = (tasks: readonly TaskView[], execution: ExecutionId, task: string): TaskView => {
  const found = tasks.find((view) => view.task === task);
  if (found) return found;
  throw unknownTask(execution, task);
};

const unknownTask = (execution: ExecutionId, task: string): TasksError => new TasksError({ code: 'TASKS3004', message: `no task ${JSON.stringify(task)} in execution ${execution}` });
