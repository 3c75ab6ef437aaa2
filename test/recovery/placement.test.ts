/** Real worker processes with different skills, that come, are killed, and make room. */
import { describe, test } from 'vitest';
import type { ExecutionEvent } from '../../model/event.ts';
import { faultsOf, step } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import { livingOf } from '../support/processes.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const LIMIT_MS = 90_000;
/** A worker's death is known by a heartbeat or by a task that nobody takes, after 10 s each. */
const PLACED_AGAIN_MS = 15_000;
const SAID_WITHIN_MS = 10_000;

const placesOf = (events: readonly ExecutionEvent[]): Map<string, string> =>
  new Map(events.flatMap((event) => (event.type === 'task_succeeded' ? [[event.task, event.worker] as const] : [])));

// By itself: how soon is measured, and others would be in its way.
test('tasks that only some workers can take are placed again when their worker is killed under them, and while they wait for it', { timeout: LIMIT_MS }, async ({ expect }) => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  const [first, second] = await Promise.all([rig.worker({ capabilities: ['db'], slots: 2 }), rig.worker({ capabilities: ['web', 'db'], slots: 4 })]);
  const execution = await rig.start(
    makePlan([
      { id: 'under', capabilities: ['db'], retry: { maxAttempts: 2 }, spec: { command: step('gate') } },
      { id: 'later', deps: ['signal'], capabilities: ['db'], retry: { maxAttempts: 1 }, spec: { command: step(0) } },
      { id: 'signal', capabilities: ['web'], spec: { command: step('gate') } },
    ]),
  );
  const under = await rig.journal.until('start', 'under');
  await rig.journal.until('start', 'signal');
  const killedAt = Date.now();
  await first.end('SIGKILL');
  // By now its worker is dead, and the pool does not know.
  await rig.journal.release('signal');
  await rig.journal.until('start', 'later');
  expect(Date.now() - killedAt).toBeLessThan(PLACED_AGAIN_MS);
  await rig.journal.until('start', 'under', 2);
  expect(Date.now() - killedAt).toBeLessThan(PLACED_AGAIN_MS);
  expect(await livingOf(under.group)).toEqual([]);
  await rig.journal.release('under');
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  const events = await rig.follow(execution);
  expect([placesOf(events).get('under'), placesOf(events).get('later')]).toEqual([second.identity, second.identity]);
  expect(faultsOf(await rig.journal.read(), ['under', 'later', 'signal'])).toEqual([]);
});

describe.concurrent('tasks that only some workers can take', () => {
  test('go where they can be done, say who is missing, and go on when somebody comes', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const [db, web] = await Promise.all([rig.worker({ capabilities: ['db'] }), rig.worker({ capabilities: ['web', 'db'] })]);
    const began = Date.now();
    const execution = await rig.start(
      makePlan([
        { id: 'query', capabilities: ['db'], spec: { command: step(0) } },
        { id: 'page', capabilities: ['web'], spec: { command: step(0) } },
        { id: 'both', capabilities: ['db', 'web'], spec: { command: step(0) } },
        { id: 'plain', deps: ['query'], spec: { command: step(0) } },
        { id: 'rare', capabilities: ['rare'], spec: { command: step(0) } },
      ]),
    );
    await expect.poll(async () => (await rig.tasks.task(execution, 'rare')).waitingReason).toBe('no worker can do rare: start one with `tasks worker --capability rare`');
    expect(Date.now() - began).toBeLessThan(SAID_WITHIN_MS);
    const rare = await rig.worker({ capabilities: ['rare'] });
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    const places = placesOf(await rig.follow(execution));
    expect([places.get('query'), places.get('page'), places.get('both'), places.get('rare')]).toEqual([db.identity, web.identity, web.identity, rare.identity]);
    expect([db.identity, web.identity, rare.identity]).toContain(places.get('plain'));
  });

  test('that are stopped for more urgent ones end their processes, and begin anew', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const plan = makePlan(
      [
        { id: 'low', priority: 4, preemptible: true, retry: { maxAttempts: 1 }, spec: { command: step('gate') } },
        { id: 'firm', priority: 4, spec: { command: step('gate') } },
      ],
      { concurrencyMax: 2, preemption: { enabled: true, order: [5, 4] } },
    );
    const execution = await rig.start(plan);
    const [low] = await Promise.all([rig.journal.until('start', 'low'), rig.journal.until('start', 'firm')]);
    await rig.tasks.patch(execution, { id: 'now', op: 'inject_task', task: { id: 'URGENT', cmd: step('gate'), priority: 'critical' } });
    await rig.journal.until('start', 'URGENT');
    expect(await livingOf(low.group)).toEqual([]);
    expect(await rig.tasks.task(execution, 'low')).toMatchObject({ state: 'READY', waitingFor: 'slot' });
    for (const task of ['URGENT', 'firm', 'low']) await rig.journal.release(task);
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    const events = await rig.follow(execution);
    expect(events.filter(({ type }) => type === 'task_preempted')).toMatchObject([{ task: 'low', attempt: 1, by: 'URGENT' }]);
    expect(events.filter(({ type }) => type === 'task_failed')).toEqual([]);
    expect(faultsOf(await rig.journal.read(), ['low', 'firm', 'URGENT'])).toEqual([]);
  });
});
