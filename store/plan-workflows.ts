/** The few calls of Temporal's API that the `temporal:` store is made of; none of them needs a worker. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import { WORKFLOW } from '../model/message.ts';
import { isNotFound } from '../temporal/grpc.ts';

const { WorkflowExecutionStatus, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } = proto.temporal.api.enums.v1;

/** Nobody polls it: its workflows never run, they only stay open. */
export const PLAN_TASK_QUEUE = 'tasks-plans';
const IDENTITY = `tasks@${hostname()}`;
const DEADLINE_MS = 30_000;

export interface ListedWorkflow {
  readonly workflowId: string;
  readonly memo: ReadonlyMap<string, Payload>;
  readonly startedAt: Date;
}

export class PlanWorkflows {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** An open workflow of that id is kept, or ended first when `replace` is set. */
  async start(request: {
    readonly workflowId: string;
    readonly input: Payload;
    readonly memo?: Readonly<Record<string, Payload>>;
    readonly replace: boolean;
  }): Promise<void> {
    await this.#call((service, namespace) =>
      service.startWorkflowExecution({
        namespace,
        identity: IDENTITY,
        requestId: randomUUID(),
        workflowId: request.workflowId,
        workflowType: { name: WORKFLOW.plan },
        taskQueue: { name: PLAN_TASK_QUEUE },
        input: { payloads: [request.input] },
        ...(request.memo && { memo: { fields: request.memo } }),
        workflowIdReusePolicy: WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
        workflowIdConflictPolicy: request.replace
          ? WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING
          : WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
      }),
    );
  }

  /** Undefined when it is closed or was never there. */
  async open(workflowId: string): Promise<ListedWorkflow | undefined> {
    const { workflowExecutionInfo: info } = await this.#call((service, namespace) =>
      service.describeWorkflowExecution({ namespace, execution: { workflowId } }),
    ).catch(ifNotFound({ workflowExecutionInfo: null }));
    return info?.status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING ? listed(info) : undefined;
  }

  /** The input of the latest run, open or closed; undefined when there is none. */
  async input(workflowId: string): Promise<Payload | undefined> {
    const { history } = await this.#call((service, namespace) =>
      service.getWorkflowExecutionHistory({ namespace, execution: { workflowId }, maximumPageSize: 1 }),
    ).catch(ifNotFound({ history: null }));
    return history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  }

  /** Ending what has ended is no error. */
  async end(workflowId: string): Promise<void> {
    await this.#call((service, namespace) =>
      service.terminateWorkflowExecution({
        namespace,
        identity: IDENTITY,
        workflowExecution: { workflowId },
        reason: 'the plan was deleted from the plan store',
      }),
    ).catch(ifNotFound({}));
  }

  /** Open ones; eventually consistent. `prefix` is of ids and holds no quotes. */
  async *list(prefix: string): AsyncGenerator<ListedWorkflow> {
    const query = `WorkflowType = '${WORKFLOW.plan}' AND ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '${prefix}'`;
    let nextPageToken: Uint8Array | undefined;
    do {
      const page = await this.#call((service, namespace) =>
        service.listWorkflowExecutions({ namespace, query, pageSize: 500, ...(nextPageToken && { nextPageToken }) }),
      );
      for (const info of page.executions) yield listed(info);
      nextPageToken = page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
    } while (nextPageToken);
  }

  #call<T>(call: (service: Client['workflowService'], namespace: string) => Promise<T>): Promise<T> {
    const { namespace } = this.#client.options;
    return this.#client.withDeadline(Date.now() + DEADLINE_MS, () => call(this.#client.workflowService, namespace));
  }
}

const ifNotFound =
  <T>(answer: T) =>
  (error: unknown): T => {
    if (isNotFound(error)) return answer;
    throw error;
  };

const listed = (info: temporal.api.workflow.v1.IWorkflowExecutionInfo): ListedWorkflow => ({
  workflowId: info.execution?.workflowId ?? '',
  memo: new Map(Object.entries(info.memo?.fields ?? {})),
  startedAt: new Date(Number(info.startTime?.seconds ?? 0) * 1000),
});
