import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findTemporalBinary } from '../../../client/dev/binary.ts';
import type { FindBinaryOptions } from '../../../client/dev/binary.ts';
import { TasksError } from '../../../model/problem.ts';

let root: string;
let lines: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tasks-binary-'));
  lines = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const script = async (path: string, text: string): Promise<string> => {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
};
const says = (server: string) => `echo "temporal version 1.5.1 (Server ${server}, UI 2.42.1)"`;
const temporal = (path: string, server = '1.29.1') => script(path, says(server));

/** The SDK's download stood in for by a script, which gets the directory as its last argument. */
const NOTHING_TO_DOWNLOAD = ['/bin/sh', '-c', 'echo no route to host >&2; exit 1'] as const;
const find = (options: FindBinaryOptions = {}) =>
  findTemporalBinary({
    cache: join(root, 'cache'),
    onProgress: (line) => lines.push(line),
    download: { command: NOTHING_TO_DOWNLOAD },
    ...options,
    env: { PATH: '/usr/bin:/bin', HOME: root, ...options.env },
  });
const goThatBuilds = (server = '1.29.1') =>
  script('go/go', `echo "$@" > "${root}/go-args"; pwd > "${root}/go-pwd"; env > "${root}/go-env"
echo x >> "${root}/go-runs"; sleep 0.2
printf '#!/bin/sh\\n%s\\n' '${says(server)}' > "$GOBIN/temporal"; chmod 755 "$GOBIN/temporal"`);
const read = (name: string) => readFile(join(root, name), 'utf8');

describe('the chain', () => {
  test('TEMPORAL_CLI comes first, then PATH, then the cache', async () => {
    const cached = await temporal('cache/bin/temporal');
    expect(await find()).toEqual({ path: cached, source: 'cache', version: '1.29.1' });
    const onPath = await temporal('path/temporal', '1.30.0');
    const env = { PATH: `${join(root, 'path')}:/usr/bin:/bin` };
    expect(await find({ env })).toEqual({ path: onPath, source: 'PATH', version: '1.30.0' });
    const named = await temporal('mine', '1.28.0');
    expect(await find({ env: { ...env, TEMPORAL_CLI: named } })).toEqual({ path: named, source: 'TEMPORAL_CLI', version: '1.28.0' });
    expect(lines).toEqual([]);
  });

  test('one that does not run, is none, or is too old is passed over, and a broken TEMPORAL_CLI not in silence', async () => {
    const cached = await temporal('cache/bin/temporal');
    for (const [text, why] of [
      ['exit 3', /--version. failed/],
      ['echo hello', /not a temporal binary/],
      [says('1.27.9'), /holds server 1\.27\.9, and 1\.28\.0 or later is needed/],
    ] as const) {
      lines = [];
      expect((await find({ env: { TEMPORAL_CLI: await script('mine', text) } })).path).toBe(cached);
      expect(lines.join()).toMatch(why);
    }
    await temporal('path/temporal', '1.2.3');
    expect((await find({ env: { PATH: `${join(root, 'path')}:/usr/bin:/bin` } })).path).toBe(cached);
  });

  test('a relative entry of PATH is not looked into', async () => {
    await temporal('path/temporal');
    const cached = await temporal('cache/bin/temporal');
    expect((await find({ env: { PATH: `:.:path:/usr/bin:/bin` } })).path).toBe(cached);
  });
});

describe('the download', () => {
  test('is kept in the cache under its own name', async () => {
    const command = ['/bin/sh', '-c', `mkdir -p "$1/x"; printf '%s\\n' '#!/bin/sh' '${says('1.31.0')}' > "$1/x/temporal-sdk-typescript-1.24.0"`, 'sh'] as const;
    const path = join(root, 'cache/bin/temporal');
    expect(await find({ download: { command } })).toEqual({ path, source: 'download', version: '1.31.0' });
    expect(await find()).toEqual({ path, source: 'cache', version: '1.31.0' });
    expect(await readdir(dirname(path))).toEqual(['temporal']);
  });

  test('is given up when nothing arrives, and its processes are ended', async () => {
    const command = ['/bin/sh', '-c', 'sleep 60 & echo part > "$1/part"; wait', 'sh'] as const;
    const error: unknown = await find({ download: { command, idleMs: 200 } }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('download: nothing arrived for 0.2 s');
    expect(await readdir(join(root, 'cache/bin'))).toEqual([]);
  });

  test('goes on as long as something arrives', async () => {
    const slow = `for i in 1 2 3 4 5 6; do echo "# $i" >> "$1/log"; sleep 0.1; done; printf '%s\\n' '#!/bin/sh' '${says('1.31.0')}' '# ${'x'.repeat(200)}' > "$1/t"`;
    expect((await find({ download: { command: ['/bin/sh', '-c', slow, 'sh'], idleMs: 400 } })).source).toBe('download');
  });
});

describe('the build with Go', () => {
  test('is outside of every Go project, whole or not there, and kept', async () => {
    const go = await goThatBuilds();
    const env = { PATH: `${dirname(go)}:/usr/bin:/bin`, GOFLAGS: '-mod=vendor -trimpath', GOOS: 'plan9', GOWORK: '/x/go.work' };
    const path = join(root, 'cache/bin/temporal');
    expect(await find({ env })).toEqual({ path, source: 'go install', version: '1.29.1' });
    expect(await read('go-args')).toBe('install -v github.com/temporalio/cli/cmd/temporal@v1.5.1\n');
    expect((await read('go-pwd')).startsWith(join(root, 'cache'))).toBe(true);
    const seen = (await read('go-env')).split('\n');
    expect(seen).toEqual(expect.arrayContaining(['GOFLAGS=-trimpath -modcacherw', 'GOWORK=off']));
    expect(seen.some((line) => line.startsWith('GOOS='))).toBe(false);
    expect(lines.join('\n')).toContain('Building the Temporal server with Go');
    // Neither modules nor objects stay behind.
    expect(await readdir(dirname(path))).toEqual(['temporal']);
    expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await find({ env })).source).toBe('cache');
  });

  test("uses the user's own Go caches where there are any", async () => {
    const go = await goThatBuilds();
    await mkdir(join(root, 'go/pkg/mod'), { recursive: true });
    await mkdir(join(root, '.cache/go-build'), { recursive: true });
    await find({ env: { PATH: `${dirname(go)}:/usr/bin:/bin` } });
    expect(await read('go-env')).not.toMatch(/^(GOMODCACHE|GOCACHE|GOPATH)=/m);
  });

  test('two that want it at once build it once', async () => {
    const go = await goThatBuilds();
    const env = { PATH: `${dirname(go)}:/usr/bin:/bin` };
    const found = await Promise.all([find({ env }), find({ env })]);
    expect(found.map(({ source }) => source).sort()).toEqual(['cache', 'go install']);
    expect(await read('go-runs')).toBe('x\n');
  });

  test('of a process that was killed leaves a lock and rubbish that the next one removes', async () => {
    const cached = join(root, 'cache/bin/temporal');
    await mkdir(join(root, 'cache/bin/build-abc'), { recursive: true });
    await writeFile(`${cached}.lock`, JSON.stringify({ pid: process.pid, started: 'long ago' }));
    const go = await goThatBuilds();
    expect((await find({ env: { PATH: `${dirname(go)}:/usr/bin:/bin` } })).source).toBe('go install');
    expect(await readdir(dirname(cached))).toEqual(['temporal']);
  });

  test('can be interrupted', async () => {
    const go = await script('go/go', 'exec sleep 60');
    const found = find({ env: { PATH: `${dirname(go)}:/usr/bin:/bin` }, signal: AbortSignal.timeout(300) });
    await expect(found).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await readdir(join(root, 'cache/bin'))).toEqual([]);
  });
});

test('when there is none: everything that was tried, each with its reason, and the way out', async () => {
  const go = await script('go/go', 'echo "go: downloading x" >&2; echo "dial tcp: lookup proxy.golang.org: no such host" >&2; exit 1');
  const env = { TEMPORAL_CLI: '/nowhere/temporal', PATH: `${dirname(go)}:/usr/bin:/bin` };
  const error: unknown = await find({ env }).catch((thrown: unknown) => thrown);
  if (!(error instanceof TasksError)) throw error;
  const [problem] = error.problems;
  expect(error.exit).toBe(6);
  expect(problem?.code).toBe('TASKS2002');
  expect(problem?.related?.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^TEMPORAL_CLI: .*\/nowhere\/temporal/),
    'PATH: no `temporal` there',
    `cache: no ${join(root, 'cache/bin/temporal')}`,
    'download: no route to host',
    'go install: `go install` failed: dial tcp: lookup proxy.golang.org: no such host',
  ]);
  expect(problem?.hint).toMatch(/TEMPORAL_CLI.*Go/);
  expect(existsSync(join(root, 'cache/bin/temporal'))).toBe(false);
});

test('without Go the error says so', async () => {
  await expect(find({ env: { PATH: join(root, 'empty') } })).rejects.toThrow(/TASKS2002.*Go is not installed/);
});
