/** Hot updates of resources: what becomes of those who hold, of those who wait, and of those who come. */
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../model/ids.ts';
import type { ResourceChanges } from '../../model/patch.ts';
import type { Step } from '../../scheduler/protocol.ts';
import { Driver } from './driver.ts';
import { graphOf, patchOf, writes } from './graphs.ts';
import type { PatchSketch, TaskSketch } from './graphs.ts';

const CPU = { name: 'cpu', capacity: 4 } as const;
const DB = { name: 'db', mode: 'exclusive', scope: 'global' } as const;
const driverOf = (tasks: readonly TaskSketch[]): Driver =>
  new Driver({ ...graphOf(tasks, { resources: [CPU, DB] }), profiles: [{ name: 'ci', capacities: { cpu: 1 } }] });
const change = (driver: Driver, resources: ResourceChanges, sketch: PatchSketch = {}): Step =>
  driver.apply({ type: 'patch', patch: { ...patchOf(`p${String(driver.scheduler.state.version)}`, sketch), resources } });
const id = (text: string): TaskId => text as TaskId;

describe('more of a resource', () => {
  it('lets those in at once who waited for it', () => {
    const driver = driverOf([{ id: 'a', asks: [writes('cpu', 4)] }, { id: 'b', asks: [writes('cpu', 2)] }]);
    const { receipt } = change(driver, { quotas: { cpu: 2 } });
    expect(receipt).toMatchObject({ version: 2, capacities: [{ resource: 'cpu', from: 4, to: 6 }], warnings: [] });
    expect(driver.started).toEqual(['a', 'b']);
    expect(driver.events.find(({ type }) => type === 'hot_update')).toMatchObject({ capacities: [{ resource: 'cpu', from: 4, to: 6 }] });
  });
});

describe('less of a resource', () => {
  it('interrupts nobody, and lets nobody in before there is room', () => {
    const driver = driverOf([{ id: 'a', asks: [writes('cpu', 4)] }, { id: 'b', asks: [writes('cpu', 2)] }, { id: 'c', asks: [writes('cpu')] }]);
    change(driver, { capacities: { cpu: 2 } });
    expect(driver.started).toEqual(['a']);
    driver.succeed('a');
    expect(driver.started).toEqual(['b']);
    driver.succeed('b');
    expect(driver.started).toEqual(['c']);
  });

  it('warns of tasks that ask for more than is left; they wait, and stop nobody', () => {
    const driver = driverOf([{ id: 'a', asks: [writes('cpu', 4)] }, { id: 'big', priority: 1, asks: [writes('cpu', 4)], after: ['a'] }, { id: 'small', asks: [writes('cpu')], after: ['a'] }]);
    const { receipt } = change(driver, { quotas: { cpu: -1 } });
    expect(receipt?.warnings).toEqual(['task big asks for 4 of "cpu", of which there are 3 now: it waits until there are more']);
    driver.succeed('a');
    expect(driver.started).toEqual(['small']);
    expect(driver.scheduler.waiting(driver.indexOf('big'), driver.now)).toMatchObject({ kind: 'resource', heldBy: ['small'] });
    change(driver, { quotas: { cpu: 2 } });
    expect(driver.started).toEqual(['small', 'big']);
  });

  it('comes with another profile, too', () => {
    const driver = driverOf([{ id: 'a', asks: [writes('cpu')] }, { id: 'b', asks: [writes('cpu')] }, { id: 'c', asks: [writes('cpu')] }]);
    driver.succeed('a');
    expect(change(driver, { profile: 'ci' }).receipt?.capacities).toEqual([{ resource: 'cpu', from: 4, to: 1 }]);
    driver.succeed('b');
    expect(driver.stateOf('c')).toBe('ASSIGNED');
  });
});

describe('locks', () => {
  it('that are new are had by tasks that ask for them from now on, and by tasks that come', () => {
    const driver = driverOf([{ id: 'a' }, { id: 'b', after: ['a'] }]);
    const { rejected } = change(driver, { locks: ['deploy'], asks: [{ task: id('b'), locks: ['deploy'] }] }, { tasks: [{ id: 'new', asks: [writes('deploy')] }] });
    expect(rejected).toBeUndefined();
    expect([...driver.requests.values()].map(({ request }) => request.task)).toEqual(['new']);
    driver.succeed('a');
    expect([...driver.requests.values()].map(({ request }) => [request.task, request.asks])).toEqual([['new', [writes('deploy')]], ['b', [writes('deploy')]]]);
  });

  it('that a waiting task is given are asked for anew, with all it asked before', () => {
    const driver = driverOf([{ id: 'a', asks: [writes('db')] }]);
    const [before] = [...driver.requests.values()];
    change(driver, { locks: ['deploy'], asks: [{ task: id('a'), locks: ['deploy'] }] });
    expect(driver.decisions.some((decision) => decision.type === 'withdraw' && decision.round === before?.request.round)).toBe(true);
    const [after] = [...driver.requests.values()];
    expect(after?.request).toMatchObject({ round: 2, asks: [writes('db'), writes('deploy')] });
  });
});

it('the capacity of what executions share is told its mutex', () => {
  const driver = driverOf([{ id: 'a', asks: [writes('db')] }]);
  driver.apply({ type: 'patch', patch: { ...patchOf('p', {}), by: 'ada', reason: 'a second one', resources: { capacities: { db: 2 } } } });
  expect(driver.decisions.find(({ type }) => type === 'resources')).toMatchObject({ told: [{ domain: 'default', resource: 'db', capacity: 2 }], by: 'ada', reason: 'a second one' });
});

it('those who ask for all of a resource ask for all there is', () => {
  const driver = driverOf([{ id: 'a', asks: [writes('cpu')] }, { id: 'alone', asks: [{ ...writes('cpu', 4), whole: true }] }, { id: 'c', asks: [writes('cpu')] }]);
  change(driver, { capacities: { cpu: 6 } });
  driver.succeed('a', 'c');
  expect(driver.started).toEqual(['alone']);
  expect(driver.scheduler.index.tasks[1]?.asks).toEqual([{ ...writes('cpu', 6), whole: true }]);
});

it.each([
  ['a profile that there is not', { profile: 'prod' }, /no profile "prod"/],
  ['a resource that there is not', { capacities: { gpu: 1 } }, /no resource "gpu"/],
  ['less than nothing', { quotas: { cpu: -5 } }, /5 cannot be taken away/],
  ['a share of what executions share', { quotas: { db: 1 } }, /executions share "db"/],
  ['a lock that is none', { locks: ['cpu'] }, /is a semaphore/],
  ['locks for a task that runs', { locks: ['x'], asks: [{ task: id('a'), locks: ['x'] }] }, /a is ASSIGNED/],
  ['locks for nobody', { locks: ['x'], asks: [{ task: id('z'), locks: ['x'] }] }, /no task z/],
] as const)('%s is refused, and nothing is changed', (_title, resources, message) => {
  const driver = driverOf([{ id: 'a' }]);
  const before = JSON.stringify(driver.scheduler.state);
  const { rejected } = change(driver, resources);
  expect(rejected?.[0]?.message).toMatch(message);
  expect(JSON.stringify(driver.scheduler.state)).toBe(before);
});
