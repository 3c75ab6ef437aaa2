/** Resources of an execution and between executions, on a real server, with commands that are made up. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeldGrant } from '../../model/attempt.ts';
import type { StoredPlan } from '../../model/graph.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { executionWorkflowId, mutexWorkflowId } from '../../model/ids.ts';
import { MUTEX_SIGNAL } from '../../model/mutex.ts';
import type { Resource } from '../../model/resource.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { gate, startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { modes } from '../support/modes.ts';
import { sharedServer } from '../support/server.ts';

const writes = (resource: string, units = 1) => ({ resource, units, access: 'write' as const });
const reads = (resource: string) => ({ resource, units: 1, access: 'read' as const });
const withResources = (plan: StoredPlan, resources: readonly Resource[]): StoredPlan => ({ ...plan, graph: { ...plan.graph, resources } });
const planOf = (tasks: readonly PlanTask[], resources: readonly Resource[]): StoredPlan => withResources(makePlan(tasks, { concurrencyMax: 20 }), resources);

describe.each(modes)('resources, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  /** How many attempts of tasks whose id begins so are at work now, and the most there were at once. */
  const atWork = new Map<string, { now: number; most: number }>();
  /** Stays at work for a moment, or until as many are as are expected to be, five seconds at most. */
  const counting = (kind: string, expected = 1) => async () => {
    const count = atWork.get(kind) ?? { now: 0, most: 0 };
    count.now += 1;
    count.most = Math.max(count.most, count.now);
    atWork.set(kind, count);
    const until = Date.now() + 5_000;
    do await new Promise((resolve) => setTimeout(resolve, 30));
    while (count.most < expected && Date.now() < until);
    count.now -= 1;
    return undefined;
  };
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test('of one execution bound what runs beside what, and no more', async () => {
    atWork.clear();
    const kinds = ['lock', 'units', 'free'];
    const expected: Readonly<Record<string, number>> = { lock: 1, units: 2, free: 3 };
    const tasks = Array.from({ length: 18 }, (_, i): PlanTask => {
      const kind = kinds[i % 3] as string;
      return { id: `${kind}-${i}`, ...(kind === 'lock' && { asks: [writes('lock')] }), ...(kind === 'units' && { asks: [writes('cpu', 2)] }) };
    });
    for (const [i, { id }] of tasks.entries()) rig.commands.set(id, counting(kinds[i % 3] as string, expected[kinds[i % 3] as string]));
    const execution = await rig.start(planOf(tasks, [{ name: 'lock', mode: 'exclusive', capacity: 1, scope: 'execution' }, { name: 'cpu', mode: 'semaphore', capacity: 5, scope: 'execution' }]));
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect(atWork.get('lock')?.most).toBe(1);
    expect(atWork.get('units')?.most).toBe(2);
    expect(atWork.get('free')?.most).toBeGreaterThan(2);
  });

  test('between executions are had by one at a time, and who waits says so', async () => {
    const domain = `d-${randomUUID()}`;
    const shared: readonly Resource[] = [{ name: 'db', mode: 'exclusive', capacity: 1, scope: 'global', domain }];
    const hold = gate();
    rig.commands.set('first', async () => {
      await hold.opened;
      return undefined;
    });
    const one = await rig.start(planOf([{ id: 'first', asks: [writes('db')] }], shared));
    await rig.until(one, (event) => event.type === 'task_started');
    const two = await rig.start(planOf([{ id: 'second', asks: [reads('db')] }, { id: 'beside' }], shared));
    await rig.until(two, (event) => event.type === 'task_succeeded' && event.task === 'beside');
    await expect.poll(async () => (await rig.tasks.resources.list(domain))[0]?.resources[0]).toMatchObject({ name: 'db', units: 1, holders: [{ execution: one, task: 'first' }], queue: [{ execution: two, task: 'second' }] });
    expect(await rig.tasks.task(two, 'second')).toMatchObject({ state: 'READY', waitingFor: 'grant', waitingReason: expect.stringContaining('db') as string });
    hold.open();
    expect((await rig.tasks.result(two)).outcome).toBe('succeeded');
    await expect.poll(async () => (await rig.tasks.resources.list(domain))[0]?.resources[0]?.holders).toEqual([]);
    await rig.temporal.workflow.getHandle(mutexWorkflowId(domain)).terminate();
  });

  test('are not taken from an attempt at work although its execution cannot be told of them', async () => {
    const domain = `d-${randomUUID()}`;
    const shared: readonly Resource[] = [{ name: 'db', mode: 'exclusive', capacity: 1, scope: 'global', domain }];
    const hold = gate();
    let isHeld = true;
    rig.commands.set('ownerless', async () => {
      await hold.opened;
      isHeld = false;
      return undefined;
    });
    rig.commands.set('heir', () => (isHeld ? { outcome: 'failed', exitCode: 1 } : undefined));
    const one = await rig.start(planOf([{ id: 'ownerless', asks: [writes('db')] }], shared));
    await rig.until(one, (event) => event.type === 'task_started');
    const mutex = rig.temporal.workflow.getHandle(mutexWorkflowId(domain));
    await expect.poll(() => rig.begun.some(({ execution }) => execution === one)).toBe(true);
    const [grant] = rig.begun.find(({ execution }) => execution === one)?.grants ?? [];
    const { fences: _fences, grantedAt: _grantedAt, ...request } = (grant as HeldGrant).announcement;
    await rig.temporal.workflow.getHandle(executionWorkflowId(one)).terminate();
    const two = await rig.start(planOf([{ id: 'heir', asks: [writes('db')], retry: { maxAttempts: 1 } }], shared));
    // As of an execution that goes on in a new run, and asks again.
    await mutex.signal(MUTEX_SIGNAL.acquire, request);
    await expect.poll(async () => (await mutex.fetchHistory()).events?.some((event) => event.signalExternalWorkflowExecutionFailedEventAttributes)).toBe(true);
    await expect.poll(async () => (await rig.tasks.resources.list(domain))[0]?.resources[0]).toMatchObject({ holders: [{ execution: one }], queue: [{ execution: two }] });
    hold.open();
    expect((await rig.tasks.result(two)).outcome).toBe('succeeded');
    await mutex.terminate();
  });

  test('of several lock domains are had together or not at all, whoever asks in which order', async () => {
    const [a, b] = [`a-${randomUUID()}`, `b-${randomUUID()}`];
    const shared: readonly Resource[] = [
      { name: 'left', mode: 'exclusive', capacity: 1, scope: 'global', domain: a },
      { name: 'right', mode: 'exclusive', capacity: 1, scope: 'global', domain: b },
    ];
    // Each execution takes them the other way round: its own lock order says so.
    const turned = shared.map((resource, at) => ({ ...resource, order: shared.length - at }));
    atWork.clear();
    const tasks = Array.from({ length: 4 }, (_, i): PlanTask => ({ id: `both-${i}`, asks: [writes('left'), writes('right')] }));
    for (const { id } of tasks) rig.commands.set(id, counting('both'));
    const executions = await Promise.all([rig.start(planOf(tasks, shared)), rig.start(planOf(tasks, turned))]);
    for (const execution of executions) expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect(atWork.get('both')?.most).toBe(1);
    for (const domain of [a, b]) {
      await expect.poll(async () => (await rig.tasks.resources.list(domain))[0]?.resources.flatMap(({ holders, queue }) => [...holders, ...queue])).toEqual([]);
      await rig.temporal.workflow.getHandle(mutexWorkflowId(domain)).terminate();
    }
  });

  test('that are not there are a failure of the task, not of the mutex', async () => {
    const domain = `d-${randomUUID()}`;
    const shared: readonly Resource[] = [{ name: 'gpu', mode: 'semaphore', capacity: 2, scope: 'global', domain }];
    const execution = await rig.start(planOf([{ id: 'greedy', asks: [writes('gpu', 3)] }, { id: 'modest', asks: [writes('gpu', 2)] }], shared));
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'failed', state: { counts: { SUCCEEDED: 1, FAILED: 1 }, failed: [{ task: 'greedy', failure: { message: expect.stringContaining('gpu') as string } }] } });
    await rig.temporal.workflow.getHandle(mutexWorkflowId(domain)).terminate();
  });
});

test('what one execution alone sees costs not a command more than nothing', async () => {
  await using rig = await startRig({ server: sharedServer() });
  const commandsOf = async (execution: ExecutionId): Promise<Record<string, number>> => {
    const { events = [] } = await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).fetchHistory();
    const types = (events ?? []).map(({ eventType }) => Number(eventType));
    // Workflow tasks come as results happen to arrive together; all else is what was asked of the server.
    return Object.fromEntries([...new Set(types)].filter((type) => type < 5 || type > 9).map((type) => [type, types.filter((other) => other === type).length]));
  };
  const run = async (asks: PlanTask['asks']): Promise<Record<string, number>> => {
    const tasks = Array.from({ length: 30 }, (_, i): PlanTask => ({ id: `T${i}`, ...(asks && { asks }), ...(i >= 5 && { deps: [`T${i - 5}`] }) }));
    const execution = await rig.start(planOf(tasks, [{ name: 'cpu', mode: 'semaphore', capacity: 2, scope: 'execution' }]));
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    return commandsOf(execution);
  };
  expect(await run([writes('cpu')])).toEqual(await run(undefined));
});
