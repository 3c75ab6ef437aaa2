/** Each split and each merge; beyond a few, together. */
import { LIMIT, sum, TARGET } from '../facts/task-hours.ts';
import type { View } from '../facts/view.ts';
import { bounded, named } from '../lists.ts';
import type { Inline } from '../markdown/nodes.ts';
import { text, titled } from '../markdown/nodes.ts';
import { counted, figure, hours } from '../numbers.ts';
import { parts } from '../plan/normalizations.ts';
import type { Normalization } from '../prose-input.ts';
import type { Decision, Option } from './decision.ts';

const MAX_ALONE = 3;

const hoursOf = (list: Normalization['before']): number => sum(list.map((each) => each.hours));
const longest = (list: Normalization['before']): number => list.reduce((most, each) => Math.max(most, each.hours), 0);
/** Parts of at most the target's size. */
const finest = (list: Normalization['before']): number => Math.max(1, Math.ceil(hoursOf(list) / TARGET.most));

const splitOptions = ({ before, after }: Normalization): readonly Option[] => [
  { title: 'Keep It Whole', pros: 'One context, nothing to agree on between parts', cons: `${hours(hoursOf(before))} at a stretch, over the ${hours(LIMIT.most)} a task may take; all of it is at stake when it fails` },
  { title: ['Split It Into ', ...parts(after)], isSelected: true, pros: `At most ${hours(longest(after))} at a stretch; each part is checked by itself`, cons: counted(after.length - 1, 'more hand-over'), more: [['Estimated Effort', `${hours(hoursOf(after))} in all`]] },
  ...(finest(before) > after.length ? [{ title: `Split It Into ${counted(finest(before), 'Part')}`, pros: `No part over ${hours(TARGET.most)}`, cons: `${counted(finest(before) - after.length, 'more hand-over')} than by the split that is selected` }] : []),
];

const mergeOptions = ({ before, after }: Normalization): readonly Option[] => [
  { title: 'Keep Them Apart', pros: 'Each can be done, checked and undone by itself', cons: `${counted(before.length, 'task')} of ${hours(hoursOf(before) / Math.max(1, before.length))} on average: starting and checking each takes longer than doing it` },
  { title: ['Merge Them Into ', ...parts(after)], isSelected: true, pros: `${counted(before.length - after.length, 'start')} fewer, one review of all of it`, cons: 'They succeed or fail together', more: [['Estimated Effort', `${hours(hoursOf(after))} in all`]] },
];

const nameOf = (list: Normalization['before']): readonly Inline[] => [...named(list.map(({ id }) => id), text, 4), ...(list.length === 1 && list[0] ? [': ', ...titled(list[0].title)] : [])];

const single = (one: Normalization): Decision => {
  const isSplit = one.kind === 'split';
  return {
    title: [isSplit ? 'Split of ' : 'Merge of ', ...nameOf(one.before)],
    context: [[...parts(one.before), isSplit ? ' is larger than a task may be.' : ` ${one.before.length === 1 ? 'is' : 'are'} smaller than a task should be.`]],
    options: isSplit ? splitOptions(one) : mergeOptions(one),
    rationale: [text(one.reason)],
    notes: isSplit ? ['Each part has acceptance checks of its own', 'What depended on the whole depends on the parts that it needs'] : ['The checks of all of them are kept'],
  };
};

const group = (list: readonly Normalization[]): Decision => {
  const isSplit = list[0]?.kind === 'split';
  const before = list.flatMap((one) => one.before);
  const after = list.flatMap((one) => one.after);
  return {
    title: isSplit ? 'Task Splits' : 'Task Merges',
    context: [isSplit ? `${counted(list.length, 'task')} would have taken more than ${hours(LIMIT.most)}.` : `${counted(before.length, 'task')} would have taken less than ${hours(LIMIT.least)}.`],
    facts: bounded(list, { one: 'action' }, (one) => ({ line: [...parts(one.before), ' → ', ...parts(one.after)], below: [text(one.reason)] })),
    options: [
      { title: isSplit ? 'Keep Them Whole' : 'Keep Them Apart', pros: `${counted(before.length, 'task')} instead of ${figure(after.length, 0)}`, cons: isSplit ? `Up to ${hours(longest(before))} at a stretch` : `${hours(hoursOf(before) / Math.max(1, before.length))} on average: starting and checking each takes longer than doing it` },
      { title: isSplit ? 'Split Them' : 'Merge Them', isSelected: true, pros: isSplit ? `At most ${hours(longest(after))} at a stretch` : `${counted(before.length - after.length, 'start')} fewer`, cons: isSplit ? counted(after.length - before.length, 'more hand-over') : 'What is merged succeeds or fails together' },
    ],
    rationale: [`Tasks of ${TARGET.least} to ${TARGET.most} hours can be estimated, reviewed and undone`],
    notes: ['Each action and its reason is listed above, and in Plan.md'],
  };
};

export const normalizationDecisions = ({ normalizations }: View): readonly Decision[] =>
  (['split', 'merge'] as const).flatMap((kind) => {
    const list = normalizations.filter((one) => one.kind === kind);
    return list.length > MAX_ALONE ? [group(list)] : list.map(single);
  });
