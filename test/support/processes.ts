/** Processes that tests kill: the built `tasks` as a user starts it, and what its commands leave running. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../dist/client/cli/main.js', import.meta.url));
const run = promisify(execFile);

export interface TasksProcess extends AsyncDisposable {
  readonly pid: number;
  /** Lines of standard output so far. */
  readonly lines: readonly string[];
  /** Standard error so far. */
  stderr(): string;
  /** Resolves with the first line that the test looks for; rejects when the process ends without it. */
  line(wanted: (line: string) => boolean): Promise<string>;
  /** Settles when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface TasksProcessOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts `tasks` from the build. Killed when disposed of, if it still runs. */
export const startTasks = ({ args, env = {}, cwd }: TasksProcessOptions): TasksProcess => {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: npm run build`);
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, NO_COLOR: '1' },
    ...(cwd !== undefined && { cwd }),
  });
  const { pid, stdout, stderr } = child;
  if (pid === undefined || !stdout || !stderr) throw new Error('the process did not start');
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  createInterface({ input: stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  let errors = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  let over = false;
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => {
    over = true;
    wake();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!over) child.kill(signal);
    await ended;
  };
  return {
    pid,
    lines,
    stderr: () => errors,
    ended,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        let next = 0;
        const look = (): void => {
          for (; next < lines.length; next += 1) {
            const line = lines[next] as string;
            if (!wanted(line)) continue;
            waiting.delete(look);
            return resolve(line);
          }
          if (!over) return;
          waiting.delete(look);
          reject(new Error(`tasks ${args[0]} ended without the line:\n${errors}`));
        };
        waiting.add(look);
        look();
      }),
    end,
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
};

export interface WorkerProcessOptions {
  readonly server: { readonly address: string; readonly namespace: string };
  readonly planStore: string;
  readonly queue?: string;
  readonly slots?: number;
  readonly capabilities?: readonly string[];
  readonly graceSeconds?: number;
  /** None unless stated: what else this machine does must not decide whether a test passes. */
  readonly memoryThreshold?: number;
  /** A module that the process loads before anything else. */
  readonly preload?: URL;
}

export interface WorkerProcess extends TasksProcess {
  /** As results and the ledger name it. */
  readonly identity: string;
}

/** Options that tell `tasks` which server to use. */
export const addressOf = ({ address, namespace }: { readonly address: string; readonly namespace: string }): readonly string[] => ['--address', address, '--namespace', namespace];

/** `tasks worker`; settles when it takes work. */
export const startWorkerProcess = async (options: WorkerProcessOptions): Promise<WorkerProcess> => {
  const { server, planStore, queue, slots = 20, capabilities = [], graceSeconds = 0, memoryThreshold = 100, preload } = options;
  const tasks = startTasks({
    args: ['worker', '--slots', String(slots), '--memory-threshold', String(memoryThreshold), '--grace', String(graceSeconds), ...capabilities.flatMap((name) => ['--capability', name]), ...addressOf(server), ...(queue === undefined ? [] : ['--queue', queue])],
    env: { TASKS_PLAN_STORE: planStore, ...(preload && { NODE_OPTIONS: `--import=${preload.href}` }) },
  });
  const line = await tasks.line((text) => text.startsWith('Worker '));
  return { ...tasks, identity: line.split(' ')[1] ?? '', [Symbol.asyncDispose]: tasks[Symbol.asyncDispose] };
};

/** Processes that this one started and that still run. */
export const childrenOf = async (parent: number): Promise<number[]> => {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/);
    return Number(ppid) === parent ? [Number(pid)] : [];
  });
};

/** Processes of a group that still run; what is dead and merely not yet collected does not. */
export const livingOf = async (group: number): Promise<number[]> => {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,pgid=,stat=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid, pgid, stat = 'Z'] = line.trim().split(/\s+/);
    return Number(pgid) === group && !stat.startsWith('Z') ? [Number(pid)] : [];
  });
};
