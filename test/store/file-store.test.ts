import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ContentHash } from '../../model/ids.ts';
import { TasksError } from '../../model/problem.ts';
import { DAMAGED_NAME, FilePlanStore } from '../../store/file-store.ts';
import { codesOf, conformance } from './conformance.ts';
import { samplePlan } from './sample-plan.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tasks-store-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const fileOf = (directory: string, hash: ContentHash): string => join(directory, `${hash}.json.gz`);

conformance('the file store', () => {
  const directory = join(root, 'conformance');
  return {
    open: () => new FilePlanStore({ directory }),
    damage: async (hash) => {
      const bytes = await readFile(fileOf(directory, hash));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
      await writeFile(fileOf(directory, hash), bytes);
    },
  };
});

test('a truncated file and a file of another plan are refused; the listing says damaged', async () => {
  const directory = join(root, 'damaged');
  const store = new FilePlanStore({ directory });
  const hash = await store.put(samplePlan({ name: 'good' }));
  const other = await store.put(samplePlan({ name: 'other' }));
  const good = await readFile(fileOf(directory, hash));
  for (const bytes of [good.subarray(0, 40), Buffer.alloc(0), await readFile(fileOf(directory, other))]) {
    await writeFile(fileOf(directory, hash), bytes);
    expect(await codesOf(store.get(hash))).toEqual(['TASKS4002']);
  }
  expect((await store.list()).find((info) => info.hash === hash)).toEqual({ hash, name: DAMAGED_NAME, tasks: 0, bytes: expect.any(Number), storedAt: expect.any(String) });
});

test('a missing plan says which directory was looked in', async () => {
  const directory = join(root, 'nowhere');
  const store = new FilePlanStore({ directory });
  const error = await store.get('b'.repeat(64) as ContentHash).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(TasksError);
  expect((error as TasksError).problems[0]?.hint).toContain(directory);
  expect((error as TasksError).problems[0]?.hint).toContain('worker');
  expect(await store.list()).toEqual([]);
});

test('a directory that cannot be written is an error of its own', async () => {
  await writeFile(join(root, 'a-file'), '');
  const store = new FilePlanStore({ directory: join(root, 'a-file', 'plans') });
  expect(await codesOf(store.put(samplePlan({ name: 'x' })))).toEqual(['TASKS4003']);
});

const BUILT = join(import.meta.dirname, '../../dist/store/file-store.js');

/** Puts one large plan after the other, and says so before each. */
const writeForever = (directory: string): string => `
  const { FilePlanStore } = await import(${JSON.stringify(pathToFileURL(BUILT).href)});
  const store = new FilePlanStore({ directory: ${JSON.stringify(directory)} });
  for (let i = 0; ; i++) {
    console.log(i);
    const text = Array.from({ length: 20_000 }, () => Math.random().toString(36)).join(' ');
    await store.put({ schema: 1, format: 'flowops', graph: { name: 'n' + i, tasks: [], sources: [] }, tasks: [], fields: { text } });
  }
`;

test.skipIf(!existsSync(BUILT))('a writer killed at any moment leaves no half-written plan', async () => {
  const directory = join(root, 'killed');
  const store = new FilePlanStore({ directory });
  for (const puts of [1, 2, 3, 5]) {
    const writer = spawn(process.execPath, ['--input-type=module', '-e', writeForever(directory)]);
    const said = createInterface(writer.stdout)[Symbol.asyncIterator]();
    for (let i = 0; i < puts; i++) await said.next();
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    for (const info of await store.list()) expect(info.name).not.toBe(DAMAGED_NAME);
  }
  expect((await store.list()).length).toBeGreaterThan(0);
});

test('what a killed writer left is removed by a later put, and nothing else is', async () => {
  const directory = join(root, 'abandoned');
  const store = new FilePlanStore({ directory });
  await mkdir(directory, { recursive: true });
  const old = join(directory, '.plan.00000000-0000-4000-8000-000000000000.tmp');
  const fresh = join(directory, '.plan.00000000-0000-4000-8000-000000000001.tmp');
  const foreign = join(directory, 'notes.tmp');
  for (const path of [old, fresh, foreign]) await writeFile(path, 'x');
  const yesterday = new Date(Date.now() - 86_400_000);
  for (const path of [old, foreign]) await utimes(path, yesterday, yesterday);
  const hash = await store.put(samplePlan({ name: 'sweeps' }));
  expect((await readdir(directory)).toSorted()).toEqual(
    [`${hash}.json.gz`, '.plan.00000000-0000-4000-8000-000000000001.tmp', 'notes.tmp'].toSorted(),
  );
});

test('plans are their owner\'s alone; a directory that was there stays as it was', async () => {
  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
  const directory = join(root, 'private', 'plans');
  const hash = await new FilePlanStore({ directory }).put(samplePlan({ name: 'private' }));
  expect(await Promise.all([directory, join(root, 'private'), fileOf(directory, hash)].map(modeOf))).toEqual([0o700, 0o700, 0o600]);
  const shared = join(root, 'shared');
  await mkdir(shared, { mode: 0o755 });
  await new FilePlanStore({ directory: shared }).put(samplePlan({ name: 'shared' }));
  expect(await modeOf(shared)).toBe(0o755);
});

test('putting a plan that is there does not write again', async () => {
  const directory = join(root, 'once');
  const store = new FilePlanStore({ directory });
  const hash = await store.put(samplePlan({ name: 'once' }));
  const before = await stat(fileOf(directory, hash));
  await store.put(samplePlan({ name: 'once' }));
  expect((await stat(fileOf(directory, hash))).ino).toBe(before.ino);
});
