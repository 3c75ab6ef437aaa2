/**
 * The development server: starts, finds and stops it. `tasks demo` and the tests start one that ends with them;
 * `tasks dev` starts one that stays, and other `tasks` processes find it by its state file.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalBinary } from './binary.ts';
import type { FindBinaryOptions, TemporalBinary } from './binary.ts';
import { loadDevConfig } from './config.ts';
import type { DevConfig } from './config.ts';
import { checkDatabase, recordVersion } from './database.ts';
import { answers, untilReady } from './health.ts';
import { endProcess, launch, logTail, serverFailed } from './launch.ts';
import type { Lifetime, ServerProcess } from './launch.ts';
import { withLock } from './lock.ts';
import { devDirectory } from './paths.ts';
import { choosePorts, portInUse } from './ports.ts';
import type { Ports } from './ports.ts';
import { readState, removeState, writeState } from './state.ts';
import type { DevServerInfo } from './state.ts';

/** For the server to close its database, before it is killed. */
const STOP_GRACE_MS = 10_000;

export interface StartDevOptions {
  /** Otherwise what `loadDevConfig()` finds. Override single settings by spreading it. */
  readonly config?: DevConfig;
  /** `detached` unless stated. Only a detached server is recorded, and there is one per directory. */
  readonly lifetime?: Lifetime;
  /** State, log and default database; the user's data directory unless stated. */
  readonly directory?: string;
  /** Go on with a database that another version of the server wrote. */
  readonly acceptDatabase?: boolean;
  readonly binary?: TemporalBinary | FindBinaryOptions;
  /** One line each, for people. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** For the server to answer, once its process runs; 30 s unless stated. */
  readonly timeoutMs?: number;
}

export interface DevServer extends AsyncDisposable {
  readonly info: DevServerInfo;
  /** True when a detached server was there already, and nothing was started. */
  readonly alreadyRunning: boolean;
  /** Settles when the server's process ends, with the reason in words; undefined for one that we did not start. */
  readonly exited: Promise<string> | undefined;
  /** Ends it and settles when it is gone. A `parent` server leaves nothing behind; a second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Settles when the server answers: its namespace has the wanted retention, its search attributes are registered.
 * @throws TasksError TASKS2002 (no binary), TASKS2003 (port in use), TASKS2004 (settings), TASKS2005 (database of
 * another version), TASKS2006 (the server did not start).
 */
export const startDev = async (options: StartDevOptions = {}): Promise<DevServer> => {
  const config = options.config ?? (await loadDevConfig());
  if (options.lifetime === 'parent') return startNew({ ...options, config, lifetime: 'parent' });
  const directory = options.directory ?? devDirectory();
  return withLock({
    file: join(directory, 'start.lock'),
    onWait: ({ pid }) => options.onProgress?.(`Waiting for process ${pid}, which is starting the server`),
    ...(options.signal && { signal: options.signal }),
    work: async () => {
      const running = await readState(directory);
      if (running) return handle({ info: running, alreadyRunning: true, exited: undefined, cleanUp: () => removeState(directory) });
      return startNew({ ...options, config, directory, lifetime: 'detached' });
    },
  });
};

export type DevStatus =
  | { readonly running: false }
  /** `answers` is false for a process that runs and does not (or not yet) answer. */
  | { readonly running: true; readonly answers: boolean; readonly info: DevServerInfo };

export interface DevDirectoryOptions {
  readonly directory?: string;
}

/** Whether the user's detached server runs, and how to reach it. */
export const devStatus = async ({ directory = devDirectory() }: DevDirectoryOptions = {}): Promise<DevStatus> => {
  const info = await readState(directory);
  return info ? { running: true, answers: await answers(info), info } : { running: false };
};

/** Stops the user's detached server; answers what was stopped, or undefined when none was running. */
export const stopDev = async ({ directory = devDirectory() }: DevDirectoryOptions = {}): Promise<DevServerInfo | undefined> => {
  const info = await readState(directory);
  if (info) await endServer(info);
  await removeState(directory);
  return info;
};

/** What `connect()` takes when nothing else says where the server is; undefined without a detached server. */
export const devAddress = async ({ directory = devDirectory() }: DevDirectoryOptions = {}): Promise<
  { readonly address: string; readonly namespace: string; readonly webUrl: string; readonly origin: string } | undefined
> => {
  const info = await readState(directory);
  return info && { address: info.address, namespace: info.namespace, webUrl: info.webUrl, origin: 'the server that `tasks dev` started' };
};

type NewOptions = StartDevOptions & { readonly config: DevConfig; readonly lifetime: Lifetime };

const startNew = async (options: NewOptions): Promise<DevServer> => {
  const { config, lifetime, onProgress, signal } = options;
  const common = { ...(onProgress && { onProgress }), ...(signal && { signal }) };
  const binary =
    options.binary && 'version' in options.binary ? options.binary : await findTemporalBinary({ ...common, ...options.binary });
  const directory = options.directory ?? (lifetime === 'detached' ? devDirectory() : undefined);
  const scratch = directory === undefined ? await mkdtemp(join(tmpdir(), 'tasks-dev-')) : undefined;
  const home = directory ?? scratch ?? tmpdir();
  const cleanUp = async (): Promise<void> => {
    if (lifetime === 'detached') await removeState(home);
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  };
  try {
    const database = databaseOf(config, home, lifetime);
    const server = binary.version;
    if (database !== undefined) await checkDatabase({ database, server, accept: options.acceptDatabase === true });
    const started = await startProcess({ ...options, binary, database, home, scratch });
    const { pid, started: since } = started.info;
    if (database !== undefined) await recordVersion({ database, server, openedBy: { pid, started: since } });
    return handle({ ...started, alreadyRunning: false, cleanUp });
  } catch (error) {
    await cleanUp();
    throw error;
  }
};

/** The default database is the user's; a server that ends with us keeps nothing unless told where. */
const databaseOf = (config: DevConfig, home: string, lifetime: Lifetime): string | undefined => {
  if (config.database === 'memory') return undefined;
  if (config.database !== 'default') return config.database;
  return lifetime === 'detached' ? join(home, 'temporal.db') : undefined;
};

type ProcessOptions = NewOptions & {
  readonly binary: TemporalBinary;
  readonly database: string | undefined;
  readonly home: string;
  readonly scratch: string | undefined;
};

interface Started {
  readonly info: DevServerInfo;
  readonly exited: Promise<string>;
}

const PORT_ATTEMPTS = 3;

/** A free port can be taken between our look and the server's: ports that we chose are chosen again. */
const startProcess = async (options: ProcessOptions): Promise<Started> => {
  const { config, home } = options;
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(config);
    const log = join(home, 'server.log');
    const child = await launch({ ...options, binary: options.binary.path, ports, log });
    const info = infoOf({ ...options, child, ports, log });
    if (options.lifetime === 'detached') await writeState(home, info);
    const why = await becomesReady({ ...options, child, info });
    if (why === undefined) return { info, exited: child.exited };
    await endServer(info);
    const tail = await logTail(log);
    const taken = /set (?:frontend|ui|UI)?\s*port (\d+).*address already in use|:(\d+): bind: address already in use/.exec(tail);
    if (!taken) throw serverFailed(`The Temporal server did not start: ${why}`, tail, log);
    if (attempt === PORT_ATTEMPTS) {
      const port = Number(taken[1] ?? taken[2]);
      throw portInUse({ name: port === ports.ui ? 'ui' : 'grpc', port, ip: config.ip, source: config.source });
    }
  }
};

const infoOf = ({ config, ports, log, child, binary, database }: ProcessOptions & { child: ServerProcess; ports: Ports; log: string }): DevServerInfo => {
  const host = config.ip.includes(':') ? `[${config.ip}]` : config.ip;
  return {
    ...child.identity,
    startedAt: new Date().toISOString(),
    address: `${host}:${ports.grpc}`,
    namespace: config.namespace,
    webUrl: `http://${host}:${ports.ui}`,
    ...(database !== undefined && { database }),
    log,
    binary: binary.path,
    version: binary.version,
    config: config.source,
  };
};

/** Answers undefined, or in words why the server cannot be used. */
const becomesReady = async ({ config, child, info, signal, timeoutMs = 30_000 }: NewOptions & { child: ServerProcess; info: DevServerInfo }): Promise<string | undefined> => {
  const limit = AbortSignal.timeout(timeoutMs);
  const given = new AbortController();
  const ready = untilReady({
    address: info.address,
    namespace: config.namespace,
    retentionDays: config.retentionDays,
    signal: AbortSignal.any([limit, given.signal, ...(signal ? [signal] : [])]),
  }).then(
    () => undefined,
    () => (signal?.aborted ? 'interrupted' : `no answer within ${timeoutMs / 1_000} s`),
  );
  const why = await Promise.race([ready, child.exited]);
  given.abort();
  await ready;
  // Another server may answer at that address while ours has ended for want of the port.
  return why ?? (child.hasExited() ? child.exited : undefined);
};

/** What is in memory only is gone either way. */
const endServer = (info: DevServerInfo): Promise<void> => endProcess(info, info.database === undefined ? 0 : STOP_GRACE_MS);

const handle = ({ cleanUp, ...server }: Pick<DevServer, 'info' | 'alreadyRunning' | 'exited'> & { cleanUp: () => Promise<void> }): DevServer => {
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= endServer(server.info).then(cleanUp));
  return { ...server, stop, [Symbol.asyncDispose]: stop };
};

