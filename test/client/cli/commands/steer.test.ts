import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { TasksError } from '../../../../model/problem.ts';
import { EXECUTION, fakeClient, id, previewOf, stateOf } from '../support/fake-client.ts';
import { run } from '../support/run.ts';
import { withPlan } from '../support/plan-file.ts';

test.each([
  [['pause', 'quick', '--by', 'ann', '--reason', 'freeze'], 'pause', [EXECUTION, { by: 'ann', reason: 'freeze' }]],
  [['resume', 'quick', '--by', 'ann'], 'resume', [EXECUTION, { by: 'ann' }]],
  [['abort', 'quick', '--by', 'ann'], 'abort', [EXECUTION, { by: 'ann' }]],
  [['retry', 'quick', 'a', '--by', 'ann'], 'retry', [EXECUTION, { task: 'a', by: 'ann' }]],
  [['skip', 'quick', 'a', '--by', 'ann'], 'skip', [EXECUTION, { task: 'a', by: 'ann' }]],
  [['approve', 'quick', 'a', '--by', 'ann'], 'approve', [EXECUTION, { task: 'a', by: 'ann', approved: true }]],
  [['approve', 'quick', 'a', '--by', 'ann', '--refuse'], 'approve', [EXECUTION, { task: 'a', by: 'ann', approved: false }]],
  [['complete', 'quick', 'a', '--by', 'ann'], 'complete', [EXECUTION, { task: 'a', by: 'ann', outcome: 'succeeded' }]],
  [['complete', 'quick', 'a', '--by', 'ann', '--outcome', 'failed'], 'complete', [EXECUTION, { task: 'a', by: 'ann', outcome: 'failed' }]],
] as const)('%j asks the execution, says what changed and what to do next', async (argv, method, args) => {
  const client = fakeClient();
  const { exit, stdout, stderr } = await run(argv, { client });
  expect(exit).toBe(0);
  expect(client.calls).toEqual([{ method: 'resolve', args: ['quick'] }, { method, args }]);
  expect(stdout).toContain(EXECUTION);
  expect(stderr).toContain('Next: tasks ');
});

test.each([
  ['succeeded', 'is completed'],
  ['failed', 'is rejected'],
])('a task that a person says has %s %s', async (outcome, says) => {
  expect((await run(['complete', 'quick', 'a', '--outcome', outcome], { client: fakeClient() })).stdout).toBe(`a of ${EXECUTION} ${says}\n`);
});

test('a request that is refused ends with 1', async () => {
  const refused = () => Promise.reject(new TasksError({ code: 'TASKS3002', message: 'the execution has ended' }));
  expect(await run(['pause', 'x'], { client: fakeClient({ overrides: { pause: refused } }) })).toMatchObject({ exit: 1, stdout: '' });
});

test('an unknown task comes with the nearest one', async () => {
  const client = fakeClient({
    tasks: [{ task: id('review'), state: 'RUNNING', attempt: 1, estimateMs: 0 }],
    overrides: { complete: () => Promise.reject(new TasksError({ code: 'TASKS3004', message: 'no task "reviw"' })) },
  });
  const { exit, stderr } = await run(['complete', 'x', 'reviw'], { client });
  expect(exit).toBe(1);
  expect(stderr).toContain('did you mean review?');
});

test('a patch comes from a file or from standard input, as it is', async () => {
  await using file = await withPlan({ op: 'add_edge' });
  const client = fakeClient();
  const { stdout, stderr } = await run(['patch', 'x', file.path], { client });
  expect(client.calls.at(-1)).toEqual({ method: 'patch', args: [EXECUTION, { op: 'add_edge' }] });
  expect(stdout).toBe('Patch p1 applied: 1 task, 1 dependency, graph version 2; ready at once: x\n');
  expect(stderr).toContain('warning: mind the gap');
});

test('what a patch would do is shown field by field and effect by effect, and nothing is done', async () => {
  await using file = await withPlan({ op: 'update_task' });
  const listed = <T>(...first: T[]) => ({ total: first.length, first });
  const many = Array.from({ length: 100 }, (_, i) => id(`t${i}`));
  const difference = previewOf({
    receipt: { patchId: 'p1', version: 5, injected: [id('new')], edges: 1, updated: [id('test')], cancelled: [id('old')], ready: [], warnings: ['mind the gap'], duplicate: false },
    changes: [{ task: id('test'), changes: [{ field: 'cmd', from: 'npm tset\u001B[31m', to: 'npm test' }, { field: 'retries', from: undefined, to: 3 }] }],
    edges: { added: listed({ from: id('new'), to: id('test'), type: 'soft' as const }), removed: listed({ from: id('a'), to: id('b'), type: 'hard' as const }) },
    priorities: listed({ task: id('b'), from: 3, priority: 1 }),
    starts: listed(id('new')),
    unblocks: { total: 250, first: many },
    waits: listed({ task: id('b'), reason: 'waits for db, held by a' }),
    ends: true,
  });
  const client = fakeClient({ overrides: { previewPatch: async () => difference } });
  const { exit, stdout, stderr } = await run(['patch', 'x', file.path, '--dry-run'], { client });
  expect(exit).toBe(0);
  expect(client.calls.map(({ method }) => method)).toEqual(['resolve']);
  expect(stdout.split('\n')).toEqual([
    'Patch p1 would change the graph from version 4 to 5',
    'Tasks added', '  + new',
    'Tasks changed', '  test', '    cmd: npm tset → npm test', '    retries: (not stated) → 3',
    'Tasks cancelled', '  - old',
    'Dependencies added', '  + new → test (soft)',
    'Dependencies taken out', '  - a → b',
    'Priorities', '  b: 3 → 1',
    'Now it',
    '  starts at once: new',
    `  unblocks: ${many.slice(0, 20).join(', ')}, … (230 more)`,
    '  ready, and waits:', '    b: waits for db, held by a',
    '  ends the execution',
    '',
  ]);
  expect(stderr).toContain('warning: mind the gap');
  expect(stderr).toContain('"expected_version": 4');
  expect(JSON.parse((await run(['patch', 'x', file.path, '--dry-run', '-o', 'json'], { client })).stdout)).toEqual({ executionId: EXECUTION, ...JSON.parse(JSON.stringify(difference)) as object });
});

test('what would be refused is said with the reason and the way out, and ends with 1', async () => {
  await using file = await withPlan({ op: 'add_edge' });
  const refused = [{ code: 'TASKS3007' as const, message: 'edge a -> b: its target has ended (SUCCEEDED)', hint: 'Inject it as a task of its own.' }];
  const client = fakeClient({ overrides: { previewPatch: async () => previewOf({ refused }) } });
  const { exit, stdout } = await run(['patch', 'x', file.path, '-d'], { client });
  expect(exit).toBe(1);
  expect(stdout).toBe('Patch p1 would be refused by the graph at version 4\n  [TASKS3007] edge a -> b: its target has ended (SUCCEEDED)\n    Inject it as a task of its own.\n');
});

test('the schema of patches needs no execution, and a patch needs one', async () => {
  const { exit, stdout } = await run(['patch', '--schema'], { client: fakeClient() });
  expect(exit).toBe(0);
  expect(JSON.stringify(JSON.parse(stdout))).toContain('"remove_edge"');
  for (const argv of [['patch'], ['patch', 'x']]) {
    const answer = await run(argv, { client: fakeClient() });
    expect(answer.exit).toBe(1);
    expect(answer.stderr).toMatch(/missing required argument '(?:execution|file)'/);
  }
});

test('an export is the plan on standard output, or a new file', async () => {
  await using file = await withPlan({ there: 'already' });
  const client = fakeClient();
  const { exit, stdout, stderr } = await run(['export', 'x'], { client });
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ name: 'quickstart', tasks: [{ id: 'a' }] });
  expect(stderr).toContain('warning: mind the gap');
  const path = `${file.path}.exported.json`;
  expect((await run(['export', 'x', '--write', path], { client })).stdout).toBe(`${path}\n`);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ name: 'quickstart', tasks: [{ id: 'a' }] });
  const again = await run(['export', 'x', '--write', file.path], { client });
  expect(again).toMatchObject({ exit: 6, stdout: '' });
  expect(again.stderr).toContain('[TASKS4003]');
  expect(JSON.parse(await readFile(file.path, 'utf8'))).toEqual({ there: 'already' });
});

test.each([
  ['is no JSON', '{"op": '],
  ['is not there', undefined],
])('a patch that %s is refused before anything is asked', async (_what, text) => {
  await using file = await withPlan(text ?? '');
  const client = fakeClient();
  const { exit, stderr } = await run(['patch', 'x', text === undefined ? `${file.path}.none` : file.path], { client });
  expect(exit).toBe(1);
  expect(stderr).toContain('[TASKS3006]');
  expect(client.calls).toEqual([]);
});

test('status shows what runs, waits and failed, and the commands for it', async () => {
  const now = Date.UTC(2026, 0, 15, 9, 0, 30);
  const failed = [{ task: id('test'), attempts: 3, failure: { reason: 'exit' as const, class: 'logic' as const, message: 'exit 1' } }];
  const client = fakeClient({
    hangs: true,
    overrides: {
      state: async () => {
        const { finishedAt: _, ...state } = stateOf({ SUCCEEDED: 2, RUNNING: 2, FAILED: 1, BACKOFF: 1 }, { status: 'running', failed, failedTotal: 1 });
        return state;
      },
      frontier: async () => ({
        ready: [],
        running: [
          { task: id('build'), state: 'RUNNING', attempt: 2, dispatchedAt: now - 5_000, estimateMs: 0 },
          { task: id('review'), state: 'RUNNING', attempt: 1, waitingFor: 'person', estimateMs: 0, title: 'Look\u001B[31m at it' },
        ],
        backoff: [{ task: id('lint'), state: 'BACKOFF', attempt: 1, waitingFor: 'backoff', retryAt: now + 3_000, estimateMs: 0 }],
        waiting: [],
        counts: {},
        version: 1,
      }),
    },
  });
  const { stdout } = await run(['status', 'x'], { client, now: () => now });
  expect(stdout).toContain('build  running  attempt 2  5.0s');
  expect(stdout).toContain('lint  to be tried again  is tried again in 3.0s');
  expect(stdout).toContain(`tasks complete ${EXECUTION} review`);
  expect(stdout).toContain('Look at it');
  expect(stdout).toContain('test after 3 attempts: exit 1');
  expect(stdout).toContain('started 30s ago, running for 30.0s');
});

test('an execution that has ended tells its state although no worker answers', async () => {
  const never = () => new Promise<never>(() => {});
  const client = fakeClient({ result: { outcome: 'failed', state: stateOf({ FAILED: 1 }, { status: 'failed' }) }, overrides: { frontier: never } });
  const { exit, stdout } = await run(['status', 'x'], { client });
  expect(exit).toBe(0);
  expect(stdout).toContain('1 failed');
});

test('a worker of another version is said', async () => {
  const client = fakeClient({ result: { outcome: 'failed', state: stateOf({ FAILED: 1 }, { version_info: { state: 1, worker: '9.9.9' } }) } });
  expect((await run(['status', 'x'], { client })).stderr).toContain('the worker runs version 9.9.9 of tasks, this command is version 1.2.3');
});

test('list is a table for people, objects for machines, and says when there is nothing', async () => {
  const list = [{ executionId: EXECUTION, status: 'running' as const, startedAt: '2026-01-15T09:00:00.000Z' }];
  const now = () => Date.UTC(2026, 0, 15, 9, 5, 0);
  expect((await run(['list'], { client: fakeClient({ list }), now })).stdout).toBe(`${EXECUTION}  running     started 5m ago\n`);
  expect((await run(['list', '--time-format', 'iso'], { client: fakeClient({ list }), now })).stdout).toContain('2026-01-15T09:00:00.000Z');
  expect((await run(['list', '-o', 'jsonl'], { client: fakeClient({ list }) })).stdout).toBe(`${JSON.stringify(list[0])}\n`);
  expect(await run(['list'], { client: fakeClient() })).toMatchObject({ exit: 0, stdout: '', stderr: expect.stringContaining('No executions') as string });
});
