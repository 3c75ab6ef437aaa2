/** Tasks that were split or merged before anybody saw them. */
import { LIMIT } from '../facts/task-hours.ts';
import type { View } from '../facts/view.ts';
import { bounded, joined } from '../lists.ts';
import type { Block, Inline, Line } from '../markdown/nodes.ts';
import { bullets, heading, paragraph, text, titled } from '../markdown/nodes.ts';
import { hours } from '../numbers.ts';
import type { Normalization } from '../prose-input.ts';

const MAX_PARTS = 6;

export const parts = (list: Normalization['before']): readonly Inline[] => {
  const shown = list.slice(0, MAX_PARTS).map(({ id, title, hours: of }) => [text(id), ' (', ...titled(title), `, ${hours(of)})`]);
  return joined([...shown, ...(list.length > MAX_PARTS ? [`${list.length - MAX_PARTS} more`] : [])]);
};

const action = ({ before, after, reason }: Normalization): Line => ({ line: [...parts(before), ' → ', ...parts(after)], below: [text(reason)] });

const blocks = (title: string, list: readonly Normalization[]): readonly Block[] => (list.length === 0 ? [] : [heading(3, title), bullets(bounded(list, { one: 'action' }, action))]);

export const normalizationsSection = ({ normalizations }: View): readonly Block[] => [
  heading(2, 'Auto-Normalization Actions Taken'),
  ...(normalizations.length === 0 ? [paragraph(`None: no task had to be split or merged to be between ${hours(LIMIT.least)} and ${hours(LIMIT.most)}.`)] : []),
  ...blocks(
    `Task Splits (Exceeded ${hours(LIMIT.most)} limit)`,
    normalizations.filter(({ kind }) => kind === 'split'),
  ),
  ...blocks(
    `Task Merges (Under ${hours(LIMIT.least)} threshold)`,
    normalizations.filter(({ kind }) => kind === 'merge'),
  ),
];
