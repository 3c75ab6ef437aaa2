/** How tasks take turns at each resource that somebody waits for. */
import { criticalHours } from '../facts/critical-path.ts';
import { gatesAt, hoursById } from '../facts/gates.ts';
import { isLess } from '../facts/models.ts';
import { costOf, isContended } from '../facts/shared.ts';
import type { Shared } from '../facts/shared.ts';
import { sum } from '../facts/task-hours.ts';
import type { View } from '../facts/view.ts';
import { bounded, named } from '../lists.ts';
import type { Inline, Line, Phrase } from '../markdown/nodes.ts';
import { code, text } from '../markdown/nodes.ts';
import { agrees, counted, hours, percent, ratio } from '../numbers.ts';
import type { Decision, Option } from './decision.ts';

const MAX_ALONE = 5;
const MAX_ORDER = 12;

/** The order that is preferred: the plan's own where it has one. */
const orderOf = ({ conflict, units }: Shared): readonly string[] => {
  const order = conflict?.suggested_order ?? [];
  const rest = [...units.keys()].filter((id) => !order.includes(id));
  return [...order.filter((id) => units.has(id)), ...rest];
};

const arrows = (order: readonly string[]): readonly Inline[] => [text([...order.slice(0, MAX_ORDER), ...(order.length > MAX_ORDER ? [`${order.length - MAX_ORDER} more`] : [])].join(' → '))];

/** Of the longest chain, if each of them waited for the one before; undefined when that closes a cycle. */
const serialHours = ({ tasks, options }: View, order: readonly string[]): number | undefined => {
  const chain = order.slice(1).map((to, index) => ({ from: order[index] ?? to, to }));
  return criticalHours(hoursById(tasks), [...gatesAt(tasks.dependencies, options.minConfidence), ...chain]);
};

const worth = (now: number, then: number): string => (isLess(then, now) ? `saves ${hours(now - then)} (${percent(ratio(now - then, now) ?? 0)})` : 'saves nothing');

const mutex = (one: Shared, view: View): Option => {
  const order = orderOf(one);
  const { conflict, cost, capacity } = one;
  const isExclusive = one.resource.type === 'exclusive';
  const separate = conflict?.resolution === 'wave_separation';
  return {
    title: isExclusive ? (separate ? 'Mutual Exclusion, in Waves of Their Own' : 'Mutual Exclusion, in a Preferred Order') : `Share the ${counted(capacity, 'Unit')} There Are`,
    isSelected: true,
    pros: isExclusive ? 'Nobody waits while it is free: the order is kept where it costs nothing' : `Up to ${counted(capacity, 'unit')} at work at once; who asks for more than is free waits with nothing in hand`,
    cons: cost && costOf(one) > 0 ? `${hours(costOf(one))} longer than without the limit` : 'None that the forecast knows',
    more: [
      ['Completion (P50)', hours(cost?.hours ?? view.forecast.rolling.completion.p50)],
      ...(isExclusive ? [['Order', arrows(order)] as const] : []),
    ],
  };
};

const serial = (one: Shared, view: View): Option => {
  const order = orderOf(one);
  const before = hours(view.forecast.optimalHours);
  const chain = serialHours(view, order);
  const alone = sum(order.map((id) => hoursById(view.tasks).get(id) ?? 0));
  return {
    title: 'A Fixed Order, as Dependencies',
    pros: 'Known before the start who comes when',
    cons: chain === undefined ? 'Not possible: together with the other dependencies, the order would close a cycle' : 'A task that is late or fails holds up all that come after it, though the resource is free',
    more: [
      ['Impact', `${counted(order.length, 'task')} of ${hours(alone)} one after the other${chain === undefined ? '' : `; the longest chain ${hours(chain) === before ? `stays ${before}` : `becomes ${hours(chain)} instead of ${before}`}, before any other waiting`}`],
    ],
  };
};

const more = ({ cost, resource, capacity }: Shared): Option => ({
  title: resource.type === 'exclusive' ? 'A Second One' : `${counted(capacity * 2, 'Unit')} Instead of ${capacity}`,
  pros: cost ? `It ${worth(cost.hours, cost.twice)}` : 'Nobody would ever wait',
  cons: [resource.type === 'exclusive' ? 'It may not be possible: ' : 'They have to be there first: ', text(resource.reason)],
  more: cost ? [['Completion (P50)', `${hours(cost.twice)}; with any number of units ${hours(cost.unlimited)}`]] : [],
});

const rationale = (one: Shared): readonly Line[] => [
  ...(one.conflict ? [text(one.conflict.rationale)] : []),
  ...(one.cost ? [isLess(one.cost.twice, one.cost.hours) ? `More of it ${worth(one.cost.hours, one.cost.twice)}: worth it if it costs less than that` : 'More of it would not end the execution sooner'] : ['Nobody waits for it in the forecast']),
  'Turns are part of the plan, so that no task meets another one\'s work by surprise',
];

const title = ({ name, resource }: Shared): Phrase => [resource.type === 'exclusive' ? 'Turns at ' : 'Sharing ', code(name)];

const single = (one: Shared, view: View): Decision => ({
  title: title(one),
  context: [
    [
      code(one.name),
      ` (${one.resource.type === 'exclusive' ? 'exclusive' : counted(one.capacity, 'unit')}, `,
      code(one.resource.location),
      `) is needed by ${counted(one.units.size, 'task')}: `,
      ...named([...one.units.keys()], text),
      '. ',
      ...(one.wait ? [`In the simulated walk ${counted(one.wait.tasks, 'task')} ${agrees(one.wait.tasks, 'waits', 'wait')} for it, ${hours(one.wait.hours)} in all.`] : ['In the simulated walk nobody waits for it.']),
    ],
  ],
  options: [mutex(one, view), serial(one, view), more(one)],
  rationale: rationale(one),
  notes: [
    ['Each of these tasks asks for ', code(one.name), ' and starts when it is granted'],
    ...(one.resource.constraint === undefined ? [] : [['Constraint: ', code(one.resource.constraint)] as const]),
  ],
});

const rest = (all: readonly Shared[]): Decision => ({
  title: 'Turns at Other Resources',
  context: [`${counted(all.length, 'more resource')} are decided in the same way.`],
  facts: bounded(all, { one: 'resource' }, (one) => [code(one.name), `: ${counted(one.units.size, 'task')}`, ...(one.cost ? [`, ${hours(one.cost.hours)} with it, ${hours(one.cost.unlimited)} without its limit`] : [])]),
  options: [
    { title: 'In Turns, Asked For by Each Task', isSelected: true, pros: 'Nobody waits while it is free', cons: `${hours(Math.max(...all.map(costOf)))} for the one that costs the most` },
    { title: 'A Fixed Order, as Dependencies', pros: 'Known before the start who comes when', cons: `${counted(sum(all.map(({ units }) => Math.max(0, units.size - 1))), 'more dependency', 'more dependencies')} that are none of the work's own` },
  ],
  rationale: ['As for the resources above'],
  notes: ['Each task asks for what it needs, and starts when all of it is granted'],
});

export const resourceDecisions = (view: View): readonly Decision[] => {
  const contended = view.shared.filter((one) => isContended(one) && one.units.size > 1);
  const others = contended.slice(MAX_ALONE);
  return [...contended.slice(0, MAX_ALONE).map((one) => single(one, view)), ...(others.length === 0 ? [] : [rest(others)])];
};

/** What holds for all of them. */
export const sharingDecisions = (view: View): readonly Decision[] => {
  const shared = view.shared.filter(({ units }) => units.size > 1);
  if (shared.length === 0) return [];
  const { mutualExclusionEdges: edges } = view.dag.metrics;
  const tasks = new Set(shared.flatMap(({ units }) => [...units.keys()])).size;
  const { waits } = view.forecast.rolling;
  const collisions = sum(waits.filter(({ resource }) => shared.some(({ name }) => name === resource)).map((each) => each.tasks));
  const pairs = sum(shared.map(({ units }) => (units.size * (units.size - 1)) / 2));
  return [
    {
      title: 'Shared Resource Handling',
      context: [`${counted(shared.length, 'shared resource')} ${agrees(shared.length, 'is', 'are')} needed by more than one task; ${counted(tasks, 'task')} ${agrees(tasks, 'needs', 'need')} at least one of them.`],
      options: [
        { title: 'Ignore in Planning, Handle at Run Time', pros: 'A simpler plan', cons: `${counted(collisions, 'task')} would meet a resource in use in the simulated walk alone`, more: [['Risk', collisions > 0 ? 'High: collisions are certain' : 'Low in this forecast; it grows with every task that runs late']] },
        { title: 'Ask for Them, With an Order Where It Matters', isSelected: true, pros: 'A task starts when everything it needs can be granted at once: no partial hold, no deadlock', cons: `${counted(edges, 'mutual exclusion')} in the graph`, more: [['Impact', `${hours(sum(waits.map((each) => each.hours)))} of waiting in the simulated walk`]] },
        { title: 'A Dependency Between Every Two of Them', pros: 'Any executor understands it', cons: `${counted(pairs, 'dependency', 'dependencies')} that force an order on tasks that need none`, more: [['Risk', 'Medium: one failed task blocks all others that need the same']] },
      ],
      rationale: ['Resources constrain, dependencies order: what needs no order is given none', ...(edges > 0 ? [`The ${counted(edges, 'mutual exclusion')} ${agrees(edges, 'is', 'are')} certain (confidence 1), and ${agrees(edges, 'survives', 'survive')} the reduction of the graph`] : [])],
      notes: [['Resources are in ', code('tasks.json'), ' under ', code('meta.codebase_analysis.shared_resources'), ', conflicts under ', code('resource_conflicts')]],
    },
  ];
};
