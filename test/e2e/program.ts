/** The built program with a directory and a server of its own for each test, as people use it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach } from 'vitest';
import { startPrivateServer } from '../support/server.ts';
import type { PrivateServer } from '../support/server.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/client/cli/main.js');

export interface Program {
  /** Of this test: new, and gone when it ends. */
  readonly directory: string;
  /** Runs `tasks` in a directory below; in it unless stated. */
  run(args: readonly string[], below?: string): Promise<{ readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string }>;
  /** Writes `work/tasks.v2.json`; answers the path of `work`. */
  readonly plan: (content: unknown) => Promise<string>;
}

export const useProgram = (): Program => {
  let directory = '';
  let server: PrivateServer;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tasks-e2e-'));
    server = await startPrivateServer({ memory: true });
  });
  afterEach(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    get directory() {
      return directory;
    },
    run: async (args, below = '.') => {
      const env = { TEMPORAL_ADDRESS: server.address, TASKS_PLAN_STORE: `file:${join(directory, 'store')}`, NO_COLOR: '1', HOME: directory };
      const { exitCode, stdout, stderr } = await execa(process.execPath, [PROGRAM, ...args], { cwd: join(directory, below), env, reject: false, stdin: 'ignore' });
      return { exitCode, stdout, stderr };
    },
    plan: async (content) => {
      const work = join(directory, 'work');
      await mkdir(work, { recursive: true });
      await writeFile(join(work, 'tasks.v2.json'), JSON.stringify(content));
      return work;
    },
  };
};
