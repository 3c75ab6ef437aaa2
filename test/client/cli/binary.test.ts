/** The command as it is installed: the built file, in processes of its own. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { CYCLE, GOOD, withPlan } from './support/plan-file.ts';

const MAIN = fileURLToPath(new URL('../../../dist/client/cli/main.js', import.meta.url));

const tasks = (argv: readonly string[], options: { input?: string; env?: Record<string, string>; cwd?: string } = {}) =>
  execa(process.execPath, [MAIN, ...argv], { reject: false, ...options });

describe.skipIf(!existsSync(MAIN))('the built command (skipped without a build: npm run build)', () => {
  test('help and version', async () => {
    expect(await tasks(['--help'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Usage: tasks <command>') as string, stderr: '' });
    expect(await tasks(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.1.0' });
  });

  test('an unknown command is 1, with the nearest one', async () => {
    expect(await tasks(['stauts'])).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('did you mean status?') as string });
  });

  test('a dry run is 0 and needs no server', async () => {
    await using plan = await withPlan(GOOD);
    const ran = await tasks(['execute', plan.path, '--dry-run', '-o', 'json'], { env: { TASKS_ADDRESS: '127.0.0.1:1' } });
    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ total: 4 });
  });

  test('a plan from a pipe', async () => {
    expect((await tasks(['execute', '-', '-d'], { input: JSON.stringify(GOOD) })).exitCode).toBe(0);
  });

  test.each([
    ['that is written at once', ''],
    ['that is written later', 'sleep 0.3; '],
  ])('a plan from the pipe of a shell, %s', async (_what, before) => {
    const script = `"$NODE" "$MAIN" execute <(${before}printf %s "$PLAN") -d -o json`;
    const ran = await execa('bash', ['-c', script], { env: { NODE: process.execPath, MAIN, PLAN: JSON.stringify(GOOD) } });
    expect(JSON.parse(ran.stdout)).toMatchObject({ total: 4 });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('a pipe that nobody writes to is said to be waited for, and %s ends that', async (signal) => {
    await using plan = await withPlan(GOOD);
    const path = `${plan.directory}/empty.json`;
    await execa('mkfifo', [path]);
    const waiting = tasks(['execute', path]);
    await once(waiting.stderr, 'data');
    waiting.kill(signal);
    expect(await waiting).toMatchObject({ exitCode: 130, stderr: expect.stringContaining(`into ${path}, which is a pipe`) as string });
  });

  test.each([
    ['a cycle', CYCLE],
    ['no plan at all', 'nonsense: ['],
  ])('%s is 5, and nothing is written to standard output', async (_what, text) => {
    await using plan = await withPlan(text);
    expect(await tasks(['execute', plan.path])).toMatchObject({ exitCode: 5, stdout: '' });
  });

  test('a reader that goes away is no failure', async () => {
    const ran = await execa('sh', ['-c', `"$NODE" "$MAIN" docs-commands | head -c 1 && "$NODE" "$MAIN" docs-commands | true`], {
      env: { NODE: process.execPath, MAIN },
    });
    expect(ran).toMatchObject({ exitCode: 0, stdout: '#', stderr: '' });
  });

  test('without a terminal there is no colour unless it is asked for', async () => {
    await using plan = await withPlan(GOOD);
    expect((await tasks(['execute', plan.path, '-d'])).stdout).not.toContain('\u001B');
    expect((await tasks(['execute', plan.path, '-d', '--color', 'always'])).stdout).toContain('\u001B[1m');
  });

  test('tasks.config.json of the directory gives defaults', async () => {
    await using plan = await withPlan(GOOD);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(`${plan.directory}/tasks.config.json`, JSON.stringify({ execute: { 'dry-run': true, output: 'json' } }));
    const ran = await tasks(['execute', plan.path], { cwd: plan.directory });
    expect(JSON.parse(ran.stdout)).toMatchObject({ dryRun: true });
  });
});
