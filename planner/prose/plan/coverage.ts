/** Which requirements have tasks and which have none; which tasks have requirements and which have none. */
import { STRENGTHS } from '../../artifacts/coverage.schema.ts';
import type { Coverage, Strength } from '../../artifacts/coverage.schema.ts';
import { total } from '../facts/task-hours.ts';
import type { View } from '../facts/view.ts';
import { bounded, named } from '../lists.ts';
import type { Block, Phrase } from '../markdown/nodes.ts';
import { bullets, heading, paragraph, strong, table, text } from '../markdown/nodes.ts';
import { agrees, counted, figure, hours, percent, ratio } from '../numbers.ts';
import { quoted } from '../quotes.ts';

const MAX_UNCOVERED = 50;
const NAMES: Readonly<Record<Strength, string>> = { must: 'MUST, SHALL', should: 'SHOULD', may: 'MAY', stated: 'Stated otherwise' };
type Requirement = Coverage['requirements'][number];

const isCovered = ({ tasks }: Requirement): boolean => tasks.length > 0;

const row = (name: string, all: readonly Requirement[]): readonly Phrase[] => {
  const covered = all.filter(isCovered).length;
  const reasoned = all.filter((each) => !isCovered(each) && each.reason !== undefined).length;
  return [name, figure(all.length, 0), figure(covered, 0), figure(reasoned, 0), figure(all.length - covered - reasoned, 0), percent(ratio(covered, all.length) ?? 1)];
};

const counts = ({ requirements }: Coverage): Block => {
  const rows = STRENGTHS.map((strength) => ({ strength, all: requirements.filter((each) => each.strength === strength) })).filter(({ all }) => all.length > 0);
  return table([['Strength', 'Requirements', 'With Tasks', 'Left Out With a Reason', 'Neither', 'With Tasks, Share'], ...rows.map(({ strength, all }) => row(NAMES[strength], all)), ...(rows.length > 1 ? [row('All', requirements)] : [])]);
};

const uncovered = ({ requirements }: Coverage): readonly Block[] => {
  const none = requirements.filter((each) => !isCovered(each));
  if (none.length === 0) return [paragraph('Every requirement has at least one task.')];
  return [
    heading(3, 'Requirements Without a Task'),
    bullets(bounded(none, { one: 'requirement', max: MAX_UNCOVERED }, ({ id, strength, evidence, reason }) => ({ line: [strong(id), ` (${NAMES[strength]}): `, ...quoted(evidence)], below: [['Reason: ', reason === undefined ? 'none is known. It may have been overlooked' : text(reason)]] }))),
  ];
};

const backwards = ({ tasks: { tasks }, coverage }: View): readonly Block[] => {
  const cited = new Set(coverage.requirements.flatMap((each) => each.tasks));
  const free = tasks.filter((task) => !cited.has(task.id) && (task.requirements ?? []).length === 0);
  const citing = tasks.length - free.length;
  return [
    paragraph([
      `${figure(citing, 0)} of ${counted(tasks.length, 'task')} ${agrees(citing, 'covers', 'cover')} a requirement`,
      ...(free.length === 0 ? ['.'] : [`; ${counted(free.length, 'task')} ${agrees(free.length, 'supports', 'support')} others and ${agrees(free.length, 'covers', 'cover')} none: `, ...named(free.map(({ id }) => id), text), ` (${hours(total(free))}).`]),
    ]),
  ];
};

const outOfScope = ({ excludes }: Coverage): readonly Block[] => (excludes.length === 0 ? [] : [heading(3, 'Out of Scope'), bullets(bounded(excludes, { one: 'exclusion' }, (each) => quoted(each)))]);

export const coverageSection = (view: View): readonly Block[] => {
  const { coverage } = view;
  return [
    heading(2, 'Requirement Coverage'),
    ...(coverage.requirements.length === 0 ? [paragraph('The document states no requirement.')] : [counts(coverage), ...uncovered(coverage)]),
    ...backwards(view),
    ...outOfScope(coverage),
  ];
};
