/** Workers on machines that are over their limits: real workers and processes, on a machine as loaded as the test says. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { listPids, readStat } from '../../activities/command/launcher/proc.ts';
import { PRIORITY } from '../../model/graph.ts';
import { isAttemptLine } from '../../model/ledger.ts';
import type { HostSample } from '../../resources/host/host-probe.ts';
import { connectConfig } from '../../temporal/connect-config.ts';
import { startWorker } from '../../worker.ts';
import { step } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import { addressOf, startTasks } from '../support/processes.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import type { RecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 90_000;
const WAIT = { timeout: 20_000 };

const pressuresOf = async (rig: RecoveryRig) => (await rig.tasks.workers.list()).workers.map(({ pressure, over }) => [pressure, over?.metric, over?.limit]);

const isStopped = (group: number): boolean => {
  const states = listPids().flatMap((pid) => {
    const stat = readStat(pid);
    return stat?.group === group && stat.state !== 'Z' ? [stat.state] : [];
  });
  return states.length > 0 && states.every((state) => state === 'T');
};

test('over its soft limit a worker runs one task at a time, says why the others wait, and the ledger has it', { timeout: LIMIT_MS }, async () => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  // No machine uses less than 1 % of its memory.
  await rig.worker({ memoryThreshold: 1 });
  await expect.poll(() => pressuresOf(rig), WAIT).toEqual([['soft', 'memory', 1]]);
  const ids = ['a', 'b', 'c'];
  const first = { id: 'first', spec: { command: step('gate') } };
  const execution = await rig.start(makePlan([first, ...ids.map((id) => ({ id, deps: ['first'], spec: { command: step('gate') } }))]));
  await rig.journal.until('start', 'first');
  // Until it has heard of its workers an execution starts what it can.
  await expect.poll(async () => (await rig.tasks.ledger(execution)).length, WAIT).toBe(1);
  await rig.journal.release('first');
  await rig.journal.until('start', 'a');
  const status = startTasks({ args: ['status', execution, '--tasks', ...addressOf(sharedServer())], env: { TASKS_PLAN_STORE: rig.planStore } });
  await status.ended;
  expect(status.lines.join('\n')).toContain('the machine is over its limits');
  expect((await rig.journal.read()).map(({ task }) => task)).toEqual(['first', 'first', 'a']);
  for (const id of ids) {
    await rig.journal.until('start', id);
    await rig.journal.release(id);
  }
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  expect((await rig.journal.read()).map(({ kind, task }) => `${kind} ${task}`)).toEqual(['first', ...ids].flatMap((id) => [`start ${id}`, `end ${id}`]));
  const ledger = await rig.tasks.ledger(execution);
  expect(ledger.filter(isAttemptLine)).toHaveLength(4);
  expect(ledger.filter((line) => !isAttemptLine(line))).toMatchObject([{ event: 'RESOURCE_LIMIT_EXCEEDED', level: 'soft', metric: 'memory', limit: 1 }]);
});

test('over its hard limit it suspends what may be suspended and ends background work; both go on afterwards', { timeout: LIMIT_MS }, async () => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  let sample: HostSample = { memory: 20 };
  const { name: taskQueue } = await rig.tasks.workers.list();
  const { address, namespace } = sharedServer();
  const worker = await startWorker({
    connect: connectConfig({ address, namespace }),
    taskQueue,
    planStore: rig.planStore,
    slots: 10,
    graceSeconds: 0,
    logLevel: 'ERROR',
    limits: { coolDownMs: 1_500 },
    probe: { sample: () => Promise.resolve(sample) },
  });
  try {
    await expect.poll(() => pressuresOf(rig), WAIT).toEqual([['none', undefined, undefined]]);
    const tasks = ['suspended', 'ended', 'stays'];
    const execution = await rig.start(
      makePlan([
        { id: 'suspended', pausable: true, spec: { command: step('gate') } },
        { id: 'ended', priority: PRIORITY.background, dispatch: 'activity', spec: { command: step('gate') } },
        { id: 'stays', spec: { command: step('gate') } },
      ]),
    );
    const [suspended] = await Promise.all(tasks.map((task) => rig.journal.until('start', task)));
    const group = suspended?.group ?? 0;
    sample = { memory: 97 };
    await expect.poll(() => isStopped(group), WAIT).toBe(true);
    await rig.until(execution, (event) => event.type === 'task_preempted' && event.task === 'ended');
    // One more look or two: nothing else is ended, and nothing begins.
    await delay(2_500);
    expect((await rig.journal.read()).filter(({ kind }) => kind === 'start').map(({ task }) => task).toSorted()).toEqual(tasks.toSorted());
    expect(isStopped(group)).toBe(true);
    sample = { memory: 20 };
    for (const task of tasks) await rig.journal.release(task);
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    const ledger = await rig.tasks.ledger(execution);
    const attempts = ledger.filter(isAttemptLine).map(({ task_id, attempt, outcome, failure }) => `${task_id}/${attempt} ${failure?.reason ?? outcome}`);
    expect(attempts.toSorted()).toEqual(['ended/1 preempted', 'ended/2 succeeded', 'stays/1 succeeded', 'suspended/1 succeeded']);
    const limits = ledger.flatMap((line) => ('level' in line ? [line.level] : []));
    expect(limits.slice(0, 2)).toEqual(['hard', 'soft']);
  } finally {
    await worker.stop();
  }
});

test('a worker that stops leaves nothing that it has suspended', { timeout: LIMIT_MS }, async () => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  let sample: HostSample = { memory: 20 };
  const { name: taskQueue } = await rig.tasks.workers.list();
  const { address, namespace } = sharedServer();
  const connect = connectConfig({ address, namespace });
  const worker = await startWorker({ connect, taskQueue, planStore: rig.planStore, slots: 2, graceSeconds: 0, logLevel: 'ERROR', probe: { sample: () => Promise.resolve(sample) } });
  await rig.start(makePlan([{ id: 'work', pausable: true, spec: { command: step('gate') } }]), { graceMs: 500 });
  const { group } = await rig.journal.until('start', 'work');
  sample = { memory: 97 };
  await expect.poll(() => isStopped(group), WAIT).toBe(true);
  await worker.stop();
  expect(listPids().filter((pid) => readStat(pid)?.group === group && readStat(pid)?.state !== 'Z')).toEqual([]);
});
