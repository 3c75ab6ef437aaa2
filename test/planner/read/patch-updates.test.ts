/** What changes of a task come to: the part that workers read, what the graph carries, and what people are shown. */
import { describe, expect, test } from 'vitest';
import { BUILT_IN_EXECUTORS } from '../../../model/executor.ts';
import type { TaskSpec } from '../../../model/graph.ts';
import type { ContentHash, TaskId } from '../../../model/ids.ts';
import { tasksToUpdate } from '../../../model/patch-payload.ts';
import { readParsedPatch } from '../../../model/patch-guard.ts';
import type { TaskDifference, TaskUpdate } from '../../../model/patch.ts';
import { parsePatch } from '../../../planner/read/parse-patch.ts';
import { mapSpec } from '../../../planner/read/map-task.ts';
import { taskSchema } from '../../../model/task.schema.ts';

const SOURCE = 'a'.repeat(64) as ContentHash;

/** As a plan's reader would store it; `more` is what it has from elsewhere. */
const specOf = (fields: Readonly<Record<string, unknown>>, more: Partial<TaskSpec> = {}): TaskSpec => ({ id: 'T' as TaskId, ...mapSpec(taskSchema.parse({ ...fields, id: 'T' }), fields), ...more });

const parse = (payload: unknown, spec: TaskSpec) => parsePatch(payload, { fallbackId: 'x', executors: BUILT_IN_EXECUTORS, present: new Map([['T', { source: SOURCE, spec }]]) });

interface Changed {
  readonly update: Omit<TaskUpdate, 'task' | 'from'>;
  readonly spec: TaskSpec;
  readonly changes: TaskDifference['changes'];
}

const changed = (fields: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>, more: Partial<TaskSpec> = {}): Changed => {
  const parsed = parse({ op: 'update_task', task: 'T', changes }, specOf(fields, more));
  if (!parsed.ok) return expect.fail(parsed.error.map(({ message }) => message).join('\n'));
  const { patch, specs, differences } = parsed.value;
  expect(readParsedPatch(JSON.parse(JSON.stringify({ ...patch, source: SOURCE }))).ok).toBe(true);
  const [update] = patch.updates ?? [];
  const [spec] = specs;
  if (!update || !spec) return expect.fail('no update');
  const { task, from, ...rest } = update;
  expect([task, from]).toEqual(['T', SOURCE]);
  return { update: rest, spec, changes: differences[0]?.changes ?? [] };
};

const messages = (payload: unknown, fields: Readonly<Record<string, unknown>> = { cmd: 'x' }): readonly string[] => {
  const parsed = parse(payload, specOf(fields));
  return parsed.ok ? expect.fail('the patch was accepted') : parsed.error.map(({ message }) => message);
};

describe('the part that the worker reads', () => {
  test('has the changes, and what they do not speak of stays, also what the format added', () => {
    const { spec, update } = changed({ cmd: 'old', env: { A: '1' }, artifacts: ['x'], smoke: 'test -e x' }, { cmd: 'new', smoke: null }, { place: { file: 'plan.json', line: 3 } });
    expect(spec).toEqual({ id: 'T', command: 'new', environment: { A: '1' }, artifacts: ['x'], place: { file: 'plan.json', line: 3 }, fields: { cmd: 'new', env: { A: '1' }, artifacts: ['x'] } });
    expect(update).toEqual({ unset: ['diagnostic', 'executor', 'needsChild'] });
  });

  test('a task that gets a command needs no person any more, and one that loses it does', () => {
    expect(changed({}, { cmd: 'x' }).update).toEqual({ unset: ['executor', 'needsChild'] });
    expect(changed({ cmd: 'x' }, { cmd: null }).update).toEqual({ set: { executor: 'unassigned', needsChild: true } });
  });
});

describe('what the graph carries', () => {
  test('differs in what was changed, each in its own way to say it', () => {
    const { update } = changed({ cmd: 'x', estimate_minutes: 1, retries: 2 }, { title: 'T', duration: 2, priority: 'low', timeout: '5s', retries: 0, labels: ['a'], idempotent: false });
    expect(update).toEqual({ set: { title: 'T', estimateMs: 7_200_000, priority: 4, timeoutMs: 5_000, retry: { maxAttempts: 1 }, labels: ['a'], idempotent: false }, asksIfThere: [{ resource: 'label:a', units: 1, access: 'write' }] });
  });

  test('also says what was written before, where it is stated: another patch may have changed it in the graph', () => {
    expect(changed({ cmd: 'x', priority: 'low' }, { priority: 'low' }).update).toEqual({ set: { priority: 4 } });
  });

  test.each([
    [{ name: 'old' }, { title: 'new' }, { title: 'new' }],
    [{ title: 'old' }, { name: 'new' }, { title: 'new' }],
    [{ estimate_minutes: 5 }, { duration: 1 }, { estimateMs: 3_600_000 }],
    [{ idempotent: true }, { idempotency: false }, { idempotent: false }],
    [{ retry: { max_attempts: 9, backoff: 'linear' } }, { retries: 1 }, { retry: { backoff: 'linear', maxAttempts: 2 } }],
    [{ retry_on_failure: false }, { retries: 1 }, { retry: { maxAttempts: 2 } }],
  ])('of %j, %j is not overruled by another way to say it', (fields, changes, set) => {
    expect(changed({ cmd: 'x', ...fields }, changes).update.set).toEqual(set);
  });

  test('of asks those that differ; limits and quotas count where the execution has them', () => {
    const before = { cmd: 'x', resources: ['db', { name: 'api', units: 2 }], labels: ['slow'], directory: 'web', resource_requirements: { estimated: { cpu_cores: 1, memory_mb: 5 } } };
    const { update } = changed(before, { resources: ['db', { name: 'api', units: 3 }], locks: ['deploy'], labels: ['fast'], resource_requirements: { estimated: { cpu_cores: 2, disk_io_mbps: 7 } } });
    const ask = (resource: string, units = 1) => ({ resource, units, access: 'write' });
    expect(update).toEqual({
      set: { labels: ['fast'] },
      drop: ['label:slow', 'label:slow in web', 'memory_mb'],
      asks: [ask('api', 3), ask('deploy')],
      asksIfThere: [ask('label:fast'), ask('label:fast in web'), ask('disk_io_mbps', 7)],
      asksIfAsked: [ask('cpu_millicores', 2_000)],
    });
  });
});

describe('what people are shown', () => {
  test('is the change of each field, and of no variable its value', () => {
    const { changes } = changed({ cmd: 'old', env: { TOKEN: 'secret', SAME: '1', GONE: 'x' } }, { cmd: 'new', title: 'T', env: { TOKEN: 'other', SAME: '1', NEW: 'y' } });
    expect(changes).toEqual([
      { field: 'cmd', from: 'old', to: 'new' },
      { field: 'env.TOKEN', from: '(not shown)', to: '(not shown)' },
      { field: 'env.GONE', from: '(not shown)', to: undefined },
      { field: 'env.NEW', from: undefined, to: '(not shown)' },
      { field: 'title', from: undefined, to: 'T' },
    ].sort((a, b) => changes.findIndex(({ field }) => field === a.field) - changes.findIndex(({ field }) => field === b.field)));
    expect(JSON.stringify(changes)).not.toContain('secret');
  });
});

test('several updates of one task are one, unless they contradict each other', () => {
  const one = (changes: object) => ({ op: 'update_task', id: 'x', task: 'T', changes });
  const parsed = parse([one({ cmd: 'a' }), one({ title: 'T', cmd: 'a' })], specOf({}));
  expect(parsed.ok && parsed.value.patch.updates).toHaveLength(1);
  expect(messages([one({ cmd: 'a' }), one({ cmd: 'b' })])).toEqual(['[1].changes.cmd: another update of "T" in this patch says otherwise']);
});

test('the tasks that a payload would change are known before it is read, whatever it is', () => {
  expect(tasksToUpdate([{ op: 'update_task', task: 'a' }, { op: 'update_task', task: 'a' }, { op: 'cancel_task', task: 'b' }, null, 7, { op: 'update_task', task: 4 }])).toEqual(['a']);
  expect(tasksToUpdate({ op: 'update_task', task: '__proto__' })).toEqual(['__proto__']);
  for (const payload of [undefined, null, 'x', {}]) expect(tasksToUpdate(payload)).toEqual([]);
});

test.each([
  [{ changes: { deps: ['a'] } }, /changes\.deps: dependencies are changed by add_edge and remove_edge/],
  [{ changes: { id: 'b' } }, /changes\.id: the id of a task never changes/],
  [{ changes: { wave: 2 } }, /changes\.wave: waves are laid out/],
  [{ changes: { conflict_group: 'g' } }, /changes\.conflict_group: what a task must not run beside is compiled with the whole plan/],
  [{ changes: { files_scope: {} } }, /changes\.files_scope/],
  [{ changes: { scheduling_hints: { avoid_concurrent_with: ['a'] } } }, /avoid_concurrent_with: what a task must not run beside/],
  [{ changes: { resource_requirements: { peak: { cpu_cores: 3 } } } }, /peak: the room that is kept for peaks/],
  [{ changes: { cmmd: 'x' } }, /unknown key "cmmd"/],
  [{ changes: {} }, /at least one field/],
  [{ changes: { timeout: [] } }, /changes\.timeout: expected seconds/],
  [{ changes: { executor: 'robot' } }, /changes\.executor: there is no executor "robot"/],
  [{ changes: { executor: 'command', cmd: null } }, /changes\.executor: the executor "command" needs a cmd/],
  [{ changes: { artifacts: ['../x'] } }, /changes\.artifacts\[0\]: the path "\.\.\/x" leads out/],
  [{ task: 'nobody', changes: { cmd: 'x' } }, /no task "nobody" to update in this execution/],
])('%j is refused', (fields, message) => {
  expect(messages({ op: 'update_task', task: 'T', ...fields }).join('\n')).toMatch(message);
});

test('a task of the same patch is not changed but stated as it is to be', () => {
  expect(messages([{ op: 'inject_task', id: 'x', task: { id: 'T', cmd: 'x' } }, { op: 'update_task', id: 'x', task: 'T', changes: { cmd: 'y' } }])).toEqual(['[1].task: "T" is injected by the same patch']);
});

describe('targets', () => {
  const targets = (payload: unknown) => {
    const parsed = parse(payload, specOf({}));
    return parsed.ok ? parsed.value.patch : expect.fail(JSON.stringify(parsed.error));
  };

  test('of several operations come together, each once', () => {
    const patch = targets([
      { op: 'cancel_task', id: 'x', task: 'a' },
      { op: 'cancel_task', id: 'x', tasks: ['a', 'b'] },
      { op: 'cancel_task', id: 'x', task: 'c', skip: true },
      { op: 'reprioritize', id: 'x', tasks: ['a', 'b', 'a'], priority: 'high' },
      { op: 'remove_edge', id: 'x', edges: [{ from: 'a', to: 'b' }, { from: 'a', to: 'b' }, { from: 'a', to: 'b', type: 'soft' }] },
    ]);
    expect(patch).toEqual({
      id: 'x',
      tasks: [],
      edges: [],
      removed: [{ from: 'a', to: 'b' }, { from: 'a', to: 'b', type: 'soft' }],
      priorities: [{ task: 'a', priority: 2 }, { task: 'b', priority: 2 }],
      cancelled: [{ task: 'a' }, { task: 'b' }, { task: 'c', skip: true }],
    });
  });

  test.each([
    [[{ op: 'cancel_task', task: 'a' }, { op: 'cancel_task', task: 'a', skip: true }], /cancelled twice, and differently/],
    [[{ op: 'reprioritize', tasks: ['a'], priority: 1 }, { op: 'reprioritize', tasks: ['a'], priority: 2 }], /is given two/],
    [{ op: 'cancel_task', tasks: ['../x'] }, /cannot be an id/],
    [{ op: 'reprioritize', tasks: ['__proto__'], priority: 1 }, /cannot be an id/],
    [{ op: 'remove_edge', edges: [{ from: 'a b', to: 'c' }] }, /cannot be an id/],
    [{ op: 'reprioritize', tasks: ['a'], priority: 'urgent' }, /priority/],
  ])('%j is refused', (payload, message) => {
    expect(messages(payload).join('\n')).toMatch(message);
  });
});

test('a patch that no message can carry is refused as such', () => {
  const tasks = Array.from({ length: 900 }, (_, i) => ({ op: 'inject_task', id: 'big', task: { id: `n${String(i)}`, labels: ['x'.repeat(1_200)] } }));
  expect(messages(tasks)).toEqual([expect.stringMatching(/^the patch comes to 1,\d+,\d+ characters, more than the 1,000,000 of one$/)]);
});
