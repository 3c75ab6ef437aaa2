/** Tasks that are left out until somebody revives them, for people. */
import type { QuarantineEntry } from '../../../model/quarantine.ts';
import { shellWord } from '../../../model/shell-word.ts';
import type { TimeFormat } from '../common-options.ts';
import { oneLine, style, truncate } from '../markup.ts';
import { moment } from '../time-text.ts';
import { counted } from './counts-text.ts';

export interface QuarantineTextOptions {
  readonly now: number;
  /** Columns; 0 cuts nothing. */
  readonly width: number;
  readonly timeFormat: TimeFormat;
}

/** The way out. */
export const reviveCommand = ({ plan, task }: Pick<QuarantineEntry, 'plan' | 'task'>): string => `tasks quarantine revive ${shellWord(plan)} ${task}`;

/** Under the name of their plan: what, since when, by whom, where, and why. */
export const quarantineText = (entries: readonly QuarantineEntry[], options: QuarantineTextOptions): string => {
  const fit = (line: string): string => (options.width > 0 ? truncate(line, options.width) : line);
  const lines: string[] = [];
  let plan: string | undefined;
  for (const entry of entries) {
    if (entry.plan !== plan) lines.push(style('bold', oneLine(entry.plan) || '(no name)'));
    plan = entry.plan;
    lines.push(...linesOf(entry, options));
  }
  return lines.map(fit).join('\n');
};

const linesOf = ({ task, since, by, reason, execution, attempt, class: failureClass, kind, message }: QuarantineEntry, { now, timeFormat }: QuarantineTextOptions): readonly string[] => {
  const after = attempt > 0 ? ` after ${counted(attempt, 'attempt', 'attempts')}` : '';
  const failure = [message, [failureClass, kind].filter((text) => text !== undefined).join(', ')].filter((text) => text !== undefined && text !== '');
  return [
    `  ${style('red', '⊘')} ${task}  ${moment(since, { format: timeFormat, now })} by ${oneLine(by)}${reason === undefined ? '' : `: ${oneLine(reason)}`}`,
    style('dim', `      in ${execution}${after}`),
    ...(failure.length > 0 ? [style('dim', `      ${failure.map((text) => oneLine(text ?? '')).join(' · ')}`)] : []),
  ];
};

const NAMED = 5;

/** One line for a plan that is about to run, and what to do about it. */
export const leftOutText = (entries: readonly QuarantineEntry[]): { readonly line: string; readonly more: readonly string[] } => {
  const named = entries.slice(0, NAMED);
  const hidden = entries.length - named.length;
  const names = named.map(({ task, by, reason }) => `${task} (by ${oneLine(by)}${reason === undefined ? '' : `: ${oneLine(reason)}`})`).join(', ');
  return {
    line: `${counted(entries.length, 'task is', 'tasks are')} quarantined and left out: ${names}${hidden > 0 ? ` and ${hidden} more` : ''}`,
    more: [...named.map(reviveCommand), ...(hidden > 0 ? [`tasks quarantine list --plan ${shellWord(entries[0]?.plan ?? '')}`] : [])],
  };
};
