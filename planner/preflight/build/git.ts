/** Git in a repository of the user's: no hooks, no questions, nothing of an outer git. */
import { execa } from 'execa';

const ENVIRONMENT = { GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', LC_ALL: 'C', GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined, GIT_PREFIX: undefined } as const;
const NO_HOOKS = ['-c', 'core.hooksPath=/dev/null'] as const;

/** @throws Error with git's last words. */
export const git = async (directory: string, args: readonly string[], input?: Uint8Array): Promise<Uint8Array> => {
  const { exitCode, stdout, stderr } = await execa('git', [...NO_HOOKS, ...args], {
    cwd: directory,
    env: ENVIRONMENT,
    reject: false,
    encoding: 'buffer',
    ...(input ? { input } : { stdin: 'ignore' as const }),
  });
  if (exitCode === 0) return stdout;
  throw new Error(`git ${args[0] ?? ''}: ${Buffer.from(stderr).toString('utf8').trim().split('\n').at(-1) || `exit code ${String(exitCode)}`}`);
};
