/**
 * What a command may report, from whichever way it does: checked, because all that a command writes is hostile until
 * then. What is wrong is a sentence without its full stop, for the log.
 */
import { isCheckpointName, percentAt } from '../../model/checkpoint.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';

export type Report =
  | { readonly kind: 'progress'; readonly percent: number }
  | {
      readonly kind: 'checkpoint';
      readonly name: string;
      readonly percent?: number;
      /** Files and directories to keep beside the declared artifacts; relative to the workspace, no globs. */
      readonly paths: readonly string[];
      readonly rollbackCapable?: false;
    };

export type ReportResult = Result<Report, string>;

export const MAX_PATHS = 100;
const MAX_PATH = 1_000;
/** Ours and git's: neither is a task's to bring back. */
const NEVER: ReadonlySet<string> = new Set(['.git', '.tasks']);

/** Whether a path may lie in a checkpoint: relative, plain (so neither a step up nor all of the workspace), printable, and neither git's nor ours. */
export const isKeepable = (path: string): boolean => path.length <= MAX_PATH && !/\p{C}/u.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !NEVER.has(part));

export const progressReport = (percent: unknown): ReportResult => {
  const read = percentAt(percent);
  return read === undefined ? fail('the percent of progress must be a number from 0 to 100') : ok({ kind: 'progress', percent: read });
};

export const checkpointReport = (written: { readonly name: unknown; readonly percent?: unknown; readonly paths?: unknown; readonly rollbackCapable?: unknown }): ReportResult => {
  const { name, percent, paths = [], rollbackCapable = true } = written;
  if (typeof name !== 'string' || !isCheckpointName(name)) {
    return fail('the name of a checkpoint is a letter or digit, then letters, digits, ".", "_", "-"; at most 64 characters');
  }
  const read = percent === undefined ? undefined : percentAt(percent);
  if (percent !== undefined && read === undefined) return fail('the percent of a checkpoint must be a number from 0 to 100');
  if (!Array.isArray(paths) || paths.length > MAX_PATHS || !paths.every((path) => typeof path === 'string')) return fail(`the paths of a checkpoint are a list of at most ${MAX_PATHS} texts`);
  const plain = paths.map((path) => path.replace(/\/$/, ''));
  if (!plain.every(isKeepable)) return fail('the paths of a checkpoint are relative to the workspace, hold no "." or "..", and are neither in .git nor in .tasks');
  if (typeof rollbackCapable !== 'boolean') return fail('whether a checkpoint is rollback capable is true or false');
  return ok({ kind: 'checkpoint', name, ...(read !== undefined && { percent: read }), paths: plain, ...(!rollbackCapable && { rollbackCapable: false }) });
};
