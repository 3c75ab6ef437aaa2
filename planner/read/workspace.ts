/** Where the commands of a plan run. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { StoredPlan } from '../../model/graph.ts';
import { TasksError } from '../../model/problem.ts';

const isDirectory = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
};

/** The nearest directory upwards that holds `.git` (a directory, or the file of a worktree). */
export const repositoryTop = async (start: string): Promise<string | undefined> => {
  for (let at = start; ; at = dirname(at)) {
    if (await exists(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
};

const required = async (path: string, whose: string): Promise<string> => {
  if (await isDirectory(path)) return path;
  throw new TasksError({
    code: 'TASKS1001',
    message: `the codebase path "${path}" ${whose} is not a directory`,
    place: { file: path },
    hint: 'Name the directory the commands are to run in with --codebase-path.',
  });
};

/**
 * Absolute path of the directory commands run in: the codebase path given, else the one the plan records
 * (relative to where the plan lies), else the top of the git repository that holds the plan, else the plan's
 * directory. A plan from standard input lies in the current directory.
 *
 * @throws TasksError TASKS1001 when a path that was given or recorded is not a directory.
 */
export const resolveWorkspace = async (options: {
  readonly codebasePath?: string;
  readonly plan: Pick<StoredPlan, 'codebasePath'>;
  /** The plan's file or directory, as it was given to `readPlan`. */
  readonly planPath?: string;
}): Promise<string> => {
  const { codebasePath, plan, planPath } = options;
  if (codebasePath !== undefined) return required(resolve(codebasePath), 'that was given');
  const path = resolve(planPath ?? '.');
  const home = (await isDirectory(path)) ? path : dirname(path);
  if (plan.codebasePath !== undefined) return required(resolve(home, plan.codebasePath), 'that the plan records');
  return (await repositoryTop(home)) ?? home;
};

/** `checkpoints/` beside the plan (its directory, or that of its file); undefined where nothing can be written. */
export const checkpointsBeside = async (planPath: string): Promise<string | undefined> => {
  const home = (await isDirectory(planPath)) ? planPath : dirname(planPath);
  return access(home, constants.W_OK).then(() => join(home, 'checkpoints'), () => undefined);
};
