/** Runs real attempts: a workspace of its own, a plan store in memory, the real launcher. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { News } from '../../activities/checkpoint/recorder.ts';
import { createAttempt } from '../../activities/command/attempt.ts';
import type { StopReason } from '../../activities/command/attempt-verdict.ts';
import { createLauncher, type Launcher } from '../../activities/command/launcher/launcher.ts';
import type { RunRequest } from '../../activities/command/launcher/protocol.ts';
import { createTaskSource } from '../../activities/command/task-source.ts';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import { DEFAULT_POLICIES, type StoredPlan, type TaskSpec } from '../../model/graph.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../model/ids.ts';
import type { PlanStore } from '../../store/plan-store.ts';

const HASH = 'a'.repeat(64) as ContentHash;

const planOf = (tasks: readonly TaskSpec[]): StoredPlan => ({
  schema: 1,
  format: 'flowops',
  graph: { schema: 1, name: 'test', tasks: [], sources: [], policies: DEFAULT_POLICIES },
  tasks,
  fields: {},
});

export const storeOf = (read: () => Promise<StoredPlan>): PlanStore => ({
  location: 'file:/nowhere',
  put: async () => HASH,
  get: read,
  list: async () => [],
  delete: async () => {},
});

export const temporaryDirectory = async (): Promise<string> => realpath(await mkdtemp(join(tmpdir(), 'tasks-attempt-')));

export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie has ended; only its parent has not looked yet.
    return !/^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

export const until = async (condition: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> => {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

export interface RunOptions {
  readonly input?: Partial<AttemptInput>;
  readonly signal?: AbortSignal;
  /** What its execution would hear while it runs. */
  readonly onNews?: (news: News) => void;
}

export interface Rig extends AsyncDisposable {
  readonly workspace: string;
  readonly launcher: Launcher;
  write(path: string, content: string): Promise<void>;
  read(path: string): string;
  run(spec: Partial<TaskSpec> & { readonly command?: string }, options?: RunOptions): Promise<AttemptResult>;
}

export const createRig = async ({ environment = process.env }: { environment?: NodeJS.ProcessEnv } = {}): Promise<Rig> => {
  const workspace = await temporaryDirectory();
  const launcher = createLauncher();
  return {
    workspace,
    launcher,
    write: async (path, content) => {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), content);
    },
    read: (path) => readFileSync(join(workspace, path), 'utf8'),
    run: async (spec, { input = {}, signal = new AbortController().signal, onNews } = {}) => {
      const id = (input.task ?? 'T1') as TaskId;
      const store = storeOf(async () => planOf([{ id, fields: {}, ...spec }]));
      const attempt = createAttempt({ source: createTaskSource(store), launcher, worker: 'w1', host: 'h1', environment });
      return attempt(
        {
          execution: 'e1' as ExecutionId,
          task: id,
          attempt: 1,
          source: HASH,
          executor: 'command',
          workspace,
          timeoutMs: 20_000,
          graceMs: 500,
          firstRunId: 'run-1',
          ...input,
        },
        { signal, ...(onNews && { onNews }) },
      );
    },
    [Symbol.asyncDispose]: async () => {
      await launcher.close();
      await rm(workspace, { recursive: true, force: true });
    },
  };
};

export const stopAfter = (promise: Promise<unknown>, reason: StopReason): AbortSignal => {
  const controller = new AbortController();
  void promise.then(() => controller.abort(reason));
  return controller.signal;
};

export const requestOf = (command: string, more: Partial<RunRequest> = {}): RunRequest => ({
  command,
  directory: tmpdir(),
  environment: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  needles: [],
  graceMs: 500,
  keepOutput: 0,
  ...more,
});
