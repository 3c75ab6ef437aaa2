/** Alerts on a real server: told, acted upon, and written to the file that the plan names. */
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlan } from '../../planner/read/read-plan.ts';
import type { StoredPlan } from '../../model/graph.ts';
import { startRig } from '../support/rig.ts';
import type { FakeCommand, Rig } from '../support/rig.ts';
import { modes } from '../support/modes.ts';

const written = async (alerts: readonly object[], tasks: number): Promise<StoredPlan> => {
  const plan = {
    tasks: Array.from({ length: tasks }, (_, at) => ({ id: `t${at}`, cmd: 'true', retries: 0 })),
    policies: { concurrency_max: 4, monitoring: { metrics_collection_interval: 1, metrics: ['running'], alerts } },
  };
  const read = await readPlan({ source: { stdin: JSON.stringify(plan) } });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.plan;
};
const broken: FakeCommand = () => ({ outcome: 'failed', exitCode: 1, failure: { reason: 'exit', class: 'logic', message: 'no' } });

describe.each(modes)('an alert, $name', ({ server, cachedWorkflows }) => {
  let rig: Rig;
  let workspace: string;
  beforeAll(async () => {
    rig = await startRig({ server: await server(), cachedWorkflows });
    workspace = await mkdtemp(join(tmpdir(), 'tasks-alerts-'));
  });
  afterAll(async () => {
    await rig[Symbol.asyncDispose]();
    await rm(workspace, { recursive: true });
  });

  test('of spec/001 is told, reduces concurrency, and is written to its file, each line once', async () => {
    const turns: (() => void)[] = [];
    let begun = 0;
    for (let at = 0; at < 30; at += 1) {
      rig.commands.set(`t${at}`, async (input, signal) => {
        begun += 1;
        if (begun <= 12) return broken(input, signal);
        await new Promise<void>((resolve) => void turns.push(resolve));
        return undefined;
      });
    }
    const execution = await rig.start(await written([{ condition: 'failure_rate > 0.1', action: 'reduce_concurrency', notify: 'logs/alerts.log' }], 30), { workspace });
    await rig.until(execution, ({ type }) => type === 'alert');
    for (let ended = 12; ended < 30; ended += 1) {
      await expect.poll(() => turns.length, { timeout: 20_000 }).toBeGreaterThan(0);
      turns.shift()?.();
    }
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'failed' });
    const alerts = (await rig.events(execution)).filter((event) => event.type === 'alert');
    expect(alerts[0]).toMatchObject({ alert: 'alert-1', state: 'firing', action: 'reduce_concurrency', notify: 'logs/alerts.log' });
    const lines = (await readFile(join(workspace, 'logs/alerts.log'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ id }) => id)).toEqual(alerts.map(({ seq }) => `${execution}/${seq}`));
    expect(lines[0]).toMatchObject({ execution, alert: 'alert-1', state: 'firing', condition: 'failure_rate > 0.1', metrics: { failure_rate: expect.any(Number) as number, running: expect.any(Number) as number } });
  }, 60_000);

  test('writes nothing outside of the workspace, and says so', async () => {
    await symlink(tmpdir(), join(workspace, 'out'));
    rig.commands.set('*', () => undefined);
    for (let at = 0; at < 30; at += 1) rig.commands.delete(`t${at}`);
    const execution = await rig.start(await written([{ name: 'away', condition: 'ready >= 0', notify: 'out/alerts.log' }], 12), { workspace });
    expect(await rig.until(execution, ({ type }) => type === 'alert_not_written' || type === 'execution_completed')).toMatchObject({ type: 'alert_not_written', alert: 'away', reason: 'The path "out/alerts.log" leads out of the workspace' });
    expect(await rig.tasks.result(execution)).toMatchObject({ outcome: 'succeeded' });
  });
});
