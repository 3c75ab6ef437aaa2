/** What is refused, with which code and at which line; everything that is wrong is said at once. */
import { describe, expect, test } from 'vitest';
import { MAX_DEPENDENCIES, MAX_TASKS } from '../../../model/graph.ts';
import { accepted, refused, summary } from './reading.ts';

type Row = readonly [title: string, text: string, problems: readonly (readonly [string, number | undefined])[]];

const flow = (...lines: readonly string[]): string => `{"tasks": [\n${lines.join(',\n')}\n]}`;

/** At most a thousand aliases in all, and each line stands for ten times the one before: the one of `d` is too many. */
const ten = (alias: string): string => Array(10).fill(alias).join(', ');
const multiplying = `tasks: [{id: x, cmd: y}]\na: &a [1]\nb: &b [${ten('*a')}]\nc: &c [${ten('*b')}]\nd: &d [${ten('*c')}]\ne: &e [${ten('*d')}]\n`;

const ROWS: readonly Row[] = [
  ['nothing', '   \n', [['TASKS1005', undefined]]],
  ['an object that is no plan', '{}', [['TASKS1005', undefined]]],
  ['a number', '[1', [['TASKS1004', 1]]],
  ['JSON cut short', '{"tasks": [\n{"id": "a"},\n', [['TASKS1004', 3]]],
  ['a key twice in JSON', flow('{"id": "a",\n"id": "b"}'), [['TASKS1004', 3]]],
  ['a key twice in YAML', 'tasks:\n  - id: a\n    id: b\n', [['TASKS1004', 3]]],
  ['an unknown YAML tag', 'tasks:\n  - !run x\n', [['TASKS1004', 2]]],
  ['an alias to itself', 'tasks: &a\n  - *a\n', [['TASKS1004', 2]]],
  ['an alias to nothing', 'tasks:\n  - id: a\n    cmd: *nowhere\n', [['TASKS1004', 3]]],
  ['aliases that multiply', multiplying, [['TASKS1004', 5]]],
  ['bottomless JSON', `{"tasks": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`, [['TASKS1004', 1]]],
  ['no tasks', '{"tasks": []}', [['TASKS1206', 1]]],
  ['no tasks in a list', '[]', [['TASKS1206', 1]]],
  ['tasks that are no list', '{\n"tasks": 5}', [['TASKS1006', 2]]],
  ['a task that is no object', flow('"a"'), [['TASKS1006', 2]]],
  ['a number for an id', 'tasks:\n  - id: 4\n', [['TASKS1006', 2]]],
  ['an unknown dependency', flow('{"id": "a",\n"deps": ["b"]}'), [['TASKS1203', 3]]],
  ['a dependency on itself', flow('{"id": "a",\n"deps": ["a"]}'), [['TASKS1204', 3]]],
  ['an id twice', flow('{"id": "a"}', '{"id": "a"}'), [['TASKS1202', 3]]],
  ['ids outside the pattern', flow('{"id": "__proto__"}', '{"id": "a/b"}', '{"id": "../x"}', '{"id": ""}'), [2, 3, 4, 5].map((line) => ['TASKS1201', line])],
  ['an unknown executor', flow('{"id": "a", "executor": "robot"}'), [['TASKS1208', 2]]],
  ['a command executor without a command', flow('{"id": "a", "executor": "command"}'), [['TASKS1006', 2]]],
  ['artifacts outside', flow('{"id": "a", "artifacts": [\n"/etc/passwd",\n"a/../../b",\n"..\\\\x",\n"C:x"]}'), [3, 4, 5, 6].map((line) => ['TASKS1209', line])],
  ['a directory outside', flow('{"id": "a", "directory": ".."}'), [['TASKS1209', 2]]],
  ['an artifact check outside', flow('{"id": "a", "acceptance_checks": [{"type": "artifact", "path": "/x"}]}'), [['TASKS1209', 2]]],
  ['an unknown kind of check', flow('{"id": "a", "acceptance_checks": [\n{"type": "artefact"}]}'), [['TASKS1006', 3]]],
  ['an unknown expectation', flow('{"id": "a", "acceptance_checks": [{"type": "command", "cmd": "x",\n"expect": {"coverage": 1}}]}'), [['TASKS1006', 3]]],
  ['a pattern that does not compile', flow('{"id": "a", "acceptance_checks": [{"type": "command", "cmd": "x",\n"expect": {"matches": "("}}]}'), [['TASKS1006', 3]]],
  ['a time without a unit it knows', flow('{"id": "a", "timeout": "3 weeks"}'), [['TASKS1006', 2]]],
  ['a compensation with a key it does not know', flow('{"id": "a", "cmd": "x",\n"compensation": {"cmd": "y", "retries": 3}}'), [['TASKS1006', 3]]],
  ['a compensation without a command', flow('{"id": "a", "cmd": "x",\n"compensation": {"timeout": "3s"}}'), [['TASKS1006', 3]]],
  ['two compensations that differ', flow('{"id": "a", "cmd": "x", "compensation": {"command": "y"},\n"rollback_cmd": "z"}'), [['TASKS1006', 3]]],
  ['a rollback of what nobody knows', '{"tasks": [{"id": "a"}],\n"policies": {"rollback": {"on_failure": "some"}}}', [['TASKS1007', 2]]],
  ['an unknown policy', '{"tasks": [{"id": "a"}],\n"policies": {"concurency_max": 3}}', [['TASKS1007', 2]]],
  ['an unknown value of a policy', '{"tasks": [{"id": "a"}],\n"policies": {"fairness": "fifo"}}', [['TASKS1007', 2]]],
  ['a wrong type of a policy', '{"tasks": [{"id": "a"}],\n"policies": {"concurrency_max": "3"}}', [['TASKS1006', 2]]],
  ['an unknown type of edge', '{"graph": {"nodes": [{"id": "a"}, {"id": "b"}], "edges": [\n{"from": "a", "to": "b", "type": "maybe"}]}}', [['TASKS1006', 2]]],
  ['an edge to nowhere', '{"graph": {"nodes": [{"id": "a"}], "edges": [\n{"from": "a", "to": "b"}]}}', [['TASKS1203', 2]]],
  ['a version of the coordinator that is not known', '{"version": "2.0", "graph": {"nodes": [{"id": "a"}]}}', [['TASKS1006', 1]]],
  ['a phase that depends on a phase that is not there', 'phase_id: A\ndepends_on:\n  - B\ncmd: x\n', [['TASKS1203', 3]]],
  ['a task that depends on its own phase', 'phase_id: A\ntasks:\n  - id: x\n    depends_on: [A]\n', [['TASKS1204', 4]]],
  ['a phase twice', 'phase_id: A\ntasks: [{id: a}]\n---\nphase_id: A\ntasks: [{id: b}]\n', [['TASKS1202', 4]]],
  ['a task called like a phase', 'phase_id: A\ntasks:\n  - id: A\n', [['TASKS1202', 3]]],
];

describe('refused', () => {
  test.each(ROWS)('%s', async (_title, stdin, expected) => {
    expect(summary(await refused({ stdin }))).toEqual(expected);
  });
});

test('all problems come at once, in the order of the file, each with its line underlined', async () => {
  const problems = await refused({
    stdin: flow(
      '{"id": "alpha", "estimate_minutes": "5"}',
      '{"id": "beta", "deps": ["alhpa"]}',
      '{"id": "beta", "confidence": 2}',
      '{"id": "__proto__", "executor": "robot"}',
    ),
  });
  expect(summary(problems)).toEqual([
    ['TASKS1006', 2],
    ['TASKS1203', 3],
    ['TASKS1202', 4],
    ['TASKS1006', 4],
    ['TASKS1201', 5],
    ['TASKS1208', 5],
  ]);
  const unknown = problems[1];
  expect(unknown?.hint).toBe('Did you mean "alpha"?');
  const { text = '', from = 0, to = 0 } = unknown?.excerpt ?? {};
  expect(text.slice(from - 1, to - 1)).toBe('"alhpa"');
  expect(problems[2]?.related).toEqual([{ message: '"beta" first stands here', place: { file: 'standard input', line: 3, column: 8 } }]);
});

test('a cycle is its whole path, and the line of each of its edges', async () => {
  const problems = await refused({
    stdin: flow('{"id": "a", "deps": ["c"]}', '{"id": "b", "deps": ["a"]}', '{"id": "c", "deps": ["b"]}', '{"id": "d", "deps": ["c"]}'),
  });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toBe('the dependencies form a cycle: a → b → c → a');
  expect(problems[0]?.related?.map((edge) => [edge.message, edge.place?.line])).toEqual([
    ['b depends on a', 3],
    ['c depends on b', 4],
    ['a depends on c', 2],
  ]);
});

test('two cycles are two problems', async () => {
  const problems = await refused({ stdin: '[{"id":"a","deps":["b"]},{"id":"b","deps":["a"]},{"id":"c","deps":["d"]},{"id":"d","deps":["c"]}]' });
  expect(problems.map((problem) => problem.code)).toEqual(['TASKS1205', 'TASKS1205']);
});

test('a soft cycle refuses nothing', async () => {
  const read = await accepted({ stdin: '[{"id":"a","soft_deps":["b"]},{"id":"b","soft_deps":["a"]}]' });
  expect(read.warnings.map((warning) => warning.code)).toEqual(['TASKS1205']);
});

test('hostile ids that fit the pattern are ids like any other', async () => {
  const ids = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];
  const tasks = ids.map((id, at) => ({ id, cmd: 'x', deps: at > 0 ? [ids[at - 1]] : [] }));
  const read = await accepted({ stdin: JSON.stringify({ tasks }) });
  expect(read.plan.graph.tasks.map((task) => [task.id, task.deps])).toEqual(ids.map((id, at) => [id, at > 0 ? [at - 1] : undefined]));
});

test.each(['{"tasks":[{"id":"a","cmd":"x","__proto__":{"polluted":true},"env":{"__proto__":"x"}}],"__proto__":{"polluted":true}}', 'tasks: [{id: a, cmd: x, __proto__: {polluted: true}}]\n__proto__: {polluted: true}\n'])(
  'a key __proto__ reaches no prototype',
  async (stdin) => {
    const read = await accepted({ stdin });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(read.plan.fields['polluted']).toBeUndefined();
    expect(read.plan.tasks[0]?.fields['polluted']).toBeUndefined();
  },
);

test('text of a plan cannot steer the terminal that shows its errors', async () => {
  const [problem] = await refused({ stdin: 'tasks:\n  - id: "a\\e[31mb"\n    title: \u001b[2Jx\n' });
  expect(problem?.message).not.toContain('\u001b');
  expect(problem?.excerpt?.text).not.toContain('\u001b');
});

test('thousands of problems are counted, not listed', async () => {
  const tasks = Array.from({ length: 2_000 }, (_, at) => ({ id: `t${at}`, deps: ['nope'] }));
  const problems = await refused({ stdin: JSON.stringify(tasks) });
  expect(problems).toHaveLength(501);
  expect(problems.at(-1)?.message).toBe('1,500 more problems are not listed');
});

describe('the largest plan', () => {
  const wide = (tasks: number, perTask: number): string =>
    JSON.stringify(
      Array.from({ length: tasks }, (_, at) => ({
        id: `t${at}`,
        cmd: `echo ${at}`,
        deps: at < perTask ? [] : Array.from({ length: perTask }, (__, k) => `t${at - 1 - k}`),
      })),
    );

  test('10,000 tasks with nearly 50,000 dependencies, a chain among them, read in a few seconds', async () => {
    const started = performance.now();
    const read = await accepted({ stdin: wide(MAX_TASKS, 5) });
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(read.plan.graph.tasks).toHaveLength(MAX_TASKS);
    expect(JSON.stringify(read.plan.graph).length).toBeLessThan(1_500_000);
  });

  test('one cycle through all of them is found', async () => {
    const tasks = Array.from({ length: MAX_TASKS }, (_, at) => ({ id: `t${at}`, deps: [`t${(at + 1) % MAX_TASKS}`] }));
    const [problem] = await refused({ stdin: JSON.stringify(tasks) });
    expect(problem?.related).toHaveLength(MAX_TASKS);
  });

  test('one task more is refused, and so is one dependency more', async () => {
    const tooMany = await refused({ stdin: wide(MAX_TASKS + 1, 1) });
    expect(tooMany.map((problem) => problem.code)).toEqual(['TASKS1207']);
    const dependencies = await refused({ stdin: wide(Math.ceil(MAX_DEPENDENCIES / 6) + 10, 6) });
    expect(dependencies.map((problem) => problem.code)).toEqual(['TASKS1207']);
  });
});
