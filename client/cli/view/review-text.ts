/** What waits for a person's decision, for people. */
import type { Review, ReviewAttempt, ReviewItem } from '../../reviews.ts';
import type { TimeFormat } from '../common-options.ts';
import { oneLine, style, truncate, widthOf, wrap } from '../markup.ts';
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

/** Of a text that is wrapped, whatever stands before it. */
const NARROWEST = 24;

/** All of a text that is clean, on as many lines as it takes; those after the first begin below it. */
const paragraph = (before: string, text: string, { width }: ReviewTextOptions): readonly string[] => {
  const indent = widthOf(before);
  const lines = width > 0 ? wrap(text, Math.max(NARROWEST, width - indent)) : [text];
  return lines.map((line, at) => `${at === 0 ? before : ' '.repeat(indent)}${line}`);
};

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

const attemptLines = ({ attempt, startedAt, endedAt, worker, error, exitCode, tail }: ReviewAttempt, options: ReviewTextOptions): readonly string[] => {
  const { now, timeFormat, width } = options;
  const fit = fitTo(width);
  const ran = startedAt === undefined ? '' : `, ran ${duration(endedAt - startedAt)}`;
  const where = worker === undefined || worker === '' ? '' : ` on ${oneLine(worker)}`;
  const kind = [error.class, error.kind, exitCode === undefined ? undefined : `exit ${exitCode}`].filter((part) => part !== undefined).join(', ');
  return [
    fit(`  ${style('red', '✗')} attempt ${attempt}  ${moment(endedAt, { format: timeFormat, now })}${ran}${where}  ${style('dim', kind)}`),
    ...paragraph('      ', oneLine(error.message), options),
    ...tailLines(tail).map((line) => fit(style('dim', `      │ ${line}`))),
  ];
};

/** All attempts, what was tried by itself in between, and what can be done: nothing is cut but what the task wrote, and no command is broken. */
export const reviewText = (review: Review, options: ReviewTextOptions): string => {
  const { attempts, turns, next, since, execution, task } = review;
  const after = new Map<number, readonly string[]>();
  for (const { attempt, step, strategy, turn, turns: of } of turns) after.set(attempt, [...(after.get(attempt) ?? []), `  ${style('yellow', '↻')} ${oneLine(strategy)} (${step}, turn ${turn} of ${of})`]);
  const waits = since === undefined ? '' : `, waits since ${moment(since, { format: options.timeFormat, now: options.now })}`;
  const lines = [
    ...paragraph('', `${nameOf(review)} of ${execution}${waits}`, options),
    ...paragraph(`  ${style('yellow', '?')} `, oneLine(review.reason), options),
    ...(attempts.length > 0 ? ['', 'What happened:'] : []),
    ...attempts.flatMap((each) => [...attemptLines(each, options), ...(after.get(each.attempt) ?? [])]),
    ...(attempts.length > 0 ? ['', 'All of what one wrote:', `      tasks logs ${execution} ${task} --attempt N`] : []),
    '',
    'What you can do:',
    ...next.flatMap(({ text, command }) => [...paragraph('  ', text, options), ...(command === undefined ? [] : [`      ${command}`])]),
  ];
  return lines.join('\n');
};
