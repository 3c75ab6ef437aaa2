/** What is extended and what is built anew: new implementations are justified here (spec/001). */
import type { View } from '../facts/view.ts';
import { bounded, named } from '../lists.ts';
import type { Inline, Line } from '../markdown/nodes.ts';
import { code, text, titled } from '../markdown/nodes.ts';
import { counted, hours, percent } from '../numbers.ts';
import type { ReuseChoice } from '../prose-input.ts';
import type { Decision, Option } from './decision.ts';

const MAX_ALONE = 6;
const MAX_CANDIDATES = 2;
/** How alike a candidate is that fits, and one that is worth a look. */
const ALIKE = 0.5;
const SIMILAR = 0.3;
type Candidate = ReuseChoice['candidates'][number];

const place = ({ file, line }: Candidate): Inline => code(`${file}:${line}`);
const featureName = (one: ReuseChoice, { featureOf }: View): readonly Inline[] => [text(one.feature), ...(featureOf.has(one.feature) ? [': ', ...titled(featureOf.get(one.feature)?.title ?? one.feature)] : [])];
const kindName = ({ kind }: Candidate): string => kind.replaceAll('_', ' ');

const difference = (mine: number, other: number): string => {
  const less = other - mine;
  if (Math.abs(less) < 0.05) return 'as long as the other way';
  return less > 0 ? `${hours(less)} less than the other way` : `${hours(-less)} more than the other way`;
};

const extend = (candidate: Candidate, one: ReuseChoice, isSelected: boolean, isBest: boolean): Option => {
  const mine = one.chosen === 'extend' ? one.hours.chosen : one.hours.otherwise;
  const other = one.chosen === 'extend' ? one.hours.otherwise : one.hours.chosen;
  return {
    title: ['Extend ', code(candidate.name)],
    isSelected,
    pros: ['It is there (', text(kindName(candidate)), ', ', place(candidate), ')'],
    cons: candidate.likeness >= ALIKE ? 'What is new has to fit what is there' : 'It has little in common with what is wanted: most of it would have to change',
    more: [['Likeness', percent(candidate.likeness)], ...(isBest ? [['Estimated Effort', `${hours(mine)}, ${difference(mine, other)}`] as const] : [])],
  };
};

const build = (one: ReuseChoice): Option => {
  const mine = one.chosen === 'build' ? one.hours.chosen : one.hours.otherwise;
  const other = one.chosen === 'build' ? one.hours.otherwise : one.hours.chosen;
  return { title: 'Build It Anew', isSelected: one.chosen === 'build', pros: 'Nothing that is there has to change for it', cons: 'All of it is to be written, tested and maintained', more: [['Estimated Effort', `${hours(mine)}, ${difference(mine, other)}`]] };
};

const single = (one: ReuseChoice, view: View): Decision => {
  const shown = one.candidates.slice(0, MAX_CANDIDATES);
  return {
    title: one.chosen === 'extend' && shown[0] ? ['Extension of ', code(shown[0].name), ' for ', ...featureName(one, view)] : ['New Implementation for ', ...featureName(one, view)],
    context: [[`${counted(one.tasks.length, 'task')} (`, ...named(one.tasks, text), `) could build on ${counted(one.candidates.length, 'symbol')} of the code base, by ${one.candidates.length === 1 ? 'its name' : 'their names'}.`]],
    options: [...shown.map((candidate, index) => extend(candidate, one, one.chosen === 'extend' && index === 0, index === 0)), build(one)],
    rationale: [text(one.reason)],
    notes: one.chosen === 'extend' && shown[0] ? [['Read ', place(shown[0]), ' before the first task starts'], 'The tests of what is extended have to go on passing'] : ['The contract comes first where other tasks consume it', ...(shown[0] && shown[0].likeness >= SIMILAR ? [['Compare with ', place(shown[0]), ' once more before writing'] as const] : [])],
  };
};

const line = (one: ReuseChoice, view: View): Line => {
  const [best] = one.candidates;
  return { line: [...featureName(one, view), ' (', ...named(one.tasks, text, 4), ')', ...(best ? [': ', code(best.name), `, likeness ${percent(best.likeness)}`] : [])], below: [text(one.reason)] };
};

const totals = (list: readonly ReuseChoice[]): { readonly chosen: number; readonly otherwise: number } => ({ chosen: list.reduce((all, one) => all + one.hours.chosen, 0), otherwise: list.reduce((all, one) => all + one.hours.otherwise, 0) });

/** Nothing to choose from: told all the same, since something new is made. */
const unlike = (list: readonly ReuseChoice[], view: View): Decision => ({
  title: 'New Implementations Without a Model',
  context: [view.codebase.files.length === 0 ? `There is no code base: all of ${counted(list.length, 'feature')} ${list.length === 1 ? 'is' : 'are'} new.` : `For ${counted(list.length, 'feature')} nothing alike was found among ${counted(view.codebase.symbols.length, 'symbol')} of the code base.`],
  facts: bounded(list, { one: 'feature' }, (one) => line(one, view)),
  options: [
    { title: 'Extend What Is There', pros: 'Less code', cons: 'There is no candidate' },
    { title: 'Build Anew', isSelected: true, pros: 'Nothing that is there has to change for it', cons: 'All of it is to be written, tested and maintained', more: [['Estimated Effort', hours(totals(list).chosen)]] },
  ],
  rationale: ['What is not there cannot be extended'],
  notes: ['Whoever knows of something alike should name it in the document: the plan then builds on it'],
});

const group = (list: readonly ReuseChoice[], view: View): Decision => {
  const isExtend = list[0]?.chosen === 'extend';
  const { chosen, otherwise } = totals(list);
  return {
    title: isExtend ? 'Other Extensions' : 'Other New Implementations',
    context: [`${counted(list.length, 'more feature')} ${isExtend ? 'extend what is there' : 'are built anew, although something alike is there'}.`],
    facts: bounded(list, { one: 'feature' }, (one) => line(one, view)),
    options: [
      { title: 'Extend What Is There', isSelected: isExtend, pros: 'Less code, one way to do a thing', cons: 'What is new has to fit what is there', more: [['Estimated Effort', hours(isExtend ? chosen : otherwise)]] },
      { title: 'Build Anew', isSelected: !isExtend, pros: 'Nothing that is there has to change', cons: 'More to write, test and maintain', more: [['Estimated Effort', hours(isExtend ? otherwise : chosen)]] },
    ],
    rationale: ['The reason of each is listed above'],
    notes: ['Each task names what it extends and imports under reuses_existing'],
  };
};

export const reuseDecisions = (view: View): readonly Decision[] => {
  const open = view.reuse.filter(({ candidates }) => candidates.length > 0);
  const none = view.reuse.filter(({ candidates }) => candidates.length === 0);
  const others = open.slice(MAX_ALONE);
  return [
    ...open.slice(0, MAX_ALONE).map((one) => single(one, view)),
    ...(['extend', 'build'] as const).flatMap((chosen) => {
      const list = others.filter((one) => one.chosen === chosen);
      return list.length === 0 ? [] : [group(list, view)];
    }),
    ...(none.length === 0 ? [] : [unlike(none, view)]),
  ];
};
