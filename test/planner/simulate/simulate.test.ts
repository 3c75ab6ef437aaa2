import { describe, expect, test } from 'vitest';
import type { Ask, Graph, GraphTask, Policies } from '../../../model/graph.ts';
import { DEFAULT_POLICIES, PRIORITY } from '../../../model/graph.ts';
import type { TaskId } from '../../../model/ids.ts';
import type { Resource } from '../../../model/resource.ts';
import { observeWaits } from '../../../planner/simulate/observe-waits.ts';
import { simulate } from '../../../planner/simulate/simulate.ts';
import type { SimulateOptions } from '../../../planner/simulate/simulate.ts';
import type { Timeline } from '../../../planner/simulate/timeline.ts';

const HOUR = 3_600_000;

type TaskFields = Partial<Omit<GraphTask, 'id' | 'deps' | 'soft'>> & { readonly after?: readonly string[]; readonly hours?: number };

const graphOf = (tasks: Readonly<Record<string, TaskFields>>, fields: Partial<Omit<Graph, 'policies'>> & { readonly policies?: Partial<Policies> } = {}): Graph => {
  const ids = Object.keys(tasks);
  return {
    schema: 1,
    name: 'plan',
    sources: [],
    tasks: Object.entries(tasks).map(([id, { after = [], hours = 1, ...task }]): GraphTask => ({ id: id as TaskId, deps: after.map((from) => ids.indexOf(from)), estimateMs: hours * HOUR, ...task })),
    ...fields,
    policies: { ...DEFAULT_POLICIES, ...fields.policies },
  };
};

const run = (graph: Graph, options: Partial<SimulateOptions> = {}): Timeline => simulate({ graph, durations: (index) => graph.tasks[index]?.estimateMs ?? 0, ...options });

const hours = (graph: Graph, { tasks }: Timeline): Readonly<Record<string, readonly (readonly [number, number])[]>> =>
  Object.fromEntries(graph.tasks.map(({ id }, index) => [id, (tasks[index]?.runs ?? []).map(({ from, to }) => [from / HOUR, to / HOUR] as const)]));

const lock = (name: string, fields: Partial<Resource> = {}): Resource => ({ name, mode: 'exclusive', capacity: 1, scope: 'global', ...fields });
const write = (resource: string, units = 1): Ask => ({ resource, units, access: 'write' });

test('tasks start the moment what they wait for is done', () => {
  const graph = graphOf({ a: { hours: 2 }, b: { hours: 3 }, c: { after: ['a'] }, d: { after: ['b', 'c'] } });
  const timeline = run(graph);
  expect(hours(graph, timeline)).toEqual({ a: [[0, 2]], b: [[0, 3]], c: [[2, 3]], d: [[3, 4]] });
  expect(timeline).toMatchObject({ endsAt: 4 * HOUR, outcome: 'succeeded' });
});

test('no more run at once than may, the longest way to the end first, then who has waited longest', () => {
  const graph = graphOf({ short: {}, long: {}, end: { after: ['long'], hours: 5 } }, { policies: { concurrencyMax: 1 } });
  expect(hours(graph, run(graph))).toEqual({ long: [[0, 1]], short: [[1, 2]], end: [[2, 7]] });
});

describe('what executions share', () => {
  test('one has it at a time, and it passes on at once', () => {
    const graph = graphOf({ a: { asks: [write('db')] }, b: { asks: [write('db')] }, c: {} }, { resources: [lock('db')] });
    expect(hours(graph, run(graph))).toEqual({ a: [[0, 1]], b: [[1, 2]], c: [[0, 1]] });
  });

  test('as many units as there are', () => {
    const tasks = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, { asks: [write('pool', 2)] }]));
    expect(run(graphOf(tasks, { resources: [lock('pool', { mode: 'semaphore', capacity: 5 })] })).endsAt).toBe(2 * HOUR);
  });

  test('asks that span domains never wait for each other in a circle', () => {
    const resources = [lock('x', { domain: 'one' }), lock('y', { domain: 'two' })];
    const tasks = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id, at) => [id, { asks: at % 2 === 0 ? [write('x'), write('y')] : [write('y'), write('x')] }]));
    const timeline = run(graphOf(tasks, { resources }));
    expect(timeline.outcome).toBe('succeeded');
    // One that dies asks again a second later.
    expect(timeline.endsAt).toBeGreaterThanOrEqual(5 * HOUR);
    expect(timeline.endsAt).toBeLessThan(5 * HOUR + 10_000);
  });

  test('waiting for it is told, with how long', () => {
    const graph = graphOf({ a: { asks: [write('db')], hours: 2 }, b: { asks: [write('db')], hours: 1 } }, { resources: [lock('db')] });
    const observer = observeWaits();
    const timeline = run(graph, { onMoment: observer.onMoment });
    expect(observer.waits(timeline)).toEqual([{ task: 1, kind: 'resource', resource: 'db', from: 0, to: 2 * HOUR }]);
  });
});

test('what is its own is waited for, too, and so are slots', () => {
  const graph = graphOf({ a: { asks: [write('cpu', 3)] }, b: { asks: [write('cpu', 3)] }, c: {} }, { resources: [lock('cpu', { mode: 'semaphore', capacity: 4, scope: 'execution' })], policies: { concurrencyMax: 1 } });
  const observer = observeWaits();
  const timeline = run(graph, { onMoment: observer.onMoment });
  expect(observer.waits(timeline).map(({ task, kind, resource, to }) => [task, kind, resource, to / HOUR])).toEqual([
    [1, 'resource', 'cpu', 1],
    [2, 'slot', undefined, 2],
  ]);
});

test('waves open when the one before has ended', () => {
  const graph = graphOf({ a: { wave: 1, hours: 1 }, b: { wave: 1, hours: 4 }, c: { after: ['a'], wave: 2 }, d: { after: ['c'], wave: 3 } }, { policies: { executionModel: 'wave_based' } });
  const timeline = run(graph);
  expect(hours(graph, timeline)).toEqual({ a: [[0, 1]], b: [[0, 4]], c: [[4, 5]], d: [[5, 6]] });
  expect(timeline.waves?.map(({ number, tasks, openedAt, endedAt }) => [number, tasks, openedAt / HOUR, endedAt / HOUR])).toEqual([[1, [0, 1], 0, 4], [2, [2], 4, 5], [3, [3], 5, 6]]);
});

test('a window is waited for by the calendar, from when the execution starts', () => {
  const graph = graphOf(
    { a: { asks: [write('deploy')] } },
    { resources: [lock('deploy', { window: 'morning' })], calendars: [{ name: 'morning', timezone: 'UTC', rules: [{ opens: '0 9 * * *', lastsMs: 2 * HOUR }] }] },
  );
  expect(hours(graph, run(graph, { startAt: Date.parse('2026-03-02T06:00:00Z') }))).toEqual({ a: [[3, 4]] });
});

test('people approve at once', () => {
  const graph = graphOf({ a: { approval: true } });
  expect(run(graph)).toMatchObject({ outcome: 'succeeded', endsAt: HOUR });
});

test('one that is stopped for a more urgent one begins anew', () => {
  const graph = graphOf(
    { low: { priority: PRIORITY.low, preemptible: true, hours: 4 }, first: { hours: 1 }, urgent: { after: ['first'], priority: PRIORITY.critical } },
    { policies: { concurrencyMax: 2, preemption: { enabled: true, order: [PRIORITY.low] } }, resources: [lock('it', { scope: 'execution' })] },
  );
  const asking = { ...graph, tasks: graph.tasks.map((task) => (task.id === 'first' ? task : { ...task, asks: [write('it')] })) };
  expect(hours(asking, run(asking))).toEqual({ low: [[0, 1], [2, 6]], first: [[0, 1]], urgent: [[1, 2]] });
});

test('one that can never run is told by what is missing of an outcome, and not waited for', () => {
  const graph = graphOf({ a: { asks: [write('gone')] } }, { resources: [lock('gone', { scope: 'execution', capacity: 0 })] });
  const timeline = run(graph);
  expect(timeline.outcome).toBeUndefined();
  expect(timeline.tasks[0]?.state).toBe('READY');
});
