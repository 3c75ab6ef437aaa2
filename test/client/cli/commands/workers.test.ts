import { expect, test } from 'vitest';
import { Interrupt } from '../../../../client/cli/interrupt.ts';
import { workersText } from '../../../../client/cli/view/workers-text.ts';
import { widthOf } from '../../../../client/cli/markup.ts';
import type { PoolView, WorkerView } from '../../../../model/pool.ts';
import { fakeClient } from '../support/fake-client.ts';
import { run } from '../support/run.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const view = (own: Partial<WorkerView> = {}): WorkerView => ({
  worker: '17@build-a1b2',
  host: 'build',
  capabilities: [],
  slots: 4,
  cpus: 8,
  memoryMb: 16_000,
  version: '1.0.0',
  pressure: 'none',
  since: NOW - 3_600_000,
  heardAt: NOW - 20_000,
  ...own,
});
const poolOf = (...workers: readonly WorkerView[]): PoolView => ({ name: 'tasks', workers, executions: 1 });

test('who lives is said in a table: what they take, how many at once, since when', async () => {
  const pool = poolOf(view(), view({ worker: '18@gpu-c3d4', host: 'gpu', capabilities: ['db', 'backend'], slots: 2, pressure: 'soft' }));
  const { exit, stdout } = await run(['workers'], { client: fakeClient({ pool }), now: () => NOW });
  expect(exit).toBe(0);
  expect(stdout.trimEnd().split('\n').map((line) => line.split(/ {2,}/u))).toEqual([
    ['worker', 'host', 'takes', 'slots', 'pressure', 'since', 'heard of'],
    ['17@build-a1b2', 'build', 'anything', '4', 'none', '1h', '20s ago'],
    ['18@gpu-c3d4', 'gpu', 'db, backend', '2', 'soft', '1h', '20s ago'],
  ]);
});

test('machines get the view as it is', async () => {
  const pool = poolOf(view());
  const { stdout } = await run(['workers', '--json'], { client: fakeClient({ pool }) });
  expect(JSON.parse(stdout)).toEqual(pool);
});

test('nobody is a sentence, and what to do about it', async () => {
  expect(await run(['workers'], { client: fakeClient() })).toMatchObject({
    exit: 0,
    stdout: 'No worker of the queue tasks lives.\n',
    stderr: expect.stringContaining('`tasks worker`') as string,
  });
});

test('--watch shows them again when something has changed, until the interrupt', async () => {
  const interrupt = new Interrupt(() => {});
  const found = [poolOf(view()), poolOf(view()), poolOf(view({ pressure: 'hard' }))];
  let asked = 0;
  const client = fakeClient({ overrides: { workers: { list: async () => found[Math.min(asked++, 2)] as PoolView } } });
  let shown = '';
  const { exit, stdout } = await run(['workers', '--watch'], {
    client,
    interrupt,
    onStdout: (text) => {
      shown += text;
      if (shown.includes('hard')) interrupt.fire();
    },
  });
  expect(exit).toBe(0);
  expect(stdout.match(/17@build/gu)).toHaveLength(2);
  expect(asked).toBe(3);
});

test('names are cut so that what follows them is seen, and lines to the width of the terminal', () => {
  const pool = poolOf(view({ worker: `9@${'h'.repeat(200)}`, host: 'h'.repeat(200), capabilities: Array.from({ length: 32 }, (_, i) => `capability-${i}`) }));
  const text = workersText(pool, { now: NOW, width: 0 });
  for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThan(160);
  expect(text).toContain('20s ago');
  for (const width of [20, 80]) for (const line of workersText(pool, { now: NOW, width }).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
});
