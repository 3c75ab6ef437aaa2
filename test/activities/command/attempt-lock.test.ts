import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reapLocks } from '../../../activities/command/attempt-lock.ts';
import { bootId, readStat } from '../../../activities/command/launcher/proc.ts';
import { alive, temporaryDirectory, until } from '../rig.ts';

const TOKEN = 'the-token-of-a-lost-attempt';
const noProc = bootId() === undefined;

let directory: string;
const started: number[] = [];
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  for (const pid of started.splice(0)) if (alive(pid)) process.kill(pid, 'SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

const start = (command: string, environment: Record<string, string> = {}): number => {
  const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'], ...environment } });
  child.unref();
  if (child.pid === undefined) throw new Error('not started');
  started.push(child.pid);
  return child.pid;
};

const lock = async (content: Record<string, unknown>): Promise<string> => {
  const path = join(directory, '1.lock.json');
  await writeFile(path, JSON.stringify({ schema: 1, host: 'h', token: TOKEN, execution: 'e', task: 't', attempt: 1, bootId: bootId(), ...content }));
  return path;
};

const reap = (): Promise<number> => reapLocks({ directory, host: 'h', graceMs: 300 });

test.skipIf(noProc)('a group that an earlier attempt left is ended, also when it ignores SIGTERM', async () => {
  const group = start(`trap '' TERM; sleep 100 & echo $! > ${directory}/kid; while :; do sleep 0.1; done`);
  await until(() => existsSync(`${directory}/kid`) && readFileSync(`${directory}/kid`, 'utf8') !== '');
  const path = await lock({ group, startTime: readStat(group)?.startTime });
  expect(await reap()).toBe(1);
  expect(alive(group)).toBe(false);
  expect(alive(Number(readFileSync(`${directory}/kid`, 'utf8')))).toBe(false);
  expect(existsSync(path)).toBe(false);
});

test.skipIf(noProc)('members are found by their token when the leader is gone or they left the group', async () => {
  const leader = start(`sleep 100 & echo $! > ${directory}/kid; setsid sh -c 'echo $$ > ${directory}/away; exec sleep 100' & sleep 0.3`, { TASKS_ATTEMPT_RUN: TOKEN });
  await until(() => existsSync(`${directory}/away`) && !alive(leader));
  const [kid, away] = ['kid', 'away'].map((name) => Number(readFileSync(`${directory}/${name}`, 'utf8'))) as [number, number];
  expect([alive(kid), alive(away)]).toEqual([true, true]);
  await lock({ group: leader, startTime: '1' });
  await reap();
  await until(() => !alive(kid) && !alive(away));
});

test.each([
  ['another start time', { startTime: '1' }],
  ['no start time', { startTime: undefined }],
  ['another boot', { bootId: 'another' }],
  ['no boot', { bootId: undefined }],
])('a recycled process id is never signalled: %s', async (_, content) => {
  const innocent = start('exec sleep 100');
  const path = await lock({ group: innocent, startTime: readStat(innocent)?.startTime, ...content });
  await reap();
  expect(alive(innocent)).toBe(true);
  expect(existsSync(path)).toBe(false);
});

test("another host's lock is left alone", async () => {
  const innocent = start('exec sleep 100');
  const path = await lock({ group: innocent, startTime: readStat(innocent)?.startTime, host: 'elsewhere' });
  expect(await reap()).toBe(0);
  expect(alive(innocent)).toBe(true);
  expect(existsSync(path)).toBe(true);
});

test.each(['', '{', 'null', '{"schema":1,"group":1,"host":"h","token":"xxxxxxxxxxxxxxxxxxxx"}', '{"schema":1,"group":-1,"host":"h","token":"xxxxxxxxxxxxxxxxxxxx"}'])('a damaged lock is removed and nothing else: %j', async (text) => {
  await writeFile(join(directory, '1.lock.json'), text);
  expect(await reap()).toBe(1);
  expect(existsSync(join(directory, '1.lock.json'))).toBe(false);
});
