import { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import proto from '@temporalio/proto';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { SEARCH_ATTRIBUTE } from '../../model/message.ts';
import { TasksError } from '../../model/problem.ts';
import { connect } from '../../temporal/connect.ts';
import { connectConfig } from '../../temporal/connect-config.ts';
import type { ConnectSettings } from '../../temporal/connect-config.ts';
import { connectWorker } from '../../temporal/connect-worker.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-connect-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Nothing of the machine's own settings. */
const clean = (env: Record<string, string> = {}) => ({ TEMPORAL_CONFIG_FILE: join(directory, 'temporal.toml'), ...env });
const profiles = (text: string) => writeFile(join(directory, 'temporal.toml'), text);
const fallback = { address: '127.0.0.1:9', namespace: 'dev', origin: 'the server that `tasks dev` started' };

describe('where the server is', () => {
  test('an option, then TEMPORAL_ADDRESS, then the profile, then the running development server, then the default', async () => {
    await profiles('[profile.default]\naddress = "profile:1"\nnamespace = "p"\n[profile.other]\nnamespace = "o"\n');
    const at = (settings: ConnectSettings) => {
      const { address, namespace, origin } = connectConfig(settings);
      return [address, namespace, origin.split(' ').slice(0, 2).join(' ')];
    };
    const env = clean({ TEMPORAL_ADDRESS: 'variable:1' });
    expect(at({ env, address: 'option:1', fallback })).toEqual(['option:1', 'p', '--address']);
    expect(at({ env, fallback })).toEqual(['variable:1', 'p', 'TEMPORAL_ADDRESS']);
    expect(at({ env: clean(), fallback })).toEqual(['profile:1', 'p', 'profile "default"']);
    expect(at({ env: clean(), profile: 'other', fallback })).toEqual(['127.0.0.1:9', 'o', 'the server']);
    expect(at({ env: clean({ TEMPORAL_PROFILE: 'other' }) })).toEqual(['localhost:7233', 'o', 'the default']);
    await rm(join(directory, 'temporal.toml'));
    expect(at({ env: clean(), fallback })).toEqual(['127.0.0.1:9', 'dev', 'the server']);
    expect(at({ env: clean({ TEMPORAL_NAMESPACE: 'v' }), fallback })).toEqual(['127.0.0.1:9', 'v', 'the server']);
    expect(at({ env: clean({ TEMPORAL_NAMESPACE: 'v' }), namespace: 'n', fallback })[1]).toBe('n');
  });

  test('an empty variable is as good as none', () => {
    expect(connectConfig({ env: clean({ TEMPORAL_ADDRESS: '', TEMPORAL_API_KEY: '' }), fallback })).toMatchObject({ address: '127.0.0.1:9', security: {} });
  });

  test('key, TLS and headers go along, and never to a server they were not meant for', () => {
    const env = clean({ TEMPORAL_API_KEY: 'secret', TEMPORAL_GRPC_META_X_TEAM: 'a', TEMPORAL_ADDRESS: 'cloud:7233' });
    expect(connectConfig({ env }).security).toEqual({ apiKey: 'secret', tls: true, metadata: { 'x-team': 'a' } });
    expect(connectConfig({ env: clean({ TEMPORAL_API_KEY: 'secret' }), fallback }).address).toBe('localhost:7233');
  });

  test('a profile that is not there, a file that is no TOML, a certificate that is not there: one clear error, no secret', async () => {
    await profiles('[profile.default]\naddress = "x:1"\napi_key = "TOPSECRET" oops\n');
    const problem = (settings: ConnectSettings) => {
      try {
        return connectConfig(settings);
      } catch (error) {
        return error instanceof TasksError ? error.problems[0] : error;
      }
    };
    const damaged = problem({ env: clean() });
    expect(damaged).toMatchObject({ code: 'TASKS2008', message: expect.stringContaining('TOML') as unknown });
    expect(JSON.stringify(damaged)).not.toContain('TOPSECRET');
    await profiles('');
    expect(problem({ env: clean(), profile: 'nobody' })).toMatchObject({ code: 'TASKS2008', message: expect.stringContaining("'nobody'") as unknown });
    const tls = clean({ TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere.pem', TEMPORAL_TLS_CLIENT_KEY_PATH: '/nowhere.key' });
    expect(problem({ env: tls })).toMatchObject({ code: 'TASKS2008', message: expect.stringContaining('/nowhere.pem') as unknown });
  });
});

describe('a connection', () => {
  test('to a server that runs, by its variables alone', async () => {
    const { address, namespace } = inject('temporal');
    await using connected = await connect({ env: clean({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }) });
    expect(connected).toMatchObject({ address, namespace });
    expect(await connected.client.workflow.count()).toMatchObject({ count: expect.any(Number) as unknown });
    const native = await connectWorker(connected.config);
    await native.close();
  });

  test('to nobody ends in time, says where it looked, where that came from, and what to do', async () => {
    const started = Date.now();
    const refused = connect({ env: clean({ TEMPORAL_ADDRESS: '127.0.0.1:9' }), timeoutMs: 500 });
    await expect(refused).rejects.toMatchObject({
      exit: 6,
      problems: [
        {
          code: 'TASKS2001',
          message: 'No Temporal server answers at 127.0.0.1:9 (from TEMPORAL_ADDRESS) within 0.5 s.',
          hint: expect.stringContaining('tasks dev') as unknown,
        },
      ],
    });
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  test('to something that accepts and never answers ends in time too, for clients and workers', async () => {
    const silent = createServer(() => undefined).listen({ host: '127.0.0.1', port: 0 });
    await once(silent, 'listening');
    const settings = { address: `127.0.0.1:${(silent.address() as AddressInfo).port}`, env: clean() };
    try {
      await expect(connect({ ...settings, timeoutMs: 500 })).rejects.toThrow(/TASKS2001.*--address/);
      await expect(connectWorker(connectConfig(settings), { timeoutMs: 500 })).rejects.toThrow(/TASKS2001/);
    } finally {
      silent.close();
    }
  });

  test('to what is no address, and to a namespace that is not there', async () => {
    await expect(connect({ address: 'http://a b', env: clean(), timeoutMs: 500 })).rejects.toThrow(/TASKS2008.*not an address/);
    const { address } = inject('temporal');
    await expect(connect({ address, namespace: 'nowhere', env: clean() })).rejects.toThrow(/TASKS2008.*no namespace "nowhere"/);
  });
});

describe('search attributes', () => {
  test('are registered where they are missing, and can be used by the next start', async () => {
    const { address } = inject('temporal');
    await using connected = await connect({ address, env: clean() });
    expect(await ensureSearchAttributes(connected.connection, connected.namespace)).toBe(true);

    const namespace = `bare-${randomUUID()}`;
    await connected.connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: proto.google.protobuf.Duration.fromObject({ seconds: 86_400 }),
    });
    const bare = new Client({ connection: connected.connection, namespace });
    const start = (workflowId: string) =>
      bare.workflow.start('any', {
        workflowId,
        taskQueue: 'nobody',
        typedSearchAttributes: Object.values(SEARCH_ATTRIBUTE).map((name) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value: 'v' })),
      });
    await expect(start('before')).rejects.toThrow();
    expect(await ensureSearchAttributes(connected.connection, namespace)).toBe(true);
    expect((await start('after')).workflowId).toBe('after');
  });

  test('without permission, or without a server, the answer is no, and never an error', async () => {
    const { address } = inject('temporal');
    const connected = await connect({ address, env: clean() });
    expect(await ensureSearchAttributes(connected.connection, 'no-such-namespace')).toBe(false);
    await connected.close();
    expect(await ensureSearchAttributes(connected.connection, 'default')).toBe(false);
  });
});
