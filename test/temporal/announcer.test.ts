/** Announcements while the server comes and goes. */
import { expect, test } from 'vitest';
import { poolWorkflowId } from '../../model/ids.ts';
import { connect } from '../../temporal/connect.ts';
import { startAnnouncer } from '../../temporal/announcer.ts';
import { startPrivateServer } from '../support/server.ts';

const LIMIT_MS = 60_000;
const profile = { worker: 'a', host: 'host', capabilities: [], slots: 1, cpus: 1, memoryMb: 1, version: '1', pressure: 'none' } as const;

test('are made again until the server is back, and keep nobody from stopping while it is away', { timeout: LIMIT_MS }, async () => {
  const server = await startPrivateServer();
  try {
    await using connected = await connect({ address: server.address, namespace: server.namespace });
    const { client } = connected;
    await server.kill();
    const failures: unknown[] = [];
    const announcer = startAnnouncer({ client, taskQueue: 'q', profile, onFailure: (error) => failures.push(error) });
    await expect.poll(() => failures.length, { timeout: 20_000 }).toBe(1);
    await server.restart();
    const pool = client.workflow.getHandle(poolWorkflowId('q'));
    // No worker is there to run it: that it was started is all that can be seen.
    await expect.poll(async () => (await pool.describe().catch(() => undefined))?.status.name, { timeout: 30_000 }).toBe('RUNNING');
    await server.kill();
    announcer.update({ pressure: 'hard' });
    const began = Date.now();
    await announcer.stop();
    expect(Date.now() - began).toBeLessThan(4_000);
    expect(failures.length).toBeLessThanOrEqual(2);
  } finally {
    await server.stop();
  }
});
