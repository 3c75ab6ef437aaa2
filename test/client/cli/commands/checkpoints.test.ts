/** Where an execution can be taken up: what is listed, and what of it `execute --checkpoint-id` takes back. */
import { expect, test } from 'vitest';
import type { EventBody } from '../../../../model/event.ts';
import type { ExecutionId } from '../../../../model/ids.ts';
import type { Stock } from '../../../../store/checkpoint/stock.ts';
import { EXECUTION, eventsOf, fakeClient, id, stateOf } from '../support/fake-client.ts';
import { GOOD, withPlan } from '../support/plan-file.ts';
import { run } from '../support/run.ts';

const passed = (task: string, attempt: number, n: number, checkpoint: string, more: Partial<Extract<EventBody, { readonly type: 'task_checkpoint' }>> = {}): EventBody => ({
  type: 'task_checkpoint',
  task: id(task),
  attempt,
  checkpoint,
  id: `${task}/${checkpoint}`,
  n,
  files: 1,
  bytes: 2_048,
  ...more,
});
const succeeded = (task: string): EventBody => ({ type: 'task_succeeded', task: id(task), attempt: 1, artifacts: [], durationMs: 1_000, worker: 'w' });
const started = (task: string): EventBody => ({ type: 'task_started', task: id(task), attempt: 1 });

const EVENTS = eventsOf([
  { type: 'execution_started', plan: 'p', tasks: 4 },
  succeeded('install'),
  started('test'),
  passed('test', 1, 1, 'early', { percent: 10 }),
  succeeded('lint'),
  passed('test', 1, 2, 'half', { percent: 50 }),
  passed('test', 1, 3, 'late', { percent: 90, stored: false }),
]);
const NO_RETURN = eventsOf([{ type: 'execution_started', plan: 'p', tasks: 4 }, succeeded('install'), started('test'), passed('test', 1, 1, 'early'), passed('test', 1, 2, 'sent', { rollbackCapable: false }), passed('test', 1, 3, 'after')]);

const item = (n: number, name: string, isWhole = true): Stock['items'][number] => ({ task: id('test'), attempt: 1, n, name, files: 1, bytes: 2_048, isWhole });
const ended = { result: { outcome: 'terminated' as const, state: stateOf({ SUCCEEDED: 2, RUNNING: 1 }, { status: 'terminated' }) } };

test('points of tasks and of the run are listed in the order of time, with what is kept of them', async () => {
  const stock: Stock = { isHere: true, items: [item(2, 'half')], damaged: [{ task: id('test'), name: 'early', reason: 'its line was changed' }] };
  const { exit, stdout, stderr } = await run(['checkpoints', '@latest'], { client: fakeClient({ events: EVENTS, ...ended }), services: { checkpointStock: async () => stock }, now: () => EVENTS[6]?.at ?? 0 });
  expect(exit).toBe(0);
  expect(stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
    'cp-25 | 25 % | 5s ago | of the run',
    'test/early | 10 % | 3s ago | pruned | 1 file, 2.0 KB',
    'cp-50 | 50 % | 2s ago | of the run',
    'test/half | 50 % | 1s ago | kept | 1 file, 2.0 KB',
    'test/late | 90 % | 0ms ago | nothing was kept | 1 file, 2.0 KB',
    '',
  ]);
  expect(stderr).toContain('the checkpoint test/early is damaged: its line was changed');
});

test('what lies on another machine, or is not whole, is said', async () => {
  const client = fakeClient({ events: EVENTS, ...ended });
  const keepings = async (stock: Stock): Promise<unknown> => {
    const { stdout } = await run(['checkpoints', '@latest', '-o', 'json'], { client, services: { checkpointStock: async () => stock } });
    return (JSON.parse(stdout) as { checkpoints: { id: string; keeping?: string }[] }).checkpoints.find((point) => point.id === 'test/half')?.keeping;
  };
  expect(await keepings({ isHere: false, items: [], damaged: [] })).toBe('elsewhere');
  expect(await keepings({ isHere: true, items: [item(2, 'half', false)], damaged: [] })).toBe('damaged');
});

test.each([['prune'], ['--prune']])('%s removes them, once the execution is over', async (how) => {
  const asked: unknown[] = [];
  const services = { pruneCheckpoints: async (directory: string, execution: ExecutionId) => (asked.push([directory, execution]), { tasks: 1, bytes: 2_048 }) };
  const open = await run(['checkpoints', '@latest', how], { client: fakeClient({ events: EVENTS }), services });
  expect(open).toMatchObject({ exit: 1, stderr: expect.stringContaining('its tasks may need their checkpoints') });
  expect(asked).toEqual([]);
  const { exit, stdout } = await run(['checkpoints', '@latest', how], { client: fakeClient({ events: EVENTS, ...ended }), services });
  expect([exit, stdout]).toEqual([0, 'Removed the checkpoints of 1 task from /work/space/.tasks/checkpoints: 2.0 KB\n']);
  expect(asked).toEqual([['/work/space/.tasks/checkpoints', EXECUTION]]);
});

const resumed = async (checkpoint: string, events = EVENTS) => {
  await using plan = await withPlan(GOOD);
  const client = fakeClient({ events, ...ended });
  const ran = await run(['execute', plan.path, '--resume-from-checkpoint', '--execution', 'x', '--detach', '--checkpoint-id', checkpoint], { client });
  const [, options] = client.calls.find(({ method }) => method === 'start')?.args ?? [];
  return { ...ran, options: options as Record<string, unknown> | undefined };
};

test.each([
  ['test/half', { resumeAt: [{ task: 'test', point: { attempt: 1, n: 2, name: 'half' } }] }],
  ['cp-25', { runAgain: ['lint'], resumeAt: [{ task: 'test', point: null }] }],
  ['cp-50', { resumeAt: [{ task: 'test', point: { attempt: 1, n: 1 } }] }],
])('%s can be passed back', async (checkpoint, expected) => {
  const { exit, options } = await resumed(checkpoint);
  expect(exit).toBe(0);
  const { resumeFrom, runAgain, resumeAt } = options ?? {};
  expect({ resumeFrom, ...(runAgain !== undefined && { runAgain }), resumeAt }).toEqual({ resumeFrom: EXECUTION, ...expected });
});

test('a task that had succeeded is run again from its checkpoint', async () => {
  const { options } = await resumed('test/half', eventsOf([...EVENTS.map(({ seq: _seq, at: _at, ...body }) => body as EventBody), succeeded('test')]));
  expect(options).toMatchObject({ runAgain: ['test'], resumeAt: [{ task: 'test', point: { n: 2 } }] });
});

test.each([
  ['test/nope', 'TASKS3020', EVENTS],
  ['test/late', 'TASKS3020', EVENTS],
  ['cp-75', 'TASKS3020', EVENTS],
  ['test/early', 'TASKS3021', NO_RETURN],
  ['cp-25', 'TASKS3021', NO_RETURN],
  ['cp-26', 'TASKS3010', EVENTS],
  ['../etc', 'TASKS3010', EVENTS],
])('%s is refused with %s, and nothing is started', async (checkpoint, code, events) => {
  const { exit, stderr, options } = await resumed(checkpoint, events);
  expect([exit, options]).toEqual([1, undefined]);
  expect(stderr).toContain(`[${code}]`);
});

test('to the point of no return, and to what came after it, the way is open', async () => {
  expect((await resumed('test/sent', NO_RETURN)).exit).toBe(0);
  expect((await resumed('test/after', NO_RETURN)).exit).toBe(0);
});

test('a checkpoint without a resume is a mistake', async () => {
  await using plan = await withPlan(GOOD);
  expect(await run(['execute', plan.path, '--checkpoint-id', 'cp-25'], { client: fakeClient() })).toMatchObject({ exit: 1, stderr: expect.stringContaining('add --resume-from-checkpoint') });
});

test('a dry run says what would be taken over and what would be done again', async () => {
  await using plan = await withPlan(GOOD);
  const carried = [
    { task: id('install'), attempts: 1, succeeded: true },
    { task: id('lint'), attempts: 1, succeeded: false, again: 'its artifact "out" has changed' },
    { task: id('test'), attempts: 2, succeeded: false, progress: { count: 1, last: { n: 1, name: 'half', at: 1, files: 0, bytes: 0, attempt: 2 } } },
  ];
  const client = fakeClient({ ...ended, overrides: { takeOver: async () => ({ carried, takenOver: { from: EXECUTION, lineage: [] } }) } });
  const argv = ['execute', plan.path, '--resume-from-checkpoint', '--execution', 'x', '--dry-run'];
  const { stdout } = await run(argv, { client });
  expect(stdout).toContain('Taken over from quickstart-1: 1 task\n');
  expect(stdout).toContain('  lint its artifact "out" has changed\n');
  expect(stdout).toContain('  test half\n');
  expect(stdout).toContain('Starts first: lint, test\n');
  const json = JSON.parse((await run([...argv, '-o', 'json'], { client })).stdout) as { takeOver: unknown };
  expect(json.takeOver).toEqual({ from: EXECUTION, tasks: 1, again: [{ task: 'lint', reason: 'its artifact "out" has changed' }], checkpoints: [{ task: 'test', checkpoint: 'half' }] });
});
