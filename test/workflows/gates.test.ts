/** What a ready task waits for beside resources, and hot updates of resources, on a real server. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Calendar } from '../../model/calendar.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { executionWorkflowId, mutexWorkflowId } from '../../model/ids.ts';
import { SIGNAL } from '../../model/message.ts';
import type { Resource } from '../../model/resource.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { endless, gate, startRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { modes } from '../support/modes.ts';

const writes = (resource: string, units = 1) => ({ resource, units, access: 'write' as const });
const withGraph = (plan: StoredPlan, more: Partial<StoredPlan['graph']>): StoredPlan => ({ ...plan, graph: { ...plan.graph, ...more } });
const planOf = (tasks: readonly PlanTask[], more: Partial<StoredPlan['graph']> = {}): StoredPlan => withGraph(makePlan(tasks), more);

describe.each(modes)('a task that may not start yet, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test('waits for an approval, says so, and is let in by an update and by a signal', async () => {
    const execution = await rig.start(planOf([{ id: 'one', risk: 'high' }, { id: 'two', risk: 'critical' }, { id: 'free' }]), { policies: { approval: { risk: 'high' } } });
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'free');
    expect(await rig.tasks.task(execution, 'one')).toMatchObject({ state: 'READY', waitingFor: 'approval', waitingReason: 'waits for somebody to approve it' });
    expect((await rig.tasks.frontier(execution)).waiting.map(({ task }) => task)).toEqual(['one', 'two']);
    await expect(rig.tasks.approve(execution, { task: 'free' })).rejects.toMatchObject({ problems: [{ code: 'TASKS3005' }] });
    expect(await rig.tasks.approve(execution, { task: 'one', by: 'ada' })).toMatchObject({ status: 'running' });
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).signal(SIGNAL.approve, { task: 'two', approved: false, by: 'bob', reason: 'too late' });
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'failed', state: { failed: [{ task: 'two', failure: { reason: 'unapproved', message: 'bob refused to let it start: too late' } }] } });
    const events = await rig.events(execution);
    expect(events.filter(({ type }) => type.startsWith('approval')).map(({ type }) => type)).toEqual(['approval_requested', 'approval_requested', 'approval_given', 'approval_refused']);
  });

  test('does what the policy says when nobody comes', async () => {
    const execution = await rig.start(planOf([{ id: 'one', approval: true }, { id: 'next', deps: ['one'] }]), { policies: { approval: { timeoutMs: 500, onTimeout: 'skip' } } });
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded', state: { counts: { SKIPPED: 1, SUCCEEDED: 1 } } });
  });

  test('waits for the window of a resource', async () => {
    // A minute at least: it begins with its minute.
    const soon = new Date(Date.now() + 120_000);
    const calendars: readonly Calendar[] = [
      { name: 'shut', timezone: 'UTC', rules: [{ opens: `${soon.getUTCMinutes()} ${soon.getUTCHours()} ${soon.getUTCDate()} ${soon.getUTCMonth() + 1} *`, lastsMs: 60_000 }] },
      { name: 'open', timezone: 'UTC', rules: [{ opens: '* * * * *', lastsMs: 60_000 }] },
    ];
    const resources: readonly Resource[] = [
      { name: 'prod', mode: 'exclusive', capacity: 1, scope: 'execution', window: 'shut' },
      { name: 'test', mode: 'exclusive', capacity: 1, scope: 'execution', window: 'open' },
    ];
    const tasks: readonly PlanTask[] = [{ id: 'late', asks: [writes('prod')] }, { id: 'now', asks: [writes('test')] }];
    const execution = await rig.start(planOf(tasks, { resources, calendars }));
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'now');
    expect(await rig.tasks.task(execution, 'late')).toMatchObject({ waitingFor: 'window', waitingReason: expect.stringMatching(/^waits for the window shut, which opens 20\d\d-/u) as string });
    await rig.tasks.abort(execution);
    expect((await rig.tasks.result(execution)).outcome).toBe('aborted');
  });

  test('starts when a hot update makes more of what it lacks', async () => {
    rig.commands.set('holder', endless);
    const resources: readonly Resource[] = [{ name: 'cpu', mode: 'semaphore', capacity: 2, scope: 'execution' }];
    const execution = await rig.start(planOf([{ id: 'holder', asks: [writes('cpu', 2)] }, { id: 'waits', asks: [writes('cpu')] }], { resources }));
    await rig.until(execution, (event) => event.type === 'task_started');
    const receipt = await rig.tasks.patch(execution, { op: 'modify_resource', id: 'more', resources: { increase_quota: { cpu: 1 } } });
    expect(receipt).toMatchObject({ version: 2, capacities: [{ resource: 'cpu', from: 2, to: 3 }], duplicate: false });
    await rig.until(execution, (event) => event.type === 'task_succeeded' && event.task === 'waits');
    expect(await rig.tasks.patch(execution, { op: 'modify_resource', id: 'more', resources: { increase_quota: { cpu: 1 } } })).toMatchObject({ duplicate: true });
    await expect(rig.tasks.patch(execution, { op: 'modify_resource', resources: { set_capacity: { gpu: 1 } } })).rejects.toMatchObject({ problems: [{ code: 'TASKS3007', message: expect.stringContaining('gpu') as string }] });
    await rig.tasks.abort(execution);
    await rig.tasks.result(execution);
  });

  test('starts when a hot update of another execution makes more of what they share', async () => {
    const domain = `d-${randomUUID()}`;
    const shared: readonly Resource[] = [{ name: 'db', mode: 'semaphore', capacity: 1, scope: 'global', domain }];
    const hold = gate();
    rig.commands.set('first', async () => {
      await hold.opened;
      return undefined;
    });
    const one = await rig.start(planOf([{ id: 'first', asks: [writes('db')] }], { resources: shared }));
    await rig.until(one, (event) => event.type === 'task_started');
    const two = await rig.start(planOf([{ id: 'second', asks: [writes('db')] }], { resources: shared }));
    await expect.poll(async () => (await rig.tasks.resources.list(domain))[0]?.resources[0]?.waiting).toBe(1);
    await rig.tasks.patch(one, { op: 'modify_resource', by: 'ada', reason: 'a second one', resources: { set_capacity: { db: 2 } } });
    expect((await rig.tasks.result(two)).outcome).toBe('succeeded');
    expect((await rig.tasks.resources.list(domain))[0]).toMatchObject({ interventions: [{ by: 'ada', reason: 'a second one', what: 'set the capacity of db to 2' }] });
    hold.open();
    expect((await rig.tasks.result(one)).outcome).toBe('succeeded');
    await rig.temporal.workflow.getHandle(mutexWorkflowId(domain)).terminate();
  });
});
