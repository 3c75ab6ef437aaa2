/** A plan for people (a tree by feature, phase or level) and for agents (a line a task). */
import type { Outline, OutlineTask } from '../../../planner/outline/outline.ts';
import { oneLine, style } from '../markup.ts';
import { counted } from './counts-text.ts';

/** What a group is called, by its id. */
export type GroupTitles = ReadonlyMap<string, string>;

const NAMED = 6;

export const hoursText = (hours: number): string => {
  if (hours >= 1) return `${Math.round(hours * 10) / 10}h`;
  const minutes = hours * 60;
  return minutes >= 1 ? `${Math.round(minutes)}m` : `${Math.round(minutes * 60)}s`;
};

const idsText = (ids: readonly string[]): string => `${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ` and ${ids.length - NAMED} more` : ''}`;

const taskLine = ({ id, title, hours, after, afterSoft }: OutlineTask): string => {
  const named = title === id ? '' : ` ${oneLine(title)}`;
  const waits = [after.length > 0 ? `after ${idsText(after)}` : '', afterSoft.length > 0 ? `softly after ${idsText(afterSoft)}` : ''].filter((text) => text !== '').join('; ');
  return `${style('bold', id)}${named}  ${hoursText(hours)}${waits === '' ? '' : style('dim', `  ${waits}`)}`;
};

/** In the order of the plan: the first task of a group brings it. */
const groupsOf = ({ tasks }: Outline): ReadonlyMap<string, readonly OutlineTask[]> => {
  const isGrouped = tasks.some(({ group }) => group !== undefined);
  const groups = new Map<string, OutlineTask[]>();
  const sorted = isGrouped ? tasks : [...tasks].sort((a, b) => a.level - b.level);
  for (const task of sorted) {
    const key = isGrouped ? (task.group ?? '') : `Level ${task.level + 1}`;
    const members = groups.get(key);
    if (members) members.push(task);
    else groups.set(key, [task]);
  }
  return groups;
};

export const treeText = (outline: Outline, { titles, planId }: { readonly titles: GroupTitles; readonly planId?: string }): string => {
  const { name, format, tasks, dependencies, hours, criticalHours, levels } = outline;
  const head = `${style('bold', oneLine(name))}${planId === undefined ? '' : ` ${oneLine(planId)}`} (${format}): ${counted(tasks.length, 'task', 'tasks')}, ${counted(dependencies, 'dependency', 'dependencies')}, ${counted(levels, 'level', 'levels')}, ${hoursText(hours)} of work, at least ${hoursText(criticalHours)}`;
  const groups = [...groupsOf(outline)];
  const lines = groups.flatMap(([key, members], at) => {
    const isLast = at === groups.length - 1;
    const title = titles.get(key);
    const branch = `${isLast ? '└─' : '├─'} ${oneLine(key) || 'Others'}${title === undefined ? '' : ` ${oneLine(title)}`}`;
    return [branch, ...members.map((task, place) => `${isLast ? '   ' : '│  '}${place === members.length - 1 ? '└─' : '├─'} ${taskLine(task)}`)];
  });
  return [head, ...lines].join('\n');
};

/** Columns are apart by tabs, lists by commas, and what is empty is `-`: easy to read for whoever pays by the word. */
export const compactText = ({ tasks }: Outline): string =>
  tasks.map(({ id, title, hours, after, writes }) => [id, oneLine(title), hoursText(hours), after.join(',') || '-', writes.map(oneLine).join(',') || '-'].join('\t')).join('\n');
