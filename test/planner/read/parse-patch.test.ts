/** Hot updates as anybody may send them. */
import { describe, expect, test } from 'vitest';
import { BUILT_IN_EXECUTORS } from '../../../model/executor.ts';
import { parsePatch } from '../../../planner/read/parse-patch.ts';

const parse = (payload: unknown) => parsePatch(payload, { fallbackId: 'fallback', executors: BUILT_IN_EXECUTORS });

const accepted = (payload: unknown) => {
  const parsed = parse(payload);
  return parsed.ok ? parsed.value : expect.fail(parsed.error.map((problem) => problem.message).join('\n'));
};

const messages = (payload: unknown): readonly string[] => {
  const parsed = parse(payload);
  if (parsed.ok) expect.fail('the patch was accepted');
  expect(new Set(parsed.error.map((problem) => problem.code))).toEqual(new Set(['TASKS3006']));
  return parsed.error.map((problem) => problem.message);
};

describe('accepted', () => {
  test("spec/002's shape: name, locks and acceptance are aliases, edges have a direction", () => {
    const { patch, specs } = accepted({
      id: 'p1',
      op: 'inject_task',
      task: {
        id: 'AUTO.INSTALL.DEPS',
        name: 'Install jose',
        cmd: 'npm i jose',
        locks: ['fs.repo'],
        priority: 1,
        acceptance: [{ type: 'artifact', path: 'node_modules/jose', expect: { exists: true } }],
      },
      edges: [{ from: 'AUTO.INSTALL.DEPS', to: 'P1.T002', type: 'hard' }],
      expected_version: 3,
    });
    expect(patch).toEqual({
      id: 'p1',
      expectedVersion: 3,
      tasks: [{ id: 'AUTO.INSTALL.DEPS', title: 'Install jose', priority: 1, asks: [{ resource: 'fs.repo', units: 1, access: 'write' }] }],
      edges: [{ from: 'AUTO.INSTALL.DEPS', to: 'P1.T002', type: 'hard' }],
    });
    expect(specs).toMatchObject([
      { id: 'AUTO.INSTALL.DEPS', command: 'npm i jose', checks: [{ type: 'artifact', path: 'node_modules/jose', expect: { exists: true } }] },
    ]);
  });

  test('the full FlowOps shape: dependencies become edges to the task', () => {
    const { patch } = accepted({
      op: 'inject_task',
      task: { id: 'new', cmd: 'x', estimate_minutes: 2, deps: ['a', { id: 'b', type: 'soft' }], soft_deps: ['c', 'a'] },
    });
    expect(patch).toMatchObject({ id: 'fallback', tasks: [{ id: 'new', estimateMs: 120_000 }] });
    expect(patch.edges).toEqual([
      { from: 'a', to: 'new', type: 'hard' },
      { from: 'b', to: 'new', type: 'soft' },
      { from: 'c', to: 'new', type: 'soft' },
    ]);
  });

  test("spec/001's types of edge gate as they do in a plan", () => {
    const edge = (extra: object) => ({ op: 'add_edge', edges: [{ from: 'a', to: 'b', ...extra }] });
    expect(accepted(edge({})).patch.edges).toMatchObject([{ type: 'hard' }]);
    expect(accepted(edge({ type: 'technical', isHard: false })).patch.edges).toMatchObject([{ type: 'soft' }]);
    expect(accepted(edge({ type: 'technical', confidence: 0.5 })).patch.edges).toMatchObject([{ type: 'soft' }]);
  });

  test('an array is one patch', () => {
    const { patch, specs } = accepted([
      { id: 'x', op: 'inject_task', task: { id: 'n', cmd: 'x' }, by: 'me' },
      { id: 'y', op: 'add_edge', edges: [{ from: 'n', to: 'm' }], by: 'me', reason: 'why' },
    ]);
    expect(patch).toMatchObject({ id: 'x+y', by: 'me', reason: 'why', tasks: [{ id: 'n' }], edges: [{ from: 'n', to: 'm', type: 'hard' }] });
    expect(specs).toHaveLength(1);
  });

  test('changes of resources add up; quotas are counted as in plans, and locks reach tasks of the same patch', () => {
    const { patch } = accepted([
      { op: 'inject_task', id: 'x', task: { id: 'n', cmd: 'true', locks: ['db'] } },
      { op: 'modify_resource', id: 'x', resources: { increase_quota: { cpu_cores: 1.5, slots: 2 }, add_locks: ['deploy'] }, tasks: ['n', 'old'] },
      { op: 'modify_resource', id: 'x', resources: { decrease_quota: { slots: 3 }, set_capacity: { memory_mb: 512 } } },
    ]);
    expect(patch.tasks[0]?.asks).toEqual([{ resource: 'db', units: 1, access: 'write' }, { resource: 'deploy', units: 1, access: 'write' }]);
    expect(patch.resources).toEqual({ locks: ['deploy'], capacities: { memory_mb: 512 }, quotas: { cpu_millicores: 1_500, slots: -1 }, asks: [{ task: 'old', locks: ['deploy'] }] });
  });

  test('a task without a command waits for the default executor', () => {
    expect(accepted({ op: 'inject_task', task: { id: 'n' } }).patch.tasks).toMatchObject([{ needsChild: true }]);
  });
});

describe('refused', () => {
  test.each([
    [undefined, /inject_task, add_edge, remove_edge, .* or modify_resource/],
    [null, /inject_task, add_edge, remove_edge, .* or modify_resource/],
    ['x', /inject_task, add_edge, remove_edge, .* or modify_resource/],
    [[], /empty list/],
    [{}, /inject_task, add_edge, remove_edge, .* or modify_resource/],
    [{ op: 'modify_resource' }, /resources/],
    [{ op: 'modify_resource', resources: {} }, /expected increase_quota, decrease_quota/],
    [{ op: 'modify_resource', resources: { increase_quota: { cpu: -1 } } }, /increase_quota/],
    [{ op: 'modify_resource', resources: { set_capacity: { '../x': 1 } } }, /expected a name/],
    [{ op: 'modify_resource', resources: { profile: 'ci' }, tasks: ['a'] }, /there are none/],
    [[{ op: 'modify_resource', resources: { profile: 'ci' } }, { op: 'modify_resource', resources: { profile: 'prod' } }], /only one profile/],
    [[{ op: 'modify_resource', resources: { set_capacity: { a: 1 } } }, { op: 'modify_resource', resources: { set_capacity: { a: 2 } } }], /set twice/],
    [{ op: 'inject_task' }, /task/],
    [{ op: 'add_edge' }, /edges/],
    [{ op: 'add_edge', edges: [] }, /edges/],
    [{ op: 'add_edge', edges: [{ from: 'a', to: 'a' }] }, /depend on itself/],
    [{ op: 'add_edge', edges: [{ from: 'a', to: '../b' }] }, /cannot be an id/],
    [{ op: 'add_edge', edges: [{ from: 'a', to: 'b', type: 'maybe' }] }, /"maybe" is not accepted/],
    [{ op: 'inject_task', task: { id: '__proto__' } }, /cannot be an id/],
    [{ op: 'inject_task', task: { id: 'a', deps: ['a'] } }, /depend on itself/],
    [{ op: 'inject_task', task: { id: 'a', executor: 'robot' } }, /no executor "robot"/],
    [{ op: 'inject_task', task: { id: 'a', artifacts: ['../x'] } }, /leads out of the workspace/],
    [{ op: 'inject_task', task: { id: 'a' }, surprise: 1 }, /unknown key "surprise"/],
    [{ op: 'inject_task', id: 'a b', task: { id: 'a' } }, /^id/],
  ])('%j', (payload, message) => {
    expect(messages(payload).join('\n')).toMatch(message);
  });

  test('everything wrong with an array at once, by position', () => {
    const found = messages([
      { op: 'inject_task', task: { id: 'a', estimate_minutes: 'x' }, expected_version: 1 },
      { op: 'inject_task', task: { id: 'b' }, expected_version: 2 },
      { op: 'inject_task', task: { id: 'b' }, expected_version: 3 },
    ]);
    expect(found).toEqual([
      '[0].task.estimate_minutes: expected number, received string',
      '[2].task.id: "b" is injected twice',
      'the patches expect different versions: 2, 3',
    ]);
  });

  test('bottomless nesting', () => {
    let payload: unknown = {};
    for (let depth = 0; depth < 100_000; depth += 1) payload = { task: payload };
    expect(messages(payload)[0]).toMatch(/nested deeper/);
  });
});
