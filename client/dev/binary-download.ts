/**
 * The SDK's own download of the `temporal` binary. The SDK cannot be told to give up, so it runs in a process of
 * its own, which is ended when nothing arrives any more.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';

/** CommonJS, as text: it runs the same from the sources and from `dist`. */
const SCRIPT = `
const [testing, downloadDir] = process.argv.slice(1);
const { TestWorkflowEnvironment } = require(testing);
TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir } } })
  .then((environment) => environment.teardown())
  .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

export interface DownloadOptions {
  /** Where the binary goes. */
  readonly target: string;
  /** Given up when nothing arrived for so long. */
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
  /** What stands in for the SDK in tests: a command that gets a directory as its last argument. */
  readonly command?: readonly [string, ...string[]];
}

/** Answers the target, or in words why nothing came. */
export const downloadBinary = async ({ target, idleMs = 15_000, signal, command = sdkCommand() }: DownloadOptions): Promise<Result<string, string>> => {
  await mkdir(dirname(target), { recursive: true });
  const directory = await mkdtemp(join(dirname(target), 'download-'));
  try {
    const why = await runUntilIdle({ command: [...command, directory], directory, idleMs, signal });
    const found = await largestFile(directory);
    if (found === undefined || why !== undefined) return fail(why ?? 'the SDK downloaded nothing');
    await chmod(found, 0o755);
    await rename(found, target);
    return ok(target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const sdkCommand = (): readonly [string, ...string[]] => [
  process.execPath,
  '-e',
  SCRIPT,
  createRequire(import.meta.url).resolve('@temporalio/testing'),
];

interface Run {
  readonly command: readonly string[];
  readonly directory: string;
  readonly idleMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Answers undefined when the command succeeded. */
const runUntilIdle = ({ command: [file = '', ...args], directory, idleMs, signal }: Run): Promise<string | undefined> =>
  new Promise((settle) => {
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    let last = '';
    let bytes = 0;
    let since = Date.now();
    let idle = false;
    const end = (): void => {
      // Its own group: the SDK starts the server that it downloaded.
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const look = async (): Promise<void> => {
      const now = await sizeOf(directory);
      if (now !== bytes) since = Date.now();
      bytes = now;
      idle = Date.now() - since >= idleMs;
      if (idle) end();
    };
    const watch = setInterval(() => void look(), Math.min(500, idleMs / 4));
    const finish = (why: string | undefined): void => {
      clearInterval(watch);
      signal?.removeEventListener('abort', end);
      settle(why);
    };
    signal?.addEventListener('abort', end, { once: true });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-600);
    });
    child.once('error', (error) => finish(error.message));
    child.once('close', (code) => {
      if (idle) finish(`nothing arrived for ${idleMs / 1_000} s`);
      else finish(code === 0 ? undefined : last.trim().split('\n').at(-1) || `it ended with code ${code}`);
    });
  });

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

const filesOf = async (directory: string): Promise<readonly { path: string; size: number }[]> => {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const files = names.map(async (name) => {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() ? [{ path, size: found.size }] : [];
  });
  return (await Promise.all(files)).flat();
};

const sizeOf = async (directory: string): Promise<number> =>
  (await filesOf(directory)).reduce((sum, file) => sum + file.size, 0);

const largestFile = async (directory: string): Promise<string | undefined> =>
  (await filesOf(directory)).reduce<{ path?: string; size: number }>((best, file) => (file.size > best.size ? file : best), { size: 0 }).path;
