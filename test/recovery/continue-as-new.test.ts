/** Runs that end every 100 events while workers die, people decide and patches come: one execution all the same. */
import { describe, test } from 'vitest';
import { rebuildEvents } from '../../client/rebuild-events.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { executionWorkflowId } from '../../model/ids.ts';
import { isAttemptLine } from '../../model/ledger.ts';
import { faultsOf, step } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import type { RecoveryRig } from '../support/recovery-rig.ts';
import { shortHistoryServer } from '../support/server.ts';

const LIMIT_MS = 240_000;

/** Chains side by side; every third task is light. */
const chains = (options: { readonly length: number; readonly width: number; readonly seconds: number }): PlanTask[] => {
  const { length, width, seconds } = options;
  return Array.from({ length: length * width }, (_, i) => ({
    id: `T${i}`,
    ...(i >= width && { deps: [`T${i - width}`] }),
    ...(i % 3 === 0 && { dispatch: 'activity' as const }),
    spec: { command: step(seconds) },
  }));
};

const rebuilt = async (rig: RecoveryRig, execution: ExecutionId, from = 1): Promise<ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of rebuildEvents({ client: rig.temporal, execution, from, before: Infinity })) events.push(event);
  return events;
};

/** A query may show what a worker decided in the moment in which it was killed: the next worker decides it again, later. */
const timeless = (events: readonly ExecutionEvent[]): Omit<ExecutionEvent, 'at'>[] => events.map(({ at: _at, ...event }) => event);

const starts = (events: readonly ExecutionEvent[]): string[] => events.flatMap((event) => (event.type === 'task_started' ? [`${event.task}/${event.attempt}`] : []));

describe.concurrent('an execution of many runs', () => {
  test('loses nothing and does nothing twice, and its events can be had from its history', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: await shortHistoryServer() });
    const first = await rig.worker();
    const wide = chains({ length: 10, width: 8, seconds: 0.2 });
    const last = wide.at(-1)?.id as string;
    const plan = makePlan(
      [
        { id: 'long', spec: { command: step('gate') } },
        { id: 'person', executor: 'human' },
        ...wide,
        { id: 'end', deps: ['long', 'person', ...wide.slice(-8).map(({ id }) => id)], spec: { command: step(0) } },
      ],
      { concurrencyMax: 12 },
    );
    const execution = await rig.start(plan);
    const live = rig.follow(execution);
    await rig.journal.until('start', 'T10');
    await rig.tasks.pause(execution, { by: 'test' });
    const patch = { id: 'fix', op: 'inject_task', task: { id: 'AUTO', cmd: step(0), deps: ['T3'] }, edges: [{ from: 'AUTO', to: 'end', type: 'hard' }] };
    expect(await rig.tasks.patch(execution, patch)).toMatchObject({ version: 2, injected: ['AUTO'] });
    await rig.worker();
    await rig.tasks.resume(execution);
    await rig.journal.until('start', 'T40');
    await first.end('SIGKILL');
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === last);
    expect(await rig.tasks.patch(execution, patch)).toMatchObject({ version: 2, duplicate: true });
    await rig.tasks.complete(execution, { task: 'person', by: 'ann' });
    await rig.journal.release('long');
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('succeeded');
    expect(state?.counts).toEqual({ SUCCEEDED: wide.length + 4 });
    expect(state?.runs).toBeGreaterThan(1);
    const ids = [...wide.map(({ id }) => id), 'long', 'person', 'AUTO', 'end'];
    const commands = ids.filter((id) => id !== 'person');
    const faults = faultsOf(await rig.journal.read(), commands);
    // A command that ended in the moment of the kill has done its work, and nobody was left to say so.
    expect(faults.filter((fault) => !/ended 2 times/.test(fault))).toEqual([]);
    const events = await live;
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(new Set(starts(events)).size).toBe(starts(events).length);
    expect(timeless(await rebuilt(rig, execution))).toEqual(timeless(events));
    expect(timeless(await rebuilt(rig, execution, 200))).toEqual(timeless(events.slice(199)));
    const ledger = await rig.tasks.ledger(execution);
    const succeeded = ledger.filter(isAttemptLine).filter((line) => line.outcome === 'succeeded').map((line) => line.task_id);
    expect(succeeded.toSorted()).toEqual(ids.toSorted());
  });

  test('hands over many children at once while the only worker is killed, and again', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: await shortHistoryServer() });
    const ids = Array.from({ length: 60 }, (_, i) => `C${i}`);
    const plan = makePlan(
      ids.map((id) => ({ id, retry: { maxAttempts: 5 }, spec: { command: step('gate') } })),
      { concurrencyMax: 60 },
    );
    const first = await rig.worker({ slots: 100 });
    const execution = await rig.start(plan);
    const live = rig.follow(execution);
    await Promise.all(ids.map((id) => rig.journal.until('start', id)));
    await first.end('SIGKILL');
    const second = await rig.worker({ slots: 100 });
    await Promise.all(ids.slice(0, 30).map((id) => rig.journal.until('start', id, 2)));
    await second.end('SIGKILL');
    await rig.worker({ slots: 100 });
    await Promise.all(ids.map((id) => rig.journal.release(id)));
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('succeeded');
    expect(state?.counts).toEqual({ SUCCEEDED: ids.length });
    expect(state?.runs).toBeGreaterThan(1);
    expect(faultsOf(await rig.journal.read(), ids).filter((fault) => !/ended 2 times/.test(fault))).toEqual([]);
    const events = await live;
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(timeless(await rebuilt(rig, execution))).toEqual(timeless(events));
  });

  test('that is terminated keeps its events', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: await shortHistoryServer() });
    const worker = await rig.worker();
    const execution = await rig.start(makePlan(chains({ length: 100, width: 6, seconds: 0 })));
    const live = rig.follow(execution);
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'T60');
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).terminate('test');
    expect(await rig.tasks.result(execution)).toEqual({ outcome: 'terminated' });
    const events = await live;
    expect(await rebuilt(rig, execution)).toEqual(events);
    await worker.end('SIGKILL');
    expect(await rig.follow(execution, { from: 3 })).toEqual(events.slice(2));
  });
});
