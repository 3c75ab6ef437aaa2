import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExecutionId, TaskId } from '../../../model/ids.ts';
import { takeBlob } from '../../../store/checkpoint/blobs.ts';
import { blobPath, manifestPath } from '../../../store/checkpoint/layout.ts';
import { entriesOf } from '../../../store/checkpoint/manifests.ts';
import { removeExecution, sweepBlobs, thinOut } from '../../../store/checkpoint/prune.ts';
import { saveCheckpoint } from '../../../store/checkpoint/save.ts';
import type { SaveRequest } from '../../../store/checkpoint/save.ts';
import { stockOf } from '../../../store/checkpoint/stock.ts';

const EXECUTION = 'run-1' as ExecutionId;
const TASK = 'T1' as TaskId;
const GIB = 1024 ** 3;

let root: string;
let workspace: string;
let directory: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tasks-checkpoint-')));
  workspace = join(root, 'work');
  directory = join(root, 'plan', 'checkpoints');
  await mkdir(workspace);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = async (path: string, content: string): Promise<void> => {
  await mkdir(join(workspace, path, '..'), { recursive: true });
  await writeFile(join(workspace, path), content);
};
let n = 0;
const save = (name: string, files: readonly string[], more: Partial<SaveRequest> & { readonly final?: true; readonly rollbackCapable?: false; readonly task?: TaskId } = {}) => {
  const { final, rollbackCapable, task = TASK, ...request } = more;
  n += 1;
  const checkpoint = { execution: EXECUTION, task, attempt: 1, n, name, at: Date.now(), ...(final && { final }), ...(rollbackCapable === false && { rollbackCapable }) };
  return saveCheckpoint({ directory, checkpoint, workspace, files, maxBytes: GIB, keep: 3, ...request });
};
const place = () => ({ directory, execution: EXECUTION, task: TASK });
const names = async (): Promise<readonly string[]> => (await entriesOf(place())).map((entry) => (entry.ok ? entry.checkpoint.name : `(${entry.reason})`));
const blobs = async (): Promise<number> => (await readdir(join(directory, 'blobs'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
const take = async (at: number): Promise<string> => {
  const entry = (await entriesOf(place()))[at];
  if (!entry?.ok) throw new Error('damaged');
  const [artifact] = entry.checkpoint.artifacts;
  if (!artifact) throw new Error('nothing kept');
  const target = join(root, `out-${at}-${Math.random()}`);
  const problem = await takeBlob({ directory, ...artifact, target });
  return problem ?? readFile(target, 'utf8');
};

test('what was kept comes out as it went in, also after it has changed', async () => {
  await write('out/a.txt', 'one');
  expect(await save('first', ['out/a.txt'])).toMatchObject({ files: 1, bytes: 3 });
  await write('out/a.txt', 'two');
  await save('second', ['out/a.txt']);
  expect([await take(0), await take(1)]).toEqual(['one', 'two']);
});

test('the same content is kept once, whoever keeps it', async () => {
  for (const path of ['a', 'b', 'c']) await write(path, 'the same');
  await save('first', ['a', 'b']);
  await save('second', ['c'], { task: 'T2' as TaskId });
  expect(await blobs()).toBe(1);
});

test('nobody else can read what is kept, and the permissions of files come along', async () => {
  await write('run.sh', 'echo');
  await chmod(join(workspace, 'run.sh'), 0o750);
  await save('first', ['run.sh']);
  const [entry] = await entriesOf(place());
  expect(entry?.ok && entry.checkpoint.artifacts[0]?.mode).toBe(0o750);
  expect((await readdir(directory)).toSorted()).toEqual(['.gitignore', 'blobs', 'run-1']);
});

test('a file that is written to is waited for, a while', { timeout: 30_000 }, async () => {
  // Copying it takes longer than the time between two writes.
  await write('busy', 'x'.repeat(20_000_000));
  let written = 20_000_000;
  const writing = setInterval(() => {
    appendFileSync(join(workspace, 'busy'), 'y');
    written += 1;
  }, 1);
  setTimeout(() => clearInterval(writing), 400);
  const { refused, bytes } = await save('first', ['busy']);
  expect([refused, bytes]).toEqual([undefined, written]);
});

describe('refused, and said', () => {
  test('more than may be kept', async () => {
    await write('big', 'x'.repeat(2_000));
    expect(await save('big', ['big'], { maxBytes: 1_000 })).toMatchObject({ files: 0, refused: expect.stringContaining('max_bytes') });
    expect(await names()).toEqual([]);
  });

  test('a link that leads out of the workspace is not followed', async () => {
    await writeFile(join(root, 'secret'), 'secret');
    await symlink(join(root, 'secret'), join(workspace, 'link'));
    await symlink(root, join(workspace, 'up'));
    expect(await save('links', ['link', 'up/secret'])).toMatchObject({ files: 0, bytes: 0 });
    expect(await blobs()).toBe(0);
  });

  test('a directory in which nothing can be written', async () => {
    await writeFile(join(root, 'plan'), 'a file');
    await write('a', 'x');
    expect((await save('first', ['a'])).refused).toContain('ENOTDIR');
  });
});

test('the last three of a task are kept, and one of each name', async () => {
  for (const name of ['a', 'b', 'c', 'b', 'd', 'e']) {
    await write('f', `${name}${n}`);
    await save(name, ['f']);
  }
  expect(await names()).toEqual(['b', 'd', 'e']);
});

test('a point that no way leads back from takes all before it along, also when nothing could be kept of it', async () => {
  await write('f', 'x');
  await save('a', ['f']);
  await save('b', ['f'], { rollbackCapable: false });
  expect(await names()).toEqual(['b']);
  await save('c', ['f'], { rollbackCapable: false, maxBytes: 0 });
  const entries = await entriesOf(place());
  expect(entries).toMatchObject([{ ok: true, checkpoint: { name: 'c', refused: expect.any(String), artifacts: [] } }]);
});

describe('damage is found', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b']) {
      await write('f', `content of ${name}`);
      await save(name, ['f']);
    }
  });
  const manifest = (): string => manifestPath(directory, EXECUTION, TASK);

  test('in a manifest that was cut off: the line before it is good', async () => {
    const text = await readFile(manifest(), 'utf8');
    await truncate(manifest(), text.length - 40);
    expect(await names()).toEqual(['a', expect.stringContaining('cut off')]);
  });

  test('in a line that was changed', async () => {
    const text = await readFile(manifest(), 'utf8');
    await writeFile(manifest(), text.replace('"name":"b"', '"name":"B"'));
    expect(await names()).toEqual(['a', expect.stringContaining('changed')]);
  });

  test('in a file that belongs to another task', async () => {
    await writeFile(manifestPath(directory, EXECUTION, 'T2' as TaskId), await readFile(manifest()));
    expect((await entriesOf({ ...place(), task: 'T2' as TaskId })).map(({ ok }) => ok)).toEqual([false, false]);
  });

  test('in a content that was changed, cut short, or is gone', async () => {
    const hashOf = async (at: number) => {
      const entry = (await entriesOf(place()))[at];
      return blobPath(directory, (entry?.ok && entry.checkpoint.artifacts[0]?.hash) as never);
    };
    await writeFile(await hashOf(0), 'CONTENT OF A');
    expect(await take(0)).toContain('has changed');
    await truncate(await hashOf(1), 3);
    expect(await take(1)).toContain('3 bytes instead of 12');
    await rm(await hashOf(1));
    expect(await take(1)).toContain('missing');
    expect((await stockOf(directory, EXECUTION)).items.map(({ isWhole }) => isWhole)).toEqual([true, false]);
  });
});

describe('what nobody needs goes', () => {
  test('with an execution go its contents, and not those that another one names', async () => {
    await write('own', 'own');
    await write('shared', 'shared');
    await save('a', ['own', 'shared']);
    const other = { execution: 'run-2' as ExecutionId, task: TASK, attempt: 1, n: 1, name: 'a', at: 1 };
    await saveCheckpoint({ directory, checkpoint: other, workspace, files: ['shared'], maxBytes: GIB, keep: 3 });
    const { tasks, freed } = await removeExecution(directory, EXECUTION);
    // The other one has used it since: it is young, and named.
    expect({ tasks, ...(await sweepBlobs(directory, freed)) }).toEqual({ tasks: 1, blobs: 1, bytes: 3 });
    expect((await stockOf(directory, 'run-2' as ExecutionId)).items).toMatchObject([{ isWhole: true }]);
    expect(await readdir(directory)).not.toContain(EXECUTION);
  });

  test('what a checkpoint under way has just put there is spared, and what a killed one left is not for ever', async () => {
    await write('f', 'x');
    await save('a', ['f']);
    const path = manifestPath(directory, EXECUTION, TASK);
    await rm(path);
    expect((await sweepBlobs(directory)).blobs).toBe(0);
    const entry = (await readdir(join(directory, 'blobs'), { recursive: true, withFileTypes: true })).find((found) => found.isFile());
    const long = new Date(Date.now() - 3_600_000);
    await utimes(join(entry?.parentPath ?? '', entry?.name ?? ''), long, long);
    expect((await sweepBlobs(directory)).blobs).toBe(1);
  });

  test('of a task that has succeeded the one at its end stays', async () => {
    await write('f', 'x');
    await save('a', ['f']);
    await save('done', ['f'], { final: true });
    await thinOut(place(), ({ final }) => final === true);
    expect(await names()).toEqual(['done']);
  });

  test('an execution that is called like our own directory is no danger to it', async () => {
    await write('f', 'x');
    const checkpoint = { execution: 'blobs' as ExecutionId, task: TASK, attempt: 1, n: 1, name: 'a', at: 1 };
    await saveCheckpoint({ directory, checkpoint, workspace, files: ['f'], maxBytes: GIB, keep: 3 });
    expect((await stockOf(directory, 'blobs' as ExecutionId)).items).toHaveLength(1);
    expect((await removeExecution(directory, 'blobs' as ExecutionId)).tasks).toBe(1);
    expect(await blobs()).toBe(1);
  });
});

test('killed in the middle of writing one, the one before it is whole', { timeout: 60_000 }, async () => {
  const writer = fileURLToPath(new URL('../../fixtures/checkpoints/writer.mjs', import.meta.url));
  await write('f', 'seed');
  await save('seed', ['f']);
  for (let turn = 0; turn < 12; turn += 1) {
    const child = spawn(process.execPath, [writer, directory, workspace], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 3 + turn * 5));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const entries = await entriesOf(place());
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) {
      if (!entry.ok) throw new Error(entry.reason);
      for (const artifact of entry.checkpoint.artifacts) {
        expect(await takeBlob({ directory, ...artifact, target: join(root, `back-${turn}-${entry.checkpoint.n}-${artifact.hash}`) })).toBeUndefined();
      }
    }
  }
  // It had got somewhere each time, or nothing was proven.
  expect((await names()).some((name) => name.startsWith('w'))).toBe(true);
});
