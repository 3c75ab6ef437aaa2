/** What a patch has done, or would do, in words. */
import type { Listed, PatchNews } from '../../../model/patch.ts';
import type { PatchDifference } from '../../patches.ts';
import { oneLine, style } from '../markup.ts';
import { capacitiesText, counted } from './counts-text.ts';

const SHOWN = 20;
const VALUE_LENGTH = 200;

/** `1 task, 2 dependencies, 1 changed, …`: what has happened, and nothing of what has not. */
export const newsText = ({ injected, edges, removed = 0, updated = [], reprioritized = 0, cancelled = [], capacities = [] }: PatchNews): string => {
  const rest = [
    ...(removed > 0 ? [`${counted(removed, 'dependency', 'dependencies')} taken out`] : []),
    ...(updated.length > 0 ? [`${counted(updated.length, 'task', 'tasks')} changed`] : []),
    ...(reprioritized > 0 ? [`${counted(reprioritized, 'priority', 'priorities')} changed`] : []),
    ...(cancelled.length > 0 ? [`${counted(cancelled.length, 'task', 'tasks')} cancelled`] : []),
  ];
  const brought = injected.length > 0 || edges > 0 || (rest.length === 0 && capacities.length === 0) ? [counted(injected.length, 'task', 'tasks'), counted(edges, 'dependency', 'dependencies')] : [];
  return `${[...brought, ...rest].join(', ')}${capacitiesText(capacities)}`.replace(/^, /u, '');
};

const listText = <T>({ total, first }: Listed<T>, text: (item: T) => string, separator = ', '): string => {
  const shown = first.slice(0, SHOWN).map(text);
  return `${shown.join(separator)}${total > shown.length ? `${separator}… (${total - shown.length} more)` : ''}`;
};

const section = <T>(title: string, list: Listed<T>, text: (item: T) => string): readonly string[] =>
  list.total === 0 ? [] : [title, ...listText(list, (item) => `  ${text(item)}`, '\n').split('\n')];

const listedOf = <T>(items: readonly T[]): Listed<T> => ({ total: items.length, first: items });

const line = <T>(title: string, list: Listed<T>, text: (item: T) => string): readonly string[] => (list.total === 0 ? [] : [`${title} ${listText(list, text)}`]);

const valueText = (value: unknown): string => {
  const text = value === undefined ? '(not stated)' : typeof value === 'string' ? value : JSON.stringify(value);
  const flat = oneLine(text);
  return flat.length > VALUE_LENGTH ? `${flat.slice(0, VALUE_LENGTH)}…` : flat;
};

const changeLines = (difference: PatchDifference): readonly string[] => {
  const { receipt, edges, priorities, changes } = difference;
  const fields = changes.flatMap(({ task, changes: of }) => [`  ${task}`, ...of.map(({ field, from, to }) => `    ${oneLine(field)}: ${valueText(from)} → ${valueText(to)}`)]);
  return [
    ...section('Tasks added', listedOf(receipt?.injected ?? []), (task) => style('green', `+ ${task}`)),
    ...(fields.length > 0 ? ['Tasks changed', ...fields] : []),
    ...section('Tasks cancelled', listedOf(receipt?.cancelled ?? []), (task) => style('red', `- ${task}`)),
    ...section('Dependencies added', edges.added, ({ from, to, type }) => style('green', `+ ${from} → ${to}${type === 'soft' ? ' (soft)' : ''}`)),
    ...section('Dependencies taken out', edges.removed, ({ from, to, type }) => style('red', `- ${from} → ${to}${type === 'soft' ? ' (soft)' : ''}`)),
    ...section('Priorities', priorities, ({ task, from, priority }) => `${task}: ${from} → ${priority}`),
    ...section('Resources', listedOf(receipt?.capacities ?? []), ({ resource, from, to }) => `${oneLine(resource)}: ${from} → ${to}`),
  ];
};

const effectLines = ({ starts, stops, unblocks, holds, blocks, waits, ends }: PatchDifference): readonly string[] => {
  const effects = [
    ...line('starts at once:', starts, String),
    ...line('stops:', stops, String),
    ...line('unblocks:', unblocks, String),
    ...line('holds, until dependencies are done:', holds, String),
    ...line('blocks for good:', blocks, String),
    ...section('ready, and waits:', waits, ({ task, reason }) => `${task}: ${oneLine(reason)}`),
    ...(ends ? ['ends the execution'] : []),
  ];
  return ['Now it', ...(effects.length > 0 ? effects : ['starts, holds and unblocks nothing']).map((text) => `  ${text}`)];
};

export const differenceText = (difference: PatchDifference): string => {
  const { patchId, version, refused, receipt } = difference;
  if (refused) {
    const problems = refused.flatMap(({ code, message, hint }) => [`  [${code}] ${oneLine(message)}`, ...(hint === undefined ? [] : [`    ${oneLine(hint)}`])]);
    return [`${style('red', `Patch ${oneLine(patchId)} would be refused`)} by the graph at version ${version}`, ...problems].join('\n');
  }
  if (receipt?.duplicate) return `Patch ${oneLine(patchId)} was applied before: nothing would be done`;
  return [`Patch ${oneLine(patchId)} would change the graph from version ${version} to ${receipt?.version ?? version}`, ...changeLines(difference), ...effectLines(difference)].join('\n');
};
