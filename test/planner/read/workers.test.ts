/** What tasks ask of workers, in every format. */
import { expect, test } from 'vitest';
import { MAX_CAPABILITIES } from '../../../model/pool.ts';
import { parsePatch } from '../../../planner/read/parse-patch.ts';
import { accepted, fixture, refused, summary, taskOf } from './reading.ts';

const many = (count: number, prefix = 'c'): readonly string[] => Array.from({ length: count }, (_, at) => `${prefix}${at}`);

test("v3's worker_capabilities_required", async () => {
  const read = await accepted({ path: fixture('tasks-v3') });
  expect(taskOf(read, 'P1.T001').capabilities).toEqual(['backend', 'database']);
  expect(read.plan.graph.policies.matching).toEqual({ preferSpecialized: true, maxTasksPerWorker: 3 });
  expect(read.warnings.map(({ message }) => message).join('\n')).not.toContain('worker_matching');
});

test('all that is said counts, in order, each name once; prose and the workspace say nothing of workers', async () => {
  const required = { worker_capabilities_required: ['db', 'gpu'], estimated: { worker_capabilities_required: ['gpu', 'linux'] } };
  const tasks = [
    { id: 'a', cmd: 'x', capabilities: ['backend', 'db', 'backend'], resource_requirements: required, affinity: ['cache.warm', 'cache.warm'] },
    { id: 'b', cmd: 'x', capabilities: [], affinity: [], skillsRequired: ['oauth'], workspace: 'here' },
  ];
  for (const stdin of [JSON.stringify(tasks), JSON.stringify({ tasks, dependencies: [] }), JSON.stringify({ graph: { nodes: tasks } }), JSON.stringify({ phase_id: 'P', tasks })]) {
    const read = await accepted({ stdin });
    expect(taskOf(read, 'a'), stdin).toMatchObject({ capabilities: ['backend', 'db', 'gpu', 'linux'], affinity: ['cache.warm'] });
    expect(Object.keys(taskOf(read, 'b'))).not.toEqual(expect.arrayContaining([expect.stringMatching(/capabilities|affinity/)]));
  }
  const parsed = parsePatch({ op: 'inject_task', task: tasks[0] }, { fallbackId: 'p' });
  expect(parsed).toMatchObject({ ok: true, value: { patch: { tasks: [{ id: 'a', capabilities: ['backend', 'db', 'gpu', 'linux'], affinity: ['cache.warm'] }] } } });
});

test('a phase is a task that may ask, and one that only holds subtasks asks for nobody, which it is told', async () => {
  const alone = await accepted({ stdin: 'phase_id: P\ncmd: x\ncapabilities: [db]\n' });
  expect(taskOf(alone, 'P').capabilities).toEqual(['db']);
  const read = await accepted({ stdin: 'phase_id: P\ntasks:\n  - id: t\n    capabilities: [db]\n    affinity: [warm]\n    subtasks: [{id: s, cmd: x, capabilities: [ui]}]\n' });
  expect(taskOf(read, 't')).not.toHaveProperty('capabilities');
  expect(taskOf(read, 't')).not.toHaveProperty('affinity');
  expect(taskOf(read, 's').capabilities).toEqual(['ui']);
  expect(read.warnings).toMatchObject([{ code: 'TASKS1006', message: expect.stringContaining('capabilities, affinity has no effect'), place: { line: 4 } }]);
});

test.each([
  ['a space at the end', ['db ']],
  ['nothing', ['']],
  ['a control character', ['a\u0007b']],
  ['too long', ['x'.repeat(129)]],
  ['no text', [7]],
  ['too many', many(MAX_CAPABILITIES + 1)],
])('no names: %s', async (_title, names) => {
  const list = JSON.stringify(names);
  const stated = ['"capabilities"', '"affinity"'].map((key) => `${key}:\n${list}`);
  const nested = [`"resource_requirements": {"worker_capabilities_required":\n${list}}`, `"resource_requirements": {"estimated": {"worker_capabilities_required":\n${list}}}`];
  for (const text of [...stated, ...nested]) {
    expect(summary(await refused({ stdin: `[{"id": "a", "cmd": "x", ${text}}]` })), text).toEqual([['TASKS1006', 2]]);
    const parsed = parsePatch(JSON.parse(`{"op": "inject_task", "task": {"id": "a", "cmd": "x", ${text}}}`), { fallbackId: 'p' });
    expect(parsed, text).toMatchObject({ ok: false, error: [{ code: 'TASKS3006', message: expect.stringMatching(/capabilities|affinity/) }] });
  }
});

test('the limit holds over all places together, and counts each name once', async () => {
  const task = (names: readonly string[]) => `[{"id": "a", "cmd": "x", "capabilities": ${JSON.stringify(many(MAX_CAPABILITIES))},\n"resource_requirements": {\n"worker_capabilities_required": ${JSON.stringify(names)}}}]`;
  await accepted({ stdin: task(['c0', 'c1']) });
  const problems = await refused({ stdin: task(['c0', 'one more']) });
  expect(problems).toMatchObject([{ code: 'TASKS1006', message: expect.stringContaining('more than 32 capabilities'), place: { line: 3 } }]);
  const parsed = parsePatch({ op: 'inject_task', task: JSON.parse(task(['one more']))[0] }, { fallbackId: 'p' });
  expect(parsed).toMatchObject({ ok: false, error: [{ message: 'task.resource_requirements.worker_capabilities_required[0]: more than 32 capabilities in all' }] });
});

test('worker_matching of several parts is merged key by key', async () => {
  const phase = (id: string, matching: object) => `---\n${JSON.stringify({ phase_id: id, tasks: [{ id: `t${id}`, cmd: 'x' }], policies: { worker_matching: matching } })}\n`;
  const read = await accepted({ stdin: phase('A', { prefer_specialized_workers: false, max_tasks_per_worker: 2 }) + phase('B', { strategy: 'capability_and_load_balanced', max_tasks_per_worker: 4 }) });
  expect(read.plan.graph.policies.matching).toEqual({ preferSpecialized: false, maxTasksPerWorker: 4 });
  expect(read.warnings).toEqual([]);
});
