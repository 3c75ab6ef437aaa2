/** All tasks by feature: enough to review the plan without its JSON. */
import type { PlannedTask } from '../../artifacts/task.schema.ts';
import { checkWords } from '../facts/checks.ts';
import { isExclusion } from '../facts/shared.ts';
import { threeHours, total } from '../facts/task-hours.ts';
import type { View } from '../facts/view.ts';
import { bounded, joined, named } from '../lists.ts';
import type { Block, Line } from '../markdown/nodes.ts';
import { bullets, code, heading, paragraph, strong, text, titled } from '../markdown/nodes.ts';
import { counted, hours } from '../numbers.ts';

const MAX_TASKS = 200;
const MAX_CHECKS = 3;

/** What each task waits for, and what only comes before it. */
interface Before {
  readonly gates: readonly string[];
  readonly orders: readonly string[];
}

const beforeOf = ({ tasks, options }: View): ReadonlyMap<string, Before> => {
  const all = new Map<string, { gates: string[]; orders: string[] }>();
  for (const dependency of tasks.dependencies) {
    const { from, to, isHard, confidence } = dependency;
    if (isExclusion(dependency)) continue;
    const one = all.get(to) ?? { gates: [], orders: [] };
    all.set(to, one);
    const gates = isHard && confidence >= options.minConfidence;
    const list = gates ? one.gates : one.orders;
    if (!list.includes(from)) list.push(from);
  }
  return all;
};

const taskLine = (task: PlannedTask, { gates, orders }: Before, { shared }: View): Line => {
  const { optimistic, mostLikely, pessimistic } = threeHours(task);
  const { reads, writes } = { reads: [], writes: task.boundaries.scope.includes, ...task.files_scope };
  const held = shared.filter(({ units }) => units.has(task.id)).map(({ name }) => name);
  const ordering = orders.filter((id) => !gates.includes(id));
  const below: readonly Line[] = [
    ...(gates.length > 0 ? [['After ', ...named(gates, text)]] : []),
    ...(ordering.length > 0 ? [['Ordered after ', ...named(ordering, text), ', without waiting for it']] : []),
    ...(held.length > 0 ? [['Needs ', ...named(held)]] : []),
    ...(writes.length > 0 ? [['Writes ', ...named(writes, code, 4)]] : []),
    ...(reads.length > 0 ? [['Reads ', ...named(reads, code, 4)]] : []),
    ['Done when: ', ...joined([...task.acceptance_checks.slice(0, MAX_CHECKS).map(checkWords), ...(task.acceptance_checks.length > MAX_CHECKS ? [counted(task.acceptance_checks.length - MAX_CHECKS, 'more check')] : [])], { between: '; ' })],
  ];
  return { line: [strong(task.id), ': ', ...titled(task.title), ` (${hours(mostLikely)}, ${hours(optimistic)} to ${hours(pessimistic)})`], below };
};

const NONE: Before = { gates: [], orders: [] };

export const tasksSection = (view: View): readonly Block[] => {
  const { tasks } = view.tasks;
  const before = beforeOf(view);
  const known = new Set(view.features.map(({ id }) => id));
  const groups = [
    ...view.features.map(({ id, title, priority }) => ({ title: [`${id}: `, ...titled(title), ` (${priority})`], tasks: tasks.filter((task) => task.feature_id === id) })),
    { title: ['Of no feature'], tasks: tasks.filter((task) => !known.has(task.feature_id)) },
  ].filter((group) => group.tasks.length > 0);
  return [
    heading(2, 'Tasks by Feature'),
    paragraph(`${counted(tasks.length, 'task')} in ${counted(groups.length, 'feature')}. Hours: the most likely, then the best and the worst case.`),
    ...groups.flatMap((group) => [
      heading(3, group.title),
      paragraph(`${counted(group.tasks.length, 'task')}, ${hours(total(group.tasks))}.`),
      bullets(bounded(group.tasks, { one: 'task', max: MAX_TASKS }, (task) => taskLine(task, before.get(task.id) ?? NONE, view))),
    ]),
  ];
};
