/** One shell command in a process group of its own, with a limit, and the end of what it prints. */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** Of the output this much of its end is kept. */
const KEPT_BYTES = 4 * 1024 * 1024;
const GRACE_MS = 3_000;

export interface BuildRun {
  readonly how: 'ended' | 'timeout' | 'interrupted';
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly output: string;
}

export interface BuildRequest {
  readonly command: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const kill = (group: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody is left in it.
  }
};

/** Whatever happens, nothing of the group runs on when it resolves. */
export const runBuild = async ({ command, directory, environment, timeoutMs, signal }: BuildRequest): Promise<BuildRun> => {
  const child = spawn('/bin/sh', ['-c', command], { cwd: directory, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  let kept = 0;
  const keep = (chunk: Buffer): void => {
    chunks.push(chunk);
    kept += chunk.length;
    while (chunks.length > 1 && kept - (chunks[0]?.length ?? 0) >= KEPT_BYTES) kept -= chunks.shift()?.length ?? 0;
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // The shell's own end: what it left behind in its group may hold the pipes open.
  const exited = new Promise<number | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? undefined));
  });
  const drained = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const over = new AbortController();
  const limit = delay(timeoutMs, 'timeout' as const, { signal: over.signal }).catch(() => 'ended' as const);
  const interrupted = new Promise<'interrupted'>((resolve) => {
    if (signal.aborted) resolve('interrupted');
    else signal.addEventListener('abort', () => resolve('interrupted'), { once: true, signal: over.signal });
  });
  try {
    const how = await Promise.race([exited.then(() => 'ended' as const), limit, interrupted]);
    if (child.pid !== undefined && how !== 'ended') {
      kill(child.pid, 'SIGTERM');
      await Promise.race([exited, delay(GRACE_MS)]);
    }
    if (child.pid !== undefined) kill(child.pid, 'SIGKILL');
    const exitCode = await exited;
    await Promise.race([drained, delay(GRACE_MS)]);
    return { how, exitCode, output: Buffer.concat(chunks).toString('utf8') };
  } finally {
    over.abort();
  }
};
