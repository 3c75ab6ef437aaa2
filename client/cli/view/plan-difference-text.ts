/** What has changed from one plan to another, for people. */
import type { FieldChange, PlanDifference } from '../../../planner/outline/compare.ts';
import { oneLine, style } from '../markup.ts';
import { hoursText } from './plan-text.ts';

const SHOWN = 60;

const valueText = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = oneLine(typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

const changeLine = ({ field, before, after }: FieldChange): string => `      ${field}: ${valueText(before)} → ${valueText(after)}`;

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [style('bold', title), ...lines]);

const plus = (text: string): string => style('green', `  + ${text}`);
const minus = (text: string): string => style('red', `  - ${text}`);
const named = ({ id, title }: { readonly id: string; readonly title: string }): string => (id === title ? id : `${id} ${oneLine(title)}`);

export const planDifferenceText = ({ tasks, edges, estimates, hours, resources, isSame }: PlanDifference): string => {
  if (isSame) return 'The plans do not differ.';
  const soft = (type: string): string => (type === 'soft' ? ' (soft)' : '');
  return [
    ...section('Tasks', [...tasks.added.map((task) => plus(named(task))), ...tasks.removed.map((task) => minus(named(task))), ...tasks.changed.flatMap(({ id, fields }) => [`  ~ ${id}`, ...fields.map(changeLine)])]),
    ...section('Dependencies', [
      ...edges.added.map(({ from, to, type }) => plus(`${from} → ${to}${soft(type)}`)),
      ...edges.removed.map(({ from, to, type }) => minus(`${from} → ${to}${soft(type)}`)),
      ...edges.changed.map(({ from, to, before, type }) => `  ~ ${from} → ${to}: ${before} → ${type}`),
    ]),
    ...section('Estimates', [...estimates.map(({ id, before, after }) => `  ~ ${id}: ${hoursText(before)} → ${hoursText(after)}`), ...(hours.before === hours.after ? [] : [`  all: ${hoursText(hours.before)} → ${hoursText(hours.after)}`])]),
    ...section('Resources', [...resources.added.map((name) => plus(oneLine(name))), ...resources.removed.map((name) => minus(oneLine(name))), ...resources.changed.flatMap(({ name, fields }) => [`  ~ ${oneLine(name)}`, ...fields.map(changeLine)])]),
  ].join('\n');
};
