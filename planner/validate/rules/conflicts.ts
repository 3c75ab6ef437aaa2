/** TASKS1313: where several tasks need the same exclusive resource, the plan says how that is resolved. */
import { ancestorsOf } from '../../../scheduler/graph/ancestors.ts';
import type { Ancestors } from '../../../scheduler/graph/ancestors.ts';
import { RESOLUTIONS } from '../../artifacts/tasks.schema.ts';
import { counted, quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { Item } from '../item.ts';
import { at, elements, entries, member, textOf, texts } from '../item.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';

const CODE = 'TASKS1313';
const NAMED = 5;

const names = (ids: readonly string[]): string => `${ids.slice(0, NAMED).map(quote).join(', ')}${ids.length > NAMED ? ` and ${counted(ids.length - NAMED, 'other')}` : ''}`;

/** Tasks by what they need for themselves alone, in the order of the plan. */
const usersOf = ({ tasks }: V3View): ReadonlyMap<string, readonly number[]> => {
  const users = new Map<string, number[]>();
  for (const [index, task] of tasks.entries()) {
    for (const name of new Set(texts(at(task, 'resource_requirements', 'estimated', 'exclusive_resources')).map(({ text }) => text))) {
      users.set(name, [...(users.get(name) ?? []), index]);
    }
  }
  return users;
};

/** Whether dependencies and mutual exclusions alone keep them apart, in a row: each comes after the one before it. */
const areInARow = (users: readonly number[], ancestors: Ancestors): boolean => {
  const byDepth = [...users].sort((a, b) => ancestors.of(a).size - ancestors.of(b).size || a - b);
  return byDepth.every((task, place) => place === 0 || ancestors.of(task).has(byDepth[place - 1] ?? task));
};

const orderFindings = (entry: Item, tasks: readonly string[], view: V3View, ancestors: Ancestors): readonly Finding[] => {
  const order = member(entry, 'suggested_order');
  const ids = texts(order).map(({ text }) => text);
  if (ids.length === 0) {
    return member(entry, 'resolution').value === 'sequential_ordering'
      ? [findingAt({ code: CODE, message: 'the tasks are to come one after the other, and nothing says in which order', where: order.where, hint: 'List them in "suggested_order".' })]
      : [];
  }
  const missing = tasks.filter((id) => !ids.includes(id));
  if (missing.length > 0) return [findingAt({ code: CODE, message: `the suggested order leaves out ${names(missing)}`, where: order.where })];
  const { index } = view.graph;
  const places = ids.map((id) => index.get(id));
  const wrong = places.findIndex((task, place) => task !== undefined && places.slice(place + 1).some((later) => later !== undefined && ancestors.of(task).has(later)));
  if (wrong < 0) return [];
  return [findingAt({ code: CODE, message: `the suggested order has ${quote(ids[wrong] ?? '')} before a task that it depends on`, where: { ...order.where, path: [...order.where.path, wrong] } })];
};

const ofResource = (view: V3View, name: string, users: readonly number[], ancestors: Ancestors): readonly Finding[] => {
  const conflicts = at(view.file('tasks.json'), 'resource_conflicts');
  const entry = member(conflicts, name);
  const ids = users.map((index) => view.graph.ids[index] ?? '');
  if (entry.value === undefined) {
    if (areInARow(users, ancestors)) return [];
    return [findingAt({ code: CODE, message: `${names(ids)} each need ${quote(name)} for themselves, and nothing says how that is resolved`, where: conflicts.where, hint: `"resource_conflicts": {"${name}": {"tasks": […], "resolution": "sequential_ordering", "suggested_order": […], "rationale": "…"}}` })];
  }
  const resolution = textOf(member(entry, 'resolution'));
  if (!RESOLUTIONS.some((known) => known === resolution)) return [findingAt({ code: CODE, message: `the conflict about ${quote(name)} has no resolution`, where: member(entry, 'resolution').where, hint: `One of ${RESOLUTIONS.join(', ')}.` })];
  const listed = elements(member(entry, 'tasks')).map(textOf);
  const missing = ids.filter((id) => !listed.includes(id));
  if (missing.length > 0) return [findingAt({ code: CODE, message: `the conflict about ${quote(name)} leaves out ${names(missing)}, who need it, too`, where: member(entry, 'tasks').where })];
  return orderFindings(entry, ids, view, ancestors);
};

/** Entries whose tasks are not known by what they need, such as those for limited resources: their order is looked at, too. */
const ofOthers = (view: V3View, users: ReadonlyMap<string, readonly number[]>, ancestors: Ancestors): readonly Finding[] =>
  entries(at(view.file('tasks.json'), 'resource_conflicts')).flatMap(([name, entry]) =>
    (users.get(name)?.length ?? 0) > 1 ? [] : orderFindings(entry, texts(member(entry, 'tasks')).map(({ text }) => text), view, ancestors),
  );

export const conflicts: Rule = {
  code: CODE,
  check: (view) => {
    const users = usersOf(view);
    const ancestors = ancestorsOf(view.graph.directed);
    const shared = [...users].filter(([, tasks]) => tasks.length > 1);
    return [...shared.flatMap(([name, tasks]) => ofResource(view, name, tasks, ancestors)), ...ofOthers(view, users, ancestors)];
  },
};
