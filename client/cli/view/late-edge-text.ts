/** Late edges in words. */
import type { EventBody } from '../../../model/event.ts';
import { oneLine, style } from '../markup.ts';
import { counted } from './counts-text.ts';

export type LateEdgeEvent = Extract<EventBody, { readonly type: 'late_edge' }>;

const because = ({ because: { produces, touches } }: LateEdgeEvent): string => `produces ${oneLine(produces)}${produces === touches ? '' : ` (it touches ${oneLine(touches)})`}`;

export const lateEdgeText = (event: LateEdgeEvent): string => {
  const seen = event.seen === 'observed' ? ' (as was seen)' : '';
  if (event.applied) return `⇢ ${style('bold', event.to)} waits for ${style('bold', event.from)}${event.kind === 'hard' ? ' (hard)' : ''}, which ${because(event)}${seen}`;
  return style('yellow', `! ${event.to} does not wait for ${event.from}, which ${because(event)}${seen}: ${oneLine(event.reason ?? '')}`);
};

export const lateEdgesText = ({ applied, refused, limited }: Extract<EventBody, { readonly type: 'late_edges' }>): string => {
  const parts = [
    ...(applied > 0 ? [`${counted(applied, 'more task waits', 'more times a task waits')} for one that produces what it touches`] : []),
    ...(refused > 0 ? [`${refused} more are only reported`] : []),
    ...(limited ? ['there are more late edges than are looked for or kept: state the dependencies that matter'] : []),
  ];
  return style(limited ? 'yellow' : 'dim', `⇢ ${parts.join('; ')}`);
};
