import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Interrupt } from '../../../../client/cli/interrupt.ts';
import type { Services } from '../../../../client/cli/services.ts';
import type { StartDevOptions } from '../../../../client/dev/server.ts';
import type { DevServerInfo } from '../../../../client/dev/state.ts';
import { TasksError } from '../../../../model/problem.ts';
import type { PlanStore, StoredPlanInfo } from '../../../../store/plan-store.ts';
import { eventsOf, EXECUTION, fakeClient, PLAN, stateOf } from '../support/fake-client.ts';
import { GOOD } from '../support/plan-file.ts';
import { run } from '../support/run.ts';

const info: DevServerInfo = {
  pid: 1,
  started: 's',
  startedAt: '2026-01-15T09:00:00Z',
  address: '127.0.0.1:7000',
  namespace: 'default',
  webUrl: 'http://127.0.0.1:8000',
  log: '/l',
  binary: '/b',
  version: '1.29.1',
  config: '/c',
};

interface Log {
  readonly starts: StartDevOptions[];
  stops: number;
}

const devServices = (log: Log, changes: { alreadyRunning?: boolean } = {}): Partial<Services> => ({
  startDev: async (options) => {
    log.starts.push(options);
    const stop = async (): Promise<void> => void (log.stops += 1);
    return { info, alreadyRunning: changes.alreadyRunning ?? false, exited: undefined, stop, [Symbol.asyncDispose]: stop };
  },
});

test('`dev --detach` starts the server and leaves it', async () => {
  const log: Log = { starts: [], stops: 0 };
  const { exit, stdout, stderr } = await run(['dev', '--detach'], { services: devServices(log) });
  expect(exit).toBe(0);
  expect(stdout).toContain('address    127.0.0.1:7000, namespace default');
  expect(stderr).toContain('tasks dev --stop');
  expect(log.stops).toBe(0);
});

test('`dev` stays until Ctrl-C and stops the server then', async () => {
  const log: Log = { starts: [], stops: 0 };
  const interrupt = new Interrupt(() => {});
  const { exit } = await run(['dev'], { services: devServices(log), interrupt, onStdout: () => interrupt.fire() });
  expect(exit).toBe(0);
  expect(log.stops).toBe(1);
});

test('`dev` never stops a server that was running before', async () => {
  const log: Log = { starts: [], stops: 0 };
  expect((await run(['dev'], { services: devServices(log, { alreadyRunning: true }) })).stdout).toContain('runs already');
  expect(log.stops).toBe(0);
});

test('`dev --status` is 0 while the server answers and 6 otherwise', async () => {
  const status = (answer: Awaited<ReturnType<Services['devStatus']>>) => run(['dev', '--status', '--json'], { services: { devStatus: async () => answer } });
  expect(await status({ running: true, answers: true, info })).toMatchObject({ exit: 0 });
  expect(JSON.parse((await status({ running: true, answers: true, info })).stdout)).toMatchObject({ running: true, info: { address: info.address } });
  expect(await status({ running: true, answers: false, info })).toMatchObject({ exit: 6 });
  expect(await status({ running: false })).toMatchObject({ exit: 6 });
});

test('`dev --status --stop` contradicts itself', async () => {
  expect((await run(['dev', '--status', '--stop'])).exit).toBe(1);
});

test.each(['TASKS2002', 'TASKS2003', 'TASKS2005', 'TASKS2006'] as const)('what keeps the server from starting ends it with 6: %s', async (code) => {
  const startDev = async (): Promise<never> => {
    throw new TasksError({ code, message: 'no' });
  };
  expect((await run(['dev', '--detach'], { services: { startDev } })).exit).toBe(6);
});

const example = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-example-'));
  await mkdir(join(directory, 'quickstart'));
  await writeFile(join(directory, 'quickstart', 'tasks.v2.json'), JSON.stringify(GOOD));
  return { path: join(directory, 'quickstart'), [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
};

const demoClient = () =>
  fakeClient({
    events: eventsOf([
      { type: 'execution_started', plan: PLAN, tasks: 1 },
      { type: 'execution_completed', outcome: 'succeeded', counts: { SUCCEEDED: 1 } },
    ]),
    result: { outcome: 'succeeded', state: stateOf({ SUCCEEDED: 1 }) },
  });

test('`demo` runs a copy of the example on a server of its own and leaves nothing', async () => {
  await using quickstart = await example();
  const log: Log = { starts: [], stops: 0 };
  const client = demoClient();
  const order: string[] = [];
  const { exit, stdout, stderr } = await run(['demo'], {
    client,
    services: {
      ...devServices(log),
      exampleDirectory: () => quickstart.path,
      startWorker: async ({ address }) => ({ identity: 'w', stop: async () => void order.push(`worker of ${address} stopped`) }),
    },
  });
  expect(exit).toBe(0);
  expect(log.starts).toMatchObject([{ lifetime: 'parent', config: { ports: { grpc: 'auto', ui: 'auto' }, database: 'memory' } }]);
  const started = client.calls.find(({ method }) => method === 'start')?.args[1] as { workspace: string };
  expect(started.workspace).not.toBe(quickstart.path);
  expect(existsSync(started.workspace)).toBe(false);
  expect(order).toEqual(['worker of 127.0.0.1:7000 stopped']);
  expect(log.stops).toBe(1);
  expect(stdout).toContain(`${EXECUTION} succeeded`);
  expect(stdout).not.toContain('tasks ledger');
  expect(stderr).toContain('npx tasks demo --keep');
});

test('`demo --keep` leaves the server and the copy, and says where they are and how to stop', async () => {
  await using quickstart = await example();
  const log: Log = { starts: [], stops: 0 };
  const client = demoClient();
  const { stderr } = await run(['demo', '--keep'], {
    client,
    services: { ...devServices(log), exampleDirectory: () => quickstart.path, startWorker: async () => ({ identity: 'w', stop: async () => {} }) },
  });
  const started = client.calls.find(({ method }) => method === 'start')?.args[1] as { workspace: string };
  expect(log).toMatchObject({ starts: [{ lifetime: 'detached' }], stops: 0 });
  expect(existsSync(started.workspace)).toBe(true);
  expect(stderr).toContain(info.webUrl);
  expect(stderr).toContain('npx tasks dev --stop');
  await rm(join(started.workspace, '..'), { recursive: true });
});

test('a demo that cannot have its server leaves nothing and is 6', async () => {
  await using quickstart = await example();
  const startDev = async (): Promise<never> => {
    throw new TasksError({ code: 'TASKS2002', message: 'no binary' });
  };
  expect((await run(['demo'], { services: { startDev, exampleDirectory: () => quickstart.path } })).exit).toBe(6);
});

const stored = (hash: string, storedAt: string, format: StoredPlanInfo['format'] = 'flowops'): StoredPlanInfo => ({ hash: hash as StoredPlanInfo['hash'], name: hash, format, tasks: 1, bytes: 1, storedAt });

const storeOf = (infos: readonly StoredPlanInfo[]) => {
  const deleted: string[] = [];
  const store: PlanStore & AsyncDisposable = {
    location: 'file:/plans',
    put: () => Promise.reject(new Error('nothing is stored here')),
    get: () => Promise.reject(new Error('nothing is read here')),
    list: async () => infos,
    delete: async (hash) => void deleted.push(hash),
    [Symbol.asyncDispose]: async () => {},
  };
  return { deleted, services: { openPlanStore: async () => store } };
};

const NOW = Date.UTC(2026, 0, 15, 12);
const OLD = '2026-01-15T09:00:00Z';
const used = (status: 'running' | 'succeeded') => ({ executionId: EXECUTION, status, startedAt: OLD, plan: 'used' as StoredPlanInfo['hash'] });

test('`plans gc` spares what is used, young, or may belong to a patch', async () => {
  const plans = storeOf([stored('used', OLD), stored('young', '2026-01-15T11:30:00Z'), stored('patch', OLD, 'patch'), stored('unused', OLD)]);
  const { exit } = await run(['plans', 'gc', '--yes'], { client: fakeClient({ list: [used('running')] }), services: plans.services, now: () => NOW });
  expect(exit).toBe(0);
  expect(plans.deleted).toEqual(['unused']);
});

test('`plans list` tells patches from plans', async () => {
  const plans = storeOf([stored('a-plan', OLD), stored('a-patch', OLD, 'patch')]);
  const text = await run(['plans', 'list'], { services: plans.services, now: () => NOW });
  expect(text.stdout).toMatch(/^a-plan .* flowops, 1 tasks.*\na-patch .* patch, 1 tasks/u);
  const json = await run(['plans', 'list', '-o', 'json'], { services: plans.services, now: () => NOW });
  expect(JSON.parse(json.stdout)).toMatchObject([{ format: 'flowops' }, { format: 'patch' }]);
});

test.each([['--dry-run'], ['--no-input']])('`plans gc %s` deletes nothing', async (option) => {
  const plans = storeOf([stored('unused', OLD)]);
  await run(['plans', 'gc', option], { client: fakeClient({ list: [used('succeeded')] }), services: plans.services, now: () => NOW });
  expect(plans.deleted).toEqual([]);
});

test('`plans gc` refuses when an execution does not say which plan it uses', async () => {
  const plans = storeOf([stored('unused', OLD)]);
  const list = [{ executionId: EXECUTION, status: 'running' as const, startedAt: OLD }];
  const { exit, stderr } = await run(['plans', 'gc', '--yes'], { client: fakeClient({ list }), services: plans.services, now: () => NOW });
  expect(exit).toBe(1);
  expect(stderr).toContain('does not say which plan it uses');
  expect(plans.deleted).toEqual([]);
});

test('`worker` drains at the first interrupt', async () => {
  const interrupt = new Interrupt(() => {});
  let stopped = 0;
  const { exit, stdout } = await run(['worker', '--slots', '3', '--queue', 'q'], {
    interrupt,
    services: {
      startWorker: async ({ slots, queue }) => ({ identity: `w-${slots}-${queue}`, stop: async () => void (stopped += 1), done: new Promise(() => {}) }),
    },
    onStdout: () => interrupt.fire(),
  });
  expect({ exit, stopped }).toEqual({ exit: 0, stopped: 1 });
  expect(stdout).toContain('Worker w-3-q runs up to 3 commands at once');
});

test('`worker --capability` says what it takes, the primary one first', async () => {
  const interrupt = new Interrupt(() => {});
  const asked: unknown[] = [];
  const { exit, stdout } = await run(['worker', '--capability', 'backend', '--capability', 'db,backend'], {
    interrupt,
    services: {
      startWorker: async ({ capabilities }) => {
        asked.push(capabilities);
        return { identity: 'w', stop: async () => {}, done: new Promise(() => {}) };
      },
    },
    onStdout: () => interrupt.fire(),
  });
  expect({ exit, asked }).toEqual({ exit: 0, asked: [['backend', 'db']] });
  expect(stdout).toContain('takes only tasks that are placed on it: backend, db;');
});

test.each([
  ['no plain name', ['--capability', 'a\u0007b']],
  ['too long a name', ['--capability', 'x'.repeat(129)]],
  ['too many', ['--capability', Array.from({ length: 33 }, (_, i) => `c${i}`).join(',')]],
])('`worker` refuses a capability that is %s, and starts nothing', async (_, argv) => {
  let started = 0;
  const startWorker = async () => ({ identity: 'w', stop: async () => void (started += 1) });
  const { exit, stderr } = await run(['worker', ...argv], { services: { startWorker } });
  expect({ exit, started }).toEqual({ exit: 1, started: 0 });
  expect(stderr).toContain('TASKS3010');
  expect(stderr).toContain('--capability');
});
