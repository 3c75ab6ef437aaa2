import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutionId, TaskId } from '../../../model/ids.ts';
import { alive, createRig, stopAfter, temporaryDirectory, until, type Rig } from '../rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig({
    environment: { ...process.env, DEPLOY_TOKEN: 'worker-deploy-value', HARMLESS: 'seen', npm_config_authToken: 'worker-npm-value' },
  });
});
afterAll(async () => rig[Symbol.asyncDispose]());

let lastTask = 0;
/** Each test has a task, and so a directory, of its own. */
const fresh = (): { task: TaskId } => ({ task: `T${(lastTask += 1)}` as TaskId });
const run: Rig['run'] = async (spec, options = {}) => rig.run(spec, { ...options, input: { ...fresh(), ...options.input } });

describe('how a command ends', () => {
  test('a success has an exit code, a short tail, times, and what it used', async () => {
    const result = await run({ command: 'echo hello; sleep 0.5' });
    expect(result).toMatchObject({ outcome: 'succeeded', exitCode: 0, tail: 'hello\n', worker: 'w1', host: 'h1', attempt: 1 });
    expect(result.finishedAt).toBeGreaterThanOrEqual(result.startedAt + 50);
    expect(result.use?.cpuSeconds).toBeGreaterThanOrEqual(0);
    expect(result.use?.peakMemoryBytes).toBeGreaterThan(0);
    expect(result.failure).toBeUndefined();
  });

  test.each([
    ['exit 3', { exitCode: 3, failure: { reason: 'exit', class: 'transient' } }],
    ['nosuchprogram', { exitCode: 127, failure: { reason: 'exit', class: 'systemic' } }],
    ['exit 126', { exitCode: 126, failure: { reason: 'exit', class: 'systemic' } }],
    ['exit 137', { exitCode: 137, failure: { reason: 'exit', class: 'resource' } }],
    ['kill -KILL $$', { signal: 'SIGKILL', failure: { reason: 'signal', class: 'resource' } }],
    ['kill -SEGV $$', { signal: 'SIGSEGV', failure: { reason: 'signal', class: 'transient' } }],
    ['exec sh -c "kill -TERM \\$\\$"', { signal: 'SIGTERM', failure: { reason: 'signal' } }],
    ['echo "connect ECONNREFUSED 127.0.0.1:1" >&2; exit 1', { failure: { reason: 'exit', class: 'external' } }],
    ["echo \"Error: Cannot find module 'x'\" >&2; exit 1", { failure: { reason: 'exit', class: 'systemic' } }],
    ['if', { exitCode: 2, failure: { reason: 'exit' } }],
  ])('%s', async (command, expected) => {
    expect(await run({ command })).toMatchObject({ outcome: 'failed', ...expected });
  });

  test('stdout and stderr stay in the order in which they were written', async () => {
    const { tail } = await run({ command: 'for i in 1 2 3; do echo out$i; echo err$i >&2; done; exit 1' });
    expect(tail).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\n');
  });

  test('the message names the line of the output that says why', async () => {
    const { failure } = await run({ command: 'echo start; echo "Error: the disk is on fire"; echo bye; exit 1' });
    expect(failure?.message).toBe('The command ended with exit code 1: Error: the disk is on fire');
  });
});

describe('limits', () => {
  test('a time-out ends the whole tree', async () => {
    const result = await run(
      { command: 'sleep 100 & echo $! > kid1; (sleep 100 & echo $! > kid2; wait) & sleep 100' },
      { input: { timeoutMs: 300 } },
    );
    expect(result).toMatchObject({ outcome: 'failed', failure: { reason: 'timeout', class: 'resource' } });
    for (const kid of ['kid1', 'kid2']) expect(alive(Number(rig.read(kid)))).toBe(false);
  });

  test('a command that ignores SIGTERM is killed after the grace', async () => {
    const before = Date.now();
    const result = await run({ command: 'trap "" TERM; echo $$ > deaf; while :; do sleep 1; done' }, { input: { timeoutMs: 200, graceMs: 400 } });
    expect(result.failure?.reason).toBe('timeout');
    expect(Date.now() - before).toBeGreaterThanOrEqual(550);
    expect(alive(Number(rig.read('deaf')))).toBe(false);
  });

  test('a command that cleans up on SIGTERM has the time to', async () => {
    await run({ command: "trap 'echo cleaned > cleaned; exit 0' TERM; while :; do sleep 0.05; done" }, { input: { timeoutMs: 200, graceMs: 5_000 } });
    expect(rig.read('cleaned')).toBe('cleaned\n');
  });

  test('a process left in the background is ended and holds nobody up', async () => {
    const before = Date.now();
    const result = await run({ command: 'sleep 100 & echo $! > left; echo done' });
    expect(result).toMatchObject({ outcome: 'succeeded', tail: 'done\n' });
    expect(Date.now() - before).toBeLessThan(2_000);
    expect(alive(Number(rig.read('left')))).toBe(false);
  });

  test('a process that leaves the group and holds the output open holds nobody up', async () => {
    const before = Date.now();
    const result = await run({ command: "setsid sh -c 'echo $$ > away; exec sleep 100' & sleep 0.2; echo done" });
    expect(result).toMatchObject({ outcome: 'succeeded', tail: 'done\n' });
    expect(Date.now() - before).toBeLessThan(3_000);
    expect(alive(Number(rig.read('away')))).toBe(false);
  });

  test('a process that left the group does not outlive a command that is ended', async () => {
    const result = await run({ command: "setsid sh -c 'echo $$ > fled; exec sleep 100' > /dev/null 2>&1 & sleep 100" }, { input: { timeoutMs: 400 } });
    expect(result.failure?.reason).toBe('timeout');
    expect(alive(Number(rig.read('fled')))).toBe(false);
  });

  test.each([
    ['cancelled', { outcome: 'cancelled' }],
    ['orphaned', { outcome: 'orphaned' }],
    ['shutdown', { outcome: 'failed', failure: { reason: 'lost', class: 'transient' } }],
  ] as const)('%s ends the tree and says so', async (reason, expected) => {
    const file = `pid-${reason}`;
    const started = until(() => existsSync(join(rig.workspace, file)) && rig.read(file) !== '');
    const result = await run({ command: `sleep 100 & echo $! > ${file}; wait` }, { signal: stopAfter(started, reason) });
    expect(result).toMatchObject(expected);
    expect(alive(Number(rig.read(file)))).toBe(false);
  });

  test('an attempt that is cancelled before it starts runs nothing', async () => {
    const result = await run({ command: 'touch ran' }, { signal: AbortSignal.abort('cancelled') });
    expect(result.outcome).toBe('cancelled');
    expect(existsSync(join(rig.workspace, 'ran'))).toBe(false);
  });
});

describe('secrets', () => {
  test('of the worker are kept from commands, unless the task asks for them by name', async () => {
    const plain = await run({ command: 'echo "[$DEPLOY_TOKEN][$npm_config_authToken][$HARMLESS]"' });
    expect(plain.tail).toBe('[][][seen]\n');
    const asked = await run({ command: 'test "$DEPLOY_TOKEN" = worker-deploy-value && echo "got $DEPLOY_TOKEN"', secrets: ['DEPLOY_TOKEN'] });
    expect(asked).toMatchObject({ outcome: 'succeeded', tail: 'got [REDACTED]\n' });
  });

  test('show up in no log, tail, message or result file', async () => {
    const shapes = [`ghp_${'a1'.repeat(18)}`, 'AKIAABCDEFGH12345678', 'xoxb-123456789012-abcdef', `npm_${'b2'.repeat(18)}`];
    const values = ['plain-marked', 'by-its-name-1', ...shapes];
    const result = await run({
      command: `printf 'Error: marked %s\\n' "$MINE"; printf 'named %s' "$DB_PASSWORD"; echo; printf 'spl'; sleep 0.05; printf 'it-%s\\n' "$MINE"; printf 'plain-mar'; sleep 0.05; printf 'ked and more\\n'; echo ${shapes.join(' ')}; exit 1`,
      environment: { MINE: 'plain-marked', DB_PASSWORD: 'by-its-name-1' },
      secrets: ['MINE'],
      smoke: 'true',
    });
    const everything = [JSON.stringify(result), rig.read(`.tasks/e1/${result.task}/1.log`), rig.read(`.tasks/e1/${result.task}/1.result.json`)];
    for (const text of everything) for (const value of values) expect(text).not.toContain(value);
    expect(result.failure?.message).toContain('[REDACTED]');
  });

  test('in the text of a check or of smoke are redacted as well', async () => {
    const token = `ghp_${'c3'.repeat(18)}`;
    const smoke = await run({ command: 'true', smoke: `echo ${token}; false` });
    expect(smoke.failure?.reason).toBe('check');
    expect(JSON.stringify(smoke)).not.toContain(token);
    const check = await run({ command: 'true', checks: [{ type: 'command', cmd: `curl -H "Authorization: Bearer ${token}"; false` }] });
    expect(JSON.stringify(check)).not.toContain(token);
    expect(rig.read(`.tasks/e1/${smoke.task}/1.log`)).not.toContain(token);
  });
});

describe('what a command is given', () => {
  test('ids come by the environment only, and the plan cannot replace them', async () => {
    const result = await run(
      { command: 'echo "$TASKS_EXECUTION_ID $TASKS_TASK_ID $TASKS_ATTEMPT $EXTRA"', environment: { TASKS_TASK_ID: 'other', EXTRA: '$(touch hacked) `touch hacked`; touch hacked' } },
      { input: { execution: 'e-2' as ExecutionId, task: 'A.b-c_d' as TaskId, attempt: 7 } },
    );
    expect(result.tail).toBe('e-2 A.b-c_d 7 $(touch hacked) `touch hacked`; touch hacked\n');
    expect(existsSync(join(rig.workspace, 'hacked'))).toBe(false);
  });

  test.each(['../x', '$(touch hacked)', 'a/b', '', '__proto__', "x'; touch hacked; '"])('the id %j is refused before anything happens', async (id) => {
    expect(await run({ command: 'touch hacked' }, { input: { task: id as TaskId } })).toMatchObject({ outcome: 'failed', failure: { reason: 'internal' } });
    expect(await run({ command: 'touch hacked' }, { input: { execution: id as ExecutionId } })).toMatchObject({ failure: { reason: 'internal' } });
    expect(existsSync(join(rig.workspace, 'hacked'))).toBe(false);
  });

  test('a variable called __proto__ is only a variable', async () => {
    const environment = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
    expect((await run({ command: 'env | grep -c -e ^__proto__=x -e ^constructor=y', environment })).tail).toBe('2\n');
  });

  test('the directory is inside the workspace, also through links', async () => {
    await rig.write('sub/file', 'x');
    expect((await run({ command: 'ls', directory: 'sub' })).tail).toBe('file\n');
    await run({ command: 'ln -s / outside' });
    for (const directory of ['..', '/', 'outside', 'outside/etc', 'sub/../..', 'nowhere']) {
      expect(await run({ command: 'touch hacked', directory })).toMatchObject({ outcome: 'failed', failure: { reason: 'spawn', class: 'logic' } });
    }
  });

  test('a workspace that does not exist is not made', async () => {
    const workspace = join(rig.workspace, 'missing');
    expect(await run({ command: 'true' }, { input: { workspace } })).toMatchObject({ failure: { reason: 'spawn' } });
    expect(existsSync(workspace)).toBe(false);
  });

  test('a variable that cannot be set is a failure, not a crash', async () => {
    expect(await run({ command: 'true', environment: { X: 'a\0b' } })).toMatchObject({ failure: { reason: 'spawn' } });
    expect(await run({ command: 'echo a\0b' })).toMatchObject({ outcome: 'failed', failure: { reason: 'spawn' } });
  });
});

describe('executors', () => {
  test('command needs a command', async () => {
    expect(await run({})).toMatchObject({ outcome: 'failed', failure: { reason: 'internal', class: 'logic', message: expect.stringContaining('has no command') } });
  });
  test('noop succeeds without running anything', async () => {
    expect(await run({ command: 'false', smoke: 'false' }, { input: { executor: 'noop' } })).toMatchObject({ outcome: 'succeeded', tail: '' });
  });
  test('human runs smoke and checks only', async () => {
    expect(await run({ command: 'false' }, { input: { executor: 'human' } })).toMatchObject({ outcome: 'succeeded' });
    expect(await run({ smoke: 'false' }, { input: { executor: 'human' } })).toMatchObject({ failure: { reason: 'check' } });
  });
  test('one that does not exist is named', async () => {
    expect(await run({ command: 'true' }, { input: { executor: 'constructor' } })).toMatchObject({ failure: { reason: 'internal', message: expect.stringContaining('constructor') } });
  });
});

describe('smoke and checks', () => {
  test('run in order after a success, and not after a failure', async () => {
    const spec = { smoke: 'echo smoke >> order', checks: [{ type: 'command', cmd: 'echo check >> order' }] as const };
    await run({ command: 'echo command > order', ...spec });
    expect(rig.read('order')).toBe('command\nsmoke\ncheck\n');
    await run({ command: 'echo command > order; false', ...spec });
    expect(rig.read('order')).toBe('command\n');
  });

  test('a failed check fails the task and says which', async () => {
    const result = await run({ command: 'true', checks: [{ type: 'manual', text: 'looks nice' }, { type: 'artifact', path: 'no/such' }, { type: 'command', cmd: 'touch later' }] });
    expect(result).toMatchObject({ outcome: 'failed', exitCode: 0, failure: { reason: 'check', check: 'artifact: no/such' } });
    expect(existsSync(join(rig.workspace, 'later'))).toBe(false);
  });

  test("the attempt's limit covers them", async () => {
    const result = await run({ command: 'true', smoke: 'sleep 100' }, { input: { timeoutMs: 300 } });
    expect(result).toMatchObject({ failure: { reason: 'timeout' } });
    const check = await run({ command: 'true', checks: [{ type: 'command', cmd: 'sleep 100', timeoutMs: 100 }] });
    expect(check).toMatchObject({ failure: { reason: 'check' } });
  });
});

describe('files that it touches', () => {
  const spec = { command: 'mkdir -p out src && printf x > out/a.txt && printf y > src/b.ts && printf z > elsewhere', artifacts: ['out/**'], fields: { files_scope: { writes: ['src/**'] } } };

  test('are told of what it declares, artifacts and scope, where its execution wants to know', async () => {
    expect((await run(spec, { input: { watchesFiles: true } })).touched).toEqual(['out/a.txt', 'src/b.ts']);
    expect((await run({ ...spec, command: 'true' }, { input: { watchesFiles: true } })).touched).toBeUndefined();
  });

  test('are told after a failure as well, and not at all unless they are asked for', async () => {
    expect((await run({ ...spec, command: 'printf more >> src/b.ts; exit 3' }, { input: { watchesFiles: true } })).touched).toEqual(['src/b.ts']);
    expect((await run(spec)).touched).toBeUndefined();
  });
});

describe('artifacts', () => {
  test('those whose content changed are reported, with their hash', async () => {
    await rig.write('out/same.txt', 'same');
    await rig.write('out/old.txt', 'old');
    await rig.write('out/gone.txt', 'gone');
    const spec = { command: 'printf same > out/same.txt; printf new > out/old.txt; rm out/gone.txt; printf x > out/added.txt', artifacts: ['out/*.txt', 'missing.bin', '../*', '/etc/*'] };
    const result = await run(spec);
    expect(result.artifacts).toEqual([
      { path: 'out/added.txt', hash: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881', bytes: 1 },
      { path: 'out/gone.txt' },
      { path: 'out/old.txt', hash: '11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437', bytes: 3 },
    ]);
    expect((await run(spec)).artifacts).toBeUndefined();
  });

  test('what lies outside is never looked at, also through links', async () => {
    const outside = await temporaryDirectory();
    const result = await run({ command: `ln -s ${outside} linked; ln -s ${outside}/f linked-file; echo x > ${outside}/f`, artifacts: ['linked/*', 'linked', '*inked/f', 'linked-file', 'linked-f*', '**/f'] });
    expect(result).toMatchObject({ outcome: 'succeeded' });
    expect(result.artifacts).toBeUndefined();
    await rm(outside, { recursive: true });
  });
});

describe('files of an attempt', () => {
  test('are hidden from git, and there is no log without output', async () => {
    const result = await run({ command: 'true' });
    expect(result.log).toBeUndefined();
    expect(rig.read('.tasks/.gitignore')).toBe('*\n');
    expect(existsSync(join(rig.workspace, `.tasks/e1/${result.task}/1.log`))).toBe(false);
    expect(existsSync(join(rig.workspace, `.tasks/e1/${result.task}/1.lock.json`))).toBe(false);
  });

  test('an attempt that is asked for again answers what it answered', async () => {
    const input = fresh();
    const first = await rig.run({ command: 'echo run >> runs' }, { input });
    expect(await rig.run({ command: 'echo run >> runs' }, { input })).toEqual(first);
    expect(rig.read('runs')).toBe('run\n');
    await rig.run({ command: 'echo run >> runs' }, { input: { ...input, attempt: 2 } });
    await rig.run({ command: 'echo run >> runs' }, { input: { ...input, firstRunId: 'another execution under this id' } });
    expect(rig.read('runs')).toBe('run\nrun\nrun\n');
  });

  test('an attempt that was cut short is run again', async () => {
    const input = fresh();
    await rig.run({ command: 'echo run >> again' }, { input, signal: AbortSignal.abort('cancelled') });
    await rig.run({ command: 'echo run >> again' }, { input });
    expect(rig.read('again')).toBe('run\n');
  });

  test('the per-task JSON log is written where the plan asks for it', async () => {
    const fields = { execution_guidance: { logging: { on_start: 'x' } } };
    const { task } = await run({ command: 'echo Error: no; exit 2', fields });
    const lines = rig.read(`logs/tasks/${task}.log`).trim().split('\n').map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      { task_id: task, event: 'started', errors: [], metrics: { attempt: 1 } },
      { task_id: task, event: 'failed', errors: ['The command ended with exit code 2: Error: no'], metrics: { exit_code: 2 } },
    ]);
    const { task: silent } = await run({ command: 'true' });
    expect(existsSync(join(rig.workspace, `logs/tasks/${silent}.log`))).toBe(false);
  });
});
