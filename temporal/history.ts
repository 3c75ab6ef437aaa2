/**
 * The history of an execution as one stream, across continue-as-new: what the ledger and old events are rebuilt
 * from. Asks the server alone: no worker is needed, and it makes no difference whether the execution is open,
 * closed or terminated.
 */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import { executionWorkflowId } from '../model/ids.ts';
import type { ExecutionId } from '../model/ids.ts';
import { TasksError } from '../model/problem.ts';
import { isNotFound } from './grpc.ts';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

export interface ExecutionEventRecord {
  /** Counts from 0: the run that was started, then each that continued it. Event ids start anew in every run. */
  readonly run: number;
  readonly runId: string;
  readonly event: HistoryEvent;
}

export interface HistoryRequest {
  readonly client: Client;
  readonly execution: ExecutionId;
}

/** The server answers with at most 256 unless configured otherwise. */
const PAGE_SIZE = 1_000;
const { HistoryEventFilterType } = proto.temporal.api.enums.v1;

/**
 * Every event of every run, oldest first; of an open execution, up to now. After a reset it is the history that
 * the execution itself has: events that the reset undid are not in it.
 *
 * @throws TasksError TASKS3001 when the server knows no such execution, TASKS4004 when a run of it is past its
 * retention. Other answers of the server are thrown as they came.
 */
export async function* executionHistory(request: HistoryRequest): AsyncGenerator<ExecutionEventRecord> {
  const runIds = await runsOf(request);
  for (let run = 0; run < runIds.length; run++) {
    const runId = runIds[run] ?? '';
    let last: HistoryEvent | undefined;
    for await (const event of eventsOfRun(request, runId)) {
      last = event;
      yield { run, runId, event };
    }
    // The execution may have gone on while it was read.
    const next = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    if (next && run === runIds.length - 1) runIds.push(next);
  }
}

/**
 * Ids of the runs, oldest first. Walked from the latest run back, because that chain is right after a reset as
 * well: the run that was reset does not name the run that replaced it.
 */
const runsOf = async (request: HistoryRequest): Promise<string[]> => {
  const runIds: string[] = [];
  let runId = await latestRun(request);
  while (runId) {
    runIds.push(runId);
    const [first] = (await page({ ...request, runId, pageSize: 1 })).events;
    runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  }
  return runIds.toReversed();
};

const latestRun = async ({ client, execution }: HistoryRequest): Promise<string> => {
  const { namespace } = client.options;
  try {
    const description = await client.workflowService.describeWorkflowExecution({
      namespace,
      execution: { workflowId: executionWorkflowId(execution) },
    });
    return description.workflowExecutionInfo?.execution?.runId ?? '';
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
    const hint = 'See `tasks list`. An execution that ended is forgotten when the retention of its namespace is over.';
    throw new TasksError(
      { code: 'TASKS3001', message: `There is no execution ${execution} in namespace ${namespace}.`, hint },
      { cause },
    );
  }
};

async function* eventsOfRun(request: HistoryRequest, runId: string): AsyncGenerator<HistoryEvent> {
  let next: Promise<HistoryPage> | undefined = page({ ...request, runId, pageSize: PAGE_SIZE });
  while (next) {
    const { events, token }: HistoryPage = await next;
    // The next page is on its way while this one is worked on.
    next = token && page({ ...request, runId, pageSize: PAGE_SIZE, token });
    // Whoever stops reading early leaves it unawaited.
    next?.catch(() => undefined);
    yield* events;
  }
}

interface HistoryPage {
  readonly events: readonly HistoryEvent[];
  readonly token: Uint8Array | undefined;
}

const page = async (
  request: HistoryRequest & { readonly runId: string; readonly pageSize: number; readonly token?: Uint8Array },
): Promise<HistoryPage> => {
  const { client, execution, runId } = request;
  try {
    const { history, nextPageToken } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: executionWorkflowId(execution), runId },
      maximumPageSize: request.pageSize,
      historyEventFilterType: HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT,
      ...(request.token && { nextPageToken: request.token }),
    });
    return { events: history?.events ?? [], token: nextPageToken.length > 0 ? nextPageToken : undefined };
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
    throw new TasksError(
      {
        code: 'TASKS4004',
        message: `Run ${runId} of execution ${execution} is no longer in Temporal: its history is past the retention of the namespace.`,
        hint: 'The ledger under provenance/ in its workspace was written when it ended. A longer retention of the namespace keeps histories.',
      },
      { cause },
    );
  }
};
