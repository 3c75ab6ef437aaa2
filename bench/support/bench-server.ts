/** A server as users have it: the settings of `temporal-dev.yml`, a database file, ports of its own. */
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { loadDevConfig } from '../../client/dev/config.ts';
import { shippedConfig } from '../../client/dev/paths.ts';
import { startDev } from '../../client/dev/server.ts';
import { connect } from '../../temporal/connect.ts';
import { ensureSearchAttributes } from '../../temporal/search-attributes.ts';

export interface BenchServer extends AsyncDisposable {
  readonly address: string;
  readonly namespace: string;
  readonly pid: number;
  readonly client: Client;
  /** Without our codec, which the baseline does not know. */
  readonly bareClient: Client;
  /** Plans, workspaces and the database lie here. */
  readonly directory: string;
  readonly planStore: string;
  /** The baseline's workflows. */
  readonly bareBundle: string;
}

export const startBenchServer = async (): Promise<BenchServer> => {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'tasks-bench-')));
  const config = await loadDevConfig({ file: shippedConfig() });
  const server = await startDev({
    config: { ...config, ports: { grpc: 'auto', ui: 'auto' }, database: join(directory, 'temporal.db') },
    lifetime: 'parent',
  });
  const { address, namespace, pid } = server.info;
  const connected = await connect({ address, namespace });
  await ensureSearchAttributes(connected.connection, namespace);
  const bareBundle = join(directory, 'bare-bundle.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../bare/workflows.js', import.meta.url)),
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
  });
  await writeFile(bareBundle, code);
  return {
    address,
    namespace,
    pid,
    client: connected.client,
    bareClient: new Client({ connection: connected.connection, namespace }),
    directory,
    planStore: `file:${join(directory, 'plans')}`,
    bareBundle,
    [Symbol.asyncDispose]: async () => {
      await connected.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
};
