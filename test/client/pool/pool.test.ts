/** A pool of real worker processes on a real server. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'vitest';
import { isAttemptLine } from '../../../model/ledger.ts';
import { step } from '../../support/journal.ts';
import { makePlan } from '../../support/plan.ts';
import { addressOf, childrenOf, livingOf, startTasks } from '../../support/processes.ts';
import type { TasksProcess } from '../../support/processes.ts';
import { startRecoveryRig } from '../../support/recovery-rig.ts';
import type { RecoveryRig } from '../../support/recovery-rig.ts';
import { sharedServer } from '../../support/server.ts';

const LIMIT_MS = 120_000;

interface PoolAnswer {
  readonly workers: readonly { readonly identity: string; readonly pid: number; readonly role: string }[];
}

const startPool = (rig: RecoveryRig, ...args: readonly string[]): TasksProcess =>
  startTasks({ args: ['worker', '--pool', '-o', 'jsonl', ...addressOf(sharedServer()), '--queue', rig.queue, ...args], env: { TASKS_PLAN_STORE: rig.planStore } });

const answerOf = async (pool: TasksProcess): Promise<PoolAnswer> => JSON.parse(await pool.line((line) => line.startsWith('{'))) as PoolAnswer;

/** Resolves with what the pool has said by then. */
const said = async (pool: TasksProcess, text: RegExp): Promise<string> => {
  let over = false;
  void pool.ended.then(() => (over = true));
  while (!text.test(pool.stderr())) {
    if (over) throw new Error(`the pool ended without saying ${text}:\n${pool.stderr()}`);
    await delay(50);
  }
  return pool.stderr();
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const gone = async (pids: readonly number[]): Promise<void> => {
  while (pids.some(isAlive)) await delay(50);
};

const gates = (count: number, name = 'T'): readonly string[] => Array.from({ length: count }, (_, at) => `${name}${at}`);
const gated = (ids: readonly string[]) => makePlan(ids.map((id) => ({ id, spec: { command: step('gate') } })), { concurrencyMax: 50 });

describe.concurrent('a pool', () => {
  test('grows under load to its most, retires workers when nothing waits, and ends none that runs something', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await using pool = startPool(rig, '--min', '1', '--max', '3', '--slots', '1', '--shrink-after', '1');
    const { workers } = await answerOf(pool);
    expect(workers).toMatchObject([{ role: 'generic', identity: expect.stringContaining(String(workers[0]?.pid)) }]);
    const ids = gates(8);
    const execution = await rig.start(gated(ids));
    await said(pool, /tasks wait, 2 workers: starting another\n/u);
    // Three run at once, whichever they are; the others have not begun.
    const running = async () => (await rig.journal.read()).filter(({ kind }) => kind === 'start');
    while ((await running()).length < 3) await delay(50);
    const children = await childrenOf(pool.pid);
    expect(children).toHaveLength(3);
    const [first, second, third] = await running();
    // All but one of those that run stay at their gates until the others have gone through.
    for (const id of ids) if (id !== first?.task) await rig.journal.release(id);
    for (const id of ids) if (id !== first?.task) await rig.journal.until('end', id);
    expect([second, third].every((line) => line !== undefined)).toBe(true);
    await said(pool, /3 workers, and nothing has waited for it for 1 s: retiring[\s\S]*2 workers, and nothing has waited for it for 1 s: retiring/u);
    while ((await childrenOf(pool.pid)).length > 1) await delay(50);
    expect((await rig.journal.read()).some(({ kind, task }) => kind === 'end' && task === first?.task)).toBe(false);
    await rig.journal.release(first?.task ?? '');
    expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
    const starts = (await running()).map(({ task, attempt }) => `${task}/${attempt}`);
    expect(starts.toSorted()).toEqual(ids.map((id) => `${id}/1`));
    await pool.end('SIGTERM');
    expect(await pool.ended).toEqual({ code: 0, signal: null });
    await gone(children);
  });

  test('replaces a worker that was killed; told to stop, gives its commands the grace, and no more', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await using pool = startPool(rig, '--min', '2', '--max', '2', '--grace', '1');
    const { workers } = await answerOf(pool);
    const [killed] = workers;
    process.kill(killed?.pid ?? 0, 'SIGKILL');
    await said(pool, new RegExp(`Worker ${killed?.identity} ended by itself \\(SIGKILL\\): starting another one in its place in 1 s\\n`, 'u'));
    while ((await childrenOf(pool.pid)).length < 2) await delay(50);
    const children = await childrenOf(pool.pid);
    expect(children).not.toContain(killed?.pid);
    await rig.start(gated(['never']));
    const { group } = await rig.journal.until('start', 'never');
    await pool.end('SIGTERM');
    expect(pool.stderr()).toContain('running commands have 1 s to end');
    await gone([...children, group]);
  });

  test('told to stop twice ends at once, and so do its workers and their commands', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await using pool = startPool(rig, '--min', '1', '--grace', '600');
    const { workers } = await answerOf(pool);
    await rig.start(gated(['never']));
    const { group } = await rig.journal.until('start', 'never');
    process.kill(pool.pid, 'SIGINT');
    await said(pool, /Draining: running commands have 600 s to end/u);
    expect(await livingOf(group)).not.toEqual([]);
    process.kill(pool.pid, 'SIGINT');
    expect(await pool.ended).toEqual({ code: 130, signal: null });
    await gone([...workers.map(({ pid }) => pid), group]);
  });

  test('that is killed leaves workers that let their commands end, and then nothing', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await using pool = startPool(rig, '--min', '2', '--max', '2');
    const { workers } = await answerOf(pool);
    const execution = await rig.start(gated(['last']));
    await rig.journal.until('start', 'last');
    await pool.end('SIGKILL');
    // The one with nothing to do goes at once.
    while (workers.filter(({ pid }) => isAlive(pid)).length > 1) await delay(50);
    const [busy] = workers.filter(({ pid }) => isAlive(pid));
    expect(busy).toBeDefined();
    await rig.journal.release('last');
    await gone(workers.map(({ pid }) => pid));
    expect((await rig.journal.read()).map(({ kind, attempt }) => `${kind} ${attempt}`)).toEqual(['start 1', 'end 1']);
    // What it said of the end has arrived: another worker only has to write it down.
    await rig.worker();
    const { outcome } = await rig.tasks.result(execution);
    expect(outcome).toBe('succeeded');
    expect((await rig.tasks.ledger(execution)).filter(isAttemptLine).map((line) => `${line.attempt} ${line.outcome} ${line.worker}`)).toEqual([`1 succeeded ${busy?.identity}`]);
  });

  test('has workers of all its roles, which say what they can do', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await using pool = startPool(rig, '--min', '2', '--max', '3', '--role', 'db,testing', '--role', 'generic');
    const { workers } = await answerOf(pool);
    expect(workers.map(({ role }) => role)).toEqual(['db,testing', 'generic']);
    while ((await rig.tasks.workers.list()).workers.filter(({ worker }) => workers.some(({ identity }) => identity === worker)).length < 2) await delay(100);
    const announced = (await rig.tasks.workers.list()).workers;
    expect(workers.map(({ identity }) => announced.find(({ worker }) => worker === identity)?.capabilities)).toEqual([['db', 'testing'], []]);
    await pool.end('SIGINT');
    expect(await pool.ended).toEqual({ code: 0, signal: null });
    await gone(workers.map(({ pid }) => pid));
  });

  test('of which no worker comes up ends with 6 and says what the last one said', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await using pool = startTasks({ args: ['worker', '--pool', '--min', '1', ...addressOf(sharedServer()), '--queue', rig.queue], env: { TASKS_PLAN_STORE: 'nonsense:' } });
    expect(await pool.ended).toEqual({ code: 6, signal: null });
    expect(pool.stderr()).toMatch(/in its place in 1 s\n {2}error: .*nonsense.*\n[\s\S]*in 2 s\n[\s\S]*in 3 tries; the last one ended with code 1:\nerror: .*nonsense[\s\S]*\[TASKS2007\]/u);
  });
});
