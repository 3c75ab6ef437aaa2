/** The command line as people use it: the built program, a real server, real commands. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { useProgram } from './program.ts';

const program = useProgram();
const tasks = (...args: readonly string[]) => program.run(args);
const { plan } = program;

test('a plan is executed, with its output, its retry, its artifacts and its ledger', async () => {
  const path = await plan({
    tasks: [
      { id: 'make', cmd: 'echo made > out.txt; echo password=hunter2222', artifacts: ['out.txt'], estimate_minutes: 0.01 },
      { id: 'flaky', deps: ['make'], cmd: 'test "$TASKS_ATTEMPT" -ge 2', estimate_minutes: 0.01 },
      { id: 'check', deps: ['make'], cmd: 'true', acceptance_checks: [{ type: 'artifact', path: 'out.txt', expect: { exists: true } }] },
    ],
  });
  const run = await tasks('execute', path, '--with-worker', '--json', '--dispatch', 'auto');
  expect(run.exitCode, run.stderr).toBe(0);
  const answer = JSON.parse(run.stdout) as { executionId: string; outcome: string; counts: unknown };
  expect(answer).toMatchObject({ outcome: 'succeeded', counts: { SUCCEEDED: 3 } });

  const ledger = await tasks('ledger', answer.executionId, '-o', 'jsonl');
  const lines = ledger.stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map((line) => `${String(line['task_id'])}/${String(line['attempt'])} ${String(line['outcome'])}`).sort()).toEqual([
    'check/1 succeeded',
    'flaky/1 failed',
    'flaky/2 succeeded',
    'make/1 succeeded',
  ]);
  expect(lines.find((line) => line['task_id'] === 'make')).toMatchObject({ exit_code: 0, artifacts_changed: [{ path: 'out.txt', bytes: 5 }] });
  const [written] = await readdir(join(path, 'provenance'));
  expect((await readFile(join(path, 'provenance', written ?? ''), 'utf8')).trim().split('\n')).toHaveLength(4);
  const log = await readFile(join(path, '.tasks', answer.executionId, 'make/1.log'), 'utf8');
  expect(log).toContain('[REDACTED]');
  expect(log).not.toContain('hunter2222');
});

test('what failed can be gone on with, and the exit code says so', async () => {
  const path = await plan({
    tasks: [
      { id: 'first', cmd: 'echo x >> runs.txt' },
      { id: 'second', deps: ['first'], cmd: 'test -e fixed', max_retries: 0 },
      { id: 'third', deps: ['second'], cmd: 'true' },
    ],
  });
  const failed = await tasks('execute', path, '--with-worker', '-o', 'json');
  expect(failed.exitCode, failed.stderr).toBe(7);
  expect(JSON.parse(failed.stdout)).toMatchObject({ outcome: 'failed', counts: { SUCCEEDED: 1, FAILED: 1, UPSTREAM_FAILED: 1 } });
  await writeFile(join(path, 'fixed'), '');
  const resumed = await tasks('execute', path, '--with-worker', '--resume-from-checkpoint', '-o', 'json');
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(await readFile(join(path, 'runs.txt'), 'utf8')).toBe('x\n');
});

test('waves hold their barrier', async () => {
  const path = await plan({
    tasks: [
      { id: 'slow', cmd: 'sleep 0.7; echo slow >> order.txt' },
      { id: 'quick', cmd: 'echo quick >> order.txt' },
      { id: 'after-quick', deps: ['quick'], cmd: 'echo after-quick >> order.txt' },
    ],
  });
  const run = await tasks('execute', path, '--with-worker', '--force-execution-model', 'wave_based', '-o', 'none');
  expect(run.exitCode, run.stderr).toBe(0);
  expect((await readFile(join(path, 'order.txt'), 'utf8')).split('\n')).toEqual(['quick', 'slow', 'after-quick', '']);
});

test('a person completes what has no command, from another terminal', async () => {
  const path = await plan({ tasks: [{ id: 'think' }, { id: 'act', deps: ['think'], cmd: 'true' }] });
  const run = tasks('execute', path, '--with-worker', '--execution-id', 'e1', '-o', 'jsonl');
  let done = await tasks('complete', 'e1', 'think', '--by', 'ann');
  for (const until = Date.now() + 20_000; done.exitCode !== 0 && Date.now() < until; ) done = await tasks('complete', 'e1', 'think', '--by', 'ann');
  expect(done.exitCode, done.stderr).toBe(0);
  const { exitCode, stdout, stderr } = await run;
  expect(exitCode, stderr).toBe(0);
  const events = stdout.trim().split('\n').map((line) => JSON.parse(line) as { seq: number; type: string });
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.map((event) => event.type)).toContain('task_waiting_for_person');
});

test('with --git each task commits what it declares, and each depth is tagged', async () => {
  const path = await plan({
    tasks: [
      { id: 'make', title: 'make it', cmd: 'echo made > out.txt; echo else > stray.txt', artifacts: ['out.txt'], labels: ['feat'] },
      { id: 'scope', deps: ['make'], cmd: 'mkdir src; echo s > src/s.txt', files_scope: { writes: ['src/**'] } },
      { id: 'nothing', deps: ['make'], cmd: 'true' },
      { id: 'more', deps: ['scope', 'nothing'], cmd: 'echo more >> out.txt', artifacts: ['out.txt'] },
    ],
  });
  const refused = await tasks('execute', path, '--with-worker', '--git');
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('TASKS3010') as string });
  expect((await tasks('list', '-o', 'json')).stdout).toBe('[]');

  const git = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await execa('git', args, { cwd: path, env: { HOME: program.directory } });
    return stdout.split('\n');
  };
  await git('init', '--quiet', '--initial-branch=main');
  const run = await tasks('execute', path, '--with-worker', '--git', '--execution-id', 'e1', '-o', 'none');
  expect(run.exitCode, run.stderr).toBe(0);
  expect(await git('log', '--reverse', '--format=%s')).toEqual(['feat(make): make it', 'chore(scope): run', 'chore(more): run']);
  expect(await git('ls-files')).toEqual(['out.txt', 'src/s.txt']);
  expect(await git('show', '--name-only', '--format=', 'main')).toEqual(['out.txt']);
  const tagged = await git('for-each-ref', '--format=%(refname:short)', 'refs/tags');
  expect(tagged).toEqual(['tasks/e1/depth-0', 'tasks/e1/depth-1', 'tasks/e1/depth-2']);
  const at = async (depth: number): Promise<string> => (await git('log', '-1', '--format=%s', `tasks/e1/depth-${depth}`)).join();
  expect([await at(0), await at(1), await at(2)]).toEqual(['feat(make): make it', 'chore(scope): run', 'chore(more): run']);
});
