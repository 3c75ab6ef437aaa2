/** What holds after every single event, whatever happened: each function names what is broken, or answers undefined. */
import { expect } from 'vitest';
import type { EventBody } from '../../model/event.ts';
import type { GraphTask } from '../../model/graph.ts';
import { holdsGrants, isSettled, occupiesSlot, satisfiesHard } from '../../model/state.ts';
import type { TaskState } from '../../model/state.ts';
import { needsApproval } from '../../scheduler/approvals.ts';
import { GraphIndex } from '../../scheduler/graph-index.ts';
import type { SchedulerState, Step, TaskRecord } from '../../scheduler/protocol.ts';
import { isKnownOpen, isOpen } from './calendars.ts';
import type { Driver } from './driver.ts';
import { pressureOf } from './naive-pressure.ts';
import { whereTo } from './naive-workers.ts';
import { SCOPE } from './scenarios.ts';

/** As many tasks as may be under way at once, breakers counted in. */
const slotsOf = ({ graph, healing }: SchedulerState): number => {
  const { concurrencyMax } = graph.policies;
  const mode = healing?.rate?.mode ?? 'closed';
  return { closed: concurrencyMax, reduced: Math.max(1, Math.floor(concurrencyMax / 2)), open: 0, probing: 1 }[mode];
};

/** Whether a breaker keeps it from starting. */
const isHeld = (state: SchedulerState, index: number): boolean => {
  const { graph, healing } = state;
  const isWaitedFor = healing?.holds.some(({ tasks }) => tasks?.includes(index)) === true;
  const hold = healing?.holds.find((each) => {
    const scope = graph.policies.breakers.find(({ name }) => name === each.breaker)?.scope;
    if (each.released?.includes(index)) return false;
    return each.members.includes(index) || (scope !== undefined && !isWaitedFor && graph.tasks[index]?.repairs === undefined && graph.tasks[index]?.id.startsWith(SCOPE));
  });
  return hold !== undefined;
};

const stateAt = (state: SchedulerState, index: number): TaskState => state.records[index]?.state as TaskState;
const isDead = (state: TaskState): boolean => isSettled(state) && !satisfiesHard(state);

const isFree = (state: SchedulerState, index: number): boolean => {
  const task = state.graph.tasks[index];
  return (
    (task?.deps ?? []).every((from) => satisfiesHard(stateAt(state, from))) &&
    (task?.soft ?? []).every((from) => isSettled(stateAt(state, from)))
  );
};

const hasDeadDependency = (state: SchedulerState, index: number): boolean =>
  (state.graph.tasks[index]?.deps ?? []).some((from) => isDead(stateAt(state, from)));

/** Nothing is started before its time, twice, or when nothing may start. */
export const checkStarts = (driver: Driver, step: Step, attemptsBefore: readonly number[]): void => {
  const { state } = driver.scheduler;
  const started = new Set<number>();
  for (const decision of step.decisions) {
    if (decision.type !== 'start') continue;
    expect(started.has(decision.index), `${decision.task} started once`).toBe(false);
    started.add(decision.index);
    expect(state.mode, 'starts happen in a running execution').toBe('running');
    expect(isFree(state, decision.index), `dependencies of ${decision.task}`).toBe(true);
    expect(decision.attempt).toBe((attemptsBefore[decision.index] ?? 0) + 1);
    const task = state.graph.tasks[decision.index] as GraphTask;
    if (needsApproval(task, state.graph.policies.approval)) expect(state.records[decision.index]?.approval?.state, `approval of ${decision.task}`).toBe('given');
    for (const window of windowsOf(state, decision.index)) expect(isOpen(window, driver.now), `${decision.task} in the window ${window}`).toBe(true);
    if (state.wave) expect(state.wave.of[decision.index], `wave of ${decision.task}`).toBeLessThanOrEqual(state.wave.open);
  }
};

/** Nothing that has succeeded is lost or run again, whatever a patch does; `succeeded` are those before, with their attempts. */
export const checkFinished = ({ scheduler: { state } }: Driver, succeeded: ReadonlyMap<number, number>): void => {
  for (const [index, attempt] of succeeded) expect([state.records[index]?.state, state.records[index]?.attempt], state.graph.tasks[index]?.id).toEqual(['SUCCEEDED', attempt]);
};

/** Slots and counts are what the records say, and the driver's attempts are the records'. */
export const checkSlots = (driver: Driver): void => {
  const { scheduler } = driver;
  const { records, graph } = scheduler.state;
  const occupied = records.filter((record) => occupiesSlot(record.state)).length;
  expect(scheduler.occupied).toBe(occupied);
  expect(occupied).toBeLessThanOrEqual(graph.policies.concurrencyMax);
  const counts: Partial<Record<TaskState, number>> = {};
  for (const { state } of records) counts[state] = (counts[state] ?? 0) + 1;
  expect(scheduler.counts).toEqual(counts);
  for (const [index, record] of records.entries()) {
    const runs = record.state === 'ASSIGNED' || record.state === 'RUNNING';
    expect(driver.running.has(index), `an attempt of ${graph.tasks[index]?.id} (${record.state})`).toBe(runs);
    if (runs) expect(driver.running.get(index)?.attempt).toBe(record.attempt);
  }
};

/** Nobody holds more than there is, or something that excludes another's; requests are out for those that wait, and no others. */
export const checkResources = (driver: Driver, step: Step): void => {
  const { records, graph } = driver.scheduler.state;
  const started = step.decisions.flatMap((decision) => (decision.type === 'start' ? [decision.index] : []));
  const startedWith = new Set(started.flatMap((index) => (graph.tasks[index]?.asks ?? []).map((ask) => ask.resource)));
  for (const { name, mode, capacity, scope } of graph.resources ?? []) {
    if (scope === 'global') continue;
    const held = graph.tasks.flatMap((task, index) =>
      holdsGrants(stateAt(driver.scheduler.state, index)) ? (task.asks ?? []).filter((ask) => ask.resource === name) : [],
    );
    const taken = held.filter((ask) => mode === 'semaphore' || ask.access === 'write');
    // A capacity that has become smaller interrupts nobody, and lets nobody in.
    const mustFit = startedWith.has(name) || !driver.hasShrunk;
    if (mustFit) expect(taken.reduce((sum, ask) => sum + ask.units, 0), name).toBeLessThanOrEqual(capacity);
    if (taken.length > 0) expect(held.length, `readers of ${name} beside a writer`).toBe(taken.length);
  }
  expect(driver.requests.size).toBeLessThanOrEqual(graph.policies.concurrencyMax);
  for (const [index, { state, parked, blockedAt, request }] of records.entries()) {
    const isOut = request?.state === 'asked' || request?.state === 'granted';
    expect(driver.requests.has(index), `a request of ${graph.tasks[index]?.id} (${state})`).toBe(isOut);
    if (isOut || request?.state === 'queued') expect([state, parked]).toEqual(['READY', undefined]);
    if (blockedAt !== undefined) expect([state, parked]).toEqual(['READY', undefined]);
  }
};

/** Every task that waits does so for a reason, and nothing that could start waits. */
export const checkFrontier = (driver: Driver): void => {
  const { scheduler } = driver;
  const { state } = scheduler;
  let ready = 0;
  let startable = 0;
  const isBackground = (index: number): boolean => (state.graph.tasks[index]?.priority ?? 3) >= 5;
  const isAnyBusy = state.records.some((record, index) => isBackground(index) && (occupiesSlot(record.state) || (record.request && record.request.state !== 'withdrawn')));
  for (const [index, record] of state.records.entries()) {
    const name = `${state.graph.tasks[index]?.id} (${record.state})`;
    if (record.state === 'PENDING') expect(isFree(state, index) || hasDeadDependency(state, index), name).toBe(false);
    if (record.state === 'READY') {
      expect(isFree(state, index), name).toBe(true);
      expect(record.readyAt, name).toBeDefined();
      if (!record.parked) ready += 1;
      if (!record.parked && !state.graph.tasks[index]?.asks?.length && whereTo(state, index, driver.now) !== 'later' && !(isBackground(index) && isAnyBusy)) startable += 1;
    }
    expect(scheduler.waiting(index, driver.now) !== undefined, name).toBe(record.state === 'READY');
    if (record.state === 'UPSTREAM_FAILED') expect(hasDeadDependency(state, index), name).toBe(true);
    if (record.state === 'BACKOFF') expect(record.retryAt, name).toBeGreaterThan(driver.now);
    else expect(record.retryAt, name).toBeUndefined();
    checkParked(driver, index);
  }
  if (state.mode === 'running' && pressureOf(state, driver.now).room > 0 && scheduler.occupied < slotsOf(state)) expect(startable, 'a free slot and a ready task that asks for nothing').toBe(0);
  expect(scheduler.frontier(driver.now)).toHaveLength(ready);
  if (scheduler.wakeAt !== undefined) expect(scheduler.wakeAt, 'what is due has been done').toBeGreaterThan(driver.now);
};

/** Only who allows it is stopped, for somebody more urgent who waits; and whoever lacks nothing but a slot gets one so. */
export const checkPreemption = ({ scheduler: { state, occupied }, now }: Driver, step: Step): void => {
  const { preemption, concurrencyMax } = state.graph.policies;
  const priorityOf = (index: number): number => state.graph.tasks[index]?.priority ?? 3;
  const mayStop = (index: number): boolean => {
    const { preemptible, executor } = state.graph.tasks[index] as GraphTask;
    return preemption.enabled && (preemptible ?? priorityOf(index) >= 5) && preemption.order.includes(priorityOf(index)) && executor !== 'human';
  };
  // An abort ends also what was being stopped for others.
  for (const decision of state.mode === 'running' ? step.decisions : []) {
    if (decision.type !== 'cancel' || state.records[decision.index]?.onEnd !== 'preempt') continue;
    const by = state.graph.tasks.findIndex(({ id }) => id === state.records[decision.index]?.preemptedBy);
    expect(mayStop(decision.index), `${decision.task} may be stopped`).toBe(true);
    expect([state.records[by]?.state, state.records[by]?.parked]).toEqual(['READY', undefined]);
    expect(priorityOf(by), 'the priority of who takes its place').toBeLessThan(priorityOf(decision.index));
  }
  const isLeaving = state.records.some(({ onEnd }) => onEnd !== undefined);
  if (state.mode !== 'running' || pressureOf(state, now).room === 0 || occupied < Math.max(concurrencyMax, slotsOf(state)) || isLeaving) return;
  const atWork = [...state.records.keys()].filter((index) => ['ASSIGNED', 'RUNNING'].includes(stateAt(state, index)) && mayStop(index));
  for (const [index, record] of state.records.entries()) {
    const lacksOnlyASlot = record.state === 'READY' && !record.parked && !state.graph.tasks[index]?.asks?.length && whereTo(state, index, now) !== 'later';
    if (lacksOnlyASlot) expect(atWork.filter((other) => priorityOf(other) > priorityOf(index)), `may be stopped for ${state.graph.tasks[index]?.id}`).toEqual([]);
  }
};

/** Who is kept out is so for the reason that is given, and who is not has none. */
const checkParked = ({ scheduler: { state }, now }: Driver, index: number): void => {
  const record = state.records[index] as TaskRecord;
  const { id } = state.graph.tasks[index] as GraphTask;
  if (record.state !== 'READY') return expect([record.parked, record.approval?.state === 'asked'], id).toEqual([undefined, false]);
  const isEarly = state.wave !== undefined && (state.wave.of[index] as number) > state.wave.open;
  const isUnapproved = needsApproval(state.graph.tasks[index] as GraphTask, state.graph.policies.approval) && record.approval?.state !== 'given';
  const isShut = windowsOf(state, index).some((window) => !isKnownOpen(state, window, now));
  // Nothing is opened or closed any more once the execution has ended or is being ended.
  if (state.mode === 'aborting' || state.mode === 'finished') return;
  const isMissing = whereTo(state, index, now) === 'nobody';
  if (record.escalation !== undefined) return expect(record.parked, id).toBe('decision');
  if (isHeld(state, index)) return expect(record.parked, id).toBeDefined();
  expect(record.parked, id).toBe(isEarly ? 'wave' : isUnapproved ? 'approval' : isMissing ? 'worker' : isShut ? 'window' : undefined);
  expect(record.approval?.state === 'asked', `${id} asks`).toBe(record.parked === 'approval');
};

const windowsOf = (state: SchedulerState, index: number): readonly string[] =>
  (state.graph.tasks[index]?.asks ?? []).flatMap((ask) => state.graph.resources?.find(({ name }) => name === ask.resource)?.window ?? []);

export const expectSameIndex = (grown: GraphIndex, fresh: GraphIndex): void => {
  expect(grown.depth).toEqual(fresh.depth);
  expect(grown.after).toEqual(fresh.after);
  expect(grown.criticalPathMs).toBe(fresh.criticalPathMs);
  expect(grown.edges).toBe(fresh.edges);
  expect(grown.hard).toEqual(fresh.hard);
  expect(grown.soft).toEqual(fresh.soft);
};

/** What the scheduler keeps in step with patches is what a fresh look at the graph gives; no wave is before a dependency's. */
export const checkIndex = (driver: Driver): void => {
  const { index, state } = driver.scheduler;
  const fresh = new GraphIndex(state.graph);
  expectSameIndex(index, fresh);
  expect(state.records).toHaveLength(state.graph.tasks.length);
  if (!state.wave) return;
  for (const at of state.graph.tasks.keys()) {
    for (const from of fresh.predecessors(at)) expect(state.wave.of[from]).toBeLessThanOrEqual(state.wave.of[at] as number);
  }
};

/** The state of a task after its last event, as far as events tell. */
const EVENT_STATE: Partial<Record<EventBody['type'], TaskState>> = {
  task_succeeded: 'SUCCEEDED',
  task_failed: 'FAILED',
  task_skipped: 'SKIPPED',
  task_cancelled: 'CANCELLED',
  task_upstream_failed: 'UPSTREAM_FAILED',
  task_quarantined: 'QUARANTINED',
};

/** At the end everything is settled, told by events, counted, and summed up by the outcome. */
export const checkEnd = (driver: Driver, carried: ReadonlySet<number> = new Set()): void => {
  const { scheduler, decisions, events } = driver;
  const { records, graph, mode } = scheduler.state;
  expect(mode).toBe('finished');
  expect(driver.running.size).toBe(0);
  expect([...driver.requests.values()], 'what mutexes have been asked and not told to forget').toEqual([]);
  const told = (type: 'resource_acquired' | 'resource_released'): string[] => events.flatMap((event) => (event.type === type ? [event.task] : [])).sort();
  expect(told('resource_released'), 'what was acquired was released').toEqual(told('resource_acquired'));
  expect(decisions.filter((decision) => decision.type === 'finish')).toHaveLength(1);
  expect(decisions.findLast(({ type }) => type !== 'withdraw')?.type).toBe('finish');
  const last = new Map<string, TaskState>();
  for (const event of events) {
    const state = EVENT_STATE[event.type];
    if (state && 'task' in event) last.set(event.task, state);
  }
  for (const [index, record] of records.entries()) {
    const id = graph.tasks[index]?.id as string;
    expect(isSettled(record.state), `${id} (${record.state})`).toBe(true);
    if (!carried.has(index)) expect(last.get(id), `last event of ${id}`).toBe(record.state);
  }
  const completed = events.find((event) => event.type === 'execution_completed');
  expect(completed?.counts).toEqual(scheduler.counts);
  expect(completed?.outcome).toBe(driver.outcome);
  const good = records.every((record, index) => satisfiesHard(record.state) || graph.tasks[index]?.repairs !== undefined);
  expect(scheduler.state.healing?.holds ?? [], 'what breakers hold').toEqual([]);
  const aborted = events.some((event) => event.type === 'execution_aborting');
  expect(driver.outcome).toBe(aborted ? 'aborted' : good ? 'succeeded' : 'failed');
};
