/** The search for deadlocks over lock domains, on a real server: it finds one that was planted, and none among ours. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createFindDeadlocks } from '../../activities/deadlocks.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { mutexWorkflowId } from '../../model/ids.ts';
import { MUTEX_SIGNAL } from '../../model/mutex.ts';
import type { GrantRequest } from '../../model/mutex.ts';
import type { Resource } from '../../model/resource.ts';
import { makePlan } from '../support/plan.ts';
import { endless, startRig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

test('attempts that wait for each other over two domains are named in a circle; those that only wait are not', async () => {
  await using rig = await startRig({ server: sharedServer() });
  const [left, right] = ['left', 'right'].map((name): Resource => ({ name, mode: 'exclusive', capacity: 1, scope: 'global', domain: `${name}-${randomUUID()}` })) as [Resource, Resource];
  const start = async (task: string, asked: readonly Resource[]): Promise<ExecutionId> => {
    rig.commands.set(task, endless);
    const plan = makePlan([{ id: task, asks: asked.map(({ name }) => ({ resource: name, units: 1, access: 'write' as const })) }]);
    return rig.start({ ...plan, graph: { ...plan.graph, resources: [left, right] } });
  };
  const one = await start('one', [left]);
  const two = await start('two', [right]);
  await expect.poll(() => rig.begun.length).toBe(2);
  // Ours: it waits for the first, and holds nothing.
  const three = await start('three', [left, right]);
  const domainOf = (resource: Resource): string => resource.domain as string;
  await expect.poll(async () => (await rig.tasks.resources.list(domainOf(left)))[0]?.resources[0]?.waiting).toBe(1);
  const find = createFindDeadlocks({ client: rig.temporal });
  const holders = rig.begun.map(({ grants }) => grants?.[0]?.announcement as GrantRequest);
  const found = async (): Promise<readonly (readonly string[])[]> => (await find()).filter((circle) => circle.some((id) => holders.some(({ holder }) => holder === id)));
  expect(await found()).toEqual([]);

  // Each asks for what the other has, as no execution of ours does: it would give way.
  const plant = async (request: GrantRequest, wanted: Resource): Promise<void> => {
    const { execution, task, attempt, holder, since, priority, graceMs } = request;
    const planted: GrantRequest = { execution, task, attempt, holder, since, priority, graceMs, id: `${holder}#99`, asks: [{ resource: wanted.name, units: 1, access: 'write' }], resources: [wanted] };
    await rig.temporal.workflow.getHandle(mutexWorkflowId(domainOf(wanted))).signal(MUTEX_SIGNAL.acquire, planted);
  };
  const [first, second] = holders as [GrantRequest, GrantRequest];
  await plant(first, first.task === 'one' ? right : left);
  await plant(second, second.task === 'one' ? right : left);
  await expect.poll(async () => (await found()).map((circle) => circle.toSorted())).toEqual([[first.holder, second.holder].toSorted()]);

  for (const execution of [three, one, two]) await rig.tasks.abort(execution);
  for (const execution of [one, two, three]) expect((await rig.tasks.result(execution)).outcome).toBe('aborted');
  for (const resource of [left, right]) await rig.temporal.workflow.getHandle(mutexWorkflowId(domainOf(resource))).terminate();
});
