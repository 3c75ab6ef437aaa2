/** Builds the `temporal` binary with Go, where nothing can be downloaded but Go modules. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import type { Environment } from './paths.ts';

/** Later versions carry a `replace` directive, which `go install` refuses. */
export const GO_PACKAGE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const REPORT_EVERY_MS = 10_000;
const LIMIT_MS = 30 * 60_000;

export interface BuildOptions {
  readonly target: string;
  /** The `go` command. */
  readonly go: string;
  readonly env?: Environment;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Answers the target, which appears whole or not at all, or in words why Go could not build it. */
export const buildBinary = async ({ target, go, env = process.env, onProgress, signal }: BuildOptions): Promise<Result<string, string>> => {
  await mkdir(dirname(target), { recursive: true });
  const directory = await mkdtemp(join(dirname(target), 'build-'));
  try {
    onProgress?.(`Building the Temporal server with Go: about 3 minutes and 4 GB of disk for the moment, once (go install ${GO_PACKAGE})`);
    const why = await goInstall({ go, directory, env, onProgress, signal });
    if (why !== undefined) return fail(why);
    await rename(join(directory, 'temporal'), target);
    return ok(target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/**
 * Nothing of the user's Go project may leak in (no vendoring, no workspace, no cross-compiling), and nothing of
 * ours out: caches of Go that the user has are used, others live in the directory that is removed afterwards.
 */
const buildEnvironment = (env: Environment, directory: string): Record<string, string | undefined> => {
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  const flags = (env['GOFLAGS'] ?? '').split(/\s+/).filter((flag) => flag !== '' && !/^--?(mod|modfile|overlay)=/.test(flag));
  const home = env['HOME'] ?? homedir();
  const settings = env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const hasModules = existsSync(env['GOMODCACHE'] ?? join(env['GOPATH'] ?? join(home, 'go'), 'pkg', 'mod'));
  const hasBuilds = existsSync(env['GOCACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'go-build'));
  return {
    ...rest,
    GOBIN: directory,
    // Modules are read-only by default, and then nobody can remove them.
    GOFLAGS: [...flags, ...(hasModules ? [] : ['-modcacherw'])].join(' '),
    GOWORK: 'off',
    GO111MODULE: 'on',
    ...(!hasModules && { GOPATH: join(directory, 'go'), GOMODCACHE: join(directory, 'go', 'pkg', 'mod') }),
    ...(!hasBuilds && { GOCACHE: join(directory, 'go-build') }),
    // Go counts its own use in the user's settings; the settings themselves are still read.
    ...(process.platform === 'linux' && { XDG_CONFIG_HOME: join(directory, 'config'), GOENV: env['GOENV'] ?? join(settings, 'go', 'env') }),
  };
};

interface GoRun {
  readonly go: string;
  readonly directory: string;
  readonly env: Environment;
  readonly onProgress: ((line: string) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

const goInstall = ({ go, directory, env, onProgress, signal }: GoRun): Promise<string | undefined> =>
  new Promise((settle) => {
    const started = Date.now();
    const limit = AbortSignal.timeout(LIMIT_MS);
    const child = spawn(go, ['install', '-v', GO_PACKAGE], {
      cwd: directory,
      env: buildEnvironment(env, directory),
      stdio: ['ignore', 'ignore', 'pipe'],
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    let modules = 0;
    let packages = 0;
    const last: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.startsWith('go: downloading')) modules += 1;
      else if (/^[\w./-]+$/.test(line)) packages += 1;
      else last.push(line);
      if (last.length > 5) last.shift();
    });
    const report = setInterval(() => {
      const seconds = Math.round((Date.now() - started) / 1_000);
      onProgress?.(`  ${seconds} s: ${modules} modules downloaded, ${packages} packages compiled`);
    }, REPORT_EVERY_MS);
    let broken: Error | undefined;
    child.once('error', (error) => {
      broken = error;
      if (child.pid === undefined) child.emit('close', null, null);
    });
    child.once('close', (code) => {
      clearInterval(report);
      if (code === 0) settle(undefined);
      else settle(`\`go install\` failed: ${last.join(' ').slice(0, 600) || broken?.message || `it ended with code ${code}`}`);
    });
  });
