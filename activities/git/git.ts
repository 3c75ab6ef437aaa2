/** Running git in a workspace, one command at a time for each repository of this worker. */
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

/** Another process's `index.lock` is waited for this long. */
const LOCKED_LIMIT_MS = 10_000;
const LOCKED_POLL_MS = 100;

export interface GitRequest {
  readonly workspace: string;
  readonly args: readonly string[];
  readonly input?: string;
}

/** Paths are taken literally; nothing is asked of a person. */
const ENVIRONMENT = { GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', LC_ALL: 'C' } as const;

/** @throws Error with git's own last words. */
export const git = async ({ workspace, args, input = '' }: GitRequest): Promise<string> => {
  for (const until = Date.now() + LOCKED_LIMIT_MS; ; await delay(LOCKED_POLL_MS)) {
    const { exitCode, stdout, stderr } = await execa('git', args, { cwd: workspace, input, reject: false, env: ENVIRONMENT, stripFinalNewline: false });
    if (exitCode === 0) return stdout;
    const locked = stderr.includes('index.lock') && Date.now() < until;
    if (!locked) throw new Error(`git ${args[0] ?? ''}: ${stderr.trim().split('\n').at(-1) ?? `exit code ${String(exitCode)}`}`);
  }
};

const queues = new Map<string, Promise<unknown>>();

/** Runs `work` after all earlier work on the same repository: add and commit of two tasks must not mix. */
export const inTurn = async <T>(repository: string, work: () => Promise<T>): Promise<T> => {
  const turn = (queues.get(repository) ?? Promise.resolve()).then(work, work);
  queues.set(repository, turn);
  try {
    return await turn;
  } finally {
    if (queues.get(repository) === turn) queues.delete(repository);
  }
};

/** Git wants an author; where the user has set none, the commit says who made it. */
export const identity = async (workspace: string): Promise<readonly string[]> => {
  const known = await git({ workspace, args: ['config', 'user.email'] }).catch(() => '');
  return known.trim() === '' ? ['-c', 'user.name=tasks', '-c', 'user.email=tasks@localhost'] : [];
};
