/** The pool of a queue on a real server: whom it hears, whom it tells, and how often. */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { executionWorkflowId, poolWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { INTERNAL_SIGNAL, WORKFLOW } from '../../model/message.ts';
import { readWorkerTable } from '../../model/pool-guard.ts';
import { POOL_QUERY, POOL_SIGNAL, UNHEARD_MS } from '../../model/pool.ts';
import type { PoolView, WorkerProfile, WorkerTable } from '../../model/pool.ts';
import { startAnnouncer } from '../../temporal/announcer.ts';
import { firstValue } from '../../temporal/payload.ts';
import { startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { sharedServer, shortHistoryServer } from '../support/server.ts';

const LIMIT_MS = 60_000;
const WAIT = { timeout: 20_000 };

const profile = (worker: string, own: Partial<WorkerProfile> = {}): WorkerProfile => ({
  worker,
  host: 'host',
  capabilities: [],
  slots: 4,
  cpus: 2,
  memoryMb: 4_096,
  version: '1.0.0',
  pressure: 'none',
  ...own,
});

const modes = [
  { name: 'as users run it', server: () => Promise.resolve(sharedServer()), cachedWorkflows: 600 },
  { name: 'replayed for every task, continued as new every 100 events', server: shortHistoryServer, cachedWorkflows: 0 },
];

describe.each(modes)('a pool, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  /** One of its own for each test; workers of the rig run it, whatever its name. */
  const begin = async () => {
    const name = `pool-${randomUUID()}`;
    const workflowId = poolWorkflowId(name);
    const pool = rig.temporal.workflow.getHandle(workflowId);
    const send = async (signal: string, payload: unknown): Promise<void> => {
      await rig.temporal.workflow.signalWithStart(WORKFLOW.pool, { workflowId, taskQueue: rig.taskQueue, args: [], signal, signalArgs: [payload] });
    };
    onTestFinished(async () => void (await pool.terminate().catch(() => undefined)));
    return { name, pool, send, state: () => pool.query<PoolView>(POOL_QUERY.state) };
  };

  /** Whom a pool tells: open, and nobody's to run, so that all that it is told is in its history. */
  const listener = async () => {
    const execution = `told-${randomUUID()}` as ExecutionId;
    const handle = await rig.temporal.workflow.start(WORKFLOW.execution, { workflowId: executionWorkflowId(execution), taskQueue: `nobody-${randomUUID()}`, args: [] });
    onTestFinished(async () => void (await handle.terminate().catch(() => undefined)));
    return { execution, end: () => handle.terminate(), told: () => toldTo(handle) };
  };

  const toldTo = async (handle: WorkflowHandle): Promise<WorkerTable[]> => {
    const { events } = await handle.fetchHistory();
    const signals = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => (signal?.signalName === INTERNAL_SIGNAL.workers ? [signal] : []));
    const payloads = await Promise.all(signals.map(({ input }) => firstValue(rig.temporal, input)));
    return payloads.map((table) => {
      const read = readWorkerTable(table);
      if (!read.ok) throw new Error(JSON.stringify(read.error));
      return read.value;
    });
  };

  const namesIn = (table: WorkerTable | undefined): string[] | undefined => table?.workers.map(({ worker }) => worker);

  test('tells who joins at once, and of changes that come together once', { timeout: LIMIT_MS }, async () => {
    const { send, state } = await begin();
    const one = await listener();
    await send(POOL_SIGNAL.join, { execution: one.execution });
    await expect.poll(one.told, WAIT).toMatchObject([{ version: 0, workers: [] }]);
    await Promise.all(['e', 'd', 'c', 'b', 'a'].map((worker) => send(POOL_SIGNAL.announce, profile(worker))));
    await expect.poll(async () => namesIn((await one.told()).at(-1)), WAIT).toEqual(['a', 'b', 'c', 'd', 'e']);
    const before = await one.told();
    expect(before.length).toBeLessThan(5);
    // Heard of again, and nothing else: nobody is told.
    await send(POOL_SIGNAL.announce, profile('a'));
    const two = await listener();
    await send(POOL_SIGNAL.join, { execution: two.execution });
    await expect.poll(two.told, WAIT).toEqual([before.at(-1)]);
    // Twice is no harm.
    await send(POOL_SIGNAL.join, { execution: two.execution });
    await expect.poll(two.told, WAIT).toEqual([before.at(-1), before.at(-1)]);
    expect(await one.told()).toEqual(before);
    expect(await state()).toMatchObject({ executions: 2 });
  });

  test('takes off the table who leaves, for good, and drops who cannot be told', { timeout: LIMIT_MS }, async () => {
    const { send, state } = await begin();
    const [one, two] = [await listener(), await listener()];
    for (const { execution } of [one, two]) await send(POOL_SIGNAL.join, { execution });
    for (const worker of ['a', 'b']) await send(POOL_SIGNAL.announce, profile(worker));
    await expect.poll(async () => namesIn((await one.told()).at(-1)), WAIT).toEqual(['a', 'b']);
    expect(await state()).toMatchObject({ executions: 2 });
    await two.end();
    await send(POOL_SIGNAL.leave, { worker: 'b' });
    await send(POOL_SIGNAL.announce, profile('b'));
    await expect.poll(async () => namesIn((await one.told()).at(-1)), WAIT).toEqual(['a']);
    await expect.poll(state, WAIT).toMatchObject({ workers: [{ worker: 'a' }], executions: 1 });
  });

  test('goes on in new runs without losing a worker, a listener or an announcement', { timeout: LIMIT_MS }, async () => {
    const { pool, send, state } = await begin();
    const listeners = await Promise.all(Array.from({ length: 30 }, listener));
    for (let round = 1; round <= 12; round += 1) {
      const signals = ['a', 'b', 'c'].map((worker) => send(POOL_SIGNAL.announce, profile(worker, { slots: round })));
      const joining = listeners.slice((round - 1) * 3, round * 3).map(({ execution }) => send(POOL_SIGNAL.join, { execution }));
      await Promise.all([...signals, ...joining]);
    }
    await send(POOL_SIGNAL.announce, profile('d'));
    await expect.poll(state, WAIT).toMatchObject({ workers: [{ slots: 12 }, { slots: 12 }, { slots: 12 }, { worker: 'd' }], executions: 30 });
    for (const { told } of listeners) {
      await expect.poll(async () => (await told()).at(-1)?.workers.map(({ worker, slots }) => `${worker} ${slots}`), WAIT).toEqual(['a 12', 'b 12', 'c 12', 'd 4']);
      const tables = await told();
      expect(new Set(tables.map(({ epoch }) => epoch)).size).toBe(1);
      expect(tables.map(({ version }) => version)).toEqual(tables.map(({ version }) => version).toSorted((one, other) => one - other));
    }
    const { events } = await pool.fetchHistory();
    const isLater = Boolean(events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId);
    expect(isLater).toBe(cachedWorkflows === 0);
  });

  test('takes no harm from whatever is sent to it', { timeout: LIMIT_MS }, async () => {
    const { send, state } = await begin();
    for (const signal of Object.values(POOL_SIGNAL)) {
      for (const payload of [null, 7, 'a', [], {}, { worker: '../a' }, { execution: 'a/b' }, { ...profile('a'), slots: -1 }, { ...profile('a'), more: true }]) await send(signal, payload);
    }
    await send(POOL_SIGNAL.announce, profile('a'));
    await expect.poll(state, WAIT).toMatchObject({ workers: [{ worker: 'a' }], executions: 0 });
  });
});

describe('a pool', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: sharedServer() });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test('waits for the silence of its workers by one timer, however often they are heard of', async () => {
    const workflowId = poolWorkflowId(`pool-${randomUUID()}`);
    const announce = (worker: string) =>
      rig.temporal.workflow.signalWithStart(WORKFLOW.pool, { workflowId, taskQueue: rig.taskQueue, args: [], signal: POOL_SIGNAL.announce, signalArgs: [profile(worker)] });
    const pool = await announce('a');
    onTestFinished(async () => void (await pool.terminate()));
    const longTimers = async (): Promise<number[]> => {
      const { events } = await pool.fetchHistory();
      return (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) => (Number(timer?.startToFireTimeout?.seconds ?? 0) > 1 ? [Number(timer?.startToFireTimeout?.seconds)] : []));
    };
    await expect.poll(longTimers).toHaveLength(1);
    for (let i = 0; i < 5; i += 1) await announce('a');
    await expect.poll(async () => (await pool.query<PoolView>(POOL_QUERY.state)).workers[0]?.heardAt).toBeGreaterThan((await pool.describe()).startTime.getTime());
    const [seconds = 0, ...more] = await longTimers();
    expect(more).toEqual([]);
    expect(seconds).toBeGreaterThan(UNHEARD_MS / 1_000 - 10);
    expect(seconds).toBeLessThanOrEqual(UNHEARD_MS / 1_000);
  });

  test('that somebody ended lists nobody, and starts anew with the next announcement', async () => {
    expect(await rig.tasks.workers.list()).toEqual({ name: rig.taskQueue, workers: [], executions: 0 });
    const announcer = startAnnouncer({ client: rig.temporal, taskQueue: rig.taskQueue, profile: profile('a', { capabilities: ['db'] }) });
    await expect.poll(() => rig.tasks.workers.list()).toMatchObject({ workers: [{ worker: 'a', pressure: 'none' }] });
    const first = rig.temporal.workflow.getHandle(poolWorkflowId(rig.taskQueue));
    await first.terminate();
    expect(await rig.tasks.workers.list()).toMatchObject({ workers: [] });
    announcer.update({ pressure: 'soft' });
    await expect.poll(() => rig.tasks.workers.list()).toMatchObject({ workers: [{ worker: 'a', capabilities: ['db'], pressure: 'soft' }] });
    for (const pressure of ['hard', 'none', 'soft', 'hard'] as const) announcer.update({ pressure });
    await expect.poll(() => rig.tasks.workers.list()).toMatchObject({ workers: [{ pressure: 'hard' }] });
    await announcer.stop();
    await expect.poll(() => rig.tasks.workers.list()).toMatchObject({ workers: [] });
    await first.terminate();
  });

  test('under a foreign id ends at once, with the reason', async () => {
    const handle = await rig.temporal.workflow.start(WORKFLOW.pool, { workflowId: `no-pool-${randomUUID()}`, taskQueue: rig.taskQueue, args: [] });
    const error: unknown = await handle.result().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'TASKS3011' });
  });
});
