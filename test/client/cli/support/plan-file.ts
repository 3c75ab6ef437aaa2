/** Plans as files, in a directory that goes away. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const GOOD = {
  tasks: [
    { id: 'install', title: 'Install', cmd: 'true', estimate_minutes: 1 },
    { id: 'lint', deps: ['install'], cmd: 'true', estimate_minutes: 2 },
    { id: 'test', deps: ['install'], cmd: 'true', estimate_minutes: 5 },
    { id: 'pack', deps: ['lint', 'test'], cmd: 'true', estimate_minutes: 1 },
  ],
};

export const CYCLE = {
  tasks: [
    { id: 'a', deps: ['c'], cmd: 'true' },
    { id: 'b', deps: ['a'], cmd: 'true' },
    { id: 'c', deps: ['b'], cmd: 'true' },
  ],
};

export const withPlan = async (plan: unknown) => {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-cli-'));
  const path = join(directory, 'tasks.v2.json');
  await writeFile(path, typeof plan === 'string' ? plan : JSON.stringify(plan, undefined, 1));
  return { directory, path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
};
