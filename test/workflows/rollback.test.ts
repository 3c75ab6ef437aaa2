/** Rollbacks on a real server: of executions that have ended, of one that is paused, and by policy. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutionId } from '../../model/ids.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import { DEFAULT_RETRY } from '../../model/graph.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { failing, gate, startRig } from '../support/rig.ts';
import type { FakeCommand, Rig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ server: sharedServer() });
});
afterAll(() => rig[Symbol.asyncDispose]());

/** Undone by a command. */
const undoable = (id: string, deps: readonly string[] = [], rest: Partial<PlanTask> = {}): PlanTask => ({ id, deps, needsChild: true, spec: { compensation: { command: `undo ${id}` } }, ...rest });
const begunIn = (execution: ExecutionId): string[] => rig.begun.filter((input) => input.execution === execution).map(({ task }) => task as string);
const statesOf = async (execution: ExecutionId): Promise<Record<string, string>> => {
  const states: Record<string, string> = {};
  for await (const { task, state } of rig.tasks.tasks(execution)) states[task] = state;
  return states;
};
const isOf = (type: ExecutionEvent['type'], task: string) => (event: ExecutionEvent) => event.type === type && 'task' in event && event.task === task;
/** Of the execution itself, or only of its rollbacks. */
const inRollback = (command: FakeCommand): FakeCommand => (input, signal) => (input.execution.includes('.r') ? command(input, signal) : undefined);

describe('an execution that has ended', () => {
  test('is rolled back in reverse order, once, and resumes with what was undone', async () => {
    const plan = makePlan([undoable('a'), undoable('b', ['a']), undoable('c', ['a']), { id: 'lint', deps: ['a'] }, undoable('d', ['b', 'c', 'lint'])]);
    const execution = await rig.start(plan);
    await rig.tasks.result(execution);
    const outline = await rig.tasks.rollbackOutline(execution);
    expect(outline.steps.map(({ task, depth }) => `${depth} ${task}`)).toEqual(['0 d', '1 c', '1 b', '2 a']);
    expect(outline.left).toEqual([{ task: 'lint', why: 'undeclared' }]);

    const { rollback } = await rig.tasks.rollBack(execution, { to: 'a' });
    expect(rollback).toBe(`${execution}.r1`);
    const { outcome, state } = await rig.tasks.result(rollback);
    expect([outcome, begunIn(rollback)[0], begunIn(rollback).toSorted()]).toEqual(['succeeded', 'd', ['b', 'c', 'd']]);
    expect(state).toMatchObject({ rollbackOf: execution, rollback: { of: execution, undone: 3, notUndone: [], left: [{ task: 'lint', why: 'undeclared' }] } });

    await expect(rig.tasks.rollBack(execution, { to: 'a' })).rejects.toThrow('TASKS3101');
    const again = await rig.tasks.rollBack(execution);
    expect((await rig.tasks.result(again.rollback)).outcome).toBe('succeeded');
    expect([again.rollback, begunIn(again.rollback)]).toEqual([`${execution}.r2`, ['a']]);
    await expect(rig.tasks.rollBack(again.rollback)).rejects.toThrow('TASKS3105');

    const resumed = await rig.start(plan, { resumeFrom: execution });
    expect((await rig.tasks.result(resumed)).outcome).toBe('succeeded');
    expect(begunIn(resumed).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    await expect.poll(() => rig.tasks.rollBack(execution).catch((error: Error) => error.message)).toContain(`execution ${resumed} has taken over`);
  });

  test('of which a part was rolled back is taken over as far as it was not', async () => {
    const plan = makePlan([undoable('a'), undoable('b', ['a'])]);
    const execution = await rig.start(plan);
    await rig.tasks.result(execution);
    await rig.tasks.result((await rig.tasks.rollBack(execution, { to: 'depth:0' })).rollback);
    const resumed = await rig.start(plan, { resumeFrom: execution });
    await rig.tasks.result(resumed);
    expect(begunIn(resumed)).toEqual(['b']);
  });

  test('escalates what only a person can undo, and what cannot be undone; the rest goes on', async () => {
    const execution = await rig.start(
      makePlan([undoable('a'), undoable('free'), { id: 'mailed', deps: ['a'], idempotent: false }, undoable('stuck', [], { retry: { ...DEFAULT_RETRY, maxAttempts: 2, initialDelayMs: 1, maxDelayMs: 1 } }), undoable('on', ['stuck'])]),
    );
    await rig.tasks.result(execution);
    let mended = false;
    rig.commands.set('stuck', inRollback((input, signal) => (mended ? undefined : failing('the undo broke')(input, signal))));
    const { rollback, byHand } = await rig.tasks.rollBack(execution);
    expect(byHand).toEqual(['mailed']);
    expect(await rig.until(rollback, isOf('task_needs_decision', 'mailed'))).toMatchObject({ byHand: true, reason: expect.stringContaining('not idempotent') });
    expect(await rig.until(rollback, isOf('task_needs_decision', 'stuck'))).toMatchObject({ attempt: 2, reason: 'the undo broke' });
    await rig.until(rollback, isOf('task_succeeded', 'free'));
    expect(await statesOf(rollback)).toEqual({ mailed: 'READY', a: 'PENDING', stuck: 'READY', on: 'SUCCEEDED', free: 'SUCCEEDED' });
    expect((await rig.tasks.frontier(rollback)).waiting.map(({ task, waitingFor }) => `${task} ${waitingFor}`).toSorted()).toEqual(['mailed decision', 'stuck decision']);
    expect((await rig.tasks.frontier(rollback)).running).toEqual([]);

    await expect(rig.tasks.retry(rollback, { task: 'mailed' })).rejects.toThrow('there is nothing of mailed to try');
    await rig.tasks.complete(rollback, { task: 'mailed', by: 'me', reason: 'said sorry' });
    mended = true;
    await rig.tasks.retry(rollback, { task: 'stuck' });
    const { outcome, state } = await rig.tasks.result(rollback);
    expect([outcome, state?.rollback?.undone]).toEqual(['succeeded', 5]);
    rig.commands.delete('stuck');
  });

  test('is left as it is where a person says so, and what was not undone can be undone later', async () => {
    const execution = await rig.start(makePlan([undoable('a'), undoable('b', ['a'])]));
    await rig.tasks.result(execution);
    rig.commands.set('b', inRollback(failing()));
    const { rollback } = await rig.tasks.rollBack(execution);
    await rig.until(rollback, isOf('task_needs_decision', 'b'));
    await rig.tasks.complete(rollback, { task: 'b', outcome: 'failed', reason: 'no way' });
    const { outcome, state } = await rig.tasks.result(rollback);
    expect(outcome).toBe('failed');
    expect(state?.rollback).toMatchObject({ undone: 0, notUndoneTotal: 2 });
    expect(state?.rollback?.notUndone).toContainEqual({ task: 'a', reason: 'what was built upon it could not be undone' });
    rig.commands.delete('b');
    const again = await rig.tasks.rollBack(execution);
    await rig.tasks.result(again.rollback);
    expect(begunIn(again.rollback)).toEqual(['b', 'a']);
  });

  test('is not rolled back twice at once', async () => {
    const execution = await rig.start(makePlan([undoable('slow')]));
    await rig.tasks.result(execution);
    const held = gate();
    rig.commands.set('slow', inRollback(() => held.opened.then(() => undefined)));
    const { rollback } = await rig.tasks.rollBack(execution);
    await expect(rig.tasks.rollBack(execution)).rejects.toThrow('TASKS3103');
    await expect(rig.start(makePlan([undoable('slow')]), { resumeFrom: execution }).then((id) => rig.tasks.result(id))).rejects.toThrow('is being rolled back');
    held.open();
    expect((await rig.tasks.result(rollback)).outcome).toBe('succeeded');
    rig.commands.delete('slow');
  });
});

describe('a paused execution', () => {
  test('rolls itself back to a depth, waits, and runs that again when it goes on', async () => {
    const held = gate();
    let first = true;
    rig.commands.set('c', () => (first ? held.opened.then(() => undefined) : undefined));
    const execution = await rig.start(makePlan([undoable('a'), undoable('b', ['a']), undoable('c', ['b']), { id: 'd', deps: ['c'] }]));
    await rig.until(execution, isOf('task_started', 'c'));
    await expect(rig.tasks.rollBack(execution)).rejects.toThrow('not paused');
    await rig.tasks.pause(execution);
    await expect(rig.tasks.rollBack(execution)).rejects.toThrow('c still run');
    held.open();
    await rig.until(execution, isOf('task_succeeded', 'c'));
    first = false;
    const { rollback, steps } = await rig.tasks.rollBack(execution, { to: 'depth:0', by: 'me', reason: 'wrong' });
    expect([rollback, steps]).toEqual([`${execution}.r1`, 2]);
    await rig.until(execution, ({ type }) => type === 'rollback_finished');
    expect(begunIn(rollback)).toEqual(['c', 'b']);
    expect(await statesOf(execution)).toEqual({ a: 'SUCCEEDED', b: 'ROLLED_BACK', c: 'ROLLED_BACK', d: 'PENDING' });
    expect(await rig.tasks.state(execution)).toMatchObject({ status: 'paused', rolledBack: { rollback, outcome: 'succeeded', undone: 2, notUndone: 0 } });
    await rig.tasks.resume(execution);
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect(begunIn(execution)).toEqual(['a', 'b', 'c', 'b', 'c', 'd']);
    const events = await rig.events(execution);
    expect(events.filter(({ type }) => type.includes('roll') || type.includes('compens')).map(({ type }) => type)).toEqual([
      'rollback_started', 'task_compensating', 'task_compensating', 'task_rolled_back', 'task_rolled_back', 'rollback_finished',
    ]);
    expect(events.filter(({ type }) => type === 'task_upstream_failed')).toEqual([]);
    // What was undone while it was open and done again is there to be undone.
    expect((await rig.tasks.rollbackOutline(execution)).steps.map(({ task }) => task)).toEqual(['c', 'b', 'a']);
    const later = await rig.tasks.rollBack(execution);
    expect(later.rollback).toBe(`${execution}.r2`);
    await rig.tasks.result(later.rollback);
    rig.commands.delete('c');
  });

  test('refuses other requests while it is being rolled back, and is not ended by what was undone', async () => {
    const held = gate();
    rig.commands.set('only', (input) => (input.execution.includes('.r') ? held.opened.then(() => undefined) : { outcome: 'failed', failure: { reason: 'lost', class: 'transient', message: 'gone' } }));
    const execution = await rig.start(makePlan([undoable('only', [], { idempotent: false })]));
    await rig.until(execution, isOf('task_needs_decision', 'only'));
    await rig.tasks.pause(execution);
    const { rollback } = await rig.tasks.rollBack(execution);
    await rig.until(rollback, isOf('task_started', 'only'));
    expect(await statesOf(execution)).toEqual({ only: 'COMPENSATING' });
    for (const ask of [() => rig.tasks.resume(execution), () => rig.tasks.rollBack(execution)]) await expect(ask()).rejects.toThrow('TASKS3103');
    held.open();
    await rig.until(execution, ({ type }) => type === 'rollback_finished');
    expect(await rig.tasks.state(execution)).toMatchObject({ status: 'paused', counts: { ROLLED_BACK: 1 } });
    // Nothing else is left of it: it waits for a word all the same.
    await rig.tasks.abort(execution);
    expect((await rig.tasks.result(execution)).outcome).toBe('aborted');
    rig.commands.delete('only');
  });
});

test('an execution that is aborted while it is rolled back ends when that has', async () => {
  const held = gate();
  rig.commands.set('only', inRollback(() => held.opened.then(() => undefined)));
  const execution = await rig.start(makePlan([undoable('only'), { id: 'next', deps: ['only'], approval: true }]));
  await rig.until(execution, isOf('approval_requested', 'next'));
  await rig.tasks.pause(execution);
  const { rollback } = await rig.tasks.rollBack(execution);
  await rig.until(rollback, isOf('task_started', 'only'));
  await rig.tasks.abort(execution);
  expect(await rig.tasks.state(execution)).toMatchObject({ status: 'aborting', counts: { COMPENSATING: 1, CANCELLED: 1 } });
  held.open();
  const { outcome, state } = await rig.tasks.result(execution);
  expect([outcome, state?.counts]).toEqual(['aborted', { ROLLED_BACK: 1, CANCELLED: 1 }]);
  rig.commands.delete('only');
});

describe('by policy', () => {
  test('an execution that fails undoes what failed and what that was built upon, and ends as failed', async () => {
    rig.commands.set('bad', (input, signal) => (input.execution.includes('.r') ? undefined : failing('no')(input, signal)));
    const plan = makePlan([undoable('base'), undoable('apart'), undoable('bad', ['base'], { retry: { ...DEFAULT_RETRY, maxAttempts: 1 } }), { id: 'after', deps: ['bad'] }], { rollback: { onFailure: 'failed' } });
    const execution = await rig.start(plan);
    const { outcome, state } = await rig.tasks.result(execution);
    expect(outcome).toBe('failed');
    expect(state).toMatchObject({ counts: { SUCCEEDED: 1, ROLLED_BACK: 2, UPSTREAM_FAILED: 1 }, failed: [{ task: 'bad', failure: { message: 'no' } }], rolledBack: { outcome: 'succeeded', undone: 2, notUndone: 0 } });
    expect(begunIn(`${execution}.r1` as ExecutionId)).toEqual(['bad', 'base']);
    await rig.tasks.abort(execution).catch(() => undefined);
    rig.commands.delete('bad');
  });

  test('an execution with nothing to undo fails as ever', async () => {
    rig.commands.set('bad', failing('no'));
    const execution = await rig.start(makePlan([{ id: 'bad', retry: { ...DEFAULT_RETRY, maxAttempts: 1 } }], { rollback: { onFailure: 'all' } }));
    const { outcome, state } = await rig.tasks.result(execution);
    expect([outcome, state?.counts, state?.rolledBack]).toEqual(['failed', { FAILED: 1 }, undefined]);
    rig.commands.delete('bad');
  });
});
