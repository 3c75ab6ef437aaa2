/** A plan as it was, kept beside the one that takes its place. */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archivePlan } from '../plans/archive-plan.ts';

const COMPARED = ['tasks.json', 'Plan.md', '.tasks-meta.json'] as const;
const MAX_COPIES = 1_000;

/** A copy that is the same is enough; where another one has the name, as of a plan that was edited since, a number is put behind. @throws TasksError TASKS4003 when it cannot be written. */
export const keepCopy = async (directory: string, to: string): Promise<string> => {
  for (let at = 1; at < MAX_COPIES; at += 1) {
    const name = at === 1 ? to : `${to}.${at}`;
    if (!(await isThere(name))) {
      await archivePlan({ directory, to: name, extra: new Map() });
      return name;
    }
    if (await isSame(directory, name)) return name;
  }
  throw new Error(`there are ${MAX_COPIES} copies of ${to}`);
};

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const isSame = async (a: string, b: string): Promise<boolean> => {
  const textOf = (directory: string, name: string): Promise<string | undefined> => readFile(join(directory, name), 'utf8').catch(() => undefined);
  for (const name of COMPARED) {
    const [one, other] = [await textOf(a, name), await textOf(b, name)];
    if (one === undefined || one !== other) return false;
  }
  return true;
};
