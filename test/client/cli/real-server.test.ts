/** The built command against a real server, as people use it. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../dist/client/cli/main.js', import.meta.url));

let directory: string;
let env: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-cli-'));
  const { address, namespace } = inject('temporal');
  // A queue of our own: the workers of other tests take nothing of it.
  env = {
    TASKS_ADDRESS: address,
    TASKS_NAMESPACE: namespace,
    TASKS_QUEUE: `cli-${process.pid}`,
    TASKS_PLAN_STORE: `file:${join(directory, 'plans')}`,
    TASKS_DEV_DIR: join(directory, 'dev'),
    TASKS_GRACE: '1',
  };
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const tasks = (...argv: readonly string[]) => execa(process.execPath, [MAIN, ...argv], { reject: false, env, cwd: directory });

const planFile = async (name: string, plan: unknown): Promise<string> => {
  await writeFile(join(directory, name), JSON.stringify(plan));
  return name;
};

describe.skipIf(!existsSync(MAIN))('against a real server (skipped without a build: npm run build)', () => {
  test('a plan runs to its end, and everything about it can be asked afterwards, without a worker', async () => {
    const plan = await planFile('good.json', { tasks: [{ id: 'a', cmd: 'echo one > out.txt' }, { id: 'b', deps: ['a'], cmd: 'cat out.txt', artifacts: ['out.txt'] }] });
    const ran = await tasks('execute', plan, '--with-worker', '-o', 'json');
    expect(ran.exitCode, ran.stderr).toBe(0);
    const { executionId, outcome, counts } = JSON.parse(ran.stdout) as Record<string, string>;
    expect({ outcome, counts }).toEqual({ outcome: 'succeeded', counts: { SUCCEEDED: 2 } });
    expect(await readFile(join(directory, 'out.txt'), 'utf8')).toBe('one\n');
    const id = String(executionId);
    expect((await tasks('logs', id, 'b')).stdout).toBe('one');
    expect((await tasks('status', id)).stdout).toContain('succeeded');
    expect((await tasks('ledger', id)).stdout.split('\n').map((line) => (JSON.parse(line) as { task_id: string }).task_id)).toEqual(['a', 'b']);
  });

  test('a failure is 7, and resuming takes over what succeeded', async () => {
    const plan = await planFile('fails.json', { tasks: [{ id: 'first', cmd: 'echo x >> first.txt' }, { id: 'second', deps: ['first'], cmd: 'test -f marker', retries: 0 }] });
    expect((await tasks('execute', plan, '--with-worker')).exitCode).toBe(7);
    await writeFile(join(directory, 'marker'), '');
    const resumed = await tasks('execute', plan, '--with-worker', '--resume-from-checkpoint', '-o', 'json');
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(await readFile(join(directory, 'first.txt'), 'utf8')).toBe('x\n');
  });

  test('a person completes a task, Ctrl-C leaves the run, abort ends it', async () => {
    const plan = await planFile('people.json', { tasks: [{ id: 'review', executor: 'human' }, { id: 'long', deps: ['review'], cmd: 'sleep 60' }] });
    const worker = tasks('worker', '--slots', '2');
    try {
      const id = (await tasks('execute', plan, '--detach')).stdout.trim();
      const watching = tasks('execute', '--execution', id);
      const says = (text: string): Promise<void> =>
        new Promise((resolve, reject) => {
          watching.stderr?.on('data', (data: Buffer) => data.toString().includes(text) && resolve());
          void watching.then((ended) => reject(new Error(`ended before it said ${text}: ${ended.stderr}`)));
        });
      await says(`tasks complete ${id} review`);
      expect((await tasks('complete', id, 'reviw')).stderr).toContain('did you mean review?');
      const started = says('→ long');
      expect(await tasks('complete', id.slice(0, -3), 'review')).toMatchObject({ exitCode: 0 });
      await started;
      watching.kill('SIGINT');
      expect(await watching).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`Left ${id}. It goes on.`) as string });
      expect(await tasks('abort', id, '--reason', 'enough')).toMatchObject({ exitCode: 0 });
      const watched = await tasks('watch', id, '-o', 'jsonl');
      expect(watched.exitCode).toBe(9);
      const events = watched.stdout.split('\n').map((line) => JSON.parse(line) as { seq: number; type: string });
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.at(-1)?.type).toBe('execution_completed');
      expect(await tasks('pause', id)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('TASKS3002') as string });
    } finally {
      worker.kill('SIGTERM');
    }
    expect((await worker).exitCode).toBe(0);
  });

  test('an execution that Temporal was told to terminate is terminated wherever it is shown, and 8', async () => {
    const plan = await planFile('long.json', { tasks: [{ id: 'long', cmd: 'sleep 60' }] });
    const worker = tasks('worker', '--slots', '2');
    const connection = await Connection.connect({ address: inject('temporal').address });
    try {
      const id = (await tasks('execute', plan, '--detach')).stdout.trim();
      await expect.poll(async () => (await tasks('status', id)).stdout, { timeout: 20_000 }).toContain('1 running');
      const watching = tasks('execute', '--execution', id, '-o', 'json');
      await new Client({ connection, namespace: inject('temporal').namespace }).workflow.getHandle(`tasks/${id}`).terminate('a test');
      const left = await watching;
      expect(left.exitCode, left.stderr).toBe(8);
      expect(JSON.parse(left.stdout)).toMatchObject({ outcome: 'terminated', status: 'terminated' });
      expect(await tasks('watch', id)).toMatchObject({ exitCode: 8, stdout: expect.stringContaining(`${id} terminated`) as string });
      const { stdout } = await tasks('status', id, '--tasks');
      expect(stdout).toContain(`${id}  terminated`);
      expect(stdout).toContain('1 tasks when it was terminated: 1 running');
      expect(stdout).not.toContain('Running:');
      await expect.poll(async () => (await tasks('list', '-n', '100')).stdout).toMatch(new RegExp(`${id} +terminated`, 'u'));
    } finally {
      await connection.close();
      worker.kill('SIGTERM');
    }
    expect((await worker).exitCode).toBe(0);
  });

  test('an unknown execution is refused', async () => {
    expect(await tasks('status', 'nothing-like-it')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('TASKS3001') as string });
  });
});
