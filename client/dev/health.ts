/** Waits until a server that was just started can be used, and makes its namespace what the settings say. */
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface ReadyOptions {
  readonly address: string;
  readonly namespace: string;
  readonly retentionDays: number;
  readonly signal: AbortSignal;
}

const DAY_S = 86_400;
const POLL_MS = 20;

/** Settles when the namespace answers with the wanted retention; gives up only by `signal`. */
export const untilReady = async (options: ReadyOptions): Promise<void> => {
  for (;;) {
    options.signal.throwIfAborted();
    // A gRPC channel that meets a closed port waits a second before it looks again.
    if ((await isOpen(options.address)) && (await prepareNamespace(options).then(() => true, () => false))) return;
    await delay(POLL_MS, undefined, { signal: options.signal });
  }
};

/** Whether anything listens; the services behind the port may still be starting. */
const isOpen = (address: string): Promise<boolean> =>
  new Promise((settle) => {
    const { hostname, port } = new URL(`tcp://${address}`);
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
    socket.once('connect', () => socket.destroy());
  });

const prepareNamespace = async ({ address, namespace, retentionDays }: ReadyOptions): Promise<void> => {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await connection.withDeadline(Date.now() + 5_000, async () => {
      const found = await connection.workflowService.describeNamespace({ namespace });
      const retention = Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
      if (retention === retentionDays * DAY_S) return;
      const workflowExecutionRetentionTtl = proto.google.protobuf.Duration.fromObject({ seconds: retentionDays * DAY_S });
      await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
    });
  } finally {
    await connection.close();
  }
};

/** One look, for a status. */
export const answers = async ({ address, namespace }: Pick<ReadyOptions, 'address' | 'namespace'>): Promise<boolean> => {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 }).catch(() => undefined);
  if (!connection) return false;
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
};
