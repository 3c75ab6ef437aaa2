/** The breakers of an execution in words. */
import type { BreakerView } from '../../../model/message.ts';
import { oneLine, style, truncate } from '../markup.ts';
import type { Style } from '../markup.ts';
import { duration } from '../time-text.ts';

const COLOURS: Readonly<Partial<Record<BreakerView['state'], Style>>> = { repairing: 'yellow', throttling: 'yellow', gated: 'yellow', reduced: 'yellow', half_open: 'yellow', open: 'red', spent: 'red' };
const WORDS: Readonly<Partial<Record<BreakerView['state'], string>>> = { gated: 'waits for a person', half_open: 'tries one task at a time', reduced: 'half as many tasks at once', spent: 'may not trip any more' };

export interface BreakersTextOptions {
  readonly now: number;
  /** Columns; 0 cuts nothing. */
  readonly width: number;
}

export const breakersText = (breakers: readonly BreakerView[], { now, width }: BreakersTextOptions): string => {
  const fit = (line: string): string => (width > 0 ? truncate(line, width) : line);
  if (breakers.length === 0) return 'It has no breakers.';
  return breakers.flatMap((view) => linesOf(view, now)).map(fit).join('\n');
};

const linesOf = (view: BreakerView, now: number): readonly string[] => {
  const { breaker, state, trips, budget, trigger, action, scope, holds = [], tasks = [], nextAt } = view;
  const word = WORDS[state] ?? state;
  const colour = COLOURS[state];
  const until = nextAt === undefined ? '' : `, next in ${duration(Math.max(0, nextAt - now))}`;
  return [
    `${style('bold', oneLine(breaker))}  ${colour ? style(colour, word) : word}${until}${trips > 0 ? style('dim', `  tripped ${trips} of ${budget}`) : ''}`,
    style('dim', `  ${oneLine(trigger)} → ${oneLine(action)}${scope ? ` (${scope.map(oneLine).join(', ')})` : ''}`),
    ...(holds.length > 0 ? [`  holds ${holds.join(', ')}`] : []),
    ...(tasks.length > 0 ? [`  repairs with ${tasks.join(', ')}`] : []),
  ];
};
