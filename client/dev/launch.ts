/** Starts the server's process, either bound to the life of ours or on its own, and ends it. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TasksError } from '../../model/problem.ts';
import type { DevConfig } from './config.ts';
import { identify, isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { Ports } from './ports.ts';

/** `parent`: ends with this process, however that ends. `detached`: goes on until it is stopped. */
export type Lifetime = 'parent' | 'detached';

/**
 * The shell becomes the server (`exec`: one process id), and leaves a guard behind that waits for the end of the
 * pipe from us, and then ends the server and clears up. The kernel closes that pipe when we die, even by SIGKILL.
 */
const GUARDED = `
scratch=$1; shift
exec 3<&0 </dev/null
(
  while read -r _ <&3; do :; done
  kill -TERM $$
  i=0; while kill -0 $$ && [ $i -lt 50 ]; do sleep 0.1; i=$((i+1)); done
  kill -KILL $$
  if [ -n "$scratch" ]; then rm -rf -- "$scratch"; fi
) >/dev/null 2>&1 &
exec "$@" 3<&-
`;

export interface LaunchOptions {
  readonly binary: string;
  readonly config: DevConfig;
  readonly ports: Ports;
  /** Absolute path; undefined keeps everything in memory. */
  readonly database: string | undefined;
  readonly log: string;
  /** Stands in for the user's home: with a database in memory the server writes a file of its own there. */
  readonly home: string;
  readonly lifetime: Lifetime;
  /** Removed by the guard when our process dies without having stopped the server. */
  readonly scratch: string | undefined;
}

export interface ServerProcess {
  readonly identity: ProcessIdentity;
  /** Settles when the process has ended, with the reason in words. */
  readonly exited: Promise<string>;
  readonly hasExited: () => boolean;
}

export const serverArguments = ({ config, ports, database }: Pick<LaunchOptions, 'config' | 'ports' | 'database'>): string[] => [
  'server',
  'start-dev',
  `--ip=${config.ip}`,
  `--port=${ports.grpc}`,
  `--ui-port=${ports.ui}`,
  '--log-level=warn',
  `--namespace=${config.namespace}`,
  ...(database === undefined ? [] : [`--db-filename=${database}`]),
  ...(database === undefined ? [] : Array.from(config.pragmas, ([name, value]) => `--sqlite-pragma=${name}=${value}`)),
  ...Array.from(config.dynamicConfig, ([key, value]) => `--dynamic-config-value=${key}=${JSON.stringify(value)}`),
  ...Array.from(config.searchAttributes, ([name, type]) => `--search-attribute=${name}=${type}`),
];

/** @throws TasksError TASKS2006 when the process does not even start. */
export const launch = async (options: LaunchOptions): Promise<ServerProcess> => {
  mkdirSync(dirname(options.log), { recursive: true });
  if (options.database !== undefined) mkdirSync(dirname(options.database), { recursive: true });
  const log = openSync(options.log, 'a', 0o600);
  const command = [options.binary, ...serverArguments(options)];
  const [file = '', ...args] = options.lifetime === 'parent' ? ['/bin/sh', '-c', GUARDED, 'sh', options.scratch ?? '', ...command] : command;
  // A group of its own: Ctrl-C is for us, who end the server when its work is done.
  const child = spawn(file, args, {
    stdio: [options.lifetime === 'parent' ? 'pipe' : 'ignore', log, log],
    detached: true,
    env: { ...withoutTemporal(process.env), HOME: options.home, XDG_CONFIG_HOME: join(options.home, '.config') },
  });
  closeSync(log);
  let ended = false;
  const exited = new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(signal ? `ended by ${signal}` : `ended with code ${code}`));
  }).finally(() => {
    ended = true;
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  });
  // What happens here is no reason for our process to stay, nor its end a reason to fail.
  child.stdin?.on('error', () => undefined);
  child.unref();
  const identity = child.pid === undefined ? undefined : await identify(child.pid);
  if (identity) return { identity, exited, hasExited: () => ended };
  throw serverFailed(`The Temporal server did not start: ${await exited}`, await logTail(options.log), options.log);
};

/** Nothing of the user's settings for clients, keys included, concerns the server. */
const withoutTemporal = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));

export const serverFailed = (what: string, tail: string, log: string): TasksError =>
  new TasksError({
    code: 'TASKS2006',
    message: `${what}.${tail ? ` Its last words: ${tail}` : ''}`,
    hint: `The whole log is ${log}.`,
  });

/** The last lines of the server's log, for an error's text. */
export const logTail = async (log: string): Promise<string> => {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-3).join(' | ').slice(-600);
};

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
};

/** Asks the server to end, and after `graceMs` insists (at once when that is 0). Settles when it is gone. */
export const endProcess = async (identity: ProcessIdentity, graceMs: number): Promise<void> => {
  const until = Date.now() + graceMs;
  for (let asked = false; await isAlive(identity); ) {
    if (Date.now() >= until) signalGroup(identity.pid, 'SIGKILL');
    else if (!asked) signalGroup(identity.pid, 'SIGTERM');
    asked = true;
    await delay(20);
  }
};
