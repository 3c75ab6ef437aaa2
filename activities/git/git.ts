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
  /** Beside the worker's; undefined takes one out. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface GitAnswer {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Paths are taken literally; nothing is asked of a person. */
const ENVIRONMENT = { GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', LC_ALL: 'C' } as const;

/** Whatever it ends with; only an `index.lock` of somebody else's is waited for. `onStart` hears its process id; what it throws is thrown when git has ended. */
export const askGit = async ({ workspace, args, input = '', environment = {} }: GitRequest, onStart?: (pid: number) => void): Promise<GitAnswer> => {
  for (const until = Date.now() + LOCKED_LIMIT_MS; ; await delay(LOCKED_POLL_MS)) {
    const running = execa('git', args, { cwd: workspace, input, reject: false, env: { ...ENVIRONMENT, ...environment }, stripFinalNewline: false });
    try {
      if (running.pid !== undefined) onStart?.(running.pid);
    } catch (error) {
      // It is not left running behind who gave it up.
      await running;
      throw error;
    }
    const { exitCode, stdout, stderr, shortMessage = '' } = await running;
    const locked = exitCode !== undefined && exitCode !== 0 && stderr.includes('index.lock') && Date.now() < until;
    // Without an exit code it was not started, or killed.
    if (!locked) return { exitCode, stdout, stderr: exitCode === undefined ? shortMessage : stderr };
  }
};

export const gitError = (args: readonly string[], { exitCode, stderr }: GitAnswer): Error =>
  new Error(`git ${args.find((arg) => /^[a-z-]+$/u.test(arg) && arg !== '-c') ?? ''}: ${stderr.trim().split('\n').at(-1) || `exit code ${String(exitCode)}`}`);

/** @throws Error with git's own last words. */
export const git = async (request: GitRequest): Promise<string> => {
  const answer = await askGit(request);
  if (answer.exitCode !== 0) throw gitError(request.args, answer);
  return answer.stdout;
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
