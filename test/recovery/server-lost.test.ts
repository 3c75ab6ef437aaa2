/** Servers and clients that die: the execution goes on, and whoever watches it need not notice. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'vitest';
import type { ExecutionEvent } from '../../model/event.ts';
import { isExecutionId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { isAttemptLine } from '../../model/ledger.ts';
import { faultsOf, step } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import { addressOf, startTasks } from '../support/processes.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import { startPrivateServer } from '../support/server.ts';

const LIMIT_MS = 180_000;

const chains = (length: number, width: number, seconds: number) => {
  const ids = Array.from({ length: length * width }, (_, i) => `T${i}`);
  const tasks = ids.map((id, i) => ({ id, ...(i >= width && { deps: [ids[i - width] as string] }), spec: { command: step(seconds) } }));
  return { ids, plan: makePlan(tasks) };
};

const numbers = (events: readonly ExecutionEvent[]): number[] => events.map(({ seq }) => seq);

describe.concurrent('when it dies', () => {
  test('a server that comes back after a moment has lost nothing, and nobody who watches has noticed', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using server = await startPrivateServer();
    await using rig = await startRecoveryRig({ server });
    await rig.worker();
    const { ids, plan } = chains(5, 3, 0.6);
    const execution = await rig.start(plan);
    const seen = rig.follow(execution);
    const result = rig.tasks.result(execution);
    await using watching = startTasks({ args: ['watch', execution, '-o', 'jsonl', ...addressOf(server)] });
    await rig.journal.until('start', 'T6');
    await server.kill();
    await delay(3_000);
    await server.restart();
    const { outcome, state } = await result;
    expect(outcome).toBe('succeeded');
    expect(state?.counts).toEqual({ SUCCEEDED: ids.length });
    expect(faultsOf(await rig.journal.read(), ids)).toEqual([]);
    const events = await seen;
    expect(numbers(events)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ type: 'execution_completed', outcome: 'succeeded' });
    expect((await watching.ended).code).toBe(0);
    expect(watching.lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
    const ledger = await rig.tasks.ledger(execution);
    expect(ledger.filter(isAttemptLine).map(({ task_id }) => task_id).toSorted()).toEqual(ids.toSorted());
  });

  test('a server that stays away longer than a heartbeat may last takes its attempts for lost: they are tried again, never beside themselves', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using server = await startPrivateServer();
    await using rig = await startRecoveryRig({ server });
    const silent = await rig.worker();
    const plan = makePlan([
      { id: 'long', spec: { command: step('gate') } },
      { id: 'once', idempotent: false, spec: { command: step('gate') } },
      { id: 'end', deps: ['long', 'once'], spec: { command: step(0) } },
    ]);
    const execution = await rig.start(plan);
    await Promise.all([rig.journal.until('start', 'long'), rig.journal.until('start', 'once')]);
    const seen = rig.follow(execution);
    await server.kill();
    // A heartbeat in the first moment of the server's return would save the attempts: none may come.
    process.kill(silent.pid, 'SIGSTOP');
    await delay(11_000);
    await server.restart();
    await rig.worker();
    await rig.until(execution, (event) => event.type === 'task_needs_decision' && event.task === 'once');
    await rig.tasks.retry(execution, { task: 'once' });
    process.kill(silent.pid, 'SIGCONT');
    await Promise.all([rig.journal.until('start', 'long', 2), rig.journal.until('start', 'once', 2)]);
    await Promise.all([rig.journal.release('long'), rig.journal.release('once')]);
    expect((await rig.tasks.result(execution)).state?.counts).toEqual({ SUCCEEDED: 3 });
    expect(faultsOf(await rig.journal.read(), ['long', 'once', 'end'])).toEqual([]);
    const events = await seen;
    expect(numbers(events)).toEqual(events.map((_, i) => i + 1));
  });

  test('a client changes nothing, and another one comes back to the run', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using server = await startPrivateServer({ memory: true });
    await using rig = await startRecoveryRig({ server, usualQueue: true });
    await rig.worker();
    await writeFile(join(rig.workspace, 'tasks.v2.json'), JSON.stringify([{ id: 'A', cmd: step('gate') }, { id: 'B', cmd: step(0), deps: ['A'] }]));
    const env = { TASKS_PLAN_STORE: rig.planStore };
    const execute = startTasks({ args: ['execute', 'tasks.v2.json', '-p', rig.workspace, '-o', 'jsonl', ...addressOf(server)], env, cwd: rig.workspace });
    await rig.journal.until('start', 'A');
    const [only] = await rig.tasks.list();
    const execution = only?.executionId as ExecutionId;
    expect(isExecutionId(execution)).toBe(true);
    await execute.end('SIGKILL');
    await using back = startTasks({ args: ['execute', '--execution', execution, '-o', 'json', ...addressOf(server)], env, cwd: rig.workspace });
    await rig.journal.release('A');
    expect(await back.ended).toEqual({ code: 0, signal: null });
    expect(JSON.parse(back.lines.join('\n'))).toMatchObject({ executionId: execution, outcome: 'succeeded', counts: { SUCCEEDED: 2 } });
    expect(faultsOf(await rig.journal.read(), ['A', 'B'])).toEqual([]);
  });
});
