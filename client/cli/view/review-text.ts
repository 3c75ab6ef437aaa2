/** What waits for a person's decision, for people. */
import type { Review, ReviewAttempt, ReviewItem } from '../../reviews.ts';
import type { TimeFormat } from '../common-options.ts';
import { oneLine, style, truncate } from '../markup.ts';
import { duration, moment } from '../time-text.ts';
import { counted } from './counts-text.ts';
import { tailLines } from './line-view.ts';

export interface ReviewTextOptions {
  readonly now: number;
  /** Columns; 0 cuts nothing. */
  readonly width: number;
  readonly timeFormat: TimeFormat;
}

const fitTo = (width: number) => (line: string): string => (width > 0 ? truncate(line, width) : line);

const nameOf = ({ task, title }: ReviewItem): string => `${style('bold', task)}${title === undefined ? '' : ` ${oneLine(title)}`}`;

/** Under the id of their execution. */
export const reviewsText = (items: readonly ReviewItem[], { width }: ReviewTextOptions): string => {
  const lines: string[] = [];
  let execution: string | undefined;
  for (const item of items) {
    if (item.execution !== execution) lines.push(item.execution);
    execution = item.execution;
    const after = item.attempt > 0 ? style('dim', `  after ${counted(item.attempt, 'attempt', 'attempts')}`) : '';
    lines.push(`  ${style('yellow', '?')} ${nameOf(item)}${after}`, `      ${oneLine(item.reason)}`);
  }
  return lines.map(fitTo(width)).join('\n');
};

const attemptLines = ({ attempt, startedAt, endedAt, worker, error, exitCode, tail }: ReviewAttempt, { now, timeFormat }: ReviewTextOptions): readonly string[] => {
  const ran = startedAt === undefined ? '' : `, ran ${duration(endedAt - startedAt)}`;
  const where = worker === undefined || worker === '' ? '' : ` on ${oneLine(worker)}`;
  const kind = [error.class, error.kind, exitCode === undefined ? undefined : `exit ${exitCode}`].filter((part) => part !== undefined).join(', ');
  return [`  ${style('red', '✗')} attempt ${attempt}  ${moment(endedAt, { format: timeFormat, now })}${ran}${where}  ${style('dim', kind)}`, `      ${oneLine(error.message)}`, ...tailLines(tail).map((line) => style('dim', `      │ ${line}`))];
};

/** All attempts, what was tried by itself in between, and what can be done. */
export const reviewText = (review: Review, options: ReviewTextOptions): string => {
  const { attempts, turns, next, since, execution, task } = review;
  const after = new Map<number, readonly string[]>();
  for (const { attempt, step, strategy, turn, turns: of } of turns) after.set(attempt, [...(after.get(attempt) ?? []), `  ${style('yellow', '↻')} ${oneLine(strategy)} (${step}, turn ${turn} of ${of})`]);
  const waits = since === undefined ? '' : `, waits since ${moment(since, { format: options.timeFormat, now: options.now })}`;
  const lines = [
    `${nameOf(review)} of ${execution}${waits}`,
    `  ${style('yellow', '?')} ${oneLine(review.reason)}`,
    ...(attempts.length > 0 ? ['', 'What happened:'] : []),
    ...attempts.flatMap((each) => [...attemptLines(each, options), ...(after.get(each.attempt) ?? [])]),
    ...(attempts.length > 0 ? ['', `All of what one wrote: tasks logs ${execution} ${task} --attempt N`] : []),
    '',
    'What you can do:',
    ...next.flatMap(({ text, command }) => [`  ${text}`, ...(command === undefined ? [] : [`      ${command}`])]),
  ];
  return lines.map(fitTo(options.width)).join('\n');
};
