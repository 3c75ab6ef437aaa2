import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLog } from '../../../../client/cli/attempt-log.ts';
import type { LedgerLine } from '../../../../model/ledger.ts';
import { EXECUTION, fakeClient, id, PLAN, stateOf } from '../support/fake-client.ts';
import { run } from '../support/run.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-logs-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const line = (changes: Partial<LedgerLine> = {}): LedgerLine => ({
  execution_id: EXECUTION,
  plan: PLAN,
  task_id: id('build'),
  attempt: 1,
  outcome: 'failed',
  started: '2026-01-15T09:00:00.000Z',
  finished: '2026-01-15T09:00:01.000Z',
  exit_code: 1,
  artifacts_changed: [],
  cpu_seconds: null,
  peak_memory_bytes: null,
  worker: 'w',
  host: hostname(),
  ...changes,
});

const view = (attempt: number, state: 'RUNNING' | 'FAILED' = 'FAILED') => ({ task: id('build'), state, attempt, estimateMs: 0 });

test('the output of the latest attempt, as it is', async () => {
  const log = join(directory, '2.log');
  await writeFile(log, 'one\n\u001B[31mtwo\u001B[0m\n');
  const client = fakeClient({ tasks: [view(2)], ledger: [line(), line({ attempt: 2, log })] });
  expect(await run(['logs', 'x', 'build'], { client })).toMatchObject({ exit: 0, stdout: 'one\n\u001B[31mtwo\u001B[0m\n' });
});

test('on a terminal it cannot control anything', async () => {
  const log = join(directory, 'hostile.log');
  await writeFile(log, '\u001B[2Jtwo\n');
  const client = fakeClient({ tasks: [view(1)], ledger: [line({ log })] });
  expect((await run(['logs', 'x', 'build'], { client, terminal: { width: 80 } })).stdout).toBe('two\n');
});

test('of a running attempt it lies in the workspace', async () => {
  await mkdir(join(directory, '.tasks', EXECUTION, 'build'), { recursive: true });
  await writeFile(join(directory, '.tasks', EXECUTION, 'build', '1.log'), 'so far\n');
  const client = fakeClient({ tasks: [view(1, 'RUNNING')], overrides: { state: async () => stateOf({ RUNNING: 1 }, { workspace: directory }) } });
  expect((await run(['logs', 'x', 'build'], { client })).stdout).toBe('so far\n');
});

test('following goes on until the attempt ends, and misses nothing', async () => {
  const path = join(directory, '.tasks', EXECUTION, 'build', '3.log');
  await mkdir(join(directory, '.tasks', EXECUTION, 'build'), { recursive: true });
  await writeFile(path, 'one\n');
  let looks = 0;
  const client = fakeClient({
    overrides: {
      state: async () => stateOf({ RUNNING: 1 }, { workspace: directory }),
      task: async () => {
        looks += 1;
        if (looks > 1) await writeFile(path, 'two\n', { flag: 'a' });
        return view(3, looks > 2 ? 'FAILED' : 'RUNNING');
      },
    },
  });
  expect((await run(['logs', 'x', 'build', '-f'], { client })).stdout).toBe('one\ntwo\ntwo\n');
});

test('a log on another host is said to be there', async () => {
  const client = fakeClient({ tasks: [view(1)], ledger: [line({ host: 'far-away', log: '/nowhere/1.log' })] });
  const { exit, stderr } = await run(['logs', 'x', 'build'], { client });
  expect(exit).toBe(1);
  expect(stderr).toContain('[TASKS4005]');
  expect(stderr).toContain('on far-away: /nowhere/1.log');
});

test('of a lost attempt, whose host nobody knows, it is not said to be on a host without a name', async () => {
  const { stderr } = await run(['logs', 'x', 'build'], { client: fakeClient({ tasks: [view(1)], ledger: [line({ outcome: 'lost', host: '', worker: '' })] }) });
  expect(stderr).toContain('[TASKS4005]');
  expect(stderr).toContain('was lost before it said where it ran');
});

test.each([
  [['logs', 'x', '../../etc/passwd'], 'TASKS3004'],
  [['logs', 'x', 'build', '--attempt', '9'], 'TASKS3005'],
] as const)('%j is refused', async (argv, code) => {
  const { exit, stderr } = await run(argv, { client: fakeClient({ tasks: [view(1)], ledger: [line()] }) });
  expect(exit).toBe(1);
  expect(stderr).toContain(code);
});

test('a log that was rotated is read from its beginning again', async () => {
  const log = join(directory, 'rotated.log');
  const parts: string[] = [];
  await writeFile(log, 'a long first part\n');
  const at = await readLog(log, 0, (text) => parts.push(text));
  await writeFile(log, 'new\n');
  expect(await readLog(log, at, (text) => parts.push(text))).toBe(4);
  expect(parts.join('')).toBe('a long first part\nnew\n');
});

test('the ledger is lines of JSON, or a file', async () => {
  const client = fakeClient({ ledger: [line()] });
  expect(JSON.parse((await run(['ledger', 'x'], { client })).stdout)).toEqual(line());
  const { stdout } = await run(['ledger', 'x', '--write', '.'], { client, cwd: directory });
  const [name = ''] = await readdir(join(directory, 'provenance'));
  expect(stdout.trim()).toBe(join(directory, 'provenance', name));
  expect(JSON.parse(await readFile(stdout.trim(), 'utf8'))).toEqual(line());
});
