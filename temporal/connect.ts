/** Connects a client to a Temporal server, in bounded time and with an error that says where it looked. */
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { TasksError } from '../model/problem.ts';
import { connectConfig } from './connect-config.ts';
import type { ConnectConfig, ConnectSettings } from './connect-config.ts';
import { dataConverter as ourDataConverter } from './data-converter.ts';
import { isLate, isNotFound } from './grpc.ts';
import { endableRetries } from './retry.ts';
import type { EndableRetries } from './retry.ts';

export interface ConnectOptions extends ConnectSettings {
  /** For the server to answer; 10 s unless stated. */
  readonly timeoutMs?: number;
  /** Ours unless stated: whoever reads what another wrote needs the same. */
  readonly dataConverter?: DataConverter;
}

export interface Connected extends AsyncDisposable {
  readonly connection: Connection;
  /** Bound to `namespace`. */
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  /** For a worker of the same server: see `connectWorker`. */
  readonly config: ConnectConfig;
  close(): Promise<void>;
}

/**
 * Settles when the server has answered and the namespace exists.
 * @throws TasksError TASKS2001 when it does not answer in time, TASKS2008 when it refuses us or the settings are bad.
 */
export const connect = async ({ timeoutMs = 10_000, dataConverter = ourDataConverter, ...settings }: ConnectOptions = {}): Promise<Connected> => {
  const config = connectConfig(settings);
  const { address, namespace } = config;
  const retries = endableRetries();
  const connection = await open(config, { timeoutMs, retries });
  const close = async (): Promise<void> => {
    await retries.end();
    await connection.close();
  };
  try {
    await checkNamespace(connection, config, timeoutMs);
  } catch (error) {
    await close();
    throw error;
  }
  const client = new Client({ connection, namespace, dataConverter });
  return { connection, client, address, namespace, config, close, [Symbol.asyncDispose]: close };
};

const open = async (config: ConnectConfig, { timeoutMs, retries }: { readonly timeoutMs: number; readonly retries: EndableRetries }): Promise<Connection> => {
  const { interceptors } = retries;
  try {
    return await Connection.connect({ address: config.address, ...config.security, connectTimeout: timeoutMs, interceptors });
  } catch (cause) {
    throw connectFailure({ config, timeoutMs, cause });
  }
};

/** What answers there is no Temporal server, or nothing does: unimplemented, unavailable. */
const NO_TEMPORAL: ReadonlySet<number> = new Set([12, 14]);

/** A client that may not describe the namespace may still work in it. */
const checkNamespace = async (connection: Connection, config: ConnectConfig, timeoutMs: number): Promise<void> => {
  const { namespace, address, origin } = config;
  try {
    await connection.withDeadline(Date.now() + timeoutMs, () => connection.workflowService.describeNamespace({ namespace }));
  } catch (error) {
    if (isGrpcServiceError(error) && (isLate(error.code) || NO_TEMPORAL.has(error.code))) throw connectFailure({ config, timeoutMs, cause: error });
    if (!isNotFound(error)) return;
    throw new TasksError({
      code: 'TASKS2008',
      message: `The server at ${address} (from ${origin}) has no namespace ${JSON.stringify(namespace)}.`,
      hint: `Choose another with --namespace or TEMPORAL_NAMESPACE, or create it: temporal operator namespace create -n NAME.`,
    });
  }
};

const REFUSALS: ReadonlyMap<number, string> = new Map([
  [7, 'refuses permission'],
  [16, 'does not accept the key or certificate'],
]);

/** Shared with the worker's connection, so that both say the same. */
export const connectFailure = ({ config: { address, origin }, timeoutMs, cause }: { config: ConnectConfig; timeoutMs: number; cause: unknown }): TasksError => {
  const refusal = isGrpcServiceError(cause) ? REFUSALS.get(cause.code) : undefined;
  if (refusal) {
    return new TasksError(
      {
        code: 'TASKS2008',
        message: `The server at ${address} (from ${origin}) ${refusal}.`,
        hint: 'Check TEMPORAL_API_KEY, the TEMPORAL_TLS_* variables and the profile (--env).',
      },
      { cause },
    );
  }
  if (cause instanceof TypeError || (cause instanceof Error && /invalid.*(address|endpoint|url)/i.test(cause.message))) {
    return new TasksError(
      { code: 'TASKS2008', message: `${JSON.stringify(address)} (from ${origin}) is not an address.`, hint: 'Expected host:port, such as localhost:7233.' },
      { cause },
    );
  }
  return new TasksError(
    {
      code: 'TASKS2001',
      message: `No Temporal server answers at ${address} (from ${origin}) within ${timeoutMs / 1_000} s.`,
      hint: 'Start a development server with `tasks dev`, or name a running one: --address, TEMPORAL_ADDRESS, or a profile with --env. A server with TLS needs TEMPORAL_TLS=true.',
    },
    { cause },
  );
};
