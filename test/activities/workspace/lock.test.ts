import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holderOf, lifeOf } from '../../../activities/workspace/holder.ts';
import { takeLock } from '../../../activities/workspace/lock.ts';
import { temporaryDirectory } from '../rig.ts';

const OTHER = '00000000-0000-0000-0000-000000000000';
const lockFile = (directory: string): string => join(directory, `tasks-merge.${OTHER}.lock`);
const signal = new AbortController().signal;

test('one at a time, and everybody in the end; nothing stays', async () => {
  const directory = await temporaryDirectory();
  let inside = 0;
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    await using _lock = await takeLock({ directory, waitMs: 30_000, signal });
    inside += 1;
    seen.push(inside);
    await new Promise((resolve) => setTimeout(resolve, 2));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, work));
  expect([seen, await readdir(directory)]).toEqual([Array.from({ length: 12 }, () => 1), []]);
});

test('a living process holds it, a dead one does not, whoever has its process id now', async () => {
  const directory = await temporaryDirectory();
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const holder = holderOf(child.pid as number);
  await writeFile(lockFile(directory), JSON.stringify(holder));
  await expect(takeLock({ directory, waitMs: 100, signal })).rejects.toThrow('another process has been merging');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using _lock = await takeLock({ directory, waitMs: 1_000, signal });
  expect((await readdir(directory)).includes(`tasks-merge.${OTHER}.lock`)).toBe(false);
  expect([lifeOf(holderOf(process.pid)), lifeOf({ ...holderOf(process.pid), startTime: '1' }), lifeOf({ ...holderOf(process.pid), boot: 'before' })]).toEqual(['alive', 'dead', 'dead']);
});

test('one of another machine holds it as long as it shows signs of life', async () => {
  const directory = await temporaryDirectory();
  await writeFile(lockFile(directory), JSON.stringify({ host: `not-${hostname()}`, pid: 1 }));
  await expect(takeLock({ directory, waitMs: 100, signal })).rejects.toThrow('another process has been merging');
  const longAgo = new Date(Date.now() - 120_000);
  await utimes(lockFile(directory), longAgo, longAgo);
  await using _lock = await takeLock({ directory, waitMs: 1_000, signal });
  expect(await readdir(directory)).toHaveLength(1);
});

test('what is not written yet counts as held, and who is stopped waits no longer', async () => {
  const directory = await temporaryDirectory();
  await writeFile(lockFile(directory), '');
  const controller = new AbortController();
  const waiting = takeLock({ directory, waitMs: 60_000, signal: controller.signal });
  controller.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow();
  expect(await readdir(directory)).toHaveLength(1);
});
