/** Commands that are suspended: real processes, seen in `/proc`. Whoever dies meanwhile, no stopped process is left. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, expect, test } from 'vitest';
import { countdown } from '../../../activities/command/countdown.ts';
import { createLauncher } from '../../../activities/command/launcher/launcher.ts';
import { listPids, readStat } from '../../../activities/command/launcher/proc.ts';
import { createRelief } from '../../../activities/command/relief.ts';
import type { Relief } from '../../../activities/command/relief.ts';
import { runCommand } from '../../../activities/command/run-command.ts';
import { createSuspension } from '../../../activities/command/suspension.ts';
import { createRunAttempt } from '../../../activities/run-attempt.ts';
import type { AttemptInput, AttemptResult } from '../../../model/attempt.ts';
import { DEFAULT_POLICIES, PRIORITY } from '../../../model/graph.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../../model/ids.ts';
import { createRig, requestOf, storeOf, temporaryDirectory, until } from '../rig.ts';

const WORKER = fileURLToPath(new URL('../../fixtures/commands/worker.mjs', import.meta.url));
const LIMIT_MS = 30_000;
const WHY = 'memory 97 %, limit 95 %';

const rig = await createRig();
const { workspace, launcher } = rig;
afterAll(() => rig[Symbol.asyncDispose]());

const groupOf = async (place: string, name: string): Promise<number> => {
  const path = join(place, name);
  await until(() => existsSync(path) && readFileSync(path, 'utf8').endsWith('\n'));
  return Number(readFileSync(path, 'utf8'));
};

/**
 * States of all processes of a group. Those that have ended are left out. `T` is stopped. So is, in effect, a shell in state `D`:
 * its child was stopped between vfork and exec, for which the kernel lets the shell wait, as dash does for every command.
 */
const statesOf = (group: number): readonly string[] =>
  listPids().flatMap((pid) => {
    const stat = readStat(pid);
    return stat?.group === group && stat.state !== 'Z' ? [stat.state] : [];
  });
const isStopped = (group: number) => (): boolean => {
  const states = statesOf(group);
  return states.includes('T') && states.every((state) => state === 'T' || state === 'D');
};
const isGone = (group: number) => (): boolean => statesOf(group).length === 0;

/** A command of several processes, which runs until the file `go` is there. */
const waiting = (name: string, trap = ''): string => `${trap} echo $$ > ${name}; sleep 300 & until test -e ${name}.go; do sleep 0.05; done; kill $!; echo done`;

const begin = async (name: string, { trap = '', timeoutMs = LIMIT_MS, graceMs = 5_000 } = {}) => {
  const controller = new AbortController();
  const suspension = createSuspension();
  const request = requestOf(waiting(name, trap), { directory: workspace, graceMs, log: { path: join(workspace, `${name}.log`), limit: 10_000 } });
  const ended = runCommand({ launcher, request, timeoutMs, signal: controller.signal, suspension, stopNote: (reason) => `ended: ${String(reason)}` });
  return { controller, suspension, ended, group: await groupOf(workspace, name) };
};

test('the whole group is stopped where it is, goes on where it was, and the log says both', async () => {
  const { suspension, ended, group } = await begin('whole');
  expect(statesOf(group).length).toBeGreaterThanOrEqual(2);
  suspension.suspend(WHY);
  suspension.suspend('again');
  await until(isStopped(group));
  await rig.write('whole.go', '');
  suspension.resume();
  expect(await ended).toMatchObject({ kind: 'ended', report: { exitCode: 0, tail: 'done\n' } });
  expect(rig.read('whole.log')).toBe(`--- suspended: ${WHY}\n--- resumed\ndone\n`);
  expect(isGone(group)()).toBe(true);
});

test('its time limit does not run meanwhile, and does afterwards', async () => {
  const timeoutMs = 1_500;
  const { suspension, ended, group } = await begin('limit', { timeoutMs });
  suspension.suspend(WHY);
  await until(isStopped(group));
  await new Promise((resolve) => setTimeout(resolve, 2 * timeoutMs));
  expect(isStopped(group)()).toBe(true);
  expect(suspension.totalMs).toBeGreaterThan(timeoutMs);
  suspension.resume();
  expect(await ended).toMatchObject({ kind: 'timeout' });
  expect(isGone(group)()).toBe(true);
});

test('one that is ended while it is stopped hears of it, and what comes after that stops nothing', async () => {
  const { controller, suspension, ended, group } = await begin('heard', { trap: "trap 'echo > heard.told; exit 3' TERM;" });
  suspension.suspend(WHY);
  await until(isStopped(group));
  controller.abort('enough');
  suspension.resume();
  suspension.suspend('too late');
  expect(await ended).toMatchObject({ kind: 'stopped', report: { exitCode: 3 } });
  expect(existsSync(join(workspace, 'heard.told'))).toBe(true);
  expect(rig.read('heard.log').startsWith(`--- suspended: ${WHY}\n--- ended: enough\n`)).toBe(true);
  expect(rig.read('heard.log').match(/^---/gmu)).toHaveLength(2);
  expect(isGone(group)()).toBe(true);
});

test('one that does not listen is killed after its grace, stopped or not', async () => {
  const { controller, suspension, ended, group } = await begin('deaf', { trap: "trap '' TERM;", graceMs: 300 });
  suspension.suspend(WHY);
  await until(isStopped(group));
  controller.abort('enough');
  expect(await ended).toMatchObject({ kind: 'stopped', report: { signal: 'SIGKILL' } });
  expect(isGone(group)()).toBe(true);
});

test('when its leader is killed by somebody else, what is stopped beside it ends too', async () => {
  const { suspension, ended, group } = await begin('leader');
  suspension.suspend(WHY);
  await until(isStopped(group));
  process.kill(group, 'SIGKILL');
  expect(await ended).toMatchObject({ kind: 'ended', report: { signal: 'SIGKILL' } });
  suspension.resume();
  expect(isGone(group)()).toBe(true);
});

test('nothing begins while its attempt is suspended', async () => {
  const suspension = createSuspension();
  const controller = new AbortController();
  suspension.suspend(WHY);
  const request = requestOf('touch begun', { directory: workspace });
  const stopped = runCommand({ launcher, request, timeoutMs: LIMIT_MS, signal: controller.signal, suspension });
  controller.abort('enough');
  expect(await stopped).toEqual({ kind: 'stopped', report: undefined });
  const ended = runCommand({ launcher, request, timeoutMs: LIMIT_MS, signal: new AbortController().signal, suspension });
  expect((await launcher.run(requestOf('test -e begun', { directory: workspace })).ended)).toMatchObject({ report: { exitCode: 1 } });
  suspension.resume();
  expect(await ended).toMatchObject({ kind: 'ended', report: { exitCode: 0 } });
});

test('a launcher that is killed leaves nothing that is stopped', async () => {
  await using own = createLauncher();
  const lock = { path: join(workspace, 'killed.lock.json'), content: { host: 'h', token: 'token-of-suspended-test', execution: 'e', task: 't', attempt: 1 } };
  const running = own.run(requestOf(waiting('killed'), { directory: workspace, lock, environment: { PATH: process.env['PATH'] ?? '', TASKS_ATTEMPT_RUN: lock.content.token } }));
  const group = await groupOf(workspace, 'killed');
  running.suspend(WHY);
  await until(isStopped(group));
  process.kill(own.pid ?? -1, 'SIGKILL');
  expect(await running.ended).toMatchObject({ lost: true });
  expect(isGone(group)()).toBe(true);
});

test.each(['SIGKILL', 'SIGTERM'] as const)('a worker that is ended by %s leaves nothing that is stopped', async (signal) => {
  const place = await temporaryDirectory();
  const worker = spawn(process.execPath, [WORKER, waiting('group'), place, '500'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(worker, 'exit');
  try {
    const group = await groupOf(place, 'group');
    worker.kill('SIGUSR2');
    await until(isStopped(group));
    worker.kill(signal);
    await exited;
    await until(isGone(group));
  } finally {
    worker.kill('SIGKILL');
    await rm(place, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});

test('a limit that is stopped has as much left as it had', async () => {
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const limit = countdown(300, resolve);
    limit.stop();
    limit.stop();
    setTimeout(() => {
      limit.goOn();
      limit.goOn();
    }, 200);
  });
  expect(performance.now() - began).toBeGreaterThan(490);
});

/** Attempts as the activity runs them. */
const startAttempt = (relief: Relief, name: string, input: Partial<AttemptInput> = {}) => {
  const environment = new MockActivityEnvironment();
  const beats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => beats.push((details as { phase: string }).phase));
  const store = storeOf(async () => ({
    schema: 1,
    format: 'flowops',
    graph: { schema: 1, name: 'n', tasks: [], sources: [], policies: DEFAULT_POLICIES },
    tasks: [{ id: name as TaskId, command: waiting(name), smoke: 'echo smoke', fields: {} }],
    fields: {},
  }));
  const run = createRunAttempt({ launcher, relief, store, worker: 'w1', host: 'h1' });
  const whole: AttemptInput = {
    execution: 'e1' as ExecutionId,
    task: name as TaskId,
    attempt: 1,
    source: 'a'.repeat(64) as ContentHash,
    executor: 'command',
    workspace,
    timeoutMs: LIMIT_MS,
    graceMs: 500,
    firstRunId: 'run-1',
    ...input,
  };
  return { beats, ended: environment.run<[AttemptInput], AttemptResult, typeof run>(run, whole) };
};
const logOf = (task: string): string => rig.read(`.tasks/e1/${task}/1.log`);

test('an attempt that may be suspended is, heartbeats as such, and succeeds in the time that it has', { timeout: LIMIT_MS }, async () => {
  const relief = createRelief();
  const { beats, ended } = startAttempt(relief, 'pausable', { pausable: true, timeoutMs: 4_000 });
  const group = await groupOf(workspace, 'pausable');
  relief.look({ pressure: 'hard', isOver: true, why: WHY });
  await until(isStopped(group));
  await until(() => beats.filter((phase) => phase === 'suspended').length >= 4, 10_000);
  await rig.write('pausable.go', '');
  relief.look({ pressure: 'soft', isOver: false, why: '' });
  expect(await ended).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
  expect(logOf('pausable')).toBe(`--- suspended: ${WHY}\n--- resumed\ndone\n--- smoke: echo smoke\nsmoke\n`);
});

test('a background attempt that may be pre-empted is ended, says so, and is taken out', async () => {
  const relief = createRelief();
  const least = startAttempt(relief, 'least', { preemptible: true, priority: PRIORITY.background });
  const other = startAttempt(relief, 'other');
  const groups = [await groupOf(workspace, 'least'), await groupOf(workspace, 'other')] as const;
  relief.look({ pressure: 'hard', isOver: true, why: WHY });
  expect(await least.ended).toMatchObject({
    outcome: 'failed',
    failure: { reason: 'preempted', class: 'resource', message: `Its machine was over its limit (${WHY}), and it was ended to make room.` },
  });
  expect(isGone(groups[0])()).toBe(true);
  expect(logOf('least')).toBe(`--- ended to make room: ${WHY}\n`);
  relief.look({ pressure: 'hard', isOver: true, why: WHY });
  expect(statesOf(groups[1]).length).toBeGreaterThanOrEqual(2);
  await rig.write('other.go', '');
  expect(await other.ended).toMatchObject({ outcome: 'succeeded' });
});
