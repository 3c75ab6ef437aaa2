/** Runs a project of the fixtures by the built command, with a worker of its own and real processes. */
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { inject } from 'vitest';
import type { ExecutionEvent } from '../../model/event.ts';

export const MAIN = fileURLToPath(new URL('../../dist/client/cli/main.js', import.meta.url));

export interface Run {
  readonly directory: string;
  readonly execution: string;
  /** Of another `tasks` on the same server and queue. */
  readonly env: Readonly<Record<string, string>>;
  readonly exit: number | undefined;
  readonly said: string;
  readonly events: readonly ExecutionEvent[];
}

export interface ExecuteOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What a person does while it runs. */
  readonly meanwhile?: (run: Pick<Run, 'env' | 'directory' | 'execution'>) => Promise<void>;
}

/** Executes a copy of a fixture with a worker of its own, and hands what came of it to the test. */
export const execute = async (fixture: string, check: (run: Run) => Promise<void>, { env: more = {}, meanwhile }: ExecuteOptions = {}): Promise<void> => {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'tasks-heals-')));
  try {
    await cp(fileURLToPath(new URL(`../fixtures/healing/${fixture}`, import.meta.url)), directory, { recursive: true });
    const { address, namespace } = inject('temporal');
    const execution = `heals-${fixture}-${process.pid}`;
    const env = { TASKS_ADDRESS: address, TASKS_NAMESPACE: namespace, TASKS_QUEUE: execution, TASKS_PLAN_STORE: `file:${join(directory, '.plans')}`, TASKS_GRACE: '1', ...more };
    const running = execa(process.execPath, [MAIN, 'execute', '.', '--with-worker', '--execution-id', execution, '-o', 'jsonl'], { reject: false, env, cwd: directory });
    await meanwhile?.({ env, directory, execution }).catch(async (error: unknown) => {
      running.kill('SIGINT');
      await running;
      throw error;
    });
    const ran = await running;
    const lines = ran.stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as ExecutionEvent);
    await check({ directory, execution, env, exit: ran.exitCode, said: `${ran.stderr}\n${ran.stdout}`, events: lines });
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
};

export const of = <T extends ExecutionEvent['type']>({ events }: Run, type: T): readonly Extract<ExecutionEvent, { readonly type: T }>[] =>
  events.filter((event): event is Extract<ExecutionEvent, { readonly type: T }> => event.type === type);
