/**
 * The files of one attempt: `<workspace>/.tasks/<executionId>/<taskId>/<attempt>.{log,lock.json,result.json}`, and what it is told: `<attempt>.{task.json,prompt.txt,…}`.
 * Ids are checked by `model/ids.ts` before they get here; nothing else of a plan becomes part of these paths.
 */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptKey } from '../../model/ids.ts';

export const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const IGNORE_EVERYTHING = '*\n';

export interface AttemptFiles {
  /** Of the task: shared by its attempts. */
  readonly directory: string;
  readonly log: string;
  readonly lock: string;
  readonly result: string;
  /** Where a `metric` check looks unless it names a file; also `TASKS_METRICS_FILE`. */
  readonly metrics: string;
  /** `TASKS_TASK_FILE` and `TASKS_PROMPT_FILE`: what it is told. */
  readonly task: string;
  readonly prompt: string;
  /** `TASKS_PATCH_FILE`: where it may answer with a hot update. */
  readonly patch: string;
  /** Another file that it is told by; the name is ours. */
  told(name: string): string;
  /** Result of an earlier attempt of the task. */
  resultOf(attempt: number): string;
  /** `TASKS_PROGRESS_FILE`: the command appends to it. */
  readonly progress: string;
  /** `TASKS_CHECKPOINTS_FILE`: a line for each checkpoint that was made. */
  readonly made: string;
}

export const attemptFiles = ({ workspace, key }: { workspace: string; key: AttemptKey }): AttemptFiles => {
  const directory = join(workspace, '.tasks', key.execution, key.task);
  const file = (suffix: string): string => join(directory, `${key.attempt}.${suffix}`);
  return { directory, log: file('log'), lock: file('lock.json'), result: file('result.json'), resultOf: (attempt) => join(directory, `${attempt}.result.json`), task: file('task.json'), prompt: file('prompt.txt'), patch: file('patch.json'), told: (name) => file(`${name}.json`), metrics: join(directory, 'metrics.json'), progress: file('progress.jsonl'), made: file('checkpoints.txt') };
};

/** Workspaces this process has seen to; whoever made the directory may have died before it did. */
const ignored = new Set<string>();

/**
 * Makes the attempt's directory, and a `.gitignore` that keeps all of `.tasks` out of
 * `git status`. Answers whether an earlier attempt may have left something there.
 */
export const prepareAttemptDirectory = async ({ workspace, files }: { workspace: string; files: AttemptFiles }): Promise<boolean> => {
  const created = mkdirSync(files.directory, { recursive: true });
  if (!ignored.has(workspace)) {
    await writeFile(join(workspace, '.tasks', '.gitignore'), IGNORE_EVERYTHING, { flag: 'wx' }).catch(() => undefined);
    ignored.add(workspace);
  }
  return created === undefined;
};
