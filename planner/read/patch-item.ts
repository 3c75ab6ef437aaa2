/** One operation of a payload, and where what is wrong with it is said. */
import type { Problem } from '../../model/problem.ts';
import type { WrittenHotUpdate } from '../../model/patch.schema.ts';
import { didYouMean, pathText, quote } from './words.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { pathsOutside } from './check-paths.ts';
import { capabilityTooMany, TOO_MANY_CAPABILITIES } from './map-workers.ts';

export interface PatchItem {
  /** `` or `[3].`, for messages. */
  readonly label: string;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly written: WrittenHotUpdate;
}

export type Report = (message: string, hint?: string) => void;

export const patchProblem = (message: string, hint?: string): Problem => ({
  code: 'TASKS3006',
  message,
  ...(hint === undefined ? {} : { hint }),
});

/** What no schema says of a task that a patch brings or changes. `label` is where it stands. */
export const checkPatchTask = (task: WrittenTask, label: string, executors: readonly string[] | undefined, report: Report): void => {
  const { executor } = task;
  if (executor !== undefined && executors && !executors.includes(executor)) {
    report(`${label}executor: there is no executor ${quote(executor)}`, didYouMean(executor, executors) ?? `There are: ${executors.join(', ')}.`);
  }
  if (executor === 'command' && task.cmd === undefined) report(`${label}executor: the executor "command" needs a cmd`);
  const tooMany = capabilityTooMany(task);
  if (tooMany) report(`${label}${pathText(tooMany)}: ${TOO_MANY_CAPABILITIES}`);
  for (const { at, text } of pathsOutside(task)) report(`${label}${pathText(at)}: the path ${quote(text)} leads out of the workspace`);
};
