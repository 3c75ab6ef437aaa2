/** What is known without a worker of an execution that Temporal ended by force. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTasksClient } from '../../client/tasks-client.ts';
import { rebuildExecution } from '../../client/rebuild-execution.ts';
import type { Breaker } from '../../model/breaker.ts';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import type { TaskView } from '../../model/message.ts';
import { makePlan } from '../support/plan.ts';
import { endless, failing, startRig } from '../support/rig.ts';
import type { FakeCommand, Rig } from '../support/rig.ts';
import { sharedServer, shortHistoryServer } from '../support/server.ts';

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};

/** What no history tells: when the scheduler handed an attempt over, and why a task waits. */
const told = ({ dispatchedAt: _d, readySince: _r, waitingFor: _w, waitingReason: _y, dispatch: _k, startedAt: _s, finishedAt: _f, ...rest }: TaskView) => rest;

const terminate = (rig: Rig, execution: ExecutionId) => rig.temporal.workflow.getHandle(executionWorkflowId(execution)).terminate();

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ server: sharedServer() });
});
afterAll(() => rig[Symbol.asyncDispose]());

const compare = async (of: Rig, execution: ExecutionId): Promise<void> => {
  await terminate(of, execution);
  const { finishedAt: _closed, ...state } = await of.tasks.state(execution);
  const rebuilt = await rebuildExecution({ client: of.temporal, execution });
  expect({ ...rebuilt.state, status: 'terminated' }).toEqual(state);
  expect(rebuilt.tasks.map(told)).toEqual((await all(of.tasks.tasks(execution))).map(told));
  expect(rebuilt.graph).toEqual(await all(of.tasks.graph(execution)));
  expect(rebuilt.breakers).toEqual(await of.tasks.breakers(execution));
};

test('its history says of it what a worker says', async () => {
  rig.commands.set('hangs', endless).set('breaks', failing());
  const execution = await rig.start(
    makePlan([
      { id: 'good', title: 'Good', estimateMs: 5_000 },
      { id: 'breaks', retry: { maxAttempts: 2, initialDelayMs: 10 } },
      { id: 'blocked', deps: ['breaks'] },
      { id: 'later', deps: ['blocked'] },
      { id: 'hangs', deps: ['good'] },
      { id: 'after', deps: ['hangs'] },
      { id: 'over', deps: ['hangs'] },
    ]),
  );
  const settled = new Set<string>();
  await rig.until(execution, (event) => {
    if (event.type === 'task_started' && event.task === 'hangs') settled.add('hangs');
    if (event.type === 'task_upstream_failed') settled.add(event.task);
    return settled.size === 3;
  });
  await rig.tasks.skip(execution, { task: 'over' });
  await rig.tasks.pause(execution);
  await compare(rig, execution);
});

test('also of tasks that wait for a person: what nothing has helped holds nothing, what nobody knows of does', async () => {
  rig.commands.set('hangs', endless).set('escalated', failing()).set('lost', () => ({ outcome: 'failed', failure: { reason: 'lost', class: 'transient', message: 'its worker died' } }));
  const errorPolicy = { strategies: [], maxTurns: 1, escalation: 'review' as const };
  const execution = await rig.start(makePlan([{ id: 'hangs' }, { id: 'escalated', retry: { maxAttempts: 1 }, errorPolicy }, { id: 'lost', idempotent: false }, { id: 'after', deps: ['escalated', 'lost'] }]));
  const undecided = new Set<string>();
  await rig.until(execution, (event) => {
    if (event.type === 'task_needs_decision') undecided.add(event.task);
    return undecided.size === 2;
  });
  await rig.until(execution, (event) => event.type === 'task_started' && event.task === 'hangs');
  const states = (tasks: readonly TaskView[]) => tasks.map(({ task, state }) => [task, state]);
  const expected = [['hangs', 'RUNNING'], ['escalated', 'READY'], ['lost', 'PAUSED'], ['after', 'PENDING']];
  expect(states(await all(rig.tasks.tasks(execution)))).toEqual(expected);
  await terminate(rig, execution);
  expect(states((await rebuildExecution({ client: rig.temporal, execution })).tasks)).toEqual(expected);
});

const breaker = (name: string, action: Breaker['action'], budget = 2): Breaker => ({ name, on: { type: 'match', pattern: name, threshold: 1, windowMs: 600_000 }, action, budget, coolDownMs: 0 });
const matching =
  (pattern: string): FakeCommand =>
  () => ({ outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'transient', message: 'it broke', matches: [pattern] } });

test('also of its breakers: what they hold, what they have done, and what they have not', async () => {
  rig.commands.set('hangs', endless).set('gated', matching('gate')).set('later', matching('gate')).set('slow', matching('slow')).set('mend', endless);
  const breakers = [breaker('gate', { type: 'gate' }), breaker('slow', { type: 'throttle', forMs: 60_000, everyMs: 1_000 }), breaker('idle', { type: 'report' })];
  const execution = await rig.start(makePlan([{ id: 'hangs' }, { id: 'gated' }, { id: 'later', deps: ['gated'], soft: ['slow'] }, { id: 'slow', retry: { initialDelayMs: 30_000, maxDelayMs: 30_000 } }], { breakers }));
  const held = new Set<string>();
  await rig.until(execution, (event) => {
    if (event.type === 'circuit_breaker') held.add(event.breaker);
    return held.size === 2;
  });
  expect(await rig.tasks.breakers(execution)).toMatchObject([{ state: 'gated', holds: ['gated'] }, { state: 'throttling', holds: ['slow'], nextAt: expect.any(Number) as number }, { state: 'closed', trips: 0 }]);
  await compare(rig, execution);
});

test('also of breakers that did what they did in an earlier run', async () => {
  await using other = await startRig({ server: await shortHistoryServer() });
  other.commands.set('last', endless).set('breaks', matching('once'));
  const steps = Array.from({ length: 15 }, (_, at) => ({ id: `step-${at}`, ...(at > 0 && { deps: [`step-${at - 1}`] }) }));
  const execution = await other.start(makePlan([{ id: 'breaks', retry: { maxAttempts: 1 } }, ...steps, { id: 'last', deps: ['step-14'] }], { breakers: [breaker('once', { type: 'report' }, 1)] }));
  await other.until(execution, (event) => event.type === 'task_started' && event.task === 'last');
  expect((await other.tasks.state(execution)).runs).toBeGreaterThan(1);
  expect(await other.tasks.breakers(execution)).toMatchObject([{ state: 'spent', trips: 1 }]);
  await compare(other, execution);
});

test('also of one that was continued as new', async () => {
  await using other = await startRig({ server: await shortHistoryServer() });
  other.commands.set('last', endless).set('breaks', failing());
  const steps = Array.from({ length: 15 }, (_, at) => ({ id: `step-${at}`, ...(at > 0 && { deps: [`step-${at - 1}`] }) }));
  const execution = await other.start(makePlan([...steps, { id: 'breaks', retry: { maxAttempts: 1 } }, { id: 'last', deps: ['step-14'] }]));
  await other.until(execution, (event) => event.type === 'task_started' && event.task === 'last');
  expect((await other.tasks.state(execution)).runs).toBeGreaterThan(1);
  await compare(other, execution);
});

describe('without any worker', () => {
  test('state, tasks and one task are answered from history, and an unknown task is unknown', async () => {
    const own = await startRig({ server: sharedServer() });
    own.commands.set('hangs', endless);
    const execution = await own.start(makePlan([{ id: 'hangs' }, { id: 'after', deps: ['hangs'] }]));
    await own.until(execution, ({ type }) => type === 'task_started');
    await terminate(own, execution);
    await own[Symbol.asyncDispose]();
    // The rig's worker polls another queue.
    const tasks = rig.tasks;
    expect(await tasks.state(execution)).toMatchObject({ status: 'terminated', counts: { RUNNING: 1, PENDING: 1 }, finishedAt: expect.any(Number) as number });
    expect((await all(tasks.tasks(execution))).map(({ task, state }) => [task, state])).toEqual([['hangs', 'RUNNING'], ['after', 'PENDING']]);
    expect(await tasks.task(execution, 'hangs')).toMatchObject({ attempt: 1 });
    expect((await tasks.breakers(execution)).map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
    await expect(tasks.task(execution, 'nope')).rejects.toMatchObject({ problems: [{ code: 'TASKS3004' }] });
  });

  test('one that never loaded its plan says so', async () => {
    const plan = await rig.tasks.store(makePlan([{ id: 'a' }]));
    const { temporal } = rig;
    const execution = `unloaded-${process.pid}` as ExecutionId;
    const lonely = createTasksClient({ client: temporal, address: '', store: { location: '', put: async () => plan, get: () => Promise.reject(new Error('not asked')), list: async () => [], delete: async () => {} }, taskQueue: `nobody-${process.pid}`, searchAttributes: true, close: async () => {} });
    await lonely.start(plan, { executionId: execution, workspace: '/' });
    await terminate(rig, execution);
    await expect(lonely.state(execution)).rejects.toMatchObject({ problems: [{ code: 'TASKS3012', message: expect.stringContaining('before it had loaded its plan') as string }] });
  });
});
