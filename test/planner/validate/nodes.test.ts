/** Phase plans and FlowOps plans: spec/003's guardrails. */
import { array, assert, property, boolean, constantFrom, record, subarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../planner/read/read-plan.ts';
import { judge } from '../../../planner/validate/validate-plan.ts';
import type { Validation } from '../../../planner/validate/validate-plan.ts';
import { brief, told } from './reading.ts';

const of = (name: string, plan: unknown): Validation => {
  const parsed = parsePlan({ label: 'plan', name: 'plan', path: '/plan', files: [{ name, file: name, text: JSON.stringify(plan, undefined, 1) }], warnings: [] });
  if (!parsed.ok) throw new Error(parsed.error[0]?.message);
  return judge(parsed.value);
};

const node = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({ id, cmd: 'true', kind: 'impl', depends_on: [], files_scope: { reads: [], writes: [`out/${id}`] }, concurrency_hint: { parallel_ok: true, conflict_group: id }, tool_preference: ['make'], priority: 'foreground', ...more });
const phase = (...tasks: readonly unknown[]) => ({ phase_id: 'PH-1', tasks });
const phaseOf = (...tasks: readonly unknown[]): Validation => of('one.json', phase(...tasks));
const overlapping = ({ findings }: Validation): readonly string[] => findings.filter(({ code }) => code === 'TASKS1314').map(({ message }) => message);

test('a phase plan that states everything', () => {
  expect(phaseOf(node('a'), node('b'))).toMatchObject({ isValid: true, findings: [], format: 'phase', isDirectory: false });
});

describe('what a node states', () => {
  test.each([
    ['kind', { kind: undefined }],
    ['depends_on', { depends_on: undefined }],
    ['files_scope.reads', { files_scope: { writes: ['x'] } }],
    ['files_scope.writes', { files_scope: { reads: [] } }],
    ['concurrency_hint.parallel_ok', { concurrency_hint: { conflict_group: 'g' } }],
    ['concurrency_hint.conflict_group', { concurrency_hint: { parallel_ok: true } }],
    ['tool_preference', { tool_preference: undefined }],
    ['priority', { priority: undefined }],
  ])('%s', (name, more) => {
    const validation = phaseOf(node('a', more));
    expect(brief(validation)).toEqual(['TASKS1315 one.json/tasks/0']);
    expect(validation.findings[0]?.message).toBe(`"a" does not state ${name}`);
  });

  test('may stand around it, or in the flat form', () => {
    const flat = { ...node('a', { kind: undefined, priority: undefined, tool_preference: undefined, concurrency_hint: undefined }), parallel_ok: true, conflict_group: 'g', deps: [] };
    expect((of('one.json', { ...phase(flat), kind: 'impl', priority: 'background', tool_preference: 'make' })).findings).toEqual([]);
    expect((phaseOf(node('a', { concurrency_hint: { parallel_ok: false } }))).findings).toEqual([]);
  });

  test('is asked of subtasks, and not of what only holds them', () => {
    const validation = phaseOf({ id: 'all', subtasks: [node('a'), node('b', { kind: undefined })] });
    expect(brief(validation)).toEqual(['TASKS1315 one.json/tasks/0/subtasks/1']);
  });

  test('is only advised where a plan is FlowOps', () => {
    const validation = of('tasks.v2.json', { tasks: [{ id: 'a', cmd: 'true' }] });
    expect(brief(validation)).toEqual(['(TASKS1315 tasks.v2.json/tasks/0)']);
    expect(validation.isValid).toBe(true);
  });
});

describe('nodes that may run beside each other', () => {
  const writes = (id: string, pattern: string, more = {}) => node(id, { files_scope: { reads: [], writes: [pattern] }, ...more });

  test('do not write the same files', () => {
    const validation = phaseOf(writes('a', 'src/api/**'), writes('b', 'src/*/index.ts'), writes('c', 'docs'));
    expect(overlapping(validation)).toEqual(['"a" and "b" may run beside each other, and both write "src/api/**" and "src/*/index.ts"']);
    expect(told(validation)).toMatchSnapshot();
    expect(validation.isValid).toBe(false);
  });

  test.each([
    ['one comes after the other', { depends_on: ['a'] }, {}],
    ['one comes softly after the other', { soft_deps: ['a'] }, {}],
    ['they are of one conflict group', { concurrency_hint: { parallel_ok: true, conflict_group: 'g' } }, { concurrency_hint: { parallel_ok: true, conflict_group: 'g' } }],
    ['one runs alone', { concurrency_hint: { parallel_ok: false } }, {}],
    ['they need one lock', { locks: ['db'] }, { locks: ['db'] }],
  ])('unless %s', (_name, more, other) => {
    expect(overlapping(phaseOf(writes('a', 'src', other), writes('b', 'src/x', more)))).toEqual([]);
  });

  test('far apart in the graph is apart', () => {
    expect(overlapping(phaseOf(writes('a', 'src'), node('b', { depends_on: ['a'] }), writes('c', 'src', { depends_on: ['b'] })))).toEqual([]);
  });

  test('readers of a lock do not keep each other away', () => {
    const reads = { resources: [{ name: 'db', access: 'read' }] };
    const plan = { ...phase(writes('a', 'src', reads), writes('b', 'src', reads)), resources: { db: { mode: 'exclusive' } } };
    expect(overlapping(of('one.json', plan))).toHaveLength(1);
  });

  test('exactly those that no path joins are named', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const nodes = array(record({ deps: subarray(ids), pattern: constantFrom('x', 'x/y', 'z', '*/y'), alone: boolean() }), { minLength: 5, maxLength: 5 });
    assert(
      property(nodes, (each) => {
        const tasks = each.map(({ deps, pattern, alone }, at) => writes(ids[at] ?? '', pattern, { depends_on: deps.filter((dep) => ids.indexOf(dep) < at), ...(alone && { concurrency_hint: { parallel_ok: false } }) }));
        const before = new Map<string, Set<string>>();
        for (const task of tasks) before.set(task.id, new Set((task.depends_on as string[]).flatMap((dep) => [dep, ...(before.get(dep) ?? [])])));
        const meets = (one: string, other: string): boolean => one === other || [one, other].sort().join() === 'x,x/y' || [one, other].includes('*/y') && (one.startsWith('x') || other.startsWith('x') || one === 'z' || other === 'z');
        const wanted = tasks.flatMap((one, at) => tasks.slice(at + 1).flatMap((other) => {
          const isApart = before.get(other.id)?.has(one.id) || each[at]?.alone || each[ids.indexOf(other.id)]?.alone;
          return !isApart && meets(each[at]?.pattern ?? '', each[ids.indexOf(other.id)]?.pattern ?? '') ? [`"${one.id}" and "${other.id}"`] : [];
        }));
        const found = overlapping(of('one.json', phase(...tasks))).map((message) => message.split(' may run')[0]);
        expect(new Set(found)).toEqual(new Set(wanted));
      }),
      { numRuns: 60 },
    );
  });
});

test('a hostile id is an id like any other', () => {
  const validation = of('one.json', JSON.parse('{"phase_id": "constructor", "tasks": [{"id": "__proto__"}, {"id": "toString"}]}'));
  expect(validation.isValid).toBe(false);
  expect(validation.findings.some(({ code }) => code === 'TASKS1201')).toBe(true);
});
