/** Worktrees that come and go beside each other: git's own list of them is not safe for that. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addWorktree, removeWorktree } from '../../../activities/workspace/worktree.ts';
import { findRepository } from '../../../store/repository.ts';
import { createRepo } from './repository.ts';

const AT_ONCE = 8;
const TIMES = 10;

test('each is made, and each is gone, whoever makes or removes another meanwhile', { timeout: 120_000 }, async () => {
  await using repo = await createRepo();
  const found = await findRepository(repo.path);
  if (!found.ok) throw new Error(found.error);
  const repository = found.value;
  const comeAndGo = async (who: number): Promise<void> => {
    for (let time = 0; time < TIMES; time += 1) {
      const { top } = await addWorktree({ repository, path: join(repo.path, '.tasks', String(who), '1.worktree') });
      await removeWorktree(repository.top, top);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, who) => comeAndGo(who)));
  expect(await repo.worktrees()).toEqual([]);
});
