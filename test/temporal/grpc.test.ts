/** How a call ends whose time is up at the server first. */
import { once } from 'node:events';
import { constants, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { grpcErrorIn } from '../../client/failures.ts';
import { isLate } from '../../temporal/grpc.ts';

test('a server that gives a call up before its client does is late, and not some unknown failure', async () => {
  const server = createServer();
  server.on('stream', (stream) => stream.on('error', () => undefined).close(constants.NGHTTP2_CANCEL));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const connection = Connection.lazy({ address: `127.0.0.1:${(server.address() as AddressInfo).port}`, interceptors: [] });
  const { workflow } = new Client({ connection });
  const error: unknown = await connection.withDeadline(Date.now() + 5_000, () => workflow.getHandle('any').query('any')).catch((cause: unknown) => cause);
  await connection.close();
  await new Promise((resolve) => server.close(resolve));
  expect(grpcErrorIn(error)).toMatchObject({ code: 1, details: 'Call cancelled' });
  expect(isLate(grpcErrorIn(error)?.code)).toBe(true);
  expect(isGrpcServiceError(error)).toBe(false);
});
