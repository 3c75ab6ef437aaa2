import { afterAll, beforeAll, expect, test } from 'vitest';
import { attemptWorkflowId } from '../../model/ids.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { isAttemptLine } from '../../model/ledger.ts';
import type { AttemptLine } from '../../model/ledger.ts';
import { INTERNAL_SIGNAL } from '../../model/message.ts';
import type { OverLimit, Pressure, WorkerProfile } from '../../model/pool.ts';
import { readLedger } from '../../temporal/ledger.ts';
import { openRig, PLAN } from './fixtures/rig.ts';
import type { Rig } from './fixtures/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

const read = async (execution: ExecutionId): Promise<AttemptLine[]> => (await readLedger({ client: rig.client, execution })).filter(isAttemptLine);
const brief = (lines: readonly AttemptLine[]): readonly string[] =>
  lines.map((line) => `${line.task_id}/${line.attempt} ${line.outcome}`);
const child = (execution: ExecutionId, task: string) =>
  rig.client.workflow.getHandle(attemptWorkflowId(execution, task as TaskId, 1));

test('a line holds everything that an attempt reported', async () => {
  const { execution, handle } = await rig.start([{ do: 'child', task: 'T1', behaviour: 'succeed' }]);
  await handle.result();
  const [line] = await read(execution);
  expect(line).toEqual({
    execution_id: execution,
    plan: PLAN,
    task_id: 'T1',
    attempt: 1,
    outcome: 'succeeded',
    started: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    finished: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    exit_code: 0,
    artifacts_changed: [{ path: 'out/0', hash: 'c'.repeat(64), bytes: 0 }],
    cpu_seconds: 0.5,
    peak_memory_bytes: 1_000,
    worker: 'w1',
    host: 'h1',
  });
  expect(Date.parse(line?.finished ?? '') - Date.parse(line?.started ?? '')).toBe(100);
});

test('results of children and of light activities, failures and retries: in the order they finished', async () => {
  const { execution, handle } = await rig.start([
    { do: 'child', task: 'A', behaviour: 'fail' },
    { do: 'activity', task: 'B', behaviour: 'succeed' },
    { do: 'child', task: 'A', attempt: 2, behaviour: 'succeed' },
    { do: 'activity', task: 'C', behaviour: 'fail' },
  ]);
  await handle.result();
  const lines = await read(execution);
  expect(brief(lines)).toEqual(['A/1 failed', 'B/1 succeeded', 'A/2 succeeded', 'C/1 failed']);
  expect(lines[0]).toMatchObject({ exit_code: 2, failure: { reason: 'exit', class: 'logic', message: 'exit code 2' } });
});

test('a result too large for the history as it is comes through the codec', async () => {
  const { execution, handle } = await rig.start([
    { do: 'child', task: 'A', behaviour: 'large' },
    { do: 'activity', task: 'B', behaviour: 'large' },
  ]);
  await handle.result();
  expect((await read(execution)).map((line) => line.artifacts_changed.length)).toEqual([2_000, 2_000]);
});

test('an attempt without a report is lost: thrown, timed out, terminated, or lost by its own account', async () => {
  const { execution, handle } = await rig.start([
    { do: 'child', task: 'thrown', behaviour: 'throw' },
    { do: 'activity', task: 'thrown.light', behaviour: 'throw' },
    { do: 'activity', task: 'timed.out', behaviour: 'hang' },
    { do: 'child', task: 'told', behaviour: 'lose' },
    { do: 'activity', task: 'interrupted', behaviour: 'cancelled' },
    { do: 'child', task: 'terminated', behaviour: 'hang' },
  ]);
  await expect.poll(() => child(execution, 'terminated').describe().then(({ status }) => status.name, () => '')).toBe('RUNNING');
  await child(execution, 'terminated').terminate();
  await handle.result();
  const lines = await read(execution);
  expect(brief(lines).toSorted()).toEqual(
    ['interrupted', 'terminated', 'thrown.light', 'thrown', 'timed.out', 'told'].map((task) => `${task}/1 lost`),
  );
  const byTask = new Map(lines.map((line) => [String(line.task_id), line]));
  expect(byTask.get('thrown')?.failure?.message).toBe('the child broke');
  expect(byTask.get('thrown.light')?.failure?.message).toBe('the activity broke');
  expect(byTask.get('timed.out')?.worker).toContain('@');
  expect(byTask.get('told')).toMatchObject({ worker: 'w1', failure: { message: 'its worker died' } });
  for (const line of lines) expect(line.failure).toMatchObject({ reason: 'lost', class: 'transient' });
  const timedOut = byTask.get('timed.out');
  expect(Date.parse(timedOut?.finished ?? '') - Date.parse(timedOut?.started ?? '')).toBeGreaterThan(1_500);
});

test('an attempt that the execution cancelled is cancelled, also when it reported nothing', async () => {
  const { execution, handle } = await rig.start([
    { do: 'child', task: 'silent', behaviour: 'hang', await: false },
    { do: 'cancel', task: 'silent' },
    { do: 'child', task: 'said', behaviour: 'cancelled' },
    { do: 'wait', signals: 1 },
  ]);
  await expect.poll(() => child(execution, 'silent').describe().then(({ status }) => status.name)).toBe('CANCELLED');
  await expect.poll(async () => brief(await read(execution))).toHaveLength(2);
  await handle.terminate();
  const lines = await read(execution);
  expect(brief(lines).toSorted()).toEqual(['said/1 cancelled', 'silent/1 cancelled']);
  for (const line of lines) expect(line.failure).toBeUndefined();
});

test('across continue-as-new: told, fetched and lost attempts of an earlier run, each once, under the first plan', async () => {
  rig.fetched.set('fetched', {
    status: 'ended',
    result: { task: 'fetched' as TaskId, attempt: 1, outcome: 'succeeded', startedAt: 1e12, finishedAt: 1e12 + 5, worker: 'w2', host: 'h2', tail: '' },
  });
  rig.fetched.set('gone', { status: 'lost', reason: 'its workflow does not exist' });
  rig.fetched.set('first', { status: 'lost', reason: 'wrong: it has reported' });
  const { execution, handle } = await rig.start([
    { do: 'child', task: 'first', behaviour: 'succeed' },
    { do: 'child', task: 'told', behaviour: 'report', await: false },
    { do: 'child', task: 'fetched', behaviour: 'hang', await: false },
    { do: 'child', task: 'gone', behaviour: 'hang', await: false },
    { do: 'continue' },
    { do: 'tell', task: 'told' },
    { do: 'wait', signals: 1 },
    { do: 'continue' },
    { do: 'fetch', task: 'fetched' },
    { do: 'fetch', task: 'fetched' },
    { do: 'fetch', task: 'gone' },
    { do: 'fetch', task: 'gone' },
    { do: 'fetch', task: 'first' },
    { do: 'fetch', task: 'still.running' },
    { do: 'child', task: 'last', behaviour: 'succeed' },
  ]);
  await handle.result();
  const lines = await read(execution);
  expect(brief(lines)).toEqual(['fetched/1 succeeded', 'first/1 succeeded', 'told/1 succeeded', 'gone/1 lost', 'last/1 succeeded']);
  expect(new Set(lines.map((line) => line.plan))).toEqual(new Set([PLAN]));
  expect(lines[3]?.started).not.toBe(lines[3]?.finished);
  await child(execution, 'fetched').terminate();
  await child(execution, 'gone').terminate();
});

test('a terminated execution keeps the lines of what had ended, and has one for what was open', async () => {
  const { execution, handle } = await rig.start([
    { do: 'child', task: 'done', behaviour: 'succeed' },
    { do: 'continue' },
    { do: 'child', task: 'open', behaviour: 'hang', await: false },
    { do: 'activity', task: 'done.too', behaviour: 'succeed' },
    { do: 'hang' },
  ]);
  await expect.poll(async () => brief(await read(execution))).toHaveLength(2);
  await handle.terminate();
  expect(brief(await read(execution))).toEqual(['done/1 succeeded', 'done.too/1 succeeded', 'open/1 lost']);
  await child(execution, 'open').terminate();
});

test('a forged report counts for nothing', async () => {
  const { execution, handle } = await rig.start([{ do: 'wait', signals: 3 }]);
  const honest = { outcome: 'succeeded', startedAt: 1, finishedAt: 2, worker: 'w', host: 'h', tail: '' };
  await handle.signal(INTERNAL_SIGNAL.attemptEnded, { ...honest, task: 'never.started', attempt: 1 });
  await handle.signal(INTERNAL_SIGNAL.attemptEnded, { ...honest, task: '../../x', attempt: -1, finishedAt: 1e300 });
  await handle.signal(INTERNAL_SIGNAL.attemptEnded, 'no result at all');
  await handle.result();
  expect(await read(execution)).toEqual([]);
});

const worker = (name: string, host: string, pressure: Pressure, over?: OverLimit): WorkerProfile => ({
  worker: name,
  host,
  capabilities: [],
  slots: 1,
  cpus: 1,
  memoryMb: 1,
  version: '1',
  pressure,
  ...(over && { over }),
});

test('a host that comes under pressure is told once when that begins, when it changes and when it is over', async () => {
  const { execution, handle } = await rig.start([{ do: 'child', task: 'A', behaviour: 'succeed' }, { do: 'continue' }, { do: 'hang' }]);
  await expect.poll(async () => brief(await read(execution))).toHaveLength(1);
  let version = 0;
  const tell = (...workers: readonly WorkerProfile[]): Promise<void> => handle.signal(INTERNAL_SIGNAL.workers, { epoch: 7, version: ++version, workers });
  const full: OverLimit = { metric: 'memory', percent: 96.44, limit: 95 };
  await tell(worker('a', 'one', 'none'), worker('b', 'one', 'none'));
  await tell(worker('a', 'one', 'soft', { metric: 'cpu', percent: 81, limit: 80 }), worker('b', 'one', 'none'), worker('c', 'two', 'hard', full));
  await tell(worker('a', 'one', 'soft'), worker('b', 'one', 'hard', full), worker('c', 'two', 'hard', full));
  await handle.signal(INTERNAL_SIGNAL.workers, { epoch: 6, version: 100, workers: [] });
  await handle.signal(INTERNAL_SIGNAL.workers, { epoch: 7, version: 1, workers: [] });
  await handle.signal(INTERNAL_SIGNAL.workers, 'no table at all');
  await tell(worker('a', 'one', 'soft'), worker('b', 'one', 'hard', full));
  await tell(worker('a', 'one', 'none'));
  // The server keeps signals back while a workflow task is under way.
  await expect.poll(() => readLedger({ client: rig.client, execution })).toHaveLength(6);
  const lines = await readLedger({ client: rig.client, execution });
  await handle.terminate();
  const head = { execution_id: execution, plan: PLAN };
  const event = 'RESOURCE_LIMIT_EXCEEDED';
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const why = { metric: 'memory', percent: 96.4, limit: 95 };
  expect(lines.slice(1)).toEqual([
    { ...head, event, time, host: 'one', level: 'soft', metric: 'cpu', percent: 81, limit: 80 },
    { ...head, event, time, host: 'two', level: 'hard', ...why },
    { ...head, event, time, host: 'one', level: 'hard', ...why },
    { ...head, event, time, host: 'two', level: 'none' },
    { ...head, event, time, host: 'one', level: 'none' },
  ]);
  expect(lines.map(isAttemptLine)).toEqual([true, false, false, false, false, false]);
  for (const [n, line] of lines.entries()) expect(JSON.stringify(line).startsWith(`{"execution_id":"${execution}"`), String(n)).toBe(true);
});

test('an execution in which nothing ran has the limits that were crossed', async () => {
  const { execution, handle } = await rig.start([{ do: 'hang' }]);
  await handle.signal(INTERNAL_SIGNAL.workers, { epoch: 1, version: 1, workers: [worker('a', 'one', 'soft')] });
  await expect.poll(() => readLedger({ client: rig.client, execution })).toMatchObject([{ event: 'RESOURCE_LIMIT_EXCEEDED', host: 'one', level: 'soft' }]);
  await handle.terminate();
});

test('an execution that nobody knows is an error with a code', async () => {
  await expect(read('no-such-execution' as ExecutionId)).rejects.toThrow('[TASKS3001]');
});
