/** Workers that are killed, stopped or replaced: no process is left behind, and no work is lost or done twice at once. */
import { describe, test } from 'vitest';
import type { ExecutionEvent } from '../../model/event.ts';
import { faultsOf, step, stubbornStep } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import { childrenOf, livingOf } from '../support/processes.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 90_000;
/** From the worker's death to the next attempt: the promise of the recovery. */
const NOTICED_WITHIN_MS = 15_000;

const failedOf = (events: readonly ExecutionEvent[], task: string) =>
  events.flatMap((event) => (event.type === 'task_failed' && event.task === task ? [event] : []));

// By itself: how soon it is noticed is measured, and others would be in its way.
test('a worker killed while another lives leaves no process, and its task is tried again within 15 s', { timeout: LIMIT_MS }, async ({ expect }) => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  const first = await rig.worker();
  const execution = await rig.start(makePlan([{ id: 'work', spec: { command: step('gate') } }, { id: 'after', deps: ['work'], spec: { command: step(0) } }]));
  const started = await rig.journal.until('start', 'work');
  const second = await rig.worker();
  const killedAt = Date.now();
  await first.end('SIGKILL');
  const again = await rig.journal.until('start', 'work', 2);
  expect(Date.now() - killedAt).toBeLessThan(NOTICED_WITHIN_MS);
  expect(await livingOf(started.group)).toEqual([]);
  expect(again.group).not.toBe(started.group);
  await rig.journal.release('work');
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  const events = await rig.follow(execution);
  expect(failedOf(events, 'work')).toMatchObject([{ attempt: 1, error: { reason: 'lost' }, canRetry: true }]);
  expect(events.find((event) => event.type === 'task_succeeded' && event.task === 'work')).toMatchObject({ attempt: 2, worker: second.identity });
  expect(faultsOf(await rig.journal.read(), ['work', 'after'])).toEqual([]);
  const ledger = await rig.tasks.ledger(execution);
  expect(ledger.map(({ task_id, attempt, outcome }) => `${task_id}/${attempt} ${outcome}`)).toEqual(['work/1 lost', 'work/2 succeeded', 'after/1 succeeded']);
});

// Each waits for a heartbeat to run out: together they wait once.
describe.concurrent('a worker', () => {
  test('killed under a task that is not idempotent leaves the decision to a person', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker();
    const execution = await rig.start(
      makePlan([
        { id: 'again', idempotent: false, spec: { command: step('gate') } },
        { id: 'never', idempotent: false, spec: { command: step('gate') } },
        { id: 'light', idempotent: false, dispatch: 'activity', timeoutMs: 60_000, spec: { command: step('gate') } },
        { id: 'end', deps: ['again', 'never', 'light'], spec: { command: step(0) } },
      ]),
    );
    const tasks = ['again', 'never', 'light'];
    await Promise.all(tasks.map((task) => rig.journal.until('start', task)));
    await rig.worker();
    await first.end('SIGKILL');
    for (const task of tasks) await rig.until(execution, (event) => event.type === 'task_needs_decision' && event.task === task);
    expect((await rig.tasks.frontier(execution)).waiting).toMatchObject(tasks.map((task) => ({ task, state: 'PAUSED', waitingFor: 'decision' })));
    await rig.tasks.retry(execution, { task: 'again' });
    await rig.tasks.skip(execution, { task: 'never' });
    await rig.tasks.complete(execution, { task: 'light', by: 'me' });
    await rig.journal.release('again');
    const { state } = await rig.tasks.result(execution);
    expect(state?.counts).toEqual({ SUCCEEDED: 3, SKIPPED: 1 });
    const starts = (await rig.journal.read()).filter((line) => line.kind === 'start').map((line) => `${line.task}/${line.attempt}`);
    expect(starts.toSorted()).toEqual(['again/1', 'again/2', 'end/1', 'light/1', 'never/1']);
  });

  test('killed alone is replaced later, and everything goes on', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker();
    const ids = Array.from({ length: 24 }, (_, i) => `T${i}`);
    const plan = makePlan(
      ids.map((id, i) => ({ id, ...(i >= 4 && { deps: [ids[i - 4] as string] }), ...(i % 3 === 0 && { dispatch: 'activity' as const }), spec: { command: step(0.4) } })),
      { concurrencyMax: 4 },
    );
    const execution = await rig.start(plan);
    await rig.journal.until('start', 'T9');
    await first.end('SIGKILL');
    await rig.worker();
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('succeeded');
    expect(state?.counts).toEqual({ SUCCEEDED: ids.length });
    const faults = faultsOf(await rig.journal.read(), ids);
    // A command that ended in the moment of the kill has done its work, and nobody was left to say so.
    expect(faults.filter((fault) => !/ended 2 times/.test(fault))).toEqual([]);
    const events = await rig.follow(execution);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  });

  test('told to stop lets commands end within its grace; what does not is tried again elsewhere', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker({ graceSeconds: 3 });
    const execution = await rig.start(
      makePlan([
        { id: 'short', spec: { command: step('gate') } },
        { id: 'long', spec: { command: step('gate') } },
        { id: 'light', dispatch: 'activity', timeoutMs: 60_000, spec: { command: step('gate') } },
      ]),
    );
    const running = await Promise.all(['short', 'long', 'light'].map((task) => rig.journal.until('start', task)));
    await rig.worker();
    const stopping = first.end('SIGTERM');
    await rig.journal.release('short');
    await stopping;
    expect((await first.ended).code).toBe(0);
    for (const { group } of running) expect(await livingOf(group)).toEqual([]);
    await Promise.all([rig.journal.release('long'), rig.journal.release('light')]);
    expect((await rig.tasks.result(execution)).state?.counts).toEqual({ SUCCEEDED: 3 });
    expect(faultsOf(await rig.journal.read(), ['short', 'long', 'light'])).toEqual([]);
    const events = await rig.follow(execution);
    expect(failedOf(events, 'short')).toEqual([]);
    expect(failedOf(events, 'long')).toMatchObject([{ error: { reason: 'lost' }, canRetry: true }]);
    expect(failedOf(events, 'light')).toMatchObject([{ error: { reason: 'lost' }, canRetry: true }]);
    expect(events.filter((event) => event.type === 'task_cancelled')).toEqual([]);
  });

  test('killed together with its launcher leaves its command to the next attempt, which ends it first', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker();
    const execution = await rig.start(makePlan([{ id: 'work', spec: { command: step('gate') } }]));
    const { group } = await rig.journal.until('start', 'work');
    const launchers = await childrenOf(first.pid);
    expect(launchers).toHaveLength(1);
    await rig.worker();
    for (const pid of launchers) process.kill(pid, 'SIGKILL');
    await first.end('SIGKILL');
    await rig.journal.until('start', 'work', 2);
    expect(await livingOf(group)).toEqual([]);
    await rig.journal.release('work');
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect(faultsOf(await rig.journal.read(), ['work'])).toEqual([]);
  });

  test('killed under a command that ignores SIGTERM leaves nothing of it after the grace', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker();
    const execution = await rig.start(makePlan([{ id: 'stubborn', spec: { command: stubbornStep() } }]), { graceMs: 1_500 });
    const { group } = await rig.journal.until('start', 'stubborn');
    await rig.worker();
    const killedAt = Date.now();
    await first.end('SIGKILL');
    while ((await livingOf(group)).length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Date.now() - killedAt).toBeLessThan(1_500 + 2_000);
    const again = await rig.journal.until('start', 'stubborn', 2);
    const abortedAt = Date.now();
    await rig.tasks.abort(execution);
    expect((await rig.tasks.result(execution)).outcome).toBe('aborted');
    expect(Date.now() - abortedAt).toBeLessThan(1_500 + 10_000);
    expect(await livingOf(again.group)).toEqual([]);
    expect((await rig.journal.read()).filter(({ kind }) => kind !== 'start')).toEqual([]);
  });
});
