import { MockActivityEnvironment } from '@temporalio/testing';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createSeats } from '../../activities/command/seats.ts';
import { createRunAttempt } from '../../activities/run-attempt.ts';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import { DEFAULT_POLICIES, type TaskSpec } from '../../model/graph.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../model/ids.ts';
import { TasksError } from '../../model/problem.ts';
import { alive, createRig, storeOf, until } from './rig.ts';

const rig = await createRig();
const { workspace, launcher } = rig;
afterAll(() => rig[Symbol.asyncDispose]());

const input = (task: string): AttemptInput => ({
  execution: 'e1' as ExecutionId,
  task: task as TaskId,
  attempt: 1,
  source: 'a'.repeat(64) as ContentHash,
  executor: 'command',
  workspace,
  timeoutMs: 30_000,
  graceMs: 500,
  firstRunId: 'run-1',
});

let reads = 0;
const activity = (commands: Readonly<Record<string, string>>, ownerIsOpen?: () => Promise<boolean>, seats = createSeats(100)): ((it: AttemptInput) => Promise<AttemptResult>) =>
  createRunAttempt({
    launcher,
    worker: 'w1',
    host: 'h1',
    seats,
    store: storeOf(async () => {
      reads += 1;
      const tasks = Object.entries(commands).map(([id, command]): TaskSpec => ({ id: id as TaskId, command, fields: {} }));
      return { schema: 1, format: 'flowops', graph: { schema: 1, name: 'n', tasks: [], sources: [], policies: DEFAULT_POLICIES }, tasks, fields: {} };
    }),
    ...(ownerIsOpen ? { ownerIsOpen } : {}),
  });

type Activity = (it: AttemptInput) => Promise<AttemptResult>;
const runIn = async (environment: MockActivityEnvironment, run: Activity, it: AttemptInput): Promise<AttemptResult> =>
  environment.run<[AttemptInput], AttemptResult, Activity>(run, it);

const pidOf = async (name: string): Promise<number> => {
  const path = join(workspace, name);
  await until(() => existsSync(path) && readFileSync(path, 'utf8').endsWith('\n'));
  return Number(readFileSync(path, 'utf8'));
};

test('a plan is read once for many attempts, also at once', async () => {
  const run = activity({ A: 'echo a', B: 'echo b' });
  const environment = new MockActivityEnvironment();
  reads = 0;
  const results = await Promise.all(['A', 'B', 'A', 'B'].map(async (task, n) => runIn(environment, run, { ...input(task), attempt: n + 1 })));
  expect(results.map((it) => it.tail)).toEqual(['a\n', 'b\n', 'a\n', 'b\n']);
  expect(reads).toBe(1);
});

test('a task that the plan does not have is a failure', async () => {
  const result: unknown = await new MockActivityEnvironment().run(activity({}), input('not-there'));
  expect(result).toMatchObject({ outcome: 'failed', failure: { reason: 'internal', class: 'logic' } });
});

test('a plan store that cannot be read is a failure with its code, and is asked again', async () => {
  const store = storeOf(async () => {
    throw new TasksError({ code: 'TASKS4001', message: 'not there' });
  });
  const run = createRunAttempt({ store, launcher, worker: 'w', host: 'h' });
  const result: unknown = await new MockActivityEnvironment().run(run, input('missing-plan'));
  expect(result).toMatchObject({ outcome: 'failed', failure: { reason: 'internal', message: '[TASKS4001] not there' } });
});

test('cancellation ends the group and is a result', async () => {
  const environment = new MockActivityEnvironment();
  const running = runIn(environment, activity({ C: 'echo $$ > cancel.pid; sleep 100' }), input('C'));
  const pid = await pidOf('cancel.pid');
  environment.cancel('CANCELLED');
  expect(await running).toMatchObject({ outcome: 'cancelled' });
  expect(alive(pid)).toBe(false);
});

test("the worker's shutdown ends the group, and the attempt counts as lost", async () => {
  const environment = new MockActivityEnvironment();
  const running = runIn(environment, activity({ S: 'echo $$ > shutdown.pid; sleep 100' }), input('S'));
  const pid = await pidOf('shutdown.pid');
  environment.cancel('WORKER_SHUTDOWN');
  expect(await running).toMatchObject({ outcome: 'failed', failure: { reason: 'lost', class: 'transient' } });
  expect(alive(pid)).toBe(false);
});

test('it heartbeats, and ends as orphaned when nobody waits for it; an owner that cannot be asked changes nothing', async () => {
  const environment = new MockActivityEnvironment();
  const beats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  let asked = 0;
  const run = activity({ O: 'echo $$ > orphan.pid; sleep 100' }, async () => {
    asked += 1;
    if (asked === 1) throw new Error('the server is down');
    return false;
  });
  const result: unknown = await environment.run(run, input('O'));
  expect(result).toMatchObject({ outcome: 'orphaned' });
  expect(asked).toBe(2);
  expect(beats.length).toBeGreaterThanOrEqual(8);
  expect(beats[0]).toMatchObject({ phase: 'command' });
  expect(alive(await pidOf('orphan.pid'))).toBe(false);
});

test('while it waits for a seat it heartbeats, and ends for whatever reason at once, with nothing done', async () => {
  const seats = createSeats(1);
  const seat = await seats.take({ signal: new AbortController().signal, waitMs: 1 });
  const commands = { W: 'touch was-seated' };
  const beats: unknown[] = [];
  const ends = await Promise.all(
    (['CANCELLED', 'WORKER_SHUTDOWN', 'ORPHANED'] as const).map((how, n) => {
      const environment = new MockActivityEnvironment();
      environment.on('heartbeat', (details: unknown) => {
        beats.push(details);
        if (how !== 'ORPHANED') environment.cancel(how);
      });
      return runIn(environment, activity(commands, async () => how !== 'ORPHANED', seats), { ...input('W'), attempt: n + 1 });
    }),
  );
  expect(beats[0]).toMatchObject({ phase: 'seat' });
  expect(ends).toMatchObject([{ outcome: 'cancelled' }, { outcome: 'failed', failure: { reason: 'unplaced', class: 'transient' } }, { outcome: 'orphaned' }]);
  expect(seats.waiting).toBe(0);
  (seat as Disposable)[Symbol.dispose]();
  expect(existsSync(join(workspace, 'was-seated'))).toBe(false);
  expect(await runIn(new MockActivityEnvironment(), activity(commands, undefined, seats), { ...input('W'), attempt: 4 })).toMatchObject({ outcome: 'succeeded' });
  expect(seats.free).toBe(1);
});
