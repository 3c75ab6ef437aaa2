/** Finding executions in Temporal's visibility, and turning what a person typed into one. */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { executionWorkflowId, isContentHash, isExecutionId, parseExecutionWorkflowId } from '../model/ids.ts';
import type { ContentHash, ExecutionId } from '../model/ids.ts';
import { MEMO, SEARCH_ATTRIBUTE, WORKFLOW } from '../model/message.ts';
import type { ExecutionStatus } from '../model/outcome.ts';
import { TasksError } from '../model/problem.ts';
import type { ExecutionSummary } from './api.ts';
import { unknownExecution } from './failures.ts';

const DEFAULT_LIMIT = 50;
const OF_EXECUTIONS = `WorkflowType = '${WORKFLOW.execution}'`;

export const listExecutions = async (options: {
  readonly client: Client;
  readonly searchAttributes: boolean;
  readonly plan?: ContentHash;
  readonly limit?: number;
  readonly open?: boolean;
}): Promise<ExecutionSummary[]> => {
  const { client, searchAttributes, plan, limit = DEFAULT_LIMIT, open = false } = options;
  const byPlan = plan && searchAttributes ? ` AND ${SEARCH_ATTRIBUTE.plan} = '${plan}'` : '';
  const byStatus = open ? " AND ExecutionStatus = 'Running'" : '';
  const found: ExecutionSummary[] = [];
  const seen = new Set<string>();
  for await (const info of client.workflow.list({ query: OF_EXECUTIONS + byPlan + byStatus })) {
    const summary = summaryOf(info);
    // Every run of one execution is listed; the newest comes first.
    if (!summary || seen.has(summary.executionId)) continue;
    seen.add(summary.executionId);
    if (plan && summary.plan !== undefined && summary.plan !== plan) continue;
    found.push(summary);
    if (found.length >= limit) break;
  }
  return found;
};

/** The last first. */
export const listRollbacks = async (client: Client, execution: ExecutionId): Promise<ExecutionSummary[]> => {
  const found = new Map<ExecutionId, ExecutionSummary>();
  for await (const info of client.workflow.list({ query: `${OF_EXECUTIONS} AND WorkflowId STARTS_WITH '${executionWorkflowId(execution)}.r'` })) {
    const summary = summaryOf(info);
    if (summary?.rollbackOf === execution && !found.has(summary.executionId)) found.set(summary.executionId, summary);
  }
  return [...found.values()];
};

const summaryOf = (info: WorkflowExecutionInfo): ExecutionSummary | undefined => {
  const executionId = parseExecutionWorkflowId(info.workflowId);
  if (executionId === undefined) return undefined;
  const attributes = new Map(info.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  const plan = attributes.get(SEARCH_ATTRIBUTE.plan);
  const [rollbackOf, resumeFrom] = [info.memo?.[MEMO.rollbackOf], info.memo?.[MEMO.resumeFrom]];
  return {
    executionId,
    status: statusOf(info, attributes.get(SEARCH_ATTRIBUTE.state)),
    ...(typeof plan === 'string' && isContentHash(plan) && { plan }),
    startedAt: info.startTime.toISOString(),
    ...(info.closeTime && { closedAt: info.closeTime.toISOString() }),
    ...(typeof rollbackOf === 'string' && isExecutionId(rollbackOf) && { rollbackOf }),
    ...(typeof resumeFrom === 'string' && isExecutionId(resumeFrom) && { resumeFrom }),
  };
};

const statusOf = (info: WorkflowExecutionInfo, state: unknown): ExecutionSummary['status'] => {
  switch (info.status.name) {
    case 'RUNNING':
    case 'CONTINUED_AS_NEW':
    case 'PAUSED':
      return 'running';
    case 'COMPLETED':
      return 'succeeded';
    case 'CANCELLED':
      return 'aborted';
    case 'FAILED':
      return state === 'aborted' ? ('aborted' satisfies ExecutionStatus) : 'failed';
    case 'TERMINATED':
    case 'TIMED_OUT':
      return 'terminated';
    case 'UNKNOWN':
    case 'UNSPECIFIED':
    default:
      return 'unknown';
  }
};

/** A full id, a workflow id, a unique prefix of an id, or `@latest`. */
export const resolveExecution = async (options: { readonly client: Client; readonly reference: string }): Promise<ExecutionId> => {
  const { client, reference } = options;
  if (reference === '@latest') {
    const [latest] = await listExecutions({ client, searchAttributes: false, limit: 1 });
    if (!latest) throw unknownExecution(reference);
    return latest.executionId;
  }
  const id = parseExecutionWorkflowId(reference) ?? reference;
  if (!isExecutionId(id)) {
    throw new TasksError({ code: 'TASKS3010', message: `${JSON.stringify(reference)} is not an execution id`, hint: '`tasks list` shows the executions there are.' });
  }
  // Asked first: visibility lags behind a start, the execution itself does not.
  if (await exists(client, id)) return id;
  const found = new Set<ExecutionId>();
  for await (const info of client.workflow.list({ query: `${OF_EXECUTIONS} AND WorkflowId STARTS_WITH '${executionWorkflowId(id)}'` })) {
    const match = parseExecutionWorkflowId(info.workflowId);
    if (match) found.add(match);
    if (found.size > 10) break;
  }
  const [only] = found;
  if (only === undefined) throw unknownExecution(reference);
  if (found.size === 1) return only;
  throw new TasksError({ code: 'TASKS3003', message: `${reference} is the beginning of several executions: ${[...found].join(', ')}`, hint: 'Type more of the id.' });
};

const exists = async (client: Client, id: ExecutionId): Promise<boolean> => {
  try {
    await client.workflow.getHandle(executionWorkflowId(id)).describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
};
