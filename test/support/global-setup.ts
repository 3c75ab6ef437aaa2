/**
 * One development server for the whole test run, and a second one, which suggests to continue as new after 100
 * events, for the first test that asks (`shortHistoryServer()` in `server.ts`). Both end with the run.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { findTemporalBinary } from '../../client/dev/binary.ts';
import { loadDevConfig } from '../../client/dev/config.ts';
import { shippedConfig } from '../../client/dev/paths.ts';
import { startDev } from '../../client/dev/server.ts';
import type { DevServer } from '../../client/dev/server.ts';

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const binary = await findTemporalBinary({ onProgress: (line) => console.log(line) });
  // Servers of the tests' own find the same binary at once.
  process.env['TEMPORAL_CLI'] = binary.path;
  const shipped = await loadDevConfig({ file: shippedConfig() });
  const config = { ...shipped, ports: { grpc: 'auto', ui: 'auto' }, database: 'memory' } as const;
  const shared = await startDev({ config, binary, lifetime: 'parent' });

  const dynamicConfig = new Map([...config.dynamicConfig, ['limit.historyCount.suggestContinueAsNew', 100]]);
  let second: Promise<DevServer> | undefined;
  const control = createServer((_request, response) => {
    second ??= startDev({ config: { ...config, dynamicConfig }, binary, lifetime: 'parent' });
    second.then(
      ({ info: { address, namespace } }) => response.end(JSON.stringify({ address, namespace })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((listening) => control.listen({ host: '127.0.0.1', port: 0 }, listening));

  const { address, namespace, webUrl } = shared.info;
  provide('temporal', { address, namespace, webUrl });
  provide('temporalControl', `http://127.0.0.1:${(control.address() as AddressInfo).port}`);
  return async () => {
    control.close();
    await Promise.all([shared.stop(), second?.then((server) => server.stop())]);
  };
};
