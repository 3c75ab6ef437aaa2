/** Git in a repository of the user's: no hooks, no questions, nothing of an outer git. */
import { execa } from 'execa';
import { NO_OUTER_GIT } from '../../store/repository.ts';
import { askGit, git } from '../git/git.ts';
import type { GitAnswer } from '../git/git.ts';

/** Hooks are for people's commits; in a worktree what they need is not installed. Conflicts of earlier merges are not remembered. */
const QUIET = ['-c', 'core.hooksPath=/dev/null', '-c', 'rerere.enabled=false', '-c', 'advice.addEmbeddedRepo=false', '-c', 'gc.auto=0'] as const;

export interface Asked {
  /** Where it runs. */
  readonly at: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onStart?: (pid: number) => void;
}

const requestOf = (args: readonly string[], { at, input, environment }: Asked): Parameters<typeof askGit>[0] => ({
  workspace: at,
  args: [...QUIET, ...args],
  environment: { ...NO_OUTER_GIT, ...environment },
  ...(input !== undefined && { input }),
});

/** Whatever it ends with. */
export const asked = (args: readonly string[], options: Asked): Promise<GitAnswer> => askGit(requestOf(args, options), options.onStart);

/** @throws Error with git's own last words. */
export const run = (args: readonly string[], options: Asked): Promise<string> => git(requestOf(args, options));

/** One line. @throws as {@link run} does. */
export const line = async (args: readonly string[], options: Asked): Promise<string> => (await run(args, options)).trim();

/** What ends with NUL. @throws as {@link run} does. */
export const list = async (args: readonly string[], options: Asked): Promise<readonly string[]> => (await run(args, options)).split('\0').filter((each) => each !== '');

/** As it is. @throws Error with git's own words. */
export const bytes = async (args: readonly string[], { at }: Pick<Asked, 'at'>): Promise<Buffer> => {
  const { exitCode, stdout, stderr } = await execa('git', [...QUIET, ...args], { cwd: at, env: NO_OUTER_GIT, reject: false, stdin: 'ignore', encoding: 'buffer', stripFinalNewline: false });
  if (exitCode !== 0) throw new Error(`git ${args[0] ?? ''}: ${Buffer.from(stderr ?? []).toString('utf8').trim()}`);
  return Buffer.from(stdout);
};
