/** Which tasks of a plan are left out, for whoever needs no server: nothing is known where none answers at once. */
import { connect as connectSocket } from 'node:net';
import { planKey } from '../model/quarantine.ts';
import type { QuarantineEntry } from '../model/quarantine.ts';
import { connectConfig } from '../temporal/connect-config.ts';
import type { ConnectSettings } from '../temporal/connect-config.ts';
import { connect } from '../temporal/connect.ts';
import { readQuarantined } from '../temporal/quarantine.ts';

const LISTENING_MS = 500;
/** For the server, and then for a worker. */
const CONNECT_MS = 2_000;
const ANSWER_MS = 1_000;

export interface GlanceOptions {
  readonly settings: ConnectSettings;
  readonly taskQueue: string;
  /** Name of the plan. */
  readonly plan: string;
}

/** Undefined when nobody can say: no server, no worker, no leave. */
export const glanceAtQuarantine = async ({ settings, taskQueue, plan }: GlanceOptions): Promise<readonly QuarantineEntry[] | undefined> => {
  try {
    // A refused connection is known at once; Temporal's client would try again for as long as it may.
    if (!(await isListening(connectConfig(settings).address))) return undefined;
    await using connected = await connect({ ...settings, timeoutMs: CONNECT_MS });
    const { client } = connected;
    return (await client.withDeadline(Date.now() + ANSWER_MS, () => readQuarantined({ client, taskQueue, plan: planKey(plan) }))).entries;
  } catch {
    return undefined;
  }
};

const isListening = (address: string): Promise<boolean> => {
  const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d+)$/u.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connectSocket({ host, port: Number(port) });
    const answer = (listens: boolean): void => {
      socket.destroy();
      resolve(listens);
    };
    socket.setTimeout(LISTENING_MS, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
};
