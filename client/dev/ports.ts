/** Chooses the ports of the server, and says so when one is taken. */
import { createServer } from 'node:net';
import getPort from 'get-port';
import { TasksError } from '../../model/problem.ts';
import type { Port } from './config.schema.ts';

export interface Ports {
  readonly grpc: number;
  readonly ui: number;
}

interface PortSettings {
  readonly ip: string;
  readonly ports: { readonly grpc: Port; readonly ui: Port };
  /** The file that holds them. */
  readonly source: string;
}

/** @throws TasksError TASKS2003 naming the port that is taken. */
export const choosePorts = async ({ ip, ports: wanted, source }: PortSettings): Promise<Ports> => {
  for (const [name, port] of Object.entries(wanted)) {
    if (port !== 'auto' && (await isTaken(ip, port))) throw portInUse({ name, port, ip, source });
  }
  const fixed = Object.values(wanted).filter((port) => port !== 'auto');
  const grpc = wanted.grpc === 'auto' ? await getPort({ host: ip, exclude: fixed }) : wanted.grpc;
  const ui = wanted.ui === 'auto' ? await getPort({ host: ip, exclude: [...fixed, grpc] }) : wanted.ui;
  return { grpc, ui };
};

const isTaken = (ip: string, port: number): Promise<boolean> =>
  new Promise((settle) => {
    const probe = createServer();
    // Any other failure (no right to a low port) is for the server to report.
    probe.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'EADDRINUSE'));
    probe.listen({ host: ip, port, exclusive: true }, () => probe.close(() => settle(false)));
  });

/** `name` is the setting: `grpc` or `ui`. */
export const portInUse = ({ name, port, ip, source }: { readonly name: string; readonly port: number; readonly ip: string; readonly source: string }): TasksError =>
  new TasksError({
    code: 'TASKS2003',
    message: `Port ${port} of ${ip}, wanted for ${name === 'ui' ? 'the web UI' : 'the Temporal server'}, is in use by another process.`,
    hint:
      `Set ports.${name} to another port, or to auto, in a temporal-dev.yml of your own (a copy of ${source} in the working directory, or named by \`tasks dev --config FILE\`). ` +
      `If the port is that of a Temporal server that you want to use, nothing needs to be started: set TEMPORAL_ADDRESS to it.`,
  });
