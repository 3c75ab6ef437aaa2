/** Profiles over a catalogue, and what they leave impossible. */
import { expect, test } from 'vitest';
import type { Graph } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';
import type { Resource } from '../../model/resource.ts';
import { applyProfile, tasksThatCannotRun } from '../../resources/catalogue.ts';

const RESOURCES: readonly Resource[] = [
  { name: 'db', mode: 'exclusive', capacity: 1, scope: 'global' },
  { name: 'cpu', mode: 'semaphore', capacity: 8, scope: 'execution' },
];
const PROFILES = [
  { name: 'ci', capacities: { db: 0, cpu: 4 } },
  { name: 'constructor', capacities: { cpu: 1 } },
];
const applied = (name: string): readonly Resource[] => {
  const result = applyProfile(RESOURCES, PROFILES, name);
  return result.ok ? result.value : expect.fail(result.error[0]?.message);
};

test('a profile changes capacities and nothing else; what it does not name keeps its own', () => {
  expect(applied('ci')).toEqual([{ ...RESOURCES[0], capacity: 0 }, { ...RESOURCES[1], capacity: 4 }]);
  expect(applied('constructor').map(({ capacity }) => capacity)).toEqual([1, 1]);
});

test('a profile that is not there is refused with those there are', () => {
  expect(applyProfile(RESOURCES, PROFILES, 'toString')).toMatchObject({ ok: false, error: [{ code: 'TASKS1213', hint: 'There are: ci, constructor.' }] });
});

test('tasks that ask for more than there is, or for what is not here, by task and ask', () => {
  const graph: Pick<Graph, 'tasks'> = {
    tasks: [
      { id: 'fits' as TaskId, asks: [{ resource: 'cpu', units: 4, access: 'write' }] },
      { id: 'wide' as TaskId, asks: [{ resource: 'cpu', units: 5, access: 'read' }, { resource: 'db', units: 1, access: 'read' }] },
      { id: 'free' as TaskId },
      { id: 'writer' as TaskId, asks: [{ resource: 'db', units: 1, access: 'write' }] },
    ],
  };
  const found = tasksThatCannotRun(graph, applied('ci')).map(({ index, task, ask, capacity }) => [index, task, ask.resource, capacity]);
  expect(found).toEqual([[1, 'wide', 'cpu', 4], [1, 'wide', 'db', 0], [3, 'writer', 'db', 0]]);
  expect(tasksThatCannotRun(graph, RESOURCES)).toEqual([]);
});
