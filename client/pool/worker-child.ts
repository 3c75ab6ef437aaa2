/** One worker process of a pool. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readMessage } from './link.ts';

/** Lines of its standard error that are kept for the case that it fails. */
const LINES_KEPT = 10;
const LAST_WORDS_MS = 500;

export interface WorkerChildOptions {
  /** The `tasks` program. */
  readonly program: string;
  /** Of `tasks`, from `worker` on. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** It takes tasks, under this identity. */
  readonly onReady: (identity: string) => void;
  /** A line of its standard error. */
  readonly onLine: (line: string) => void;
  readonly onEnd: (end: WorkerEnd) => void;
}

export interface WorkerEnd {
  /** `code 1`, `SIGKILL`, or what kept it from starting. */
  readonly how: string;
  /** The last it said on standard error. */
  readonly lines: readonly string[];
}

export interface WorkerChild {
  readonly pid: number | undefined;
  /** Commands it runs. */
  readonly running: number;
  /** SIGTERM: the first one drains it, the second one ends it at once. */
  stop(): void;
  /** SIGKILL; its commands are ended by its launcher. */
  kill(): void;
}

/** In a process group of its own: Ctrl-C of a terminal is for the pool, which tells its workers. */
export const startWorkerChild = ({ program, args, environment, onReady, onLine, onEnd }: WorkerChildOptions): WorkerChild => {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true, env: environment });
  const lines: string[] = [];
  let running = 0;
  let over = false;
  const end = (how: string): void => {
    if (over) return;
    over = true;
    onEnd({ how, lines });
  };
  const { stderr } = child;
  if (stderr) createInterface({ input: stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    onLine(line);
  });
  child.on('message', (value) => {
    const message = readMessage(value);
    if (message?.type === 'ready') onReady(message.identity);
    else if (message) running = message.commands;
  });
  child.on('error', (error) => child.pid === undefined && end(error.message));
  child.on('exit', (code, signal) => {
    const how = signal ?? `code ${code}`;
    // What it said last is read by `close`; but what it started and left behind may keep its standard error open.
    child.once('close', () => end(how));
    setTimeout(() => end(how), LAST_WORDS_MS);
  });
  return {
    pid: child.pid,
    get running() {
      return running;
    },
    stop: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
};
