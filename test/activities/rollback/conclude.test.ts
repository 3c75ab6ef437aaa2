/** What is recorded of a workspace after a rollback. */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createConcludeRollback } from '../../../activities/rollback/conclude.ts';
import { DEFAULT_POLICIES } from '../../../model/graph.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../../model/ids.ts';
import type { RollbackRecord } from '../../../model/rollback.ts';
import { storeOf, temporaryDirectory } from '../rig.ts';

const run = promisify(execFile);
let workspace: string;
beforeEach(async () => {
  workspace = await temporaryDirectory();
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const conclude = (artifacts: readonly string[] = []): Promise<RollbackRecord> =>
  createConcludeRollback({
    store: storeOf(async () => ({
      schema: 1,
      format: 'rollback',
      graph: { schema: 1, name: 'x', tasks: [], sources: [], policies: DEFAULT_POLICIES },
      tasks: [{ id: 'a' as TaskId, artifacts, fields: {} }],
      fields: { rollback: { target: { kind: 'failed' }, left: [{ task: 'lint', why: 'undeclared' }] } },
    })),
  })({
    of: 'release' as ExecutionId,
    plan: 'a'.repeat(64) as ContentHash,
    workspace,
    results: [
      { task: 'a' as TaskId, result: 'undone' },
      { task: 'b' as TaskId, result: 'failed', reason: 'it broke' },
    ],
  });

test('without a repository: the declared artifacts that are there, with their hashes', async () => {
  await writeFile(join(workspace, 'out.txt'), 'x');
  expect(await conclude(['*.txt'])).toEqual({
    of: 'release',
    target: { kind: 'failed' },
    undone: ['a'],
    notUndone: [{ task: 'b', reason: 'it broke' }],
    left: [{ task: 'lint', why: 'undeclared' }],
    tree: { artifacts: [{ path: 'out.txt', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string }] },
  });
});

test('in a repository: the commit, and what differs from it, however much', async () => {
  const git = (...args: readonly string[]) => run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: workspace });
  await git('init', '-q');
  await writeFile(join(workspace, 'kept'), 'x');
  await git('add', '.');
  await git('commit', '-q', '-m', 'x');
  expect((await conclude()).tree).toEqual({ head: (await git('rev-parse', 'HEAD')).stdout.trim(), changed: [], changedTotal: 0 });
  await rm(join(workspace, 'kept'));
  for (let i = 0; i < 250; i += 1) await writeFile(join(workspace, `new-${String(i).padStart(3, '0')}`), '');
  const { tree } = await conclude();
  expect([tree?.changedTotal, tree?.changed?.length, tree?.changed?.slice(0, 2)]).toEqual([251, 200, [' D kept', '?? new-000']]);
});

test('a workspace that is gone is no reason not to say what was done', async () => {
  await rm(workspace, { recursive: true });
  expect(await conclude()).toMatchObject({ undone: ['a'] });
});
