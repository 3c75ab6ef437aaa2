/** Tasks that only some workers can take, and tasks that go with others' files, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executionWorkflowId, poolWorkflowId } from '../../model/ids.ts';
import { QUERY } from '../../model/message.ts';
import { makePlan } from '../support/plan.ts';
import { gate, startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { modes } from '../support/modes.ts';

describe.each(modes)('placing tasks, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  const placesOf = async (execution: Awaited<ReturnType<Rig['start']>>): Promise<Map<string, string>> =>
    new Map((await rig.events(execution)).flatMap((event) => (event.type === 'task_succeeded' ? [[event.task, event.worker] as const] : [])));

  test('a task waits for a worker that can take it, says what is missing, and goes there when one comes', async () => {
    const execution = await rig.start(makePlan([{ id: 'needs', capabilities: ['cobol', 'db'] }, { id: 'free' }]));
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'free');
    await expect.poll(() => rig.tasks.task(execution, 'needs')).toMatchObject({
      state: 'READY',
      waitingFor: 'worker',
      waitingReason: 'no worker can do cobol and db: start one with `tasks worker --capability cobol --capability db`',
    });
    const handle = rig.temporal.workflow.getHandle(executionWorkflowId(execution));
    expect(await handle.query(QUERY.demand)).toEqual({ waiting: [{ capabilities: ['cobol', 'db'], tasks: 1 }] });
    await rig.announce({ worker: 'halfway', capabilities: ['db'] });
    await expect.poll(async () => (await rig.tasks.task(execution, 'needs')).waitingReason).toContain('no worker can do cobol:');
    await rig.announce({ worker: 'able', capabilities: ['db', 'cobol', 'web'] }, { real: true });
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    expect(Object.fromEntries(await placesOf(execution))).toEqual({ free: 'rig', needs: 'able' });
    await Promise.all(['halfway', 'able'].map((worker) => rig.leave(worker)));
  });

  test('a worker that does not take its task is passed over, and no attempt is used up', { timeout: 60_000 }, async () => {
    await rig.announce({ worker: 'absent', capabilities: ['db'] });
    await rig.announce({ worker: 'second', capabilities: ['web', 'db'] }, { real: true });
    const plan = makePlan([{ id: 'needs', capabilities: ['db'] }]);
    const execution = await rig.start(plan, { policies: { retry: { maxAttempts: 1 } } });
    const started = await rig.until(execution, (event) => event.type === 'task_started');
    expect(started).toMatchObject({ worker: 'absent' });
    expect(await rig.tasks.task(execution, 'needs')).toMatchObject({ state: 'RUNNING', worker: 'absent' });
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    const events = await rig.events(execution);
    expect(events.filter(({ type }) => type === 'task_unplaced')).toMatchObject([{ task: 'needs', attempt: 1, worker: 'absent' }]);
    expect(Object.fromEntries(await placesOf(execution))).toEqual({ needs: 'second' });
    await Promise.all(['absent', 'second'].map((worker) => rig.leave(worker)));
  });

  test('no worker gets more than it has slots; the rest waits for room', async () => {
    await rig.announce({ worker: 'narrow', capabilities: ['db'], slots: 1 }, { real: true });
    const end = gate();
    rig.commands.set('a', () => end.opened.then(() => undefined));
    const execution = await rig.start(makePlan([{ id: 'a', capabilities: ['db'], priority: 1 }, { id: 'b', capabilities: ['db'] }, { id: 'c', capabilities: ['db'] }]));
    await expect.poll(async () => (await rig.tasks.task(execution, 'b')).waitingReason).toBe('waits for room on narrow');
    expect(await rig.tasks.task(execution, 'c')).toMatchObject({ state: 'READY', waitingFor: 'worker' });
    end.open();
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    expect((await rig.events(execution)).filter(({ type }) => type === 'task_unplaced')).toEqual([]);
    rig.commands.delete('a');
    await rig.leave('narrow');
  });

  test('a task goes to the host that has the files of an earlier one', async () => {
    await rig.announce({ worker: 'north', host: 'north', slots: 4 }, { real: true });
    await rig.announce({ worker: 'south', host: 'south', slots: 4 }, { real: true });
    rig.commands.set('first', () => ({ host: 'south' }));
    const followers = Array.from({ length: 4 }, (_, i) => ({ id: `f${i}`, deps: ['first'], affinity: ['tree'] }));
    const execution = await rig.start(makePlan([{ id: 'first', affinity: ['tree'] }, ...followers]));
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    const places = await placesOf(execution);
    expect(followers.map(({ id }) => places.get(id))).toEqual(['south', 'south', 'south', 'south']);
    rig.commands.delete('first');
    await Promise.all(['north', 'south'].map((worker) => rig.leave(worker)));
  });

  test('what any could do comes back from the shared queue where nobody takes from it', { timeout: 60_000 }, async () => {
    await using other = await startRig({ server: await server(), cachedWorkflows, generic: false });
    await other.announce({ worker: 'expert', capabilities: ['db'], slots: 2 }, { real: true });
    const execution = await other.start(makePlan([{ id: 'plain' }, { id: 'next', deps: ['plain'] }]));
    expect(await other.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    const events = await other.events(execution);
    expect(new Set(events.flatMap((event) => (event.type === 'task_succeeded' ? [event.worker] : [])))).toEqual(new Set(['expert']));
    expect(events.filter(({ type }) => type === 'task_failed')).toEqual([]);
  });

  test('what some can do goes to the first of them that has room, not behind what all can do', async () => {
    await rig.announce({ worker: 'all', slots: 1 });
    await rig.announce({ worker: 'adept', capabilities: ['db'], slots: 1 }, { real: true });
    const end = gate();
    for (const task of ['a', 'b', 'p']) rig.commands.set(task, () => end.opened.then(() => undefined));
    const execution = await rig.start(makePlan([{ id: 'p', priority: 1 }, { id: 'a', capabilities: ['db'], priority: 2 }, { id: 'b', capabilities: ['db'] }]));
    await expect.poll(async () => (await rig.tasks.task(execution, 'b')).waitingReason).toBe('waits for room on adept, all');
    end.open();
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    for (const task of ['a', 'b', 'p']) rig.commands.delete(task);
    await Promise.all(['all', 'adept'].map((worker) => rig.leave(worker)));
  });

  test('without a generic worker, what asks for nothing goes to those there are', async () => {
    await rig.announce({ worker: 'expert', capabilities: ['db'], slots: 2 }, { real: true });
    const first = gate();
    rig.commands.set('a', () => first.opened.then(() => undefined));
    const execution = await rig.start(makePlan([{ id: 'a' }, { id: 'b', deps: ['a'] }]));
    await rig.until(execution, ({ type }) => type === 'task_started');
    // By now it has been told, or is told at once: it joined when it began.
    await expect.poll(async () => (await rig.temporal.workflow.getHandle(poolWorkflowId(rig.taskQueue)).query<{ executions: number }>('state')).executions).toBeGreaterThan(0);
    first.open();
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
    expect((await placesOf(execution)).get('b')).toBe('expert');
    rig.commands.delete('a');
    await rig.leave('expert');
  });
});
