/** What the examples promise: each plan is read without a problem, and the script runs as it stands. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { trigger } from '../../examples/trigger.ts';
import { readPlan } from '../../planner/read/read-plan.ts';
import { connectConfig } from '../../temporal/connect-config.ts';
import { startWorker } from '../../worker.ts';
import { sharedServer } from '../support/server.ts';

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

const PLANS = [
  { name: 'quickstart', format: 'flowops', tasks: 15 },
  { name: 'phases', format: 'phase', tasks: 7 },
  { name: 'tasks-v3', format: 'tasks.v3', tasks: 4 },
  { name: 'resources', format: 'flowops', tasks: 6 },
  { name: 'checkpoints', format: 'flowops', tasks: 2 },
  { name: 'late-edges', format: 'flowops', tasks: 2 },
  { name: 'coordinator.json', format: 'coordinator', tasks: 4 },
] as const;

test.each(PLANS)('$name is read, without a warning', async ({ name, format, tasks }) => {
  const read = await readPlan({ source: { path: example(name) } });
  if (!read.ok) throw new Error(read.error.map(({ message }) => message).join('\n'));
  expect(read.value.warnings).toEqual([]);
  expect(read.value.plan.format).toBe(format);
  expect(read.value.plan.tasks).toHaveLength(tasks);
});

test('the quickstart plan shows what its README says: retries, soft dependencies, artifacts, checks', async () => {
  const read = await readPlan({ source: { path: example('quickstart') } });
  if (!read.ok) throw new Error('it cannot be read');
  const { graph, tasks } = read.value.plan;
  expect(graph.tasks.some(({ soft }) => soft)).toBe(true);
  expect(graph.tasks.find(({ id }) => id === 'golden')?.retry?.maxAttempts).toBe(2);
  for (const part of ['artifacts', 'smoke', 'checks', 'compensation'] as const) expect(tasks.some((task) => task[part])).toBe(true);
  expect(tasks.every(({ command }) => command && !/^echo\b/.test(command))).toBe(true);
});

test('the quickstart workspace installs what its lockfile says, from any registry', async () => {
  const lock = JSON.parse(await readFile(join(example('quickstart'), 'package-lock.json'), 'utf8')) as { packages: Record<string, { resolved?: string; link?: boolean; integrity?: string }> };
  const packages = Object.entries(lock.packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);
  expect(packages.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('the script starts a plan, follows it to its end, and says how it ended', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'tasks-example-'));
  const plan = join(scratch, 'coordinator.json');
  await cp(example('coordinator.json'), plan);
  const server = sharedServer();
  const taskQueue = `examples-${randomUUID()}`;
  const planStore = `file:${join(scratch, 'plans')}`;
  const worker = await startWorker({ connect: connectConfig({ ...server, env: {} }), taskQueue, planStore, slots: 4, graceSeconds: 0, logLevel: 'ERROR' });
  const lines: string[] = [];
  try {
    expect(await trigger({ plan, connect: { ...server, env: {}, planStore, taskQueue }, print: (line) => lines.push(line) })).toBe('succeeded');
  } finally {
    await worker.stop();
    await rm(scratch, { recursive: true, force: true });
  }
  expect(lines[0]).toMatch(/^started host-report-/);
  expect(lines).toContain('1 execution_started');
  expect(lines.filter((line) => / task_succeeded /.test(line))).toHaveLength(4);
  expect(lines.at(-1)).toBe('succeeded: 4 attempts at 4 tasks');
});
