/** Events of breakers and repairs in words. */
import type { EventBody } from '../../../model/event.ts';
import type { ExecutionId, TaskId } from '../../../model/ids.ts';
import { ERROR_POLICY } from '../../../model/self-heal.ts';
import { unreachable } from '../../../model/unreachable.ts';
import { oneLine, style } from '../markup.ts';
import { duration } from '../time-text.ts';
import { counted } from './counts-text.ts';

interface Text {
  readonly line: string;
  readonly more?: readonly string[];
}

type Of<Type extends EventBody['type']> = Extract<EventBody, { readonly type: Type }>;

export const breakerText = ({ breaker, trip, pattern, action, evidence = [] }: Of<'circuit_breaker'>): Text => {
  const times = trip !== undefined && trip > 1 ? `, ${trip} times now` : '';
  const who = [...new Set(evidence.map(({ task, attempt }) => `${task}/${attempt}`))].join(', ');
  const over = who === '' ? oneLine(pattern) : `${counted(evidence.length, 'failure', 'failures')} (${who}): ${oneLine(pattern)}`;
  return { line: style('yellow', `⚡ circuit breaker ${oneLine(breaker)} → ${oneLine(action)}${times}: ${over}`) };
};

export const endedBreakerText = ({ breaker, outcome, reason, by, tasks }: Of<'breaker_ended'>, execution: ExecutionId): Text => {
  const go = tasks.length === 0 ? '' : `; ${counted(tasks.length, 'task goes', 'tasks go')} on: ${tasks.join(', ')}`;
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  switch (outcome) {
    case 'repaired':
      return { line: `${style('green', '✓')} breaker ${oneLine(breaker)}: repaired${go}` };
    case 'failed':
      return { line: style('red', `✗ breaker ${oneLine(breaker)}: the repair failed${why}${go}`), more: [`tasks breakers ${execution}`] };
    case 'over':
      return { line: `breaker ${oneLine(breaker)}: nothing is throttled any more` };
    case 'reset':
      return { line: `breaker ${oneLine(breaker)}: reset${by === undefined ? '' : ` by ${oneLine(by)}`}${why}${go}` };
    default:
      return unreachable(outcome);
  }
};

export const quarantinedText = (
  { task, breaker, by, reason, execution: before, since, at }: Of<'task_quarantined'> & { readonly at: number },
  { execution, named }: { readonly execution: ExecutionId; readonly named: (task: TaskId) => string },
): Text => {
  const who = breaker === undefined ? (by === undefined ? '' : ` by ${oneLine(by)}`) : ` (${breaker === ERROR_POLICY ? 'error policy' : `breaker ${oneLine(breaker)}`})`;
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  const is = before === undefined ? `is quarantined${who}: it does not run again by itself` : `is left out: quarantined${since === undefined ? '' : ` ${duration(Math.max(0, at - since))} ago`} in ${before}${who}`;
  return { line: style('red', `⊘ ${named(task)} ${is}${why}`), more: [`tasks retry ${execution} ${task}`] };
};

export const heldText = (by: string): string => (by === ERROR_POLICY ? ', tried again when something has been done about it' : `, held (breaker ${oneLine(by)})`);

export const mendedText = ({ task, outcome, reason }: Of<'task_mended'>): string => {
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  if (outcome === 'failed') return style('yellow', `✗ ${task}: what was done about it failed${why}`);
  if (outcome === 'reset') return `${style('green', '✓')} ${task}: what is done about it is not waited for any more${why}`;
  return `${style('green', '✓')} ${task}: what was to be done about it has been done`;
};

export const raisedText = ({ timeoutMs, asks = [] }: Of<'task_limits_raised'>): string =>
  [...(timeoutMs === undefined ? [] : [`${duration(timeoutMs)} of time`]), ...asks.map(({ resource, from, to }) => `${to} of ${oneLine(resource)} instead of ${from}`)].join(', ');
