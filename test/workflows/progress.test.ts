/** What attempts tell while they run, and what an execution makes of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttemptInput } from '../../model/attempt.ts';
import type { AttemptProgress, CheckpointPoint } from '../../model/checkpoint.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { INTERNAL_SIGNAL } from '../../model/message.ts';
import { passedPoints, pointOfNoReturn } from '../../model/passed-points.ts';
import { makePlan } from '../support/plan.ts';
import { endless, failing, gate, startRig } from '../support/rig.ts';
import type { FakeCommand, Rig } from '../support/rig.ts';
import { sharedServer, shortHistoryServer } from '../support/server.ts';

const ABOUT: ReadonlySet<ExecutionEvent['type']> = new Set(['task_progress', 'task_checkpoint', 'task_resumed', 'checkpoint_refused', 'task_failed', 'task_succeeded', 'task_run_again', 'execution_resumed_from']);
const point = (n: number, name: string, more: Partial<CheckpointPoint> = {}): CheckpointPoint => ({ n, name, at: 1_700_000_000_000 + n, files: 1, bytes: 10, ...more });

describe.each([
  { name: 'as users run it', server: () => Promise.resolve(sharedServer()), cachedWorkflows: 600 },
  { name: 'replayed for every task, continued as new every 100 events', server: shortHistoryServer, cachedWorkflows: 1 },
])('an execution, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  const tell = (input: Pick<AttemptInput, 'execution' | 'firstRunId' | 'task' | 'attempt'>, news: Partial<AttemptProgress> | Record<string, unknown>): Promise<void> => {
    const { execution, firstRunId, task, attempt } = input;
    return rig.temporal.workflow.getHandle(executionWorkflowId(execution)).signal(INTERNAL_SIGNAL.attemptProgress, { firstRunId, task, attempt, ...news });
  };
  const about = async (execution: ExecutionId): Promise<readonly string[]> =>
    (await rig.events(execution)).flatMap((event) => {
      if (!ABOUT.has(event.type)) return [];
      const { type, ...rest } = event as ExecutionEvent & { readonly percent?: number; readonly checkpoint?: string; readonly task?: string; readonly attempt?: number };
      return [[type, rest.task, rest.attempt, rest.checkpoint, rest.percent].filter((part) => part !== undefined).join(' ')];
    });

  test('each is told once, and what was not told comes with the result', async () => {
    const seen = gate();
    rig.commands.set('work', async (input) => {
      if (input.attempt > 1) return undefined;
      await tell(input, { percent: 25, checkpoints: [point(1, 'first', { percent: 25 })] });
      await tell(input, { percent: 25, checkpoints: [point(1, 'first', { percent: 25 })] });
      await tell(input, { percent: 50 });
      await seen.opened;
      const checkpoints = [point(1, 'first', { percent: 25 }), point(2, 'second', { percent: 60 })];
      return { outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'transient', message: 'no' }, checkpoints };
    });
    const execution = await rig.start(makePlan([{ id: 'work' }, { id: 'light', dispatch: 'activity' }]));
    await rig.until(execution, (event) => event.type === 'task_progress' && event.percent === 50);
    expect(await rig.tasks.task(execution, 'work')).toMatchObject({ state: 'RUNNING', percent: 50, checkpoint: { name: 'first', percent: 25, count: 1 } });
    seen.open();
    await rig.tasks.result(execution);
    expect((await about(execution)).filter((line) => line.includes(' work '))).toEqual([
      'task_checkpoint work 1 first 25',
      'task_progress work 1 50',
      'task_checkpoint work 1 second 60',
      'task_failed work 1',
      'task_succeeded work 2',
    ]);
    const view = await rig.tasks.task(execution, 'work');
    expect(view.checkpoint).toMatchObject({ name: 'second', count: 2 });
    expect(view.percent).toBeUndefined();
    const lines = await rig.tasks.ledger(execution);
    expect(passedPoints(lines).map(({ task, attempt, n, name }) => `${task} ${attempt} ${n} ${name}`)).toEqual(['work 1 1 first', 'work 1 2 second']);
    rig.commands.clear();
  });

  test('a light task tells as well, and the next attempt is told where it may go on', async () => {
    const inputs: AttemptInput[] = [];
    rig.commands.set('light', async (input) => {
      inputs.push(input);
      if (input.attempt > 1) return { resumed: { checkpoint: 'way', percent: 30 } };
      await tell(input, { checkpoints: [point(1, 'way', { percent: 30, rollbackCapable: false })] });
      return failing()(input, new AbortController().signal);
    });
    const plan = makePlan([{ id: 'light', dispatch: 'activity', risk: 'high', rollbackCost: 3 }], { checkpoints: { intervalPercent: 10, keep: 3, prune: 'on_success', maxBytes: 1024 ** 3, expensiveMs: 1_800_000, recovery: true } });
    const execution = await rig.start(plan, { checkpoints: '/somewhere/checkpoints' });
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    expect(inputs.map(({ checkpoints }) => checkpoints)).toEqual([
      { directory: '/somewhere/checkpoints', policy: { intervalPercent: 10 }, before: true, after: true },
      { directory: '/somewhere/checkpoints', policy: { intervalPercent: 10 }, before: true, after: true, notBefore: { attempt: 1, n: 1, name: 'way' } },
    ]);
    expect((await about(execution)).filter((line) => !line.startsWith('task_failed'))).toEqual(['task_checkpoint light 1 way 30', 'task_resumed light 2 way 30', 'task_succeeded light 2']);
    rig.commands.clear();
  });

  test('what is late, foreign, or no report at all changes nothing', async () => {
    const done = gate();
    let told: AttemptInput | undefined;
    rig.commands.set('work', async (input) => {
      told = input;
      await done.opened;
      return undefined;
    });
    const execution = await rig.start(makePlan([{ id: 'work' }]));
    await rig.until(execution, (event) => event.type === 'task_started');
    await expect.poll(() => told).toBeDefined();
    const input = told as AttemptInput;
    await tell({ ...input, attempt: 2 }, { percent: 10 });
    await tell({ ...input, firstRunId: 'another' }, { percent: 10 });
    await tell({ ...input, task: 'nobody' as never }, { percent: 10 });
    for (const bad of [{ percent: 101 }, { percent: '10' }, { checkpoints: [{ n: 1 }] }, { checkpoints: [point(1, '../x')] }, { checkpoints: Array.from({ length: 101 }, (_, n) => point(n + 1, 'a')) }, { more: true }, { refused: [{ checkpoint: 'a', reason: 'x'.repeat(1_000) }] }]) await tell(input, bad);
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).signal(INTERNAL_SIGNAL.attemptProgress, null);
    await tell(input, { percent: 70 });
    done.open();
    await rig.tasks.result(execution);
    expect(await about(execution)).toEqual(['task_progress work 1 70', 'task_succeeded work 1']);
    rig.commands.clear();
  });

  test('an attempt that was open when its execution was terminated has passed what it told', async () => {
    rig.commands.set('work', async (input, signal) => {
      await tell(input, { checkpoints: [point(1, 'a', { rollbackCapable: false }), point(2, 'b')] });
      return endless(input, signal);
    });
    const execution = await rig.start(makePlan([{ id: 'work' }]));
    await rig.until(execution, (event) => event.type === 'task_checkpoint' && event.checkpoint === 'b');
    await rig.temporal.workflow.getHandle(executionWorkflowId(execution)).terminate();
    const points = passedPoints(await rig.tasks.ledger(execution));
    expect(points.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(pointOfNoReturn(points, 'work' as never)?.name).toBe('a');
    expect(pointOfNoReturn(points, 'work' as never, { attempt: 1, n: 1 })).toBeUndefined();
    rig.commands.clear();
  });

  test('what is resumed goes on from there, over generations, and what was not told twice is not told again', async () => {
    const fails: FakeCommand = async (input) => {
      await tell(input, { checkpoints: [point(1, `at-${input.attempt}`)] });
      return { outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'logic', message: 'no' } };
    };
    rig.commands.set('work', fails);
    const plan = makePlan([{ id: 'ready' }, { id: 'work', deps: ['ready'] }, { id: 'after', deps: ['work'] }]);
    const first = await rig.start(plan);
    await rig.tasks.result(first);
    const second = await rig.start(plan, { resumeFrom: first });
    await rig.tasks.result(second);
    rig.commands.clear();
    const inputs: AttemptInput[] = [];
    rig.commands.set('*', (input) => void inputs.push(input));
    const third = await rig.start(plan, { resumeFrom: second, runAgain: ['ready' as never], resumeAt: [{ task: 'work' as never, point: { attempt: 1, n: 1 } }] });
    expect((await rig.tasks.result(third)).outcome).toBe('succeeded');
    expect(await about(third)).toEqual(['execution_resumed_from', 'task_run_again ready', 'task_succeeded ready 2', 'task_succeeded work 3', 'task_succeeded after 1']);
    const workspace = (await rig.tasks.state(third)).workspace;
    const from = [second, first].map((execution) => ({ execution, directory: `${workspace}/.tasks/checkpoints` }));
    expect(inputs.map(({ task, attempt, checkpoints }) => ({ task, attempt, checkpoints }))).toEqual([
      { task: 'ready', attempt: 2, checkpoints: { from } },
      { task: 'work', attempt: 3, checkpoints: { from, wanted: { attempt: 1, n: 1 } } },
      { task: 'after', attempt: 1, checkpoints: { from } },
    ]);
    expect((await rig.tasks.task(third, 'work')).checkpoint).toMatchObject({ name: 'at-2', count: 2 });
    rig.commands.clear();
  });

  test('over a continued run nothing is forgotten, and nothing told again', async () => {
    const done = gate();
    rig.commands.set('work', async (input) => {
      await tell(input, { checkpoints: [point(1, 'a', { percent: 1 })] });
      for (let turn = 0; turn < 130; turn += 1) await tell(input, { percent: 2 + turn / 10, checkpoints: [point(1, 'a', { percent: 1 })] });
      await tell(input, { checkpoints: [point(2, 'b', { percent: 41 })] });
      await done.opened;
      return { checkpoints: [point(1, 'a', { percent: 1 }), point(2, 'b', { percent: 41 }), point(3, 'c')] };
    });
    const execution = await rig.start(makePlan([{ id: 'work' }]));
    await rig.until(execution, (event) => event.type === 'task_checkpoint' && event.checkpoint === 'b');
    expect(await rig.tasks.task(execution, 'work')).toMatchObject({ percent: 41, checkpoint: { name: 'b', count: 2 } });
    done.open();
    const { state } = await rig.tasks.result(execution);
    if (cachedWorkflows === 1) expect(state?.runs).toBeGreaterThan(1);
    const told = await about(execution);
    expect(told.filter((line) => line.startsWith('task_checkpoint'))).toEqual(['task_checkpoint work 1 a 1', 'task_checkpoint work 1 b 41', 'task_checkpoint work 1 c']);
    expect(told.filter((line) => line.startsWith('task_progress'))).toHaveLength(130);
    rig.commands.clear();
  });

  test('a task that the plan does not have cannot be run again', async () => {
    const plan = makePlan([{ id: 'one' }]);
    const first = await rig.start(plan);
    await rig.tasks.result(first);
    const execution = await rig.start(plan, { resumeFrom: first, runAgain: ['two' as never] });
    await expect(rig.tasks.result(execution)).rejects.toThrow('the plan has no task two');
  });
});
