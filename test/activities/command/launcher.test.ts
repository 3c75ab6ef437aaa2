import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createLauncher } from '../../../activities/command/launcher/launcher.ts';
import type { RunReport, RunRequest } from '../../../activities/command/launcher/protocol.ts';
import { alive, createRig, requestOf, temporaryDirectory, until } from '../rig.ts';

const WORKER = fileURLToPath(new URL('../../fixtures/commands/worker.mjs', import.meta.url));
const MB = 1024 * 1024;
const CONTROLS = new RegExp(String.raw`[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]`);

const rig = await createRig();
const { workspace: directory, launcher } = rig;
afterAll(() => rig[Symbol.asyncDispose]());

const run = async (command: string, more: Partial<RunRequest> = {}): Promise<RunReport> => {
  const end = await launcher.run(requestOf(command, { directory, ...more })).ended;
  if (end.lost) throw new Error(end.message);
  return end.report;
};

test('fifty commands at once all end as they should', async () => {
  const reports = await Promise.all(Array.from({ length: 50 }, (_, n) => run(`echo ${n}; exit ${n}`)));
  expect(reports.map((it) => [it.exitCode, it.tail])).toEqual(reports.map((_, n) => [n, `${n}\n`]));
});

test('a hundred megabytes of output stay bounded on disk and in memory', async () => {
  const path = join(directory, 'big.log');
  const report = await run('yes 0123456789012345678901234567890 | head -c 100M; echo end', { log: { path, limit: MB } });
  expect(report.tail.endsWith('\nend\n')).toBe(true);
  expect(statSync(path).size).toBeLessThanOrEqual(MB);
  expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(MB);
  expect(readFileSync(path, 'utf8').endsWith('end\n')).toBe(true);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${launcher.pid}/status`, 'utf8'))?.[1];
  expect(Number(peak) * 1024).toBeLessThan(250 * MB);
});

test('a hundred megabytes without a line end stay bounded, too', async () => {
  const path = join(directory, 'zeros.log');
  const report = await run('head -c 20M /dev/zero | tr "\\0" x; exit 1', { log: { path, limit: MB } });
  expect(report.tail).toBe('x'.repeat(4096));
  expect(statSync(path).size).toBeLessThanOrEqual(MB);
});

test('binary output becomes harmless text', async () => {
  const path = join(directory, 'binary.log');
  const report = await run(String.raw`printf 'a\0b\033[31mred\033[0m \033]52;c;aGFjaw==\007\377\376\r\n'; head -c 3M /dev/urandom; exit 1`, { log: { path, limit: 10 * MB } });
  const log = await readFile(path, 'utf8');
  expect(log.startsWith('a␀bred ��\r\n')).toBe(true);
  for (const text of [log, report.tail]) expect(text).not.toMatch(CONTROLS);
  expect(Buffer.byteLength(report.tail)).toBeLessThanOrEqual(4096);
});

test('output can be opened by its name, also by a command that a socket would not do for', async () => {
  const report = await run('echo one > /dev/stderr; echo two | tee /dev/stderr >> /dev/stdout; echo three > /proc/self/fd/1');
  expect(report).toMatchObject({ exitCode: 0, tail: 'one\ntwo\ntwo\nthree\n' });
});

test('where no named pipes can be made, output comes all the same', async () => {
  const path = process.env['PATH'];
  await using own = createLauncher();
  process.env['PATH'] = '/nowhere';
  own.warm();
  process.env['PATH'] = path;
  const end = await own.run(requestOf('echo out; echo err >&2; exit 4')).ended;
  expect(end).toMatchObject({ lost: false, report: { exitCode: 4, tail: expect.stringMatching(/^(?:out\nerr|err\nout)\n$/) } });
});

test('nothing is left open or behind by many commands', async () => {
  const own = createLauncher();
  own.warm();
  const open = (): number => readdirSync(`/proc/${own.pid}/fd`).length;
  await own.run(requestOf('true')).ended;
  const before = open();
  for (let round = 0; round < 5; round += 1) await Promise.all(Array.from({ length: 20 }, async () => own.run(requestOf('echo x; exit 1')).ended));
  expect(open()).toBeLessThanOrEqual(before + 2);
  await own.close();
});

test('a character that is cut by a pipe is put together again', async () => {
  const report = await run(String.raw`printf '\303'; sleep 0.05; printf '\244\342'; sleep 0.05; printf '\202\254\n'`);
  expect(report.tail).toBe('ä€\n');
});

test('CPU time of what a command waited for and of what it left behind is counted', async () => {
  const busy = (seconds: number): string => `node -e "for(let u;;){for(let i=0;i<1e6;i++);u=process.cpuUsage();if(u.user+u.system>${seconds * 1e6})break}"`;
  const waited = await run(`${busy(0.3)}; ${busy(0.2)}`);
  expect(waited.cpuSeconds).toBeGreaterThan(0.45);
  expect(waited.cpuSeconds).toBeLessThan(2);
  const left = await run(`{ ${busy(0.3)}; touch busy-done; sleep 100; } & until test -e busy-done; do sleep 0.05; done`);
  expect(left.cpuSeconds).toBeGreaterThan(0.25);
  expect((await run('true')).cpuSeconds).toBeLessThan(0.1);
});

test('peak memory of the group is seen', async () => {
  const report = await run('node -e "const b=Buffer.alloc(150*1024*1024,1);setTimeout(()=>b,1500)"');
  expect(report.peakMemoryBytes).toBeGreaterThan(150 * MB);
});

test('a command that no system call takes is a failure, and the launcher lives', async () => {
  const { pid } = launcher;
  expect((await run('echo \0')).spawnError).toContain('null byte');
  expect((await run(`: ${'x'.repeat(3_000_000)}`)).spawnError).toContain('E2BIG');
  expect((await run('true', { directory: join(directory, 'none') })).spawnError).toBeDefined();
  expect(launcher.pid).toBe(pid);
});

test('signals meant for the worker do not end the launcher', async () => {
  const running = run('sleep 0.3; echo survived');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(launcher.pid ?? -1, signal);
  expect((await running).tail).toBe('survived\n');
});

test('a launcher that dies loses its commands, ends their processes, and is replaced', async () => {
  const pidFile = join(directory, 'lost.pid');
  const lock = { path: join(directory, 'lost.lock.json'), content: { host: 'h', token: 'token-of-lost-test', execution: 'e', task: 't', attempt: 1 } };
  const running = launcher.run(requestOf(`trap '' TERM; echo $$ > ${pidFile}; while :; do sleep 1; done`, { lock, environment: { PATH: process.env['PATH'] ?? '', TASKS_ATTEMPT_RUN: lock.content.token } }));
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
  const { pid } = launcher;
  process.kill(pid ?? -1, 'SIGKILL');
  expect(await running.ended).toMatchObject({ lost: true });
  expect(alive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  expect(existsSync(lock.path)).toBe(false);
  expect((await run('echo again')).tail).toBe('again\n');
  expect(launcher.pid).not.toBe(pid);
});

test.each([
  ['SIGKILL', 'sleep 100 & echo $! > kid; echo $$ > leader; wait'],
  ['SIGKILL', "trap '' TERM; sleep 100 & echo $! > kid; echo $$ > leader; while :; do sleep 0.2; done"],
] as const)('a worker ended by %s leaves no process: %s', async (signal, command) => {
  const place = await temporaryDirectory();
  const worker = spawn(process.execPath, [WORKER, command, place, '500'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(worker, 'exit');
  const read = (name: string): number => (existsSync(join(place, name)) ? Number(readFileSync(join(place, name), 'utf8')) : 0);
  let launcherPid = 0;
  worker.stdout.on('data', (bytes: Buffer) => {
    launcherPid = Number(bytes.toString());
  });
  await until(() => read('leader') > 0 && launcherPid > 0 && existsSync(join(place, '1.lock.json')));
  worker.kill(signal);
  await exited;
  await until(() => !alive(read('leader')) && !alive(read('kid')) && !alive(launcherPid), 3_000);
  expect(existsSync(join(place, '1.lock.json'))).toBe(false);
  await rm(place, { recursive: true, force: true });
});

test('a launcher that starts removes what killed launchers left, and nothing else', async () => {
  const place = await temporaryDirectory();
  const directories = (): string[] => readdirSync(place).sort();
  const anHourAgo = new Date(Date.now() - 3_600_000);
  const start = async (): Promise<{ readonly name: string; readonly pid: number; readonly group: number; readonly worker: ReturnType<typeof spawn> }> => {
    const before = new Set(directories());
    const worker = spawn(process.execPath, [WORKER, 'sleep 100', place, '0'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: place } });
    const [bytes] = (await once(worker.stdout, 'data')) as [Buffer];
    await until(() => existsSync(join(place, '1.lock.json')) && readFileSync(join(place, '1.lock.json'), 'utf8') !== '');
    const [name = ''] = directories().filter((it) => it.startsWith('tasks-launcher-') && !before.has(it));
    const { group } = JSON.parse(await readFile(join(place, '1.lock.json'), 'utf8')) as { readonly group: number };
    await rm(join(place, '1.lock.json'));
    return { name, pid: Number(bytes.toString()), group, worker };
  };
  const lost = await start();
  // Both at once: neither can clear up after the other.
  for (const pid of [lost.pid, lost.worker.pid]) process.kill(pid ?? -1, 'SIGSTOP');
  for (const pid of [lost.pid, lost.worker.pid]) process.kill(pid ?? -1, 'SIGKILL');
  await once(lost.worker, 'exit');
  process.kill(-lost.group, 'SIGKILL');
  const living = await start();
  const [empty, foreign, fresh] = ['tasks-launcher-empty', 'tasks-launcher-foreign', 'tasks-launcher-fresh'] as const;
  for (const name of [empty, foreign, fresh]) await mkdir(join(place, name));
  await writeFile(join(place, foreign, 'kept'), '');
  for (const name of [lost.name, living.name, empty, foreign]) await utimes(join(place, name), anHourAgo, anHourAgo);
  const next = await start();
  await until(() => !directories().includes(lost.name));
  expect(directories()).toEqual([foreign, fresh, living.name, next.name].sort());
  for (const { worker, pid } of [living, next]) {
    worker.kill('SIGKILL');
    await until(() => !alive(pid));
  }
  expect(directories()).toEqual([foreign, fresh]);
  await rm(place, { recursive: true, force: true });
});

test('closing ends what still runs', async () => {
  const own = createLauncher();
  const running = own.run(requestOf('sleep 100'));
  await until(() => own.pid !== undefined);
  await own.close();
  expect(await running.ended).toMatchObject({ lost: true });
  expect(await own.run(requestOf('true')).ended).toMatchObject({ lost: true });
});
