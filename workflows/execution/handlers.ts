/**
 * Signals, updates and queries of the execution. A signal never fails: a bad one leaves an event. An update
 * of the same meaning answers. Requests that come before the graph is loaded wait for it.
 */
import { condition, defineQuery, defineSignal, defineUpdate, setDefaultSignalHandler, setHandler, workflowInfo } from '@temporalio/workflow';
import { isAttemptResult } from '../../model/attempt-guard.ts';
import { INTERNAL_QUERY, INTERNAL_SIGNAL, INTERNAL_UPDATE, QUERY, SIGNAL, UPDATE } from '../../model/message.ts';
import type { RequestReceipt } from '../../model/message.ts';
import { readGranted, readRefused } from '../../model/mutex-guard.ts';
import { readWorkerTable } from '../../model/pool-guard.ts';
import { readParsedPatch } from '../../model/patch-guard.ts';
import { tasksToUpdate } from '../../model/patch-payload.ts';
import type { ParsedPatch, PatchReceipt } from '../../model/patch.ts';
import { readAttemptProgress } from '../../model/progress-guard.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { readApproveRequest, readCompleteRequest, readPage, readPauseRequest, readResetBreakerRequest, readTaskRequest, readTasks } from '../../model/request-guard.ts';
import type { SchedulerEvent } from '../../scheduler/protocol.ts';
import { control } from '../control.ts';
import type { ControlOptions } from '../control.ts';
import type { Driver } from './driver.ts';
import { patchPreview, skeletonPage, sourcesOf, withExecutors } from './patch-views.ts';
import { refusal, rejectedEvent } from './rejection.ts';
import { setRollbackHandlers } from './rollback-door.ts';
import { standingPage } from './standing-view.ts';
import { demandView, eventsPage, frontierView, graphNode, page, stateView, statusOf, taskView } from './views.ts';

const PARSING: ControlOptions = { startToCloseTimeout: '30s', retry: { maximumAttempts: 5 } };

/** Filled in once the graph is loaded; handlers are set before that. */
export interface Slot {
  driver?: Driver;
  /**
   * This run ends with this workflow task, if the server takes it: it does not when a message has arrived meanwhile,
   * and the same work is then done again, perhaps in another order. Until then nobody is shown its outcome.
   */
  handingOver?: boolean;
}

interface Door {
  readonly signal: string;
  readonly update: string;
  readonly read: (payload: unknown) => Result<SchedulerEvent>;
}

const event =
  <R>(type: Exclude<SchedulerEvent['type'], 'begin' | 'tick' | 'started' | 'ended' | 'openings' | 'workers' | 'patch' | 'repaired' | 'compensating' | 'rollback' | 'rollbackRefused' | 'rolledBack'>, read: (payload: unknown) => Result<R>) =>
  (payload: unknown): Result<SchedulerEvent> => {
    const request = read(payload);
    return request.ok ? ok({ type, ...request.value } as unknown as SchedulerEvent) : request;
  };

const DOORS: readonly Door[] = [
  { signal: SIGNAL.pause, update: UPDATE.applyPause, read: event('pause', readPauseRequest) },
  { signal: SIGNAL.resume, update: UPDATE.applyResume, read: event('resume', readPauseRequest) },
  { signal: SIGNAL.abort, update: UPDATE.applyAbort, read: event('abort', readPauseRequest) },
  { signal: SIGNAL.retryTask, update: UPDATE.applyRetryTask, read: event('retry', readTaskRequest) },
  { signal: SIGNAL.skipTask, update: UPDATE.applySkipTask, read: event('skip', readTaskRequest) },
  { signal: SIGNAL.quarantineTask, update: UPDATE.applyQuarantineTask, read: event('quarantine', readTaskRequest) },
  { signal: SIGNAL.completeTask, update: UPDATE.applyCompleteTask, read: event('complete', readCompleteRequest) },
  { signal: SIGNAL.resetBreaker, update: UPDATE.applyResetBreaker, read: event('resetBreaker', readResetBreakerRequest) },
  { signal: SIGNAL.approve, update: UPDATE.applyApprove, read: event('approve', readApproveRequest) },
];

export const setHandlers = (slot: Slot): void => {
  for (const door of DOORS) setDoor(slot, door);
  setHotUpdate(slot);
  setRollbackHandlers(slot);
  setDefaultSignalHandler((name) => {
    const known = Object.values(SIGNAL).join(', ');
    slot.driver?.emit(rejectedEvent(name, [{ code: 'TASKS3011', message: `there is no signal ${JSON.stringify(name.slice(0, 100))}; there are ${known}` }]));
  });
  setHandler(defineSignal<[unknown]>(INTERNAL_SIGNAL.attemptEnded), async (result) => {
    const driver = await loaded(slot);
    if (!isAttemptResult(result)) return;
    const index = driver.scheduler.index.indexOf.get(result.task);
    if (index !== undefined) driver.reported(index, result);
  });
  setHandler(defineSignal<[unknown]>(INTERNAL_SIGNAL.granted), async (message) => {
    const driver = await loaded(slot);
    const granted = readGranted(message);
    if (granted.ok) driver.grants.granted(granted.value);
  });
  setHandler(defineSignal<[unknown]>(INTERNAL_SIGNAL.refused), async (message) => {
    const driver = await loaded(slot);
    const refused = readRefused(message);
    if (refused.ok) driver.grants.refused(refused.value);
  });
  setHandler(defineSignal<[unknown]>(INTERNAL_SIGNAL.workers), async (message) => {
    const driver = await loaded(slot);
    const table = readWorkerTable(message);
    if (table.ok) driver.push({ type: 'workers', table: table.value });
  });
  setHandler(defineSignal<[unknown]>(INTERNAL_SIGNAL.attemptProgress), async (message) => {
    const driver = await loaded(slot);
    const progress = readAttemptProgress(message);
    const index = progress && driver.scheduler.index.indexOf.get(progress.task);
    if (progress && index !== undefined) driver.told(index, progress);
  });
  setQueries(slot);
};

const loaded = async (slot: Slot): Promise<Driver> => {
  if (!slot.driver) await condition(() => slot.driver !== undefined);
  return slot.driver as Driver;
};

const setDoor = (slot: Slot, { signal, update, read }: Door): void => {
  const request = (driver: Driver, payload: unknown): readonly Problem[] | undefined => {
    const parsed = read(payload);
    if (!parsed.ok) return parsed.error;
    return driver.apply(parsed.value).rejected;
  };
  setHandler(defineSignal<[unknown]>(signal), async (payload) => {
    const driver = await loaded(slot);
    const rejected = request(driver, payload);
    if (rejected) driver.emit(rejectedEvent(signal, rejected));
  });
  setHandler(
    defineUpdate<RequestReceipt, [unknown]>(update),
    async (payload) => {
      const driver = await loaded(slot);
      const rejected = request(driver, payload);
      if (rejected) throw refusal(rejected);
      const parsed = read(payload);
      const task = parsed.ok && 'task' in parsed.value ? parsed.value.task : undefined;
      const index = task === undefined ? undefined : driver.scheduler.index.indexOf.get(task);
      const state = index === undefined ? undefined : driver.carried.scheduler.records[index]?.state;
      return { status: statusOf(driver), ...(state && { state }) };
    },
    {
      validator: (payload) => {
        const parsed = read(payload);
        const problems = parsed.ok ? slot.driver?.scheduler.refuse(parsed.value) : parsed.error;
        if (problems) throw refusal(problems);
      },
    },
  );
};

const applyPatch = (driver: Driver, patch: ParsedPatch): Result<PatchReceipt> => {
  const step = driver.apply({ type: 'patch', patch: withExecutors(patch, driver.carried.executor) });
  if (!step.receipt) return fail(step.rejected ?? []);
  return ok(step.receipt);
};

const setHotUpdate = (slot: Slot): void => {
  let patches = 0;
  const patch = async (payload: unknown): Promise<Result<PatchReceipt>> => {
    const driver = await loaded(slot);
    patches += 1;
    const fallbackId = `${workflowInfo().runId}/${patches}`;
    const sources = sourcesOf(driver, tasksToUpdate(payload));
    const parsed = await control(PARSING).parsePatch({ payload, execution: driver.carried.execution, fallbackId, ...(sources.length > 0 && { sources }) });
    return parsed.ok ? applyPatch(driver, parsed.value) : parsed;
  };
  setHandler(defineSignal<[unknown]>(SIGNAL.hotUpdate), async (payload) => {
    try {
      const receipt = await patch(payload);
      if (!receipt.ok) slot.driver?.emit(rejectedEvent(SIGNAL.hotUpdate, receipt.error));
    } catch (error) {
      slot.driver?.emit(rejectedEvent(SIGNAL.hotUpdate, [unparsed(error)]));
    }
  });
  setHandler(defineUpdate<PatchReceipt, [unknown]>(UPDATE.applyHotUpdate), async (payload) => {
    const receipt = await patch(payload).catch((error: unknown) => fail([unparsed(error)]));
    if (!receipt.ok) throw refusal(receipt.error);
    return receipt.value;
  });
  setHandler(
    defineUpdate<PatchReceipt, [unknown]>(INTERNAL_UPDATE.applyParsedPatch),
    async (payload) => {
      const driver = await loaded(slot);
      const parsed = readParsedPatch(payload);
      const receipt = parsed.ok ? applyPatch(driver, parsed.value) : parsed;
      if (!receipt.ok) throw refusal(receipt.error);
      return receipt.value;
    },
    {
      validator: (payload) => {
        const parsed = readParsedPatch(payload);
        const problems = parsed.ok ? slot.driver?.scheduler.refuse({ type: 'patch', patch: parsed.value }) : parsed.error;
        if (problems) throw refusal(problems);
      },
    },
  );
};

const unparsed = (error: unknown): Problem => ({
  code: 'TASKS3006',
  message: `the patch could not be read: ${error instanceof Error ? error.message : String(error)}`,
});

const setQueries = (slot: Slot): void => {
  const answer =
    <T>(view: (driver: Driver, argument: unknown) => T) =>
    (argument: unknown): T => {
      if (!slot.driver) throw new Error('[TASKS3012] the execution is still loading its plan');
      if (slot.handingOver) throw new Error('[TASKS3012] the execution goes on in a new run at this moment: ask again');
      return view(slot.driver, argument);
    };
  const total = (driver: Driver): number => driver.scheduler.index.tasks.length;
  setHandler(defineQuery<unknown, [unknown]>(QUERY.state), answer((driver) => stateView(driver)));
  setHandler(defineQuery<unknown, [unknown]>(QUERY.frontier), answer(frontierView));
  setHandler(defineQuery<unknown, [unknown]>(QUERY.demand), answer(demandView));
  setHandler(defineQuery<unknown, [unknown]>(QUERY.breakers), answer((driver) => driver.scheduler.breakers(Date.now())));
  setHandler(defineQuery<unknown, [unknown]>(QUERY.standing), answer((driver, argument) => standingPage(driver, readPage(argument))));
  setHandler(defineQuery<unknown, [unknown]>(QUERY.events), answer((driver, argument) => eventsPage(driver, readPage(argument, 500))));
  setHandler(
    defineQuery<unknown, [unknown]>(QUERY.task),
    answer((driver, argument) => {
      const request = readTaskRequest(argument);
      const index = request.ok ? driver.scheduler.index.indexOf.get(request.value.task) : undefined;
      if (index === undefined) throw new Error(`[TASKS3004] no such task in this execution`);
      return taskView(driver, index);
    }),
  );
  const timeline = answer((driver, argument) => page(readPage(argument), total(driver), (index) => taskView(driver, index)));
  setHandler(defineQuery<unknown, [unknown]>(QUERY.timeline), timeline);
  const graph = answer((driver, argument) => page(readPage(argument), total(driver), (index) => graphNode(driver, index)));
  setHandler(defineQuery<unknown, [unknown]>(QUERY.graph), graph);
  setHandler(defineQuery<unknown, [unknown]>(INTERNAL_QUERY.skeleton), answer((driver, argument) => skeletonPage(driver, readPage(argument))));
  setHandler(defineQuery<unknown, [unknown]>(INTERNAL_QUERY.sources), answer((driver, argument) => sourcesOf(driver, readTasks(argument))));
  setHandler(defineQuery<unknown, [unknown]>(INTERNAL_QUERY.previewPatch), answer(patchPreview));
};
