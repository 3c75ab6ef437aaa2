/** The worker's connection. A file of its own: it loads the native SDK core, which no other command needs. */
import { NativeConnection } from '@temporalio/worker';
import { connectFailure } from './connect.ts';
import type { ConnectConfig } from './connect-config.ts';

/** With the `config` of `connect()` or `connectConfig()`. @throws TasksError TASKS2001, TASKS2008 */
export const connectWorker = async (config: ConnectConfig, { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<NativeConnection> => {
  const limit = AbortSignal.timeout(timeoutMs);
  const opening = NativeConnection.connect({ address: config.address, ...config.security });
  const late = new Promise<never>((_settle, reject) => {
    limit.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  });
  try {
    return await Promise.race([opening, late]);
  } catch (cause) {
    // One that comes too late would keep the process alive.
    void opening.then((connection) => connection.close(), () => undefined);
    throw connectFailure({ config, timeoutMs, cause });
  }
};
