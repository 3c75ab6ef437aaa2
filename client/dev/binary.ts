/**
 * Finds the `temporal` binary, or gets one: `TEMPORAL_CLI`, `PATH`, our cache, the SDK's download, a build with Go.
 * The first one that works wins; the error names them all, each with what was wrong with it.
 */
import { constants } from 'node:fs';
import { access, readdir, rm, stat } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { TasksError, fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import { GO_PACKAGE, buildBinary } from './binary-build.ts';
import { downloadBinary } from './binary-download.ts';
import type { DownloadOptions } from './binary-download.ts';
import { serverVersion } from './binary-version.ts';
import { withLock } from './lock.ts';
import { cacheDirectory } from './paths.ts';
import type { Environment } from './paths.ts';

export type BinarySource = 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'download' | 'go install';

export interface TemporalBinary {
  readonly path: string;
  readonly source: BinarySource;
  /** Version of the server inside, such as `1.29.1`. */
  readonly version: string;
}

export interface FindBinaryOptions {
  /** Where `TEMPORAL_CLI`, `PATH`, and Go's settings are read from. */
  readonly env?: Environment;
  /** Otherwise the user's cache directory. */
  readonly cache?: string;
  /** One line each, for people: a build takes minutes. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly download?: Pick<DownloadOptions, 'command' | 'idleMs'>;
}

interface Attempt {
  readonly source: BinarySource;
  readonly why: string;
}

/**
 * Every candidate is asked for its version before it is used. What was downloaded or built is kept in the cache;
 * a second process that wants the same waits for the first.
 * @throws TasksError TASKS2002 when there is none and none could be had; the signal's reason when interrupted.
 */
export const findTemporalBinary = async (options: FindBinaryOptions = {}): Promise<TemporalBinary> => {
  const cached = join(options.cache ?? cacheDirectory(options.env), 'bin', 'temporal');
  const tried: Attempt[] = [];
  const take = async (source: BinarySource, found: Promise<Result<string, string>>): Promise<TemporalBinary | undefined> => {
    const candidate = await found;
    const version = candidate.ok ? await serverVersion(candidate.value) : candidate;
    if (candidate.ok && version.ok) return { path: candidate.value, source, version: version.value };
    if (!version.ok && !tried.some((earlier) => earlier.source === source && earlier.why === version.error)) {
      tried.push({ source, why: version.error });
    }
    return undefined;
  };
  const atHand =
    (await take('TEMPORAL_CLI', fromVariable(options.env))) ??
    (await take('PATH', onPath('temporal', options.env))) ??
    (await take('cache', inCache(cached)));
  if (atHand) return told(atHand, tried, options);
  const obtained = await withLock({
    file: `${cached}.lock`,
    onWait: ({ pid }) => options.onProgress?.(`Waiting for process ${pid}, which is getting the Temporal binary`),
    ...(options.signal && { signal: options.signal }),
    work: async () => {
      await removeLeftovers(dirname(cached));
      return (
        (await take('cache', inCache(cached))) ??
        (await take('download', downloaded(cached, options))) ??
        (await take('go install', built(cached, options)))
      );
    },
  });
  if (obtained) return told(obtained, tried, options);
  options.signal?.throwIfAborted();
  throw unavailable(tried);
};

/** Of downloads and builds that were killed: we hold the lock, so nobody is at work in them. */
const removeLeftovers = async (directory: string): Promise<void> => {
  const names = await readdir(directory).catch(() => []);
  const left = names.filter((name) => /^(download|build)-/.test(name));
  await Promise.all(left.map((name) => rm(join(directory, name), { recursive: true, force: true })));
};

/** A broken `TEMPORAL_CLI` is passed over, but not in silence. */
const told = (binary: TemporalBinary, tried: readonly Attempt[], { onProgress }: FindBinaryOptions): TemporalBinary => {
  const broken = tried.find((attempt) => attempt.source === 'TEMPORAL_CLI' && attempt.why !== NOT_SET);
  if (broken) onProgress?.(`Warning: TEMPORAL_CLI is passed over: ${broken.why}`);
  return binary;
};

const NOT_SET = 'not set';

const fromVariable = async (env: Environment = process.env): Promise<Result<string, string>> => {
  const path = env['TEMPORAL_CLI'];
  return path ? ok(path) : fail(NOT_SET);
};

const onPath = async (name: string, env: Environment = process.env): Promise<Result<string, string>> => {
  for (const directory of (env['PATH'] ?? '').split(delimiter)) {
    // An empty or relative entry would mean whatever the current directory holds.
    if (isAbsolute(directory) && (await isExecutable(join(directory, name)))) return ok(join(directory, name));
  }
  return fail(`no \`${name}\` there`);
};

const inCache = async (path: string): Promise<Result<string, string>> => ((await isExecutable(path)) ? ok(path) : fail(`no ${path}`));

const isExecutable = async (path: string): Promise<boolean> => {
  const isFile = await stat(path).then((found) => found.isFile(), () => false);
  return isFile && (await access(path, constants.X_OK).then(() => true, () => false));
};

const downloaded = (target: string, { onProgress, signal, download }: FindBinaryOptions): Promise<Result<string, string>> => {
  onProgress?.('No Temporal binary here: trying to download one');
  return downloadBinary({ target, ...download, ...(signal && { signal }) });
};

const built = async (target: string, { env = process.env, onProgress, signal }: FindBinaryOptions): Promise<Result<string, string>> => {
  signal?.throwIfAborted();
  const go = await onPath('go', env);
  if (!go.ok) return fail('Go is not installed (no `go` on PATH)');
  return buildBinary({ target, go: go.value, env, ...(onProgress && { onProgress }), ...(signal && { signal }) });
};

const unavailable = (tried: readonly Attempt[]): TasksError =>
  new TasksError({
    code: 'TASKS2002',
    message: `No Temporal binary can be had. ${tried.map(({ source, why }) => `${source}: ${why}`).join('; ')}.`,
    hint: `Install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_CLI to it, or install Go (then it is built: go install ${GO_PACKAGE}).`,
    related: tried.map(({ source, why }) => ({ message: `${source}: ${why}` })),
  });
