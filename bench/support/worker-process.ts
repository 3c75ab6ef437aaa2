/** Workers as processes of their own, ours and the baseline's, that can be asked for their memory. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Usage {
  /** Bytes, after a collection. */
  readonly rss: number;
  readonly heapUsed: number;
}

/** Direct children of a process's main thread; our launcher is one, commands of the baseline are others. */
export const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

export interface WorkerProcess extends AsyncDisposable {
  readonly pid: number;
  usage(): Promise<Usage>;
}

export interface WorkerProcessOptions {
  /** JavaScript to run. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Writes a CPU profile into this directory at the end. */
  readonly profile?: string | undefined;
}

const PROBE = new URL('worker-probe.js', import.meta.url);

/** Settles when the worker has said that it is ready. */
export const startWorkerProcess = async ({ program, args = [], environment, profile }: WorkerProcessOptions): Promise<WorkerProcess> => {
  const child = fork(program, args, {
    env: { ...process.env, ...environment },
    execArgv: ['--expose-gc', '--import', PROBE.href, ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { pid, stdout, stderr } = child;
  if (pid === undefined || !stdout || !stderr) throw new Error(`${program} could not be started`);
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    let said = '';
    for (const stream of [stdout, stderr]) {
      stream.on('data', (bytes: Uint8Array) => {
        const text = Buffer.from(bytes).toString();
        said += text;
        if (/^worker /im.test(said)) resolve();
        if (/^(warn|error|Error) /m.test(text)) process.stderr.write(text);
      });
    }
    child.once('exit', () => reject(new Error(`${program} ended: ${said}`)));
  });
  return {
    pid,
    usage: async () => {
      const answer = once(child, 'message');
      child.send('memory');
      return ((await answer) as [Usage])[0];
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** The program of our worker as `npm run build` left it. */
export const builtWorker = (): string => fileURLToPath(new URL('../../../worker.js', import.meta.url));

/** The command line as `npm run build` left it. */
export const builtCommandLine = (): string => fileURLToPath(new URL('../../../client/cli/main.js', import.meta.url));

/** Resident memory of any process, and CPU time of it and of those it has waited for, from `/proc`; NaN where there is none. */
export const processUse = (pid: number): { readonly rss: number; readonly cpuMs: number } => {
  try {
    const rss = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) * 1024;
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { rss, cpuMs: [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0) * 10 };
  } catch {
    return { rss: Number.NaN, cpuMs: Number.NaN };
  }
};

/** CPU time of a worker, of its launcher, and of the commands that have ended, in milliseconds. */
export const workerCpu = (pid: number): number => [pid, ...childrenOf(pid)].reduce((sum, one) => sum + (processUse(one).cpuMs || 0), 0);
