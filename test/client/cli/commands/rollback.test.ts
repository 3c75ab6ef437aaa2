import { expect, test } from 'vitest';
import type { ExecutionId } from '../../../../model/ids.ts';
import { TasksError } from '../../../../model/problem.ts';
import type { RollbackOutline, RollbackSummary } from '../../../../model/rollback.ts';
import { EXECUTION, eventsOf, fakeClient, id, START, stateOf } from '../support/fake-client.ts';
import type { FakeClient, Script } from '../support/fake-client.ts';
import { run } from '../support/run.ts';

const ROLLBACK = `${EXECUTION}.r1` as ExecutionId;
const OUTLINE: RollbackOutline = {
  of: EXECUTION,
  target: { kind: 'after', point: 'build' },
  steps: [
    { task: id('mail'), how: 'hand', reason: 'it is not idempotent', depth: 0 },
    { task: id('deploy'), how: 'command', command: 'kubectl rollout undo \u001B[31mx\u001B[0m', depth: 0 },
    { task: id('migrate'), how: 'command', command: 'sql down', depth: 1 },
  ],
  left: [{ task: id('lint'), why: 'undeclared' }],
};
const SUMMARY: RollbackSummary = {
  of: EXECUTION,
  target: { kind: 'all' },
  undone: 2,
  notUndone: [{ task: id('mail'), reason: 'it was passed over: it stays as it is' }],
  notUndoneTotal: 1,
  left: [],
  leftTotal: 1,
  tree: { head: 'c'.repeat(40), changed: [' M db.sql'], changedTotal: 1 },
};
const script = (rest: Script = {}): FakeClient =>
  fakeClient({
    events: eventsOf([
      { type: 'execution_started', plan: 'p', tasks: 3 },
      { type: 'task_needs_decision', task: id('mail'), attempt: 0, reason: 'it is not idempotent', byHand: true },
      { type: 'execution_completed', outcome: 'succeeded', counts: { SUCCEEDED: 2, SKIPPED: 1 } },
    ]),
    result: { outcome: 'succeeded', state: stateOf({ SUCCEEDED: 2, SKIPPED: 1 }, { executionId: ROLLBACK, rollbackOf: EXECUTION, rollback: SUMMARY }) },
    ...rest,
    overrides: { rollbackOutline: async () => OUTLINE, ...rest.overrides },
  });
const methods = (client: FakeClient): string[] => client.calls.map(({ method }) => method);

test('a dry run shows the steps in their order, who does them, and what is left; nothing is asked for', async () => {
  const client = script();
  const { exit, stdout } = await run(['rollback', 'quick', '--to', 'build', '--dry-run'], { client });
  expect(exit).toBe(0);
  expect(stdout).toBe(
    [
      `Rollback of ${EXECUTION}: what comes after build`,
      '3 tasks to undo, 1 of them by hand',
      '    1  mail     by hand: it is not idempotent',
      '    1  deploy   kubectl rollout undo x',
      '    2  migrate  sql down',
      'Left as they are:',
      '  lint: says nothing that must be undone',
      '',
      'Nothing was started.',
      '',
    ].join('\n'),
  );
  expect(methods(client)).toEqual(['resolve']);
  expect(JSON.parse((await run(['rollback', 'quick', '--to', 'build', '--dry-run', '-o', 'json'], { client })).stdout)).toEqual(OUTLINE);
});

test('it is followed to its end, which says what was undone, what was not, and how the workspace looks', async () => {
  const client = script();
  const { exit, stdout, stderr } = await run(['rollback', 'quick', '--to', 'build', '--by', 'ann', '--yes'], { client });
  expect(exit).toBe(0);
  expect(client.calls).toContainEqual({ method: 'rollBack', args: [EXECUTION, { by: 'ann', to: 'build' }] });
  expect(stderr).toContain(`? mail needs a decision: it is not idempotent\n      tasks complete ${ROLLBACK} mail\n      tasks skip ${ROLLBACK} mail`);
  expect(stdout).toContain(`  - Rolled back ${EXECUTION}: 2 undone, 1 not undone, 1 left as they are\n      mail: it was passed over: it stays as it is\n  - Workspace: at cccccccccccc, 1 path differs\n`);
  expect(stderr).toContain(`tasks execute PLAN --resume-from-checkpoint --execution ${EXECUTION}`);
});

test('work is not undone where nobody can be asked and nobody has said yes', async () => {
  const client = script();
  expect(await run(['rollback', 'quick'], { client })).toMatchObject({ exit: 1, stderr: expect.stringContaining('say --yes, or look first with --dry-run') });
  expect(methods(client)).not.toContain('rollBack');
});

test.each([
  [['--to', 'a', '--failed'], '--to and --failed'],
  [['--pause', '--abort'], '--pause and --abort'],
  [['--detach', '--with-worker'], '--detach returns at once'],
])('%j contradict each other', async (options, says) => {
  expect(await run(['rollback', 'quick', '--yes', ...options], { client: script() })).toMatchObject({ exit: 1, stderr: expect.stringContaining(says) });
});

test('one that runs is paused or aborted first where that is asked for', async () => {
  const state = async (): Promise<ReturnType<typeof stateOf>> => stateOf({ RUNNING: 1 }, { status: 'running' });
  let looks = 0;
  const running = [{ task: id('a'), state: 'RUNNING' as const, attempt: 1, estimateMs: 0 }];
  const frontier = async () => ({ ready: [], running: (looks += 1) > 2 ? [] : running, backoff: [], waiting: [], counts: {}, version: 1 });
  const paused = script({ overrides: { state, frontier } });
  const { stderr } = await run(['rollback', 'quick', '--yes', '--pause', '--detach'], { client: paused });
  expect(methods(paused)).toEqual(['resolve', 'pause', 'rollBack']);
  expect([stderr.includes('waiting until what runs has ended'), looks]).toEqual([true, 3]);
  const aborted = script({ overrides: { state } });
  expect((await run(['rollback', 'quick', '--yes', '--abort', '--detach'], { client: aborted })).stdout).toBe(`${ROLLBACK}\n`);
  expect(methods(aborted)).toEqual(['resolve', 'abort', 'rollBack']);
});

test('what cannot be undone ends with its code', async () => {
  const outline = () => Promise.reject(new TasksError({ code: 'TASKS3102', message: 'task publish has passed the point "published"', hint: 'tasks rollback x --to publish' }));
  expect(await run(['rollback', 'quick', '--yes'], { client: script({ overrides: { rollbackOutline: outline } }) })).toMatchObject({ exit: 1, stderr: expect.stringContaining('TASKS3102') });
  const failed = script({ result: { outcome: 'failed', state: stateOf({ SUCCEEDED: 1, FAILED: 1 }, { status: 'failed', executionId: ROLLBACK, rollback: SUMMARY }) } });
  expect(await run(['rollback', 'quick', '--yes'], { client: failed })).toMatchObject({ exit: 7, stdout: expect.stringContaining(`Next: tasks rollback ${EXECUTION} undoes what is left`) });
});

test('status and list say what rolls back what', async () => {
  const summary = { executionId: ROLLBACK, status: 'succeeded' as const, startedAt: new Date(START).toISOString(), rollbackOf: EXECUTION };
  const client = fakeClient({ list: [summary], result: { outcome: 'failed', state: stateOf({ ROLLED_BACK: 2 }, { status: 'failed' }) }, overrides: { rollbacks: async () => [summary] } });
  expect((await run(['status', 'quick'], { client })).stdout).toContain(`  rolled back by ${ROLLBACK} (succeeded)\n`);
  expect((await run(['list'], { client })).stdout).toContain(`rollback of ${EXECUTION}`);
});
