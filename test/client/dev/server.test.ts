import { Connection } from '@temporalio/client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { loadDevConfig } from '../../../client/dev/config.ts';
import type { DevConfig } from '../../../client/dev/config.ts';
import { versionFile } from '../../../client/dev/database.ts';
import { shippedConfig } from '../../../client/dev/paths.ts';
import { isAlive } from '../../../client/dev/process-identity.ts';
import { devAddress, devStatus, startDev, stopDev } from '../../../client/dev/server.ts';
import { stateFile } from '../../../client/dev/state.ts';
import { SEARCH_ATTRIBUTE } from '../../../model/message.ts';
import { sharedServer, shortHistoryServer, startPrivateServer } from '../../support/server.ts';
import { embedServer, isBuilt } from './embed.ts';

let directory: string;
let config: DevConfig;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-dev-test-'));
  config = { ...(await loadDevConfig({ file: shippedConfig() })), ports: { grpc: 'auto', ui: 'auto' } };
});
afterEach(async () => {
  await stopDev({ directory });
  await rm(directory, { recursive: true, force: true });
});

const memory = (): DevConfig => ({ ...config, database: 'memory' });

const namespaceOf = async (address: string, namespace = 'default') => {
  const connection = await Connection.connect({ address });
  try {
    const found = await connection.workflowService.describeNamespace({ namespace });
    const attributes = await connection.operatorService.listSearchAttributes({ namespace });
    return {
      days: Number(found.config?.workflowExecutionRetentionTtl?.seconds) / 86_400,
      attributes: Object.keys(attributes.customAttributes ?? {}),
    };
  } finally {
    await connection.close();
  }
};

describe('a detached server', () => {
  test('starts, is found by its state file, answers, and stops', async () => {
    expect(await devStatus({ directory })).toEqual({ running: false });
    expect(await devAddress({ directory })).toBeUndefined();

    const { info, alreadyRunning } = await startDev({ config, directory });
    expect(alreadyRunning).toBe(false);
    expect(await devStatus({ directory })).toEqual({ running: true, answers: true, info });
    expect(await devAddress({ directory })).toMatchObject({ address: info.address, namespace: 'default' });
    const found = await namespaceOf(info.address);
    expect(found.days).toBe(30);
    expect(found.attributes).toEqual(expect.arrayContaining(Object.values(SEARCH_ATTRIBUTE)));
    expect((await fetch(info.webUrl)).ok).toBe(true);
    expect(JSON.parse(await readFile(versionFile(info.database ?? ''), 'utf8'))).toMatchObject({ server: info.version });

    const again = await startDev({ config, directory });
    expect(again).toMatchObject({ alreadyRunning: true, info: { pid: info.pid } });

    expect((await stopDev({ directory }))?.pid).toBe(info.pid);
    expect(await isAlive(info)).toBe(false);
    expect(await devStatus({ directory })).toEqual({ running: false });
    expect(existsSync(stateFile(directory))).toBe(false);
    expect(await stopDev({ directory })).toBeUndefined();
  });

  test('two starts at once make one server', async () => {
    const [first, second] = await Promise.all([startDev({ config: memory(), directory }), startDev({ config: memory(), directory })]);
    expect(first.info).toEqual(second.info);
    expect([first, second].filter(({ alreadyRunning }) => alreadyRunning)).toHaveLength(1);
  });

  test('is not taken for a later process with the same id, nor for a damaged state file', async () => {
    const { info } = await startDev({ config: memory(), directory });
    await writeFile(stateFile(directory), JSON.stringify({ ...info, started: '1' }));
    expect(await devStatus({ directory })).toEqual({ running: false });
    expect(await stopDev({ directory })).toBeUndefined();
    expect(await isAlive(info)).toBe(true);
    await writeFile(stateFile(directory), '{');
    expect(await devStatus({ directory })).toEqual({ running: false });
    await writeFile(stateFile(directory), JSON.stringify(info));
  });

  test('keeps its retention and attributes over a restart, and takes changed ones', async () => {
    await startDev({ config, directory });
    await stopDev({ directory });
    const { info } = await startDev({ config: { ...config, retentionDays: 7 }, directory });
    const found = await namespaceOf(info.address);
    expect(found.days).toBe(7);
    expect(found.attributes).toEqual(expect.arrayContaining(Object.values(SEARCH_ATTRIBUTE)));
  });

  test('makes the namespace that the settings name', async () => {
    const { info } = await startDev({ config: { ...config, database: 'memory', namespace: 'mine' }, directory });
    expect(await namespaceOf(info.address, 'mine')).toMatchObject({ days: 30, attributes: expect.arrayContaining(['TasksPlan']) as unknown });
  });
});

describe('what is refused, each with the way out', () => {
  test('a port in use, by its number', async () => {
    const taken = createServer();
    taken.listen({ host: '127.0.0.1', port: 0 });
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    try {
      for (const ports of [{ grpc: port, ui: 'auto' }, { grpc: 'auto', ui: port }] as const) {
        const refused = startDev({ config: { ...config, ports }, directory });
        await expect(refused).rejects.toMatchObject({
          exit: 6,
          problems: [{ code: 'TASKS2003', message: expect.stringContaining(`Port ${port} `) as unknown, hint: expect.stringMatching(/ports\.(grpc|ui)/) as unknown }],
        });
      }
    } finally {
      taken.close();
    }
    expect(await devStatus({ directory })).toEqual({ running: false });
  });

  test('a database of another version, until somebody says to go on', async () => {
    const { info } = await startDev({ config, directory });
    await stopDev({ directory });
    await writeFile(versionFile(info.database ?? ''), '{"server":"1.2.3"}');
    await expect(startDev({ config, directory })).rejects.toMatchObject({
      exit: 6,
      problems: [{ code: 'TASKS2005', message: expect.stringContaining('1.2.3') as unknown, hint: expect.stringContaining('--accept-database') as unknown }],
    });
    await startDev({ config, directory, acceptDatabase: true });
    expect(JSON.parse(await readFile(versionFile(info.database ?? ''), 'utf8'))).toMatchObject({ server: info.version });
  });

  test('a database whose version file is damaged', async () => {
    await writeFile(join(directory, 'temporal.db'), '');
    await writeFile(versionFile(join(directory, 'temporal.db')), 'null');
    await expect(startDev({ config, directory })).rejects.toThrow(/TASKS2005.*damaged/);
  });

  test('a database that another server has open', async () => {
    const { info } = await startDev({ config, directory });
    const other = startDev({ config: { ...config, database: info.database ?? '' }, lifetime: 'parent' });
    await expect(other).rejects.toThrow(new RegExp(`TASKS2006.*in use.*${info.pid}`));
  });

  test('settings that the server does not take, with its own words', async () => {
    await writeFile(join(directory, 'broken.db'), 'this is no database, and long enough to be looked at as one');
    const refused = startDev({ config: { ...config, database: join(directory, 'broken.db') }, lifetime: 'parent', directory });
    await expect(refused).rejects.toMatchObject({ problems: [{ code: 'TASKS2006', message: expect.stringMatching(/not a database/) as unknown }] });
  });

  test('a server that starts and never answers', async () => {
    const path = join(directory, 'temporal');
    await writeFile(path, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const refused = startDev({ config, directory, binary: { path, source: 'TEMPORAL_CLI', version: '1.29.1' }, timeoutMs: 300 });
    await expect(refused).rejects.toMatchObject({ problems: [{ code: 'TASKS2006', message: expect.stringContaining('no answer within 0.3 s') as unknown }] });
    expect(await devStatus({ directory })).toEqual({ running: false });
  });
});

describe('a server bound to its parent', () => {
  test('ends with `await using` and leaves nothing', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('tasks-dev-'));
    let info;
    {
      await using server = await startDev({ config, lifetime: 'parent' });
      info = server.info;
      expect(info.database).toBeUndefined();
      expect((await namespaceOf(info.address)).days).toBe(30);
    }
    expect(await isAlive(info)).toBe(false);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('tasks-dev-') && !before.includes(name))).toEqual([]);
  });

  test.skipIf(!isBuilt).each(['is killed', 'just ends'])('ends when its parent %s (needs `npm run build`)', async (how) => {
    await using server = await embedServer();
    expect(await isAlive(server.info)).toBe(true);
    const ended = once(server.parent, 'exit');
    if (how === 'is killed') server.parent.kill('SIGKILL');
    else server.parent.stdin?.end();
    await ended;
    await expect.poll(() => isAlive(server.info), { interval: 20 }).toBe(false);
    await expect.poll(() => existsSync(dirname(server.info.log)), { interval: 20 }).toBe(false);
  });

  test('leaves nothing in the home of its user', async () => {
    vi.stubEnv('HOME', directory);
    try {
      await using server = await startDev({ config: memory(), lifetime: 'parent' });
      expect(await isAlive(server.info)).toBe(true);
      expect(await readdir(directory)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
    expect(await readdir(directory)).toEqual([]);
  });

  test('outlives Ctrl-C, which is for its parent to act on', async () => {
    await using server = await startDev({ config, lifetime: 'parent' });
    const group = spawn('ps', ['-o', 'pgid=', '-p', String(server.info.pid)]);
    const [text] = (await once(group.stdout, 'data')) as [Buffer];
    expect(Number(text.toString())).toBe(server.info.pid);
  });
});

describe('the servers of a test run', () => {
  test('the shared one has the settings under test; the second suggests to continue as new early', async () => {
    expect(sharedServer().address).toBe(inject('temporal').address);
    expect((await namespaceOf(sharedServer().address)).attributes).toEqual(expect.arrayContaining(['TasksState']));
    const [second, same] = await Promise.all([shortHistoryServer(), shortHistoryServer()]);
    expect(second).toEqual(same);
    expect(second.address).not.toBe(sharedServer().address);
  });

  test('a private one is killed and started again on the same database and address', async () => {
    await using server = await startPrivateServer();
    const connection = await Connection.connect({ address: server.address });
    const start = { namespace: server.namespace, workflowId: 'w', workflowType: { name: 'any' }, taskQueue: { name: 'nobody' }, requestId: '1' };
    const { runId } = await connection.workflowService.startWorkflowExecution(start);
    const pid = server.pid();
    await server.kill();
    await server.restart();
    expect(server.pid()).not.toBe(pid);
    const found = await connection.workflowService.describeWorkflowExecution({ namespace: server.namespace, execution: { workflowId: 'w' } });
    expect(found.workflowExecutionInfo?.execution?.runId).toBe(runId);
    await connection.close();
  });
});
