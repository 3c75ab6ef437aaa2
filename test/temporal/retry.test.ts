/** Requests that wait to be tried again when their connection is closed. */
import { connect as connectTcp } from 'node:net';
import { describe, expect, test } from 'vitest';
import { connect } from '../../temporal/connect.ts';
import { startPrivateServer } from '../support/server.ts';

describe('a connection whose server went away', () => {
  test('is closed in bounded time while requests wait to be tried again, and none of them outlives it', async () => {
    await using server = await startPrivateServer({ memory: true });
    const connected = await connect(server);
    await server.kill();
    await new Promise<void>((gone) => connectTcp({ host: '127.0.0.1', port: Number(server.address.split(':')[1]) }).on('error', () => gone()));
    const failed = expect(connected.client.workflow.getHandle('anything').describe()).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const began = performance.now();
    await connected.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    await failed;
    // A retry that came now would end this process with an error that nobody can catch.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
  });
});
