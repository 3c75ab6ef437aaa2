/** A task that did not get done, as states and summaries name it. */
import type { ExecutionId } from '../../../model/ids.ts';
import type { FailedTask } from '../../../model/message.ts';
import { oneLine, style } from '../markup.ts';
import { planKey } from '../../../model/quarantine.ts';
import { counted } from './counts-text.ts';
import { reviveCommand } from './quarantine-text.ts';

/** `✗ build after 3 attempts: it broke` */
export const failedHead = ({ task, attempts, quarantined, failure }: FailedTask): string => {
  const after = attempts === 0 ? '' : ` after ${counted(attempts, 'attempt', 'attempts')}`;
  const why = failure ? `: ${oneLine(failure.message)}` : '';
  return quarantined ? `${style('red', '⊘')} ${task} is quarantined${after}${why}` : `${style('red', '✗')} ${task}${after || ' without an attempt'}${why}`;
};

/** Where more is to be had, and how it runs again when it does not by itself. */
export const failedMore = ({ executionId, name }: { readonly executionId: ExecutionId; readonly name?: string | undefined }, { task, attempts, quarantined }: FailedTask): readonly string[] => [
  ...(attempts > 0 || !quarantined ? [`tasks logs ${executionId} ${task}`] : []),
  ...(quarantined ? [name === undefined ? 'tasks quarantine list' : reviveCommand({ plan: planKey(name), task })] : []),
];
