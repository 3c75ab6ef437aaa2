/**
 * Old events, rebuilt from an execution's history: the same workflow code runs over it again and emits the
 * same events with the same numbers. Needs no worker; works on terminated executions.
 */
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import type { EventNews, ExecutionEvent } from '../model/event.ts';
import type { ExecutionId } from '../model/ids.ts';
import { executionWorkflowId } from '../model/ids.ts';
import { TasksError } from '../model/problem.ts';
import { dataConverter } from '../temporal/data-converter.ts';
import { executionHistory } from '../temporal/history.ts';
import type { HistoryEvent } from '../temporal/history.ts';
import { workflowBundlePath } from '../temporal/bundle.ts';
import { inTurn } from './in-turn.ts';

const EVENT = proto.temporal.api.enums.v1.EventType;
const TURNS: ReadonlySet<number> = new Set([
  EVENT.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EVENT.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EVENT.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EVENT.EVENT_TYPE_WORKFLOW_TASK_FAILED,
  EVENT.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
]);

const FORCED_ENDS: ReadonlySet<number> = new Set([EVENT.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED, EVENT.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT]);

interface Range {
  readonly from: number;
  readonly before: number;
}

/** An event, and what the execution told beside it. */
export interface RebuiltEvent extends EventNews {
  readonly event: ExecutionEvent;
}

type RebuildOptions = { readonly client: Client; readonly execution: ExecutionId } & Range;

export async function* rebuildEvents(options: RebuildOptions): AsyncGenerator<ExecutionEvent> {
  for await (const { event } of rebuildHistory(options)) yield event;
}

export async function* rebuildHistory(options: RebuildOptions): AsyncGenerator<RebuiltEvent> {
  const { client, execution, from, before } = options;
  for await (const history of runs(client, execution)) {
    const rebuilt = await replay(history, execution);
    for (const each of rebuilt) if (each.event.seq >= from && each.event.seq < before) yield each;
    const last = rebuilt.at(-1);
    if (last && last.event.seq >= before - 1) return;
  }
}

async function* runs(client: Client, execution: ExecutionId): AsyncGenerator<temporal.api.history.v1.History> {
  let run = -1;
  let events: HistoryEvent[] = [];
  for await (const record of executionHistory({ client, execution })) {
    if (record.run !== run && events.length > 0) yield proto.temporal.api.history.v1.History.create({ events });
    if (record.run !== run) events = [];
    run = record.run;
    events.push(record.event);
  }
  if (events.length > 0) yield proto.temporal.api.history.v1.History.create({ events: withLastTurn(events) });
}

/**
 * What reached an execution after its last workflow task is told when a worker asks it, but not by a replay of
 * the bare history: so that gets one more workflow task in place of the termination, at the time a worker takes.
 */
const withLastTurn = (events: readonly HistoryEvent[]): HistoryEvent[] => {
  const last = events.at(-1);
  if (!last || !FORCED_ENDS.has(last.eventType ?? 0)) return [...events];
  const before = events.slice(0, -1);
  const turn = before.findLast(({ eventType }) => TURNS.has(eventType ?? 0));
  const eventTime = before.findLast(({ eventType }) => eventType === EVENT.EVENT_TYPE_WORKFLOW_TASK_STARTED)?.eventTime ?? null;
  if (turn?.eventType === EVENT.EVENT_TYPE_WORKFLOW_TASK_STARTED) return before;
  const isScheduled = turn?.eventType === EVENT.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED;
  const free = last.eventId ?? null;
  if (!isScheduled) before.push({ eventId: free, eventTime, eventType: EVENT.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, workflowTaskScheduledEventAttributes: {} });
  const scheduledEventId = isScheduled ? (turn.eventId ?? null) : free;
  const eventId = isScheduled ? free : (free?.add(1) ?? null);
  before.push({ eventId, eventTime, eventType: EVENT.EVENT_TYPE_WORKFLOW_TASK_STARTED, workflowTaskStartedEventAttributes: { scheduledEventId } });
  return before;
};

/**
 * With SDK 1.24 the end of one replay shuts the native runtime down while another is about to use it: in a process
 * without a worker only one may be under way.
 */
const replaying = inTurn();

const replay = async (history: temporal.api.history.v1.History, execution: ExecutionId): Promise<RebuiltEvent[]> => {
  // The worker library is native and large: only who needs it loads it.
  const { Worker, Runtime, makeTelemetryFilterString, DefaultLogger } = await import('@temporalio/worker');
  try {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
    });
  } catch {
    // A worker in this process has installed its own.
  }
  const rebuilt: RebuiltEvent[] = [];
  const collect = { fn: (_info: unknown, event: ExecutionEvent, news?: EventNews) => void rebuilt.push(plain({ event, ...news })), callDuringReplay: true };
  const options = { workflowBundle: { codePath: fileURLToPath(workflowBundlePath()) }, dataConverter, sinks: { tasksEvents: { event: collect } } };
  await replaying(() => Worker.runReplayHistory(options, history, executionWorkflowId(execution))).catch((error: unknown) => {
    const hint = 'Was it written by another version? `tasks ledger` reads a history without replaying it.';
    throw new TasksError({ code: 'TASKS2009', message: `the history of execution ${execution} cannot be replayed: ${error instanceof Error ? error.message : String(error)}`, hint }, { cause: error });
  });
  return rebuilt;
};

/** As it comes out of a query: a field without a value is no field. */
const plain = (rebuilt: RebuiltEvent): RebuiltEvent => JSON.parse(JSON.stringify(rebuilt)) as RebuiltEvent;
