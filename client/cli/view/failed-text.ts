/** A task that did not get done, as states and summaries name it. */
import type { ExecutionId } from '../../../model/ids.ts';
import type { FailedTask } from '../../../model/message.ts';
import { oneLine, style } from '../markup.ts';
import { counted } from './counts-text.ts';

/** `✗ build after 3 attempts: it broke` */
export const failedHead = ({ task, attempts, quarantined, failure }: FailedTask): string => {
  const after = attempts === 0 ? '' : ` after ${counted(attempts, 'attempt', 'attempts')}`;
  const why = failure ? `: ${oneLine(failure.message)}` : '';
  return quarantined ? `${style('red', '⊘')} ${task} is quarantined${after}${why}` : `${style('red', '✗')} ${task}${after || ' without an attempt'}${why}`;
};

/** Where more is to be had. */
export const failedMore = (execution: ExecutionId, { task, attempts, quarantined }: FailedTask): string => (quarantined && attempts === 0 ? 'tasks quarantine list' : `tasks logs ${execution} ${task}`);
