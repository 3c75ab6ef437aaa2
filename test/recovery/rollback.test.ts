/**
 * Rollbacks with real commands, while workers die: everything is undone once, in reverse order, under the locks under which
 * it was done.
 */
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import type { ExecutionId } from '../../model/ids.ts';
import { isAttemptLine } from '../../model/ledger.ts';
import type { RollbackLine } from '../../model/ledger.ts';
import { faultsOf, step } from '../support/journal.ts';
import type { JournalLine } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import type { RecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer, shortHistoryServer } from '../support/server.ts';

const LIMIT_MS = 180_000;
const run = promisify(execFile);

/** In the journal an undoing is a task of its own: `undo-ID`. */
const undoable = (id: string, options: Partial<PlanTask> & { readonly undo?: number | 'gate'; readonly does?: string } = {}): PlanTask => {
  const { undo = 0, does = step(0), ...rest } = options;
  return { id, needsChild: true, ...rest, spec: { command: does, compensation: { command: `TASKS_TASK_ID=undo-${id} ${step(undo)}` } } };
};
const positions = (lines: readonly JournalLine[], kind: JournalLine['kind']): Map<string, number> => new Map(lines.flatMap((line, at) => (line.kind === kind ? [[line.task, at] as const] : [])));
/** Pairs of which the second was begun to be undone before the first was undone. */
const outOfOrder = (lines: readonly JournalLine[], pairs: readonly (readonly [first: string, second: string])[]): string[] => {
  const [starts, ends] = [positions(lines, 'start'), positions(lines, 'end')];
  return pairs.flatMap(([first, second]) => ((starts.get(`undo-${second}`) ?? -1) > (ends.get(`undo-${first}`) ?? Infinity) ? [] : [`${second} before ${first}`]));
};
const finished = async (rig: RecoveryRig, execution: ExecutionId): Promise<string> => (await rig.tasks.result(execution)).outcome;

describe.concurrent('a rollback', () => {
  test('undoes in reverse order, at once what may be, and says how the workspace looks then', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    await run('git', ['init', '-q'], { cwd: rig.workspace });
    await run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '--allow-empty', '-m', 'x'], { cwd: rig.workspace });
    const execution = await rig.start(
      makePlan([undoable('a'), undoable('b', { deps: ['a'], undo: 'gate' }), undoable('c', { deps: ['a'], undo: 'gate' }), { id: 'check', deps: ['b', 'c'], spec: { command: 'true' } }, undoable('d', { deps: ['check'] })]),
    );
    expect(await finished(rig, execution)).toBe('succeeded');
    const { rollback } = await rig.tasks.rollBack(execution);
    await Promise.all(['undo-b', 'undo-c'].map((task) => rig.journal.until('start', task)));
    await Promise.all(['undo-b', 'undo-c'].map((task) => rig.journal.release(task)));
    expect(await finished(rig, rollback)).toBe('succeeded');
    const lines = await rig.journal.read();
    expect(outOfOrder(lines, [['d', 'b'], ['d', 'c'], ['b', 'a'], ['c', 'a']])).toEqual([]);
    expect(faultsOf(lines, ['undo-a', 'undo-b', 'undo-c', 'undo-d'])).toEqual([]);
    const ledger = await rig.tasks.ledger(rollback);
    expect(ledger.filter(isAttemptLine).map(({ task_id }) => task_id).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    const head = (await run('git', ['rev-parse', 'HEAD'], { cwd: rig.workspace })).stdout.trim();
    const last = ledger.at(-1) as RollbackLine;
    expect(last).toMatchObject({ event: 'ROLLBACK', rollback_of: execution, target: 'everything that was done', not_undone: [], left: [{ task: 'check', why: 'undeclared' }], tree: { head } });
    expect(last.undone.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(last.tree?.changed).toContain('?? journal');
  });

  test('in the middle of which the worker is killed undoes all, and nothing twice', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker();
    const chain = ['a', 'b', 'c', 'd'].map((id, at, all) => undoable(id, { ...(at > 0 && { deps: [all[at - 1] as string] }), ...(id === 'b' && { undo: 'gate' as const }) }));
    const execution = await rig.start(makePlan([...chain, undoable('beside', { undo: 'gate' })]));
    expect(await finished(rig, execution)).toBe('succeeded');
    const { rollback } = await rig.tasks.rollBack(execution);
    await Promise.all(['undo-b', 'undo-beside'].map((task) => rig.journal.until('start', task)));
    await rig.worker();
    await first.end('SIGKILL');
    await Promise.all(['undo-b', 'undo-beside'].map((task) => rig.journal.until('start', task, 2)));
    await Promise.all(['undo-b', 'undo-beside'].map((task) => rig.journal.release(task)));
    expect(await finished(rig, rollback)).toBe('succeeded');
    const lines = await rig.journal.read();
    expect(faultsOf(lines, ['undo-a', 'undo-b', 'undo-c', 'undo-d', 'undo-beside'])).toEqual([]);
    expect(outOfOrder(lines, [['d', 'c'], ['c', 'b'], ['b', 'a']])).toEqual([]);
    await expect(rig.tasks.rollBack(execution)).rejects.toThrow('TASKS3101');
  });

  test('by policy, in the middle of which the worker is killed, is finished before its execution fails', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    const first = await rig.worker();
    const execution = await rig.start(makePlan([undoable('a', { undo: 'gate' }), { id: 'bad', deps: ['a'], retry: { maxAttempts: 1 }, spec: { command: 'false' } }], { rollback: { onFailure: 'failed' } }));
    await rig.journal.until('start', 'undo-a');
    await rig.worker();
    await first.end('SIGKILL');
    await rig.journal.until('start', 'undo-a', 2);
    await rig.journal.release('undo-a');
    const { outcome, state } = await rig.tasks.result(execution);
    expect([outcome, state?.counts]).toEqual(['failed', { FAILED: 1, ROLLED_BACK: 1 }]);
    expect(faultsOf(await rig.journal.read(), ['a', 'undo-a'])).toEqual([]);
  });

  test('that is terminated leaves the execution that waits for it as it was, as far as nothing was undone', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const execution = await rig.start(makePlan([undoable('a', { undo: 'gate' }), undoable('b', { deps: ['a'] }), { id: 'person', executor: 'human', deps: ['b'], approval: true }]));
    await rig.until(execution, ({ type }) => type === 'approval_requested');
    await rig.tasks.pause(execution);
    const { rollback } = await rig.tasks.rollBack(execution);
    await rig.journal.until('start', 'undo-a');
    await rig.temporal.workflow.getHandle(`tasks/${rollback}`).terminate('somebody');
    const end = await rig.until(execution, ({ type }) => type === 'rollback_finished');
    expect(end).toMatchObject({ outcome: 'terminated', undone: 1, notUndone: 1 });
    // Nobody knows how far the undoing of `a` came.
    expect(await rig.tasks.task(execution, 'a')).toMatchObject({ state: 'FAILED', failure: { reason: 'compensation' } });
    expect(await rig.tasks.task(execution, 'b')).toMatchObject({ state: 'ROLLED_BACK' });
    await rig.tasks.abort(execution);
    expect(await finished(rig, execution)).toBe('aborted');
  });

  test('holds what executions share while it undoes, and waits for it', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const domain = `d-${randomUUID().slice(0, 8)}`;
    const resources = [{ name: 'db', mode: 'exclusive' as const, capacity: 1, scope: 'global' as const, domain }];
    const asks = [{ resource: 'db', units: 1, access: 'write' as const }];
    const withDb = (tasks: readonly PlanTask[]) => {
      const plan = makePlan(tasks);
      return { ...plan, graph: { ...plan.graph, resources } };
    };
    const execution = await rig.start(withDb([undoable('migrate', { asks, undo: 'gate' })]));
    expect(await finished(rig, execution)).toBe('succeeded');
    const other = await rig.start(withDb([{ id: 'writer', asks, spec: { command: step('gate') } }]));
    await rig.journal.until('start', 'writer');
    const { rollback } = await rig.tasks.rollBack(execution);
    await expect.poll(async () => (await rig.tasks.frontier(rollback)).ready.map(({ task, waitingFor }) => `${task} ${waitingFor}`), { timeout: 20_000 }).toEqual(['migrate grant']);
    await rig.journal.release('writer');
    await rig.journal.until('start', 'undo-migrate');
    const [mutex] = await rig.tasks.resources.list(domain);
    expect(mutex?.resources.flatMap(({ holders }) => holders.map((holder) => `${holder.execution}/${holder.task}`))).toEqual([`${rollback}/migrate`]);
    await rig.journal.release('undo-migrate');
    expect([await finished(rig, rollback), await finished(rig, other)]).toEqual(['succeeded', 'succeeded']);
  });

  test('after an execution was terminated begins when its commands have ended', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const execution = await rig.start(makePlan([undoable('done'), undoable('running', { deps: ['done'], does: step('gate') })]));
    await rig.journal.until('start', 'running');
    await rig.temporal.workflow.getHandle(`tasks/${execution}`).terminate('somebody');
    const { rollback } = await rig.tasks.rollBack(execution);
    expect(await finished(rig, rollback)).toBe('succeeded');
    const lines = await rig.journal.read();
    expect(outOfOrder(lines, [['running', 'done']])).toEqual([]);
    expect(lines.filter(({ kind, task }) => kind === 'end' && task === 'running')).toEqual([]);
  });

  test('of many runs, of an execution of many runs, undoes everything once; then that is done again', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: await shortHistoryServer() });
    await rig.worker();
    const [width, length] = [5, 6];
    const ids = Array.from({ length: width * length }, (_, at) => `T${at}`);
    const tasks = ids.map((id, at) => undoable(id, at >= width ? { deps: [ids[at - width] as string] } : {}));
    const execution = await rig.start(makePlan([...tasks, { id: 'last', deps: ids.slice(-width), approval: true, spec: { command: step(0) } }], { concurrencyMax: 8 }));
    await rig.until(execution, ({ type }) => type === 'approval_requested');
    await rig.tasks.pause(execution);
    const { rollback } = await rig.tasks.rollBack(execution);
    await rig.until(execution, ({ type }) => type === 'rollback_finished');
    expect(faultsOf(await rig.journal.read(), ids.map((id) => `undo-${id}`))).toEqual([]);
    expect((await rig.tasks.result(rollback)).state?.runs).toBeGreaterThan(1);
    expect(await rig.tasks.state(execution)).toMatchObject({ counts: { ROLLED_BACK: ids.length, PENDING: 1 } });
    await rig.tasks.resume(execution);
    await rig.tasks.approve(execution, { task: 'last' });
    const { outcome, state } = await rig.tasks.result(execution);
    expect([outcome, state?.counts]).toEqual(['succeeded', { SUCCEEDED: ids.length + 1 }]);
    expect(state?.runs).toBeGreaterThan(2);
    const pairs = ids.slice(width).map((id, at) => [id, ids[at] as string] as const);
    expect(outOfOrder(await rig.journal.read(), pairs)).toEqual([]);
  });
});

test('a task that must not be done by halves is undone by its own attempt, which is seen, and then tried again', { timeout: LIMIT_MS }, async ({ expect }) => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  await rig.worker();
  const asks = [{ resource: 'file', units: 1, access: 'write' as const }];
  const plan = makePlan([
    undoable('half', { priority: 1, idempotent: false, compensation: {}, asks, undo: 'gate', does: `${step(0)}; test -e mended` }),
    { id: 'beside', asks, spec: { command: step(0) } },
  ]);
  const execution = await rig.start({ ...plan, graph: { ...plan.graph, resources: [{ name: 'file', mode: 'exclusive', capacity: 1, scope: 'execution' }] } });
  await rig.until(execution, (event) => event.type === 'task_compensating' && event.task === 'half');
  await rig.journal.until('start', 'undo-half');
  expect(await rig.tasks.task(execution, 'half')).toMatchObject({ state: 'COMPENSATING' });
  expect(await rig.tasks.task(execution, 'beside')).toMatchObject({ state: 'READY', waitingFor: 'resource' });
  await run('touch', ['mended'], { cwd: rig.workspace });
  await rig.journal.release('undo-half');
  const { state } = await rig.tasks.result(execution);
  expect(state?.counts).toEqual({ SUCCEEDED: 2 });
  const ledger = (await rig.tasks.ledger(execution)).filter(isAttemptLine);
  expect(ledger.filter(({ task_id }) => task_id === 'half')).toMatchObject([{ attempt: 1, outcome: 'failed', compensation: { outcome: 'succeeded', tries: 1 } }, { attempt: 2, outcome: 'succeeded' }]);
});
