/** Worker processes that announce themselves, and commands that are placed on one of them. */
import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, test } from 'vitest';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import { attemptWorkflowId, executionWorkflowId, poolWorkflowId } from '../../model/ids.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { WORKFLOW } from '../../model/message.ts';
import { PLACED_MS } from '../../model/pool.ts';
import type { PoolView } from '../../model/pool.ts';
import type { JournalLine } from '../support/journal.ts';
import { step } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import { addressOf, startTasks } from '../support/processes.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import type { RecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 90_000;
const WAIT = { timeout: 20_000 };

interface Placing {
  /** Command by task. */
  readonly commands: Readonly<Record<string, string>>;
}

/** Attempts without an execution that decides: the test is the one who places them. */
const startPlacing = async (rig: RecoveryRig, { commands }: Placing) => {
  const { name: taskQueue } = await rig.tasks.workers.list();
  const source = await rig.tasks.store(makePlan(Object.entries(commands).map(([id, command]) => ({ id, spec: { command } }))));
  const execution = `placed-${randomUUID()}` as ExecutionId;
  // Nobody runs it: it is only there for its attempts to have somebody who waits for them.
  const owner = await rig.temporal.workflow.start(WORKFLOW.execution, { workflowId: executionWorkflowId(execution), taskQueue: `nobody-${randomUUID()}`, args: [] });
  const start = (task: string, placedOn?: string) => {
    const input: AttemptInput = {
      execution,
      task: task as TaskId,
      attempt: 1,
      source,
      executor: 'command',
      workspace: rig.workspace,
      timeoutMs: 60_000,
      graceMs: 1_000,
      firstRunId: owner.firstExecutionRunId,
      ...(placedOn !== undefined && { placedOn }),
    };
    return rig.temporal.workflow.start<(input: AttemptInput) => Promise<AttemptResult>>(WORKFLOW.task, {
      workflowId: attemptWorkflowId(execution, input.task, 1),
      taskQueue,
      args: [input],
    });
  };
  return {
    start,
    run: async (task: string, placedOn?: string) => (await start(task, placedOn)).result(),
    logOf: (task: string) => join(rig.workspace, '.tasks', execution, task, '1.log'),
    [Symbol.asyncDispose]: async () => void (await owner.terminate()),
  };
};

/** The most commands at once, by what they wrote themselves. */
const mostAtOnce = (lines: readonly JournalLine[]): number => {
  let [now, most] = [0, 0];
  for (const { kind } of lines) {
    if (kind === 'start') now += 1;
    if (kind === 'end') now -= 1;
    most = Math.max(most, now);
  }
  return most;
};

/** Whether its activity has reached a worker, which says so while it waits for a slot. */
const isWaiting = async (attempt: WorkflowHandle): Promise<boolean> => Boolean((await attempt.describe()).raw.pendingActivities?.[0]?.heartbeatDetails);

const namesOf = ({ workers }: PoolView): string[] => workers.map(({ worker }) => worker).toSorted();

describe.concurrent('workers', () => {
  test('announce themselves; one that stops is off the table at once, one that was killed is still awaited; when all are dead, nobody can say so', { timeout: LIMIT_MS }, async ({ expect }) => {
    const server = sharedServer();
    await using rig = await startRecoveryRig({ server });
    const generic = await rig.worker({ slots: 3 });
    const able = await rig.worker({ slots: 2, capabilities: ['db', 'backend'] });
    const killed = await rig.worker();
    await expect.poll(async () => namesOf(await rig.tasks.workers.list()), WAIT).toEqual([generic, able, killed].map(({ identity }) => identity).toSorted());
    const { name, workers } = await rig.tasks.workers.list();
    expect(workers.find(({ worker }) => worker === generic.identity)).toMatchObject({ capabilities: [], slots: 3, pressure: 'none' });
    expect(able.lines[0]).toContain('takes only tasks that are placed on it: db, backend');

    const asJson = startTasks({ args: ['workers', '--json', '--queue', name, ...addressOf(server)] });
    await asJson.ended;
    expect(JSON.parse(asJson.lines.join('\n'))).toMatchObject({ name, workers: workers.map(({ worker, since, capabilities }) => ({ worker, since, capabilities })) });
    const asText = startTasks({ args: ['workers', '--queue', name, ...addressOf(server)] });
    expect(await asText.line((line) => line.startsWith(able.identity.slice(0, 20)))).toContain('db, backend');
    await asText.ended;

    await able.end('SIGTERM');
    expect((await able.ended).code).toBe(0);
    // It said good-bye before it ended: the silence would be waited for much longer.
    await expect.poll(async () => namesOf(await rig.tasks.workers.list()), WAIT).toEqual([generic, killed].map(({ identity }) => identity).toSorted());
    await killed.end('SIGKILL');
    expect(namesOf(await rig.tasks.workers.list())).toContain(killed.identity);
    await rig.temporal.workflow.getHandle(poolWorkflowId(name)).terminate();
    expect(await rig.tasks.workers.list()).toMatchObject({ workers: [] });
    const late = await rig.worker();
    await expect.poll(async () => namesOf(await rig.tasks.workers.list()), WAIT).toEqual([late.identity]);

    await Promise.all([generic.end('SIGKILL'), late.end('SIGKILL')]);
    await expect(rig.tasks.workers.list()).rejects.toThrow('[TASKS2007] no worker answers for the pool');
  });

  test('run what is placed on them, and one with capabilities nothing else', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const able = await rig.worker({ capabilities: ['db'] });
    await using placing = await startPlacing(rig, { commands: { placed: 'true', generic: 'true', free: 'true' } });
    const free = await placing.start('free');
    expect(await placing.run('placed', able.identity)).toMatchObject({ outcome: 'succeeded', worker: able.identity });
    expect((await free.describe()).status.name).toBe('RUNNING');
    const generic = await rig.worker();
    expect(await free.result()).toMatchObject({ outcome: 'succeeded', worker: generic.identity });
    expect(await placing.run('generic', generic.identity)).toMatchObject({ outcome: 'succeeded', worker: generic.identity });
  });

  test('run no more at once than they have slots, from whichever queue it comes', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const worker = await rig.worker({ slots: 2 });
    const tasks = Array.from({ length: 12 }, (_, i) => `T${i}`);
    await using placing = await startPlacing(rig, { commands: Object.fromEntries(tasks.map((task) => [task, step(0.4)])) });
    const results = await Promise.all(tasks.map((task, i) => placing.run(task, i % 2 === 0 ? worker.identity : undefined)));
    expect(results.map(({ outcome }) => outcome)).toEqual(tasks.map(() => 'succeeded'));
    expect(mostAtOnce(await rig.journal.read())).toBe(2);
    for (const { startedAt, finishedAt } of results) expect(finishedAt - startedAt).toBeLessThan(2_000);
  });

  test('give back what is placed on them when no slot comes free in time; what is not placed waits on', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const worker = await rig.worker({ slots: 1 });
    await using placing = await startPlacing(rig, { commands: { holder: step('gate'), late: step(0), withdrawn: step(0), placed: step('gate'), patient: step(0) } });
    // From the shared queue: the worker's own still hands out what is placed.
    const holder = await placing.start('holder');
    await rig.journal.until('start', 'holder');
    const late = await placing.start('late', worker.identity);
    const result = await late.result();
    expect(result).toMatchObject({ outcome: 'failed', failure: { reason: 'unplaced', class: 'transient' }, worker: worker.identity, tail: '' });
    expect(result.finishedAt - result.startedAt).toBeGreaterThanOrEqual(PLACED_MS - 100);
    expect(result.log).toBeUndefined();
    await expect(access(placing.logOf('late'))).rejects.toThrow('ENOENT');
    // Cancelled while it waits: at once, and nothing of it ever runs.
    const withdrawn = await placing.start('withdrawn', worker.identity);
    await expect.poll(() => isWaiting(withdrawn), WAIT).toBe(true);
    await withdrawn.cancel();
    expect(await withdrawn.result()).toMatchObject({ outcome: 'cancelled' });
    await rig.journal.release('holder');
    expect(await holder.result()).toMatchObject({ outcome: 'succeeded' });

    // The other way round: what any worker may run waits for the slot that a placed command holds.
    const placed = await placing.start('placed', worker.identity);
    await rig.journal.until('start', 'placed');
    const patient = await placing.start('patient');
    await expect.poll(() => isWaiting(patient), WAIT).toBe(true);
    const releasedAt = Date.now();
    await rig.journal.release('placed');
    expect(await placed.result()).toMatchObject({ outcome: 'succeeded' });
    const waited = await patient.result();
    expect(waited).toMatchObject({ outcome: 'succeeded' });
    expect(waited.startedAt).toBeGreaterThanOrEqual(releasedAt);
    expect((await rig.journal.read()).flatMap(({ kind, task }) => (kind === 'start' ? [task] : []))).toEqual(['holder', 'placed', 'patient']);
  });

  test('that stop give back at once what still waits for a slot', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const worker = await rig.worker({ slots: 1 });
    await using placing = await startPlacing(rig, { commands: { holder: step('gate'), waiter: step(0) } });
    await placing.start('holder');
    await rig.journal.until('start', 'holder');
    const waiter = await placing.start('waiter', worker.identity);
    await expect.poll(() => isWaiting(waiter), WAIT).toBe(true);
    // What goes on needs somebody to run its workflow.
    await rig.worker();
    await worker.end('SIGTERM');
    expect(await waiter.result()).toMatchObject({ outcome: 'failed', failure: { reason: 'unplaced', class: 'transient' }, worker: worker.identity });
  });
});
