/** Development servers of a test's own: to be filled, killed and started again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { loadDevConfig } from '../../client/dev/config.ts';
import { shippedConfig } from '../../client/dev/paths.ts';
import { startDev } from '../../client/dev/server.ts';
import type { DevServer } from '../../client/dev/server.ts';

export interface PrivateServerOptions {
  /** Laid over the settings of `temporal-dev.yml`. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
  /** In memory, a killed server forgets everything. On a file unless stated. */
  readonly memory?: boolean;
}

export interface PrivateServer extends AsyncDisposable {
  readonly namespace: string;
  /** The same over every restart. */
  readonly address: string;
  readonly database: string | undefined;
  /** Of the server as it runs now. */
  pid(): number;
  /** SIGKILL; settles when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and the same database; settles when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The settings under test are the shipped ones; ports are free ones, so that tests do not meet. */
const testConfig = async ({ dynamicConfig = {}, database }: { dynamicConfig?: Readonly<Record<string, unknown>>; database: string }) => {
  const config = await loadDevConfig({ file: shippedConfig() });
  return {
    ...config,
    ports: { grpc: 'auto' as const, ui: 'auto' as const },
    database,
    dynamicConfig: new Map([...config.dynamicConfig, ...Object.entries(dynamicConfig)]),
  };
};

/** A server of its own on a database file: about half a second. It ends with the test's process, however that ends. */
export const startPrivateServer = async ({ dynamicConfig, memory = false }: PrivateServerOptions = {}): Promise<PrivateServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-server-'));
  const database = memory ? undefined : join(directory, 'temporal.db');
  const config = await testConfig({ ...(dynamicConfig && { dynamicConfig }), database: database ?? 'memory' });
  let server: DevServer = await startDev({ config, lifetime: 'parent' });
  const address = server.info.address;
  const ports = { grpc: portOf(address), ui: portOf(server.info.webUrl) };
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return {
    namespace: server.info.namespace,
    address,
    database,
    pid: () => server.info.pid,
    kill: async () => {
      process.kill(server.info.pid, 'SIGKILL');
      await server.exited;
      await server.stop();
    },
    restart: async () => {
      server = await startDev({ config: { ...config, ports }, lifetime: 'parent' });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));

/** The in-memory server that the whole test run shares: `inject('temporal')` in short. */
export const sharedServer = (): { readonly address: string; readonly namespace: string } => inject('temporal');

/**
 * A shared server that suggests to continue as new after 100 events instead of 4,096
 * (`limit.historyCount.suggestContinueAsNew`). Started by the first test that asks.
 */
export const shortHistoryServer = async (): Promise<{ readonly address: string; readonly namespace: string }> => {
  const response = await fetch(`${inject('temporalControl')}/short-history`);
  if (!response.ok) throw new Error(`the second server did not start: ${await response.text()}`);
  return (await response.json()) as { address: string; namespace: string };
};
