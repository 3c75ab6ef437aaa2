/** Preflight, sentinels and canaries as people use them: the built program, a real server, real commands. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useProgram } from './program.ts';

const program = useProgram();
const tasks = (...args: readonly string[]) => program.run(args, 'work');
const { plan } = program;
const log = (name: string): string => `echo ${name} >> "$TASKS_WORKSPACE/order.txt"`;
const order = async (): Promise<readonly string[]> => (await readFile(join(program.directory, 'work/order.txt'), 'utf8')).trim().split('\n');

test('a plan that would fail is mended before it starts, and the failure is none', async () => {
  await plan({
    tasks: [
      { id: 'pages', directory: 'site', cmd: log('pages'), retries: 0 },
      { id: 'site', cmd: `sleep 0.5; mkdir site; ${log('site')}`, artifacts: ['site/**'] },
    ],
  });
  const looked = await tasks('preflight', '.', '-o', 'json');
  expect(looked.exitCode, looked.stderr).toBe(5);
  const run = await tasks('execute', '.', '--preflight', '--with-worker', '-o', 'json');
  expect(run.exitCode, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'succeeded', counts: { SUCCEEDED: 2 } });
  expect(run.stderr).toContain('site → pages (hard): writes site');
  expect(await order()).toEqual(['site', 'pages']);
});

test('the patch of a preflight mends an execution that runs already, once', async () => {
  await plan({
    tasks: [
      { id: 'review', executor: 'human' },
      { id: 'pages', deps: ['review'], directory: 'site', cmd: log('pages'), retries: 0 },
      { id: 'site', deps: ['review'], cmd: `sleep 0.5; mkdir site; ${log('site')}`, artifacts: ['site/**'] },
    ],
  });
  expect((await tasks('execute', '.', '--detach', '--execution-id', 'e1')).exitCode).toBe(0);
  expect((await tasks('preflight', '.', '--patch', 'fix.json')).exitCode).toBe(5);
  const run = tasks('execute', '--execution', 'e1', '--with-worker', '-o', 'json');
  const patch = async () => (await tasks('patch', 'e1', 'fix.json')).stdout;
  await expect.poll(patch).toContain('1 dependency');
  expect(await patch()).toContain('was applied before');
  await expect.poll(async () => (await tasks('complete', 'e1', 'review')).exitCode).toBe(0);
  const { exitCode, stderr } = await run;
  expect(exitCode, stderr).toBe(0);
  expect(await order()).toEqual(['site', 'pages']);
});

test('sentinels and canaries run where they stand, hold what lies behind, and are shown as what they are', async () => {
  const first = ['a', 'b', 'c'].map((id) => ({ id, cmd: log(id) }));
  const second = ['d', 'e', 'f'].map((id) => ({ id, deps: ['a', 'b', 'c'], cmd: log(id) }));
  await plan({
    tasks: [...first, ...second],
    sentinels: { checks: { lint: { cmd: `${log('lint')}; test -e fixed`, retries: 0 } }, at: [0] },
    canaries: { smoke: log('smoke') },
  });
  const failed = await tasks('execute', '.', '--with-worker', '-o', 'json');
  expect(failed.exitCode, failed.stderr).toBe(7);
  expect(JSON.parse(failed.stdout)).toMatchObject({ counts: { SUCCEEDED: 4, FAILED: 1, UPSTREAM_FAILED: 3 } });
  const status = await tasks('status', '@latest', '--tasks');
  expect(status.stdout).toMatch(/SENTINEL\.D0\.lint +failed +sentinel/u);
  expect(status.stdout).toMatch(/CANARY\.1 +succeeded +canary/u);

  await writeFile(join(program.directory, 'work/fixed'), '');
  await rm(join(program.directory, 'work/order.txt'));
  const resumed = await tasks('execute', '.', '--with-worker', '--resume-from-checkpoint', '-o', 'json');
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect((await order())[0]).toBe('lint');
  expect((await order()).slice(1).toSorted()).toEqual(['d', 'e', 'f']);
});
